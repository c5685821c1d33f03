# SPDX-License-Identifier: Apache-2.0
"""The rig's watchdog: when the bench's heartbeat stops, the rig goes to its safe state by itself."""

import math
from collections.abc import Callable

from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer


class Watchdog:
    """Calls `trip` once when no heartbeat came for the time it is armed with; a dead one never does.

    Attributes:
        tripped: it has tripped, or the controller lost power, and it was not disarmed since.
    """

    def __init__(
        self,
        timeline: Timeline,
        trip: Callable[[], None],
        *,
        dead: bool = False,
        most_s: float = math.inf,
        clock_gain: float = 1.0,
    ) -> None:
        self._most_s = most_s
        self._clock_gain = clock_gain
        self.tripped = False
        self._dead = dead
        self._timeline = timeline
        self._trip = trip
        self._timeout_s = 0
        self._last_beat_s = timeline.now_s
        self._heartbeat = 0
        self._timer = Timer(timeline, self._expire)

    def arm(self, timeout_s: int) -> None:
        """Watch for heartbeats at most `timeout_s` apart, from now on; 0 disarms and clears a trip."""
        self._timeout_s = timeout_s
        if timeout_s:
            self._beaten()
        else:
            self.tripped = False
            self._timer.drop()

    def power_up(self) -> None:
        """Begin anew after a loss of power: no time-out is known any more, and that shows as a trip."""
        self._timeout_s = 0
        self._timer.drop()
        self.tripped = True

    def hear(self, heartbeat: int) -> None:
        """Take the heartbeat register; only a changed value is a heartbeat."""
        if heartbeat != self._heartbeat:
            self._heartbeat = heartbeat
            self._beaten()

    def age_s(self) -> float:
        """Return the time since the last heartbeat."""
        return (self._timeline.now_s - self._last_beat_s) * self._clock_gain

    def _beaten(self) -> None:
        self._last_beat_s = self._timeline.now_s
        if self._timeout_s and not self.tripped and not self._dead:
            self._timer.set_at(self._timeline.now_s + min(self._timeout_s, self._most_s) / self._clock_gain)

    def _expire(self) -> None:
        self.tripped = True
        self._trip()
