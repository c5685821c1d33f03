# SPDX-License-Identifier: Apache-2.0
"""When a bolus began and how long it took, from what it added by each reading.

A bolus at an even rate is a ramp. Where it passes a tenth and nine tenths of its volume is sharp, while its very begin
and end are lost in strokes, lag and the last digit. The straight line through both points tells begin and duration.
"""

from dataclasses import dataclass

import numpy as np

from metrology.delivery.delivery_curve import FloatArray
from metrology.uncertainty import Influence, Quantity, quantity_from

LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class BolusRamp:
    """A bolus as it was delivered.

    Attributes:
        begins_s: its begin, in the time of the readings.
        takes_s: its duration.
    """

    begins_s: Quantity
    takes_s: Quantity

    @classmethod
    def of(
        cls, times_s: FloatArray, added_ul: FloatArray, volume_ul: float, stroke_ul: float, noise_ul: float
    ) -> "BolusRamp | None":
        """Return the ramp of a bolus.

        Args:
            times_s: increasing; shape (n,).
            added_ul: what it had added by each reading; shape (n,).
            volume_ul: what it added altogether.
            stroke_ul: what the pump moves at once.
            noise_ul: standard uncertainty of what it had added by a reading.

        Returns:
            None where it does not pass a tenth and nine tenths of the volume after the first reading.
        """
        low, high = (_crossing(times_s, added_ul, share * volume_ul) for share in (LOW, HIGH))
        if low is None or high is None or high.at_s <= low.at_s:
            return None
        s_per_ul = (high.at_s - low.at_s) / ((HIGH - LOW) * volume_ul)
        tenth, ninety = (one.influences(stroke_ul * s_per_ul, noise_ul * s_per_ul) for one in (low, high))
        first, last = (one[0].number + one[1].number + one[2].number for one in (tenth, ninety))
        takes = (last - first) / (HIGH - LOW)
        return cls(
            quantity_from(first - LOW * takes, "s", (*tenth, *ninety)), quantity_from(takes, "s", (*tenth, *ninety))
        )


@dataclass(frozen=True)
class _Crossing:
    """Where the ramp passed a level: between two readings, by the straight line between them."""

    at_s: float
    interval_s: float
    level_ul: float

    def influences(self, stroke_s: float, noise_s: float) -> tuple[Influence, Influence, Influence]:
        where = f"where {self.level_ul:.3g} µL are passed"
        return (
            Influence.rectangular(f"between two readings {where}", self.at_s, "s", self.interval_s / 2),
            Influence.rectangular(f"stroke {where}", 0.0, "s", stroke_s),
            Influence.type_b(f"repeatability {where}", 0.0, "s", noise_s),
        )


def _crossing(times_s: FloatArray, added_ul: FloatArray, level_ul: float) -> _Crossing | None:
    """Return where a level was passed first, confirmed by the next reading."""
    above = added_ul >= level_ul
    passed = np.flatnonzero(above[:-1] & above[1:])
    if not len(passed) or passed[0] == 0:
        return None
    after = int(passed[0])
    gained_ul, interval_s = float(added_ul[after] - added_ul[after - 1]), float(times_s[after] - times_s[after - 1])
    share = (level_ul - float(added_ul[after - 1])) / gained_ul if gained_ul > 0 else 1.0
    return _Crossing(float(times_s[after - 1]) + min(max(share, 0.0), 1.0) * interval_s, interval_s, level_ul)
