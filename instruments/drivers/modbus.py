# SPDX-License-Identifier: Apache-2.0
"""`driver = "modbus"`: any Modbus server that serves a register map is a pump or a rig."""

import os
from collections.abc import Mapping, Sequence

from groundfloor.errors import BenchFault
from instruments.device_access import DeviceAccess
from instruments.drivers.open_lines import OpenLines
from instruments.modbus.address import RtuAddress, parse_modbus_address
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.pump_needs import lacking
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.rig import ModbusRig
from instruments.modbus.rig_lease import ModbusRigLease
from instruments.register_map.map import RegisterMap


class ModbusPumpDriver:
    """Opens pumps, as `instruments.drivers.contract.PumpDriver` describes it."""

    def check_address(self, address: str) -> None:
        """Refuse what is neither `tcp://…` nor `rtu://…`."""
        parse_modbus_address(address)

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened."""
        PumpPoints(RegisterMap.find(access.map))

    def lacks(self, access: DeviceAccess) -> Mapping[str, Sequence[str]]:
        """Return which points the map has not, by what they are needed for."""
        return lacking(RegisterMap.find(access.map))

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether the line is a serial one."""
        return _is_serial(access)

    def open(self, access: DeviceAccess, lines: OpenLines) -> ModbusPump:
        """Open the pump."""
        points = RegisterMap.find(access.map)
        return ModbusPump(_line("pump", access, lines), points, _unit_id(access, points))


class ModbusRigDriver:
    """Opens rigs, as `instruments.drivers.contract.RigDriver` describes it."""

    def check_address(self, address: str) -> None:
        """Refuse what is neither `tcp://…` nor `rtu://…`."""
        parse_modbus_address(address)

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened."""
        RegisterMap.find(access.map)

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether the line is a serial one."""
        return _is_serial(access)

    def open(self, access: DeviceAccess, lines: OpenLines) -> ModbusRig:
        """Open the rig controller."""
        points = RegisterMap.find(access.map)
        return ModbusRig(_line("rig", access, lines), points, _unit_id(access, points))

    def open_lease(self, access: DeviceAccess, lines: OpenLines) -> ModbusRigLease:
        """Open the rig's word on who holds it."""
        points = RegisterMap.find(access.map)
        return ModbusRigLease(_line("rig", access, lines), points, _unit_id(access, points))

    def place(self, access: DeviceAccess) -> str:
        """Return address and unit; of a serial device the file that all its names lead to."""
        address = parse_modbus_address(access.address)
        where = f"rtu {os.path.realpath(address.device)}" if isinstance(address, RtuAddress) else str(address)
        return f"{where} unit {_unit_id(access, RegisterMap.find(access.map))}"


def _is_serial(access: DeviceAccess) -> bool:
    return isinstance(parse_modbus_address(access.address), RtuAddress)


def _unit_id(access: DeviceAccess, points: RegisterMap) -> int:
    return access.unit_id or points.unit_id


def _line(asset: str, access: DeviceAccess, lines: OpenLines) -> ModbusLine:
    try:
        return lines.shared(access.address, ModbusLine, lambda: ModbusLine.open(access.address, access.timeout_s))
    except BenchFault as closed:
        who = f"{asset} at {closed.asset}"
        raise BenchFault(who, closed.operation, closed.seen, closed.next_step) from closed
