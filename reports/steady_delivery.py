# SPDX-License-Identifier: Apache-2.0
"""The part of an infusion that a trumpet curve can be made of: one rate, no fault, nothing that anybody asked for."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import pandas as pd

from metrology.delivery import AMBULATORY_WINDOWS_S, GENERAL_WINDOWS_S, DeliveryCurve
from reports.curve_points import Floats
from reports.lanes import MOVED_PERCENT

LONG_S = 4 * 3600.0
"""From here on the windows of ambulatory pumps say more than those of general ones."""
SHORTEST_S = 3600.0
SHORTEST_GAP_S = 1.0


@dataclass(frozen=True)
class SteadyDelivery:
    """A stretch at one rate.

    Attributes:
        curve: the live volume, corrected for nothing.
        set_rate_ul_per_h: what the therapy expects.
        interval_s: the usual time between two samples.
        from_start: whether the infusion begins with it.
    """

    curve: DeliveryCurve
    set_rate_ul_per_h: float
    interval_s: float
    from_start: bool

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Self | None:
        """Return the longest stretch at one rate; None where there is none of an hour, or a fault was injected.

        Args:
            frame: of `bench.journal.samples_frame`.
        """
        if _has_fault(frame):
            return None
        t_s = frame["t_s"].to_numpy(dtype=float)
        first, last = _longest(frame["rate_ul_per_h"].to_numpy(dtype=float))
        if last - first < 3 or t_s[last] - t_s[first] < SHORTEST_S:
            return None
        part = frame.iloc[first : last + 1]
        delivered, expected = (part[name].to_numpy(dtype=float) for name in ("weighed_ul", "expected_ul"))
        kept = np.flatnonzero(np.diff(t_s[first : last + 1], prepend=-np.inf) >= SHORTEST_GAP_S)
        times_s = t_s[first : last + 1][kept]
        rate_ul_per_h = 3600 * float(expected[-1] - expected[0]) / float(t_s[last] - t_s[first])
        if not np.isfinite(delivered).all() or rate_ul_per_h <= 0 or len(times_s) < 3:
            return None
        interval_s = float(np.median(np.diff(times_s)))
        before = frame["rate_ul_per_h"].to_numpy(dtype=float)[:first]
        return cls(DeliveryCurve(times_s, delivered[kept]), rate_ul_per_h, interval_s, not before.any())

    def windows_s(self, stroke_volume_ul: float) -> tuple[float, ...]:
        """Return the IEC windows that fit, each brought to the nearest whole number of strokes and of intervals."""
        longest_s, interval_s = self.curve.duration_s, self.interval_s
        named = AMBULATORY_WINDOWS_S if longest_s >= LONG_S else GENERAL_WINDOWS_S
        period_s = 3600 * stroke_volume_ul / self.set_rate_ul_per_h
        whole = (max(round(one / period_s), 1) * period_s if period_s > interval_s else one for one in named)
        steps = (max(round(one / interval_s), 1) * interval_s for one in whole)
        return tuple(dict.fromkeys(one for one in steps if one <= longest_s / 2))


def _has_fault(frame: pd.DataFrame) -> bool:
    moved = (frame["kink_percent"] > MOVED_PERCENT) | (frame["leak_percent"] > MOVED_PERCENT)
    return bool((moved | frame["disconnected"] | frame["magnet"]).any())


def _longest(values: Floats) -> tuple[int, int]:
    """Return first and last place of the longest row of one rate above zero."""
    edges = np.concatenate(([0], np.flatnonzero(np.diff(values) != 0) + 1, [len(values)]))
    rows = [(int(end - begin), int(begin)) for begin, end in pairwise(edges)]
    flowing = [(length, begin) for length, begin in rows if length and values[begin] > 0]
    if not flowing:
        return 0, 0
    length, begin = max(flowing, key=lambda row: (row[0], -row[1]))
    return begin, begin + length - 1
