# SPDX-License-Identifier: Apache-2.0
"""The flow that goes on between boluses, and what a vessel loses there.

A late part dies away behind its bolus; a basal flow does not. So the last third of each rest says how much comes, and
the third before it whether that is steady.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from metrology.delivery import DeliveryCurve

_SIGMAS, _STEADY = 5.0, 0.3
_FEWEST_FOR_SCATTER = 3


@dataclass(frozen=True)
class BasalFlow:
    """A flow between boluses.

    Attributes:
        rate_ul_per_s: below zero where the vessel loses; 0 where nothing is told from noise.
        u_ul_per_s: its standard uncertainty.
    """

    rate_ul_per_s: float = 0.0
    u_ul_per_s: float = 0.0

    @classmethod
    def between(cls, curve: DeliveryCurve, begins: Sequence[int], noise_ul: float, stroke_ul: float) -> "BasalFlow":
        """Return the flow between boluses, where it is steady and beyond doubt.

        Args:
            curve: at its own readings.
            begins: the last reading before each bolus.
            noise_ul: standard uncertainty of a reading, its digit in it.
            stroke_ul: of the flow; 0 where none shows.
        """
        last, middle = list[tuple[int, int]](), list[tuple[int, int]]()
        for first, end in pairwise([*begins, len(curve.times_s) - 1]):
            third = (end - first) // 3
            if third:
                last.append((end - third, end))
                middle.append((end - 2 * third, end - third))
        if begins and begins[0] > 1:
            half = begins[0] // 2
            last.append((half, begins[0]))
            middle.append((0, half))
        if not last:
            return cls()
        rate, u = _rate(curve, last, noise_ul, stroke_ul)
        before, _ = _rate(curve, middle, noise_ul, stroke_ul)
        is_steady = abs(before - rate) <= _STEADY * abs(rate) + _SIGMAS * math.sqrt(2) * u
        whole = [(first, end) for (first, _), (_, end) in zip(middle, last, strict=True)]
        rate, u = _rate(curve, whole, noise_ul, stroke_ul)
        return cls(rate, u) if is_steady and abs(rate) > _SIGMAS * u else cls()


def _rate(
    curve: DeliveryCurve, parts: Sequence[tuple[int, int]], noise_ul: float, stroke_ul: float
) -> tuple[float, float]:
    """Return the mean rate of parts, and its standard uncertainty: by how they differ, and no less than noise makes.

    Boluses may come in step with strokes: then each part holds one too many, or one too few.
    """
    gained_ul = np.array([curve.volumes_ul[end] - curve.volumes_ul[first] for first, end in parts])
    took_s = np.array([curve.times_s[end] - curve.times_s[first] for first, end in parts])
    rate = float(gained_ul.sum() / took_s.sum())
    u = noise_ul * math.sqrt(2 * len(parts)) / float(took_s.sum())
    if len(parts) >= _FEWEST_FOR_SCATTER:
        u = max(u, float(np.std(gained_ul - rate * took_s, ddof=1)) * math.sqrt(len(parts)) / float(took_s.sum()))
    return rate, math.hypot(u, stroke_ul / math.sqrt(6) / float(took_s.mean()))
