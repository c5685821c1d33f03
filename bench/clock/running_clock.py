# SPDX-License-Identifier: Apache-2.0
"""The clock that runs by itself: real time, or real time × speed for a twin."""

from datetime import timedelta

from bench.clock.clock import ClockMode
from groundfloor.errors import PlanError
from groundfloor.wall_clock import monotonic_s, sleep_s, utc_now


class RunningClock:
    """Bench time on the machine's monotonic clock, `speed` times as fast; speed 1 is the real clock."""

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise PlanError("clock", "start", f"speed {speed} is not over zero", "give a speed of 1 (real) or more")
        self.mode = ClockMode.REAL if speed == 1.0 else ClockMode.SCALED
        self.speed = speed
        self.epoch_utc = utc_now()
        self._start_s = monotonic_s()

    def now_s(self) -> float:
        """Return the bench time now."""
        return (monotonic_s() - self._start_s) * self.speed

    def go_on_from(self, instant_s: float) -> None:
        """Make it `instant_s` now."""
        self._start_s = monotonic_s() - instant_s / self.speed
        self.epoch_utc = utc_now() - timedelta(seconds=instant_s)

    def sleep_until(self, instant_s: float) -> None:
        """Sleep to the absolute `instant_s`, so that errors of single sleeps do not add up."""
        while (left_s := (instant_s - self.now_s()) / self.speed) > 0:
            sleep_s(left_s)
