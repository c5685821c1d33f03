# SPDX-License-Identifier: Apache-2.0
"""The clock that only the bench moves: each step advances the twin through its control line."""

from datetime import UTC, datetime

from bench.clock.clock import ClockMode
from instruments.control_line_client import ControlLine

MICROSECONDS = 1_000_000


class SteppedClock:
    """Bench time of a stepped twin: it stands still until `sleep_until` moves it."""

    def __init__(self, control: ControlLine) -> None:
        self.mode = ClockMode.STEPPED
        self.speed = 0.0
        self.epoch_utc = datetime(2000, 1, 1, tzinfo=UTC)
        self._control = control
        self._start_us = control.now_us()
        self._twin_us = 0
        self._now_s = 0.0

    def now_s(self) -> float:
        """Return the bench time now; it does not change between two calls of `sleep_until`."""
        return self._now_s

    def go_on_from(self, instant_s: float) -> None:
        """Make it `instant_s` now; the twin's own time stays what it is."""
        self._twin_us = round(instant_s * MICROSECONDS)
        self._start_us = self._control.now_us() - self._twin_us
        self._now_s = instant_s

    def sleep_until(self, instant_s: float) -> None:
        """Move the twin to `instant_s`, to the microsecond; it has run all its events up to there when this returns."""
        if instant_s <= self._now_s:
            return
        target_us = round(instant_s * MICROSECONDS)
        if target_us > self._twin_us:
            self._twin_us = self._control.advance_to_us(self._start_us + target_us) - self._start_us
        # The instant that was asked for, not the rounded one: who waits for it in a loop must see it reached.
        self._now_s = instant_s
