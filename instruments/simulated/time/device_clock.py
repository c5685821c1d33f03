# SPDX-License-Identifier: Apache-2.0
"""The pump's own clock: it was set once, and its crystal is a little fast or slow."""

from dataclasses import dataclass, replace
from typing import Self

DAY_S = 86400.0


@dataclass(frozen=True)
class DeviceClock:
    """Turns the twin's time into the pump's time and back; both in seconds.

    Attributes:
        offset_s: what the pump's clock shows at the twin's time zero.
        error_ppm: how much faster than true time it runs.
    """

    offset_s: float
    error_ppm: float

    @property
    def scheduler(self) -> float:
        """Return the device seconds that pass in one true second; strokes are timed by this crystal too."""
        return 1.0 + self.error_ppm * 1e-6

    def set_to_zero_at(self, now_s: float) -> Self:
        """Return the same crystal with a clock that shows zero at the twin's time `now_s`."""
        return replace(self, offset_s=-now_s * self.scheduler)

    def reading_s(self, now_s: float) -> float:
        """Return what the pump's clock shows at the twin's time `now_s`."""
        return self.offset_s + now_s * self.scheduler

    def true_s(self, clock_s: float) -> float:
        """Return the twin's time at which the pump's clock shows `clock_s`."""
        return (clock_s - self.offset_s) / self.scheduler
