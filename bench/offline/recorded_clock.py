# SPDX-License-Identifier: Apache-2.0
"""The clock of a stored run: it shows the bench time of the line that is replayed."""

from collections.abc import Callable
from datetime import datetime

from bench.clock import ClockMode
from bench.offline.not_recorded import NotRecorded


class RecordedClock:
    """Bench time as the journal has it.

    Args:
        mode, speed: as in the run.
        now_s: bench time of the line replayed last.
    """

    def __init__(self, mode: ClockMode, speed: float, now_s: Callable[[], float], epoch_utc: datetime) -> None:
        self.mode = mode
        self.speed = speed
        self.epoch_utc = epoch_utc
        self._now_s = now_s

    def now_s(self) -> float:
        """Return the bench time of the line replayed last."""
        return self._now_s()

    def sleep_until(self, instant_s: float) -> None:
        """Refuse to wait: nothing comes.

        Raises:
            NotRecorded: the instant is not past.
        """
        if instant_s > self.now_s():
            raise NotRecorded("clock", "wait", f"the journal ends before {instant_s:.0f} s")

    def go_on_from(self, instant_s: float) -> None:
        """Do nothing: the journal tells the time."""
