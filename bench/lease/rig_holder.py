# SPDX-License-Identifier: Apache-2.0
"""The rig's word on who holds it, for people who hold nothing themselves."""

from contextlib import closing

from bench.bench_file import BenchFile
from bench.devices import OpenDevices
from instruments.rig_lease import RigLeaseReading


def ask_rig(file: BenchFile) -> RigLeaseReading:
    """Return what the rig of a bench says of its holder.

    Raises:
        BenchFault: it does not answer.
    """
    with closing(OpenDevices(file)) as devices:
        return devices.rig_lease().describe()


def make_free(file: BenchFile, note: str) -> None:
    """Take the rig from whoever holds it, then make it safe; the pump stops by the rig's own line to it.

    The token comes first: from then on the old holder moves nothing, whatever state it is in.

    Raises:
        BenchFault: the rig does not answer.
    """
    with closing(OpenDevices(file)) as devices:
        devices.rig_lease().kick(note)
        devices.rig().go_safe()
