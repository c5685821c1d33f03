# SPDX-License-Identifier: Apache-2.0
"""Finds when a pump that drives its rotor has seen nothing of it for too long, because the sensor's line is open."""

from collections.abc import Callable

from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer


class SensorWatch:
    """Calls `failed` once the line has been open for `hold_s` while the watch is armed.

    Attributes:
        is_open: whether the line is open.
    """

    def __init__(self, timeline: Timeline, hold_s: float, failed: Callable[[], None]) -> None:
        self.is_open = False
        self._timeline = timeline
        self._hold_s = hold_s
        self._since_s: float | None = None
        self._timer = Timer(timeline, failed)

    def plan(self, *, armed: bool) -> None:
        """Look ahead under present conditions; called after every change of them and of `armed`."""
        if not armed or not self.is_open:
            self._since_s = None
            self._timer.drop()
            return
        if self._since_s is None:
            self._since_s = self._timeline.now_s
        self._timer.set_at(self._since_s + self._hold_s)
