# SPDX-License-Identifier: Apache-2.0
"""When the reservoir ran dry, by the balance alone: between the last full flow and the first that is none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from metrology.latency.bracket import Bracket

FULL, NONE = 0.75, 0.25
"""Share of the due flow over which it is full for sure, and under which there is none."""
STROKES = 3
"""A span that is looked at holds at least so many strokes."""
SCATTERS = 5.0
"""So many standard deviations lie between a full flow and none before anybody is told that it has ended for sure."""
LEAST_READINGS = 10
"""So few readings do not tell how they scatter."""


def ran_dry(
    readings: Sequence[tuple[float, float]], rate_ul_per_h: float, stroke_ul: float, interval_s: float
) -> Bracket | None:
    """Return between which instants the flow ended, None where it has not.

    One microlitre of any liquid counts as one milligram here: only a whole flow and none are told apart.

    Args:
        readings: bench time in s and mass in mg, in order, about an interval apart.
        rate_ul_per_h: what was due all the time.
        stroke_ul: what the pump moves at once.
        interval_s: time between two readings.
    """
    span = max(1, round(STROKES * stroke_ul / rate_ul_per_h * 3600 / interval_s + 0.5))
    last_full = None
    for place in range(span, len(readings)):
        (from_s, from_mg), (to_s, to_mg) = readings[place - span], readings[place]
        due_mg = rate_ul_per_h * (to_s - from_s) / 3600
        share = (to_mg - from_mg) / due_mg if due_mg else 0.0
        if share >= FULL:
            last_full = from_s
        elif share < NONE and last_full is not None:
            return Bracket(last_full, to_s)
    return None


@dataclass(frozen=True)
class SecondSight:
    """What readings tell that were taken after a flow seemed to have ended.

    Attributes:
        flows: whether it goes on; None where they do not tell.
        scatter_mg: standard deviation with which they scatter about an even flow.
    """

    flows: bool | None
    scatter_mg: float

    def shows_when(self, stroke_ul: float) -> bool:
        """Tell whether readings that scatter so little had shown the end of the flow when it came."""
        return STROKES * stroke_ul * (FULL - NONE) / 2 >= SCATTERS * math.sqrt(2.0) * self.scatter_mg


def look_again(readings: Sequence[tuple[float, float]], rate_ul_per_h: float) -> SecondSight:
    """Return whether a flow that seemed to have ended goes on.

    Readings that scatter may show none of a flow that is there: it takes a span in which so much is due that their
    scatter is small beside it.

    Args:
        readings: as for `ran_dry`, since it seemed to have ended.
        rate_ul_per_h: what is due.
    """
    if len(readings) < LEAST_READINGS:
        return SecondSight(None, 0.0)
    (from_s, from_mg), (to_s, to_mg) = readings[0], readings[-1]
    due_mg = rate_ul_per_h * (to_s - from_s) / 3600
    scatter_mg = _scatter([mass_mg for _, mass_mg in readings])
    if due_mg * (FULL - NONE) / 2 < SCATTERS * math.sqrt(2.0) * scatter_mg:
        return SecondSight(None, scatter_mg)
    return SecondSight(to_mg - from_mg >= NONE * due_mg, scatter_mg)


def _scatter(masses_mg: Sequence[float]) -> float:
    """Return their standard deviation about a flow that is even."""
    bends = [
        before - 2 * here + after for before, here, after in zip(masses_mg, masses_mg[1:], masses_mg[2:], strict=False)
    ]
    return math.sqrt(sum(bend**2 for bend in bends) / len(bends) / 6)
