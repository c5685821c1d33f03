# SPDX-License-Identifier: Apache-2.0
"""The rig's word on who holds it, for people who hold nothing themselves."""

from contextlib import closing

from bench.bench_file import BenchFile
from bench.connection import register_map
from instruments.modbus.line import ModbusLine
from instruments.modbus.rig import ModbusRig
from instruments.modbus.rig_lease import ModbusRigLease
from instruments.rig_lease import RigLeaseReading


def ask_rig(file: BenchFile) -> RigLeaseReading:
    """Return what the rig of a bench says of its holder.

    Raises:
        BenchFault: it does not answer.
    """
    with closing(ModbusLine.open(file.rig.address, file.rig.timeout_s)) as line:
        rig_map = register_map(file.rig.map)
        return ModbusRigLease(line, rig_map, file.rig.unit_id or rig_map.unit_id).describe()


def make_free(file: BenchFile, note: str) -> None:
    """Take the rig from whoever holds it, then make it safe; the pump stops by the rig's own line to it.

    The token comes first: from then on the old holder moves nothing, whatever state it is in.

    Raises:
        BenchFault: the rig does not answer.
    """
    with closing(ModbusLine.open(file.rig.address, file.rig.timeout_s)) as line:
        rig_map = register_map(file.rig.map)
        unit_id = file.rig.unit_id or rig_map.unit_id
        ModbusRigLease(line, rig_map, unit_id).kick(note)
        ModbusRig(line, rig_map, unit_id).go_safe()
