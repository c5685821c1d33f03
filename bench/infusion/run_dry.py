# SPDX-License-Identifier: Apache-2.0
"""When the reservoir ran dry, by the balance alone: between the last full flow and the first that is none."""

from collections.abc import Sequence

from metrology.latency.bracket import Bracket

FULL, NONE = 0.75, 0.25
"""Share of the due flow over which it is full for sure, and under which there is none."""
STROKES = 3
"""A span that is looked at holds at least so many strokes."""


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
