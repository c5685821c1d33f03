# SPDX-License-Identifier: Apache-2.0
"""A look at every device of the bench, all asked before the first is heard, as of one instant."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

from bench.sampling.answers import Answers
from instruments.asks_ahead import asked, beaten
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
        """Ask every device, then take every answer; a fault of one takes nothing from the others.

        Raises:
            BenchFault: one of them does not answer, or not properly.
        """
        return cls._asked(devices, lambda rig: asked(rig, rig.read))

    @classmethod
    def with_heartbeat(cls, devices: Devices) -> Self:
        """Give the rig's watchdog its heartbeat, with the same request where it can, and read every device once."""
        return cls._asked(devices, _heartbeat)

    @classmethod
    def _asked(cls, devices: Devices, ask_rig: Callable[[Rig], Callable[[], RigReading]]) -> Self:
        pump, balance = devices.pump, devices.balance
        take_rig = ask_rig(devices.rig)
        take_pump, take_mass = asked(pump, pump.read), asked(balance, balance.read_mass_g)
        answers = Answers()
        said_by_rig, said_by_pump, mass = answers.take(take_rig), answers.take(take_pump), answers.take(take_mass)
        answers.raise_faults()
        assert said_by_pump is not None  # what is missing has raised
        assert said_by_rig is not None
        assert mass is not None
        return cls(said_by_pump, said_by_rig, mass)


def beat(rig: Rig) -> RigReading:
    """Give the rig's watchdog its heartbeat, and read the rig."""
    return _heartbeat(rig)()


def _heartbeat(rig: Rig) -> Callable[[], RigReading]:
    """Give the heartbeat, and ask for the reading, in one request if that can be; return what takes the reading."""
    take: Callable[[], RigReading] | None = beaten(rig)
    if take is not None:
        return take
    rig.send_heartbeat()
    return asked(rig, rig.read)
