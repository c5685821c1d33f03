# SPDX-License-Identifier: Apache-2.0
"""When the next stroke of a steady pump is due, from its last ones.

A pump that goes on for a minute and a half after a stop makes no stroke in it, mostly, where strokes are minutes apart.
If it is stopped shortly before one is due, it does.
"""

import numpy as np

from metrology.any_window.arrivals import Arrivals

STROKES = 8
LEAST_STROKES = 4
STEADY_TO = 0.1
"""Strokes whose times lie further from a straight line, as a share of the period, tell nothing of the next."""


def next_stroke_s(arrivals: Arrivals, now_s: float) -> float | None:
    """Return the instant after `now_s` at which a stroke is due; to about a third of a sampling interval.

    Returns:
        None where there are fewer than four strokes, or they do not come evenly.
    """
    before = arrivals.last_before[-STROKES:]
    if len(before) < LEAST_STROKES:
        return None
    middles_s = (arrivals.times_s[before] + arrivals.times_s[before + 1]) / 2
    number = np.arange(len(middles_s))
    period_s, first_s = np.polyfit(number, middles_s, 1)
    if np.abs(middles_s - first_s - period_s * number).max() > STEADY_TO * period_s:
        return None
    return float(first_s + period_s * np.ceil((now_s - first_s) / period_s))
