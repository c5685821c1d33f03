# SPDX-License-Identifier: Apache-2.0
"""What the twin's servers need of the whole twin: one timeline, and three devices that live on it."""

from collections.abc import Callable
from typing import Protocol

from instruments.simulated.served.devices import RegisterDevice, WeighingCell


class ServedTimeline(Protocol):
    """The twin's only time, in seconds; it moves when somebody advances it and stands still otherwise."""

    @property
    def now_s(self) -> float:
        """Return the present instant."""
        ...

    def at(self, when_s: float, action: Callable[[], None], priority: int = 0) -> object:
        """Run `action` when the timeline passes `when_s`; equal instants run by priority, then in order of asking."""
        ...

    def advance_to(self, when_s: float) -> None:
        """Run every event up to and including `when_s` in order, then stand at `when_s`."""
        ...


class ServedTwin(Protocol):
    """The devices of one twin and the timeline that they share."""

    @property
    def timeline(self) -> ServedTimeline:
        """Return the timeline of all three devices."""
        ...

    @property
    def pump(self) -> RegisterDevice:
        """Return the pump, by the points of the pump map."""
        ...

    @property
    def rig(self) -> RegisterDevice:
        """Return the rig controller, by the points of the rig map."""
        ...

    @property
    def cell(self) -> WeighingCell:
        """Return the weighing cell that the vessel stands on."""
        ...

    @property
    def second(self) -> WeighingCell | None:
        """Return the second measure of the flow; None for a twin without one."""
        ...
