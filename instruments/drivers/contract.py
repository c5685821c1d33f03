# SPDX-License-Identifier: Apache-2.0
"""What a driver can do before there is an open device: judge an address, check a map, open."""

from collections.abc import Callable
from typing import Protocol

from instruments.balance import Balance
from instruments.balance_access import BalanceAccess
from instruments.device_access import DeviceAccess
from instruments.drivers.open_lines import OpenLines
from instruments.pump import Pump
from instruments.rig import Rig
from instruments.rig_lease import RigLease


class DeviceDriver(Protocol):
    """What the drivers of pump and rig have in common."""

    def check_address(self, address: str) -> None:
        """Refuse what is no address of this driver.

        Raises:
            PlanError: what is wrong with it.
        """
        ...

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened.

        Raises:
            PlanError: it is missing or wrong, or lacks points.
        """
        ...

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether nobody else can open the line while it is open, as with a serial one."""
        ...


class PumpDriver(DeviceDriver, Protocol):
    """Opens pumps; one whose pumps lack something says so by `lacks`, see `instruments.drivers.named.lacks_of`."""

    def open(self, access: DeviceAccess, lines: OpenLines) -> Pump:
        """Open the pump, over a line of `lines`.

        Raises:
            BenchFault: nothing answers.
            PlanError: the map does not fit.
        """
        ...


class RigDriver(DeviceDriver, Protocol):
    """Opens rigs."""

    def open(self, access: DeviceAccess, lines: OpenLines) -> Rig:
        """Open the rig controller, over a line of `lines`.

        Raises:
            BenchFault: nothing answers.
            PlanError: the map does not fit.
        """
        ...

    def open_lease(self, access: DeviceAccess, lines: OpenLines) -> RigLease:
        """Open what the rig says of its holder, over a line of `lines`.

        Raises:
            BenchFault: nothing answers.
        """
        ...

    def place(self, access: DeviceAccess) -> str:
        """Return where the rig is, the same for every file that leads to it, however it writes the address."""
        ...


OpenBalance = Callable[[BalanceAccess], Balance]
"""Opens a balance of one dialect and refuses one that is not fit: BenchFault; PlanError for a resource that is none."""
