# SPDX-License-Identifier: Apache-2.0
"""The refill port: the rig's own needle in the septum of the pump, with a syringe drive and a flow sensor behind it.

An order moves fluid, so it carries a number: the same number again moves nothing. Not every rig has one; what
`RigAbilities.refill_port` says is asked first.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault

NAME = "refill port"
"""What it is called where it is missing."""


@dataclass(frozen=True)
class RefillReading:
    """What the sensors of the port show.

    Attributes:
        needle_in: whether its switch feels the needle in the septum.
        moved_ul: what has passed the flow sensor since the last order, into the pump over zero, out of it under zero.
        busy: whether it is still moving.
    """

    needle_in: bool
    moved_ul: float
    busy: bool


@runtime_checkable
class RefillPort(Protocol):
    """A rig that can fill and empty the pump."""

    def order_refill(self, needle_in: bool, volume_ul: float) -> None:
        """Put the needle in or take it out, and move a volume through it once, under the fencing token.

        Args:
            needle_in: where the needle shall be.
            volume_ul: into the pump; under zero out of it, as far as something comes.

        Raises:
            WriteRefused: the token is stale, the rig is in its safe state, or nothing can move without the needle in.
            BenchFault: there is none, or nobody can tell whether the order was taken.
        """
        ...

    def read_refill_port(self) -> RefillReading:
        """Read the sensors of the port.

        Raises:
            BenchFault: there is none, or the rig does not answer.
        """
        ...


def port_of(rig: object) -> RefillPort:
    """Return the refill port of a rig.

    Raises:
        BenchFault: it has none.
    """
    if isinstance(rig, RefillPort):
        return rig
    raise no_port("rig")


def no_port(asset: str) -> BenchFault:
    """Return the fault of a rig without one."""
    return BenchFault(asset, f"use the {NAME}", f"this rig has no {NAME}", f"run it on a bench with a {NAME}")
