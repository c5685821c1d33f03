# SPDX-License-Identifier: Apache-2.0
"""The pump's own clock: it was set once, and its crystal is a little fast or slow."""

import math
from dataclasses import dataclass, replace
from typing import Self

DAY_S = 86400.0


@dataclass(frozen=True)
class DeviceClock:
    """Turns the twin's time into the pump's time and back; both in seconds.

    Attributes:
        offset_s: what the pump's clock shows at the twin's time zero.
        error_ppm: how much faster than true time it runs.
        breaks_at_s: the twin's time at which a bad one jumps ahead or stands still.
        jumps_by_s: how far it jumps.
        stops_for_s: for how long it stands.
    """

    offset_s: float
    error_ppm: float
    breaks_at_s: float = math.inf
    jumps_by_s: float = 0.0
    stops_for_s: float = 0.0

    @property
    def scheduler(self) -> float:
        """Return the device seconds that pass in one true second; strokes are timed by this crystal too."""
        return 1.0 + self.error_ppm * 1e-6

    def set_to_zero_at(self, now_s: float) -> Self:
        """Return the same crystal with a clock that shows zero at the twin's time `now_s`."""
        return replace(self, offset_s=-now_s * self.scheduler, breaks_at_s=math.inf)

    def set_at(self, now_s: float, shows_s: float) -> Self:
        """Return the same crystal with a clock that shows `shows_s` at the twin's time `now_s`."""
        return replace(self, offset_s=shows_s - now_s * self.scheduler, breaks_at_s=math.inf)

    def reading_s(self, now_s: float) -> float:
        """Return what the pump's clock shows at the twin's time `now_s`."""
        if now_s < self.breaks_at_s:
            return self.offset_s + now_s * self.scheduler
        ran_s = max(self.breaks_at_s, now_s - self.stops_for_s)
        return self.offset_s + self.jumps_by_s + ran_s * self.scheduler

    def true_s(self, clock_s: float) -> float:
        """Return the twin's time at which the pump's clock first shows `clock_s` or more."""
        unbroken_s = (clock_s - self.offset_s) / self.scheduler
        if unbroken_s <= self.breaks_at_s:
            return unbroken_s
        ran_s = max(self.breaks_at_s, (clock_s - self.jumps_by_s - self.offset_s) / self.scheduler)
        return ran_s if self.jumps_by_s else ran_s + self.stops_for_s
