# SPDX-License-Identifier: Apache-2.0
"""The chamber: the pump alone stands in it, warmer or colder than the room, or at another air pressure.

The vessel stays outside, on the balance. Not every rig has one; what `RigAbilities.chamber` says is asked first.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault

NAME = "chamber"
"""What it is called where it is missing."""
OFF = 0.0
"""Leaves temperature or pressure to the room."""


@dataclass(frozen=True)
class ChamberReading:
    """What the chamber's own sensors show, whether it is on or off."""

    temperature_c: float
    air_pressure_hpa: float


@runtime_checkable
class Chamber(Protocol):
    """A rig that can hold the pump in a climate of its own."""

    def order_chamber(self, temperature_c: float, air_pressure_hpa: float) -> None:
        """Hold a temperature and a pressure from now on, each `OFF` for that of the room, under the fencing token.

        Raises:
            WriteRefused: the token is stale, or the rig is in its safe state.
            BenchFault: there is none, or nobody can tell whether the order was taken.
        """
        ...

    def read_chamber(self) -> ChamberReading:
        """Read the sensors of the chamber.

        Raises:
            BenchFault: there is none, or the rig does not answer.
        """
        ...


def chamber_of(rig: object) -> Chamber:
    """Return the chamber of a rig.

    Raises:
        BenchFault: it has none.
    """
    if isinstance(rig, Chamber):
        return rig
    raise no_chamber("rig")


def no_chamber(asset: str) -> BenchFault:
    """Return the fault of a rig without one."""
    return BenchFault(asset, f"use the {NAME}", f"this rig has no {NAME}", f"run it on a bench with a {NAME}")
