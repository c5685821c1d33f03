# SPDX-License-Identifier: Apache-2.0
"""A fault of a line, on rigs that have one: the outlet raised or lowered, the catheter torn, a sensor of the pump cut.

Its actuators are no part of what every rig must have. So they are read when they are moved, not in each sample; the
pressure at the outlet, which another sensor tells in each sample, moves with a lift.
"""

from abc import abstractmethod
from typing import Protocol, runtime_checkable

from bench.injectors.fault import Fault
from instruments.rig import Rig, RigReading


@runtime_checkable
class LineFault(Fault, Protocol):
    """One fault of the line; 100 % is all of it, 0 its rest."""

    @property
    @abstractmethod
    def points(self) -> tuple[str, ...]:
        """Return the outputs of the rig's map that it moves."""
        ...

    @abstractmethod
    def require(self, rig: Rig) -> None:
        """Refuse a rig that cannot, before anything is moved.

        Raises:
            BenchFault: it cannot.
        """
        ...

    @abstractmethod
    def order(self, rig: Rig, percent: float) -> None:
        """Tell the rig to move there.

        Raises:
            BenchFault: this rig did not take the order.
        """
        ...

    @abstractmethod
    def observed_percent_of(self, rig: Rig) -> float:
        """Return where it is, by a sensor of its own."""
        ...

    @abstractmethod
    def contradicted(self, before: RigReading, after: RigReading, moved_percent: float) -> str:
        """Return how another sensor contradicts a move by so many per cent; empty where it does not, or cannot."""
        ...
