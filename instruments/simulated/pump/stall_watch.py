# SPDX-License-Identifier: Apache-2.0
"""Finds when a rotor that is asked to turn will have stood long enough for the stall alarm."""

from collections.abc import Callable

from instruments.simulated.motor.held_rotor import HeldRotor
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer


class StallWatch:
    """Calls `alarm` once the rotor has been held for `hold_s` while the watch is armed."""

    def __init__(self, timeline: Timeline, rotor: HeldRotor, hold_s: float, alarm: Callable[[], None]) -> None:
        self._timeline = timeline
        self._rotor = rotor
        self._hold_s = hold_s
        self._since_s: float | None = None
        self._timer = Timer(timeline, alarm)

    def plan(self, *, armed: bool) -> None:
        """Look ahead under present conditions; called after every change of them and of `armed`."""
        if not armed or not self._rotor.held:
            self._since_s = None
            self._timer.drop()
            return
        if self._since_s is None:
            self._since_s = self._timeline.now_s
        self._timer.set_at(self._since_s + self._hold_s)
