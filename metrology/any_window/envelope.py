# SPDX-License-Identifier: Apache-2.0
"""Between two curves: what a pump may have delivered by any instant, and what it must have.

A change of rate may come early, late and smoothed. So each stretch of constant rate is stretched at both ends by what
the change there is allowed, and where stretches overlap the greatest rate counts for the upper curve and the least for
the lower one: a sliding extreme, computed exactly from the changes and not from a grid. One pair of curves serves
continuous, flex and bolus delivery, start, stop and fault.

    upper  A(t) = ∫ greatest rate programmed near t          lower  B(t) = ∫ least rate programmed near t
"""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from metrology.any_window.rate_change import RateChange
from metrology.any_window.span import Span
from metrology.any_window.volume_curve import VolumeCurve


@dataclass(frozen=True, eq=False)
class Envelope:
    """The two curves of a schedule.

    Attributes:
        greatest: what may have been programmed up to an instant.
        least: what must have been.
    """

    greatest: VolumeCurve
    least: VolumeCurve

    @classmethod
    def of(cls, *layers: Iterable[RateChange]) -> Self:
        """Return the envelope of rates that add up: a basal rate, and boluses on top of it.

        Before its first change a layer delivers nothing. Time is O(k log k) in the number of changes.
        """
        greatest = least = VolumeCurve(np.empty(0), np.empty(0))
        for layer in layers:
            stretches = _stretches(sorted(layer, key=lambda change: change.at_s))
            greatest = greatest.plus(_extreme(stretches, 1.0))
            least = least.plus(_extreme(stretches, -1.0))
        return cls(greatest, least)

    def with_released(self, lumps: Iterable[tuple[float, float]]) -> Self:
        """Return the envelope with volumes in µL that may come at once at an instant: what a shut catheter stored."""
        return type(self)(self.greatest.with_lumps(lumps), self.least)

    def with_nothing_due_in(self, spans: Iterable[Span]) -> Self:
        """Return the envelope that demands nothing in some spans: the catheter is shut, leaks, or is off."""
        return type(self)(self.greatest, self.least.silent_in(spans))


@dataclass(frozen=True)
class _Stretch:
    from_s: float
    to_s: float
    rate_ul_per_h: float


def _stretches(changes: Sequence[RateChange]) -> list[_Stretch]:
    """Return each stretch of constant rate, stretched at both ends by what the change there is allowed."""
    before = RateChange(-math.inf, 0.0)
    after = RateChange(math.inf, 0.0)
    return [
        _Stretch(one.at_s - one.early_s, following.at_s + following.late_s, one.rate_ul_per_h)
        for one, following in pairwise((before, *changes, after))
    ]


def _extreme(stretches: Sequence[_Stretch], sign: float) -> VolumeCurve:
    """Return the curve of the greatest rate of all stretches that hold an instant; of the least with sign −1."""
    edges_s = sorted({edge for one in stretches for edge in (one.from_s, one.to_s) if math.isfinite(edge)})
    coming = sorted(stretches, key=lambda one: one.from_s)
    rates, active, taken = [], list[tuple[float, float]](), 0
    for edge_s in edges_s:
        while taken < len(coming) and coming[taken].from_s <= edge_s:
            heapq.heappush(active, (-sign * coming[taken].rate_ul_per_h, coming[taken].to_s))
            taken += 1
        while active[0][1] <= edge_s:
            heapq.heappop(active)
        rates.append(-sign * active[0][0])
    return VolumeCurve(np.array(edges_s, dtype=np.float64), np.array(rates, dtype=np.float64))
