# SPDX-License-Identifier: Apache-2.0
"""The devices of one bench file, each opened when it is first asked for."""

from bench.bench_file import BenchFile
from instruments.balance import Balance
from instruments.drivers.named import driver_named
from instruments.drivers.open_lines import OpenLines
from instruments.drivers.table import BALANCE_DIALECTS, PUMP_DRIVERS, RIG_DRIVERS
from instruments.pump import Pump
from instruments.rig import Rig
from instruments.rig_lease import RigLease


class OpenDevices:
    """Opens what is asked for over lines that its devices share; asking again gives the same device."""

    def __init__(self, file: BenchFile) -> None:
        self._file = file
        self._lines = OpenLines()
        self._pump: Pump | None = None
        self._rig: Rig | None = None
        self._rig_lease: RigLease | None = None
        self._balance: Balance | None = None
        self._second: Balance | None = None

    def pump(self) -> Pump:
        """Return the pump.

        Raises:
            BenchFault: it cannot be opened; the next call tries again. So with the other devices.
        """
        if self._pump is None:
            section = self._file.pump
            self._pump = driver_named(PUMP_DRIVERS, section.driver).open(section.access, self._lines)
        return self._pump

    def rig(self) -> Rig:
        """Return the rig."""
        if self._rig is None:
            section = self._file.rig
            self._rig = driver_named(RIG_DRIVERS, section.driver).open(section.access, self._lines)
        return self._rig

    def rig_lease(self) -> RigLease:
        """Return who holds the rig, as the rig says."""
        if self._rig_lease is None:
            section = self._file.rig
            self._rig_lease = driver_named(RIG_DRIVERS, section.driver).open_lease(section.access, self._lines)
        return self._rig_lease

    def balance(self) -> Balance:
        """Return the balance."""
        if self._balance is None:
            section = self._file.balance
            self._balance = BALANCE_DIALECTS[section.dialect](section.access)
        return self._balance

    def second(self) -> Balance | None:
        """Return the second measure of the flow; None where the file names none."""
        stated = self._file.second_measure
        if self._second is None and stated is not None:
            self._second = BALANCE_DIALECTS[stated.instrument.dialect](stated.instrument.access)
        return self._second

    def close(self) -> None:
        """Let all of them go; asked again, they are opened anew."""
        self._pump, self._rig, self._rig_lease = None, None, None
        try:
            self._lines.close()
        finally:
            balances, self._balance, self._second = (self._balance, self._second), None, None
            for balance in balances:
                if balance is not None:
                    balance.close()
