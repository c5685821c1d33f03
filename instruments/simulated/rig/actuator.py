# SPDX-License-Identifier: Apache-2.0
"""An actuator of the rig: it is told a position, takes its time, and has a sensor that shows where it really is."""

import math
from collections.abc import Callable

from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer


class Actuator:
    """Moves to its target after `travel_s` and calls `moved` when it gets there; a dead one never moves.

    One that sticks stays where it is after it has left its rest `departures` times. One that closes late is back at its
    rest so much later than its sensor shows it. One that lets go is back at it by itself, unseen by its sensor.

    Attributes:
        position: where it really is.
        shown: where its sensor shows it.
    """

    def __init__(
        self,
        timeline: Timeline,
        travel_s: float,
        moved: Callable[[], None],
        *,
        dead: bool = False,
        departures: float = math.inf,
        shown_late_s: float = 0.0,
        closes_late_s: float = 0.0,
        lets_go_s: float = math.inf,
    ) -> None:
        self.position = 0.0
        self.shown = 0.0
        self._shown_late_s = shown_late_s
        self._timeline = timeline
        self._travel_s = travel_s
        self._moved = moved
        self._dead = dead
        self._departures = departures
        self._target = 0.0
        self._timer = Timer(timeline, self._arrive)
        self._closes_late_s = closes_late_s
        self._late = Timer(timeline, lambda: self._move_to(0.0))
        self._lets_go_s = lets_go_s
        self._lets_go = Timer(timeline, lambda: self._move_to(0.0))

    def go_to(self, target: float) -> None:
        """Set out for `target`; being told the same target again does not start the way anew."""
        if self._dead or target == self._target:
            return
        self._target = target
        self._timer.set_at(self._timeline.now_s + self._travel_s)

    def jump_to(self, position: float) -> None:
        """Be at `position` by itself, whatever it was told."""
        self._be_at(position)

    def _arrive(self) -> None:
        if self.position == 0.0 and self._target != 0.0:
            self._departures -= 1
        elif self._departures <= 0 and self._target == 0.0:
            return
        self._be_at(self._target)

    def _move_to(self, position: float) -> None:
        self.position = position
        self._moved()

    def _be_at(self, position: float) -> None:
        self._late.drop()
        self._lets_go.set_at(self._timeline.now_s + self._lets_go_s if position else math.inf)
        if self._closes_late_s and position == 0.0:
            self._late.set_at(self._timeline.now_s + self._closes_late_s)
            self._show(position)
            return
        self.position = position
        if self._shown_late_s:
            self._timeline.at(self._timeline.now_s + self._shown_late_s, lambda: self._show(position))
        else:
            self._show(position)
        self._moved()

    def _show(self, position: float) -> None:
        self.shown = position
