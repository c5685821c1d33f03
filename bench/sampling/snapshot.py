# SPDX-License-Identifier: Apache-2.0
"""A look at every device of the bench, one right after the other, as of one instant."""

from dataclasses import dataclass
from typing import Protocol, Self

from instruments.balance import Balance, MassReading
from instruments.pump import Pump, PumpReading
from instruments.rig import Rig, RigReading


class Devices(Protocol):
    """What is looked at: a bench, or as much of one."""

    @property
    def pump(self) -> Pump:
        """Return the pump."""
        ...

    @property
    def rig(self) -> Rig:
        """Return the rig."""
        ...

    @property
    def balance(self) -> Balance:
        """Return the balance."""
        ...


@dataclass(frozen=True)
class Snapshot:
    """What all devices said."""

    pump: PumpReading
    rig: RigReading
    mass: MassReading

    @classmethod
    def at(cls, devices: Devices) -> Self:
        """Read every device once.

        Raises:
            BenchFault: one of them does not answer, or not properly.
        """
        return cls(devices.pump.read(), devices.rig.read(), devices.balance.read_mass_g())

    @classmethod
    def with_heartbeat(cls, devices: Devices) -> Self:
        """Give the rig's watchdog its heartbeat, then read every device once."""
        devices.rig.send_heartbeat()
        return cls.at(devices)
