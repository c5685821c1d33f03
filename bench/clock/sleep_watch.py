# SPDX-License-Identifier: Apache-2.0
"""Whether the computer of the bench slept: then nobody looked, and what came meanwhile is a gap and no odd clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from groundfloor.wall_clock import slept_s, utc_now

LEAST_S = 0.5
"""Shorter than this is nothing that a sample or a heartbeat would miss."""


@dataclass(frozen=True)
class ComputerSleep:
    """One sleep.

    Attributes:
        slept_s: how long.
        until_utc: when it was over, to half a second.
    """

    slept_s: float
    until_utc: datetime

    @property
    def from_utc(self) -> datetime:
        """Return when it began."""
        return self.until_utc - timedelta(seconds=self.slept_s)

    def __str__(self) -> str:
        span = f"{self.from_utc:%Y-%m-%d %H:%M:%S} to {self.until_utc:%Y-%m-%d %H:%M:%S} UTC"
        return f"the computer of the bench slept for {self.slept_s:.0f} s, from {span}"


class SleepWatch:
    """Looks now and then how long the computer has slept by now."""

    def __init__(self) -> None:
        self._before_s = slept_s()

    def look(self) -> ComputerSleep | None:
        """Return the sleep since the last look; None without one."""
        now_s = slept_s()
        gone_s, self._before_s = now_s - self._before_s, now_s
        return ComputerSleep(gone_s, utc_now()) if gone_s >= LEAST_S else None
