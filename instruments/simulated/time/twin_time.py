# SPDX-License-Identifier: Apache-2.0
"""Who moves the twin's time: only the bench (stepped), or the machine's clock (real, scaled).

Stepped: the timeline stands still between two `step_to_us`, so all wire traffic happens at one frozen instant.
Real and scaled: every access first catches up with the machine's clock, and `keep_up` does so without any access, so
that a watchdog trips and a stream flows while nobody asks. Scaled time serves convenience, never a timing claim.
"""

import asyncio
from enum import StrEnum

from groundfloor.notifier import Notifier
from groundfloor.wall_clock import monotonic_s
from instruments.simulated.served.twin import ServedTimeline

CATCH_UP_INTERVAL_S = 0.02


class ClockMode(StrEnum):
    """How the twin's time runs."""

    REAL = "real"
    SCALED = "scaled"
    STEPPED = "stepped"


class TimeRefused(Exception):
    """The bench asked for a step that time cannot take; nothing was run."""


class TwinTime:
    """The one place that advances the timeline.

    Attributes:
        mode: how time runs.
        stepped: whether only the bench moves time.
        speed: twin seconds per second of wall time; 1 unless scaled.
        advanced: tells the instant after each advance; what came due has run by then.
    """

    def __init__(self, timeline: ServedTimeline, mode: ClockMode, speed: float = 1.0) -> None:
        self.mode = mode
        self.stepped = mode is ClockMode.STEPPED
        self.speed = speed if mode is ClockMode.SCALED else 1.0
        self.advanced: Notifier[float] = Notifier()
        self._timeline = timeline
        self._start_s = timeline.now_s
        self._wall_start_s = monotonic_s()
        self._stepped_us = round(timeline.now_s * 1e6)

    def now_s(self) -> float:
        """Return the twin's present instant."""
        return self._timeline.now_s

    def now_us(self) -> int:
        """Return the twin's present instant in whole microseconds, as the control line counts."""
        return self._stepped_us if self.stepped else round(self._timeline.now_s * 1e6)

    def catch_up(self) -> float:
        """Advance to the machine's present and return that instant; stepped time stays where it is."""
        if not self.stepped:
            self._advance_to_s(self._start_s + (monotonic_s() - self._wall_start_s) * self.speed)
        return self._timeline.now_s

    def step_to_us(self, instant_us: int) -> None:
        """Run everything up to `instant_us`, in order.

        Raises:
            TimeRefused: time is not stepped, or `instant_us` lies in the past.
        """
        if not self.stepped:
            raise TimeRefused(f"time is {self.mode}, it moves by itself")
        if instant_us < self._stepped_us:
            raise TimeRefused(f"it is {self._stepped_us} already, time does not go back")
        self._stepped_us = instant_us
        self._advance_to_s(instant_us / 1e6)

    async def keep_up(self) -> None:
        """Catch up again and again until cancelled."""
        while True:
            self.catch_up()
            await asyncio.sleep(CATCH_UP_INTERVAL_S)

    def _advance_to_s(self, instant_s: float) -> None:
        if instant_s > self._timeline.now_s:
            self._timeline.advance_to(instant_s)
            self.advanced.notify(instant_s)
