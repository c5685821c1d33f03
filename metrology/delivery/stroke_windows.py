# SPDX-License-Identifier: Apache-2.0
"""Windows in whole pump strokes, and what counts as whole.

A window that spans n strokes of a pulsed pump always holds n of them, wherever it begins. One that is a little longer
holds n + 1 now and then: its extremes then tell of the window, not of the pump. A share δ of a stroke too much puts an
additional stroke into a share δ of the windows.
"""

import math
from collections.abc import Sequence

from groundfloor.errors import PlanError
from metrology.delivery.sampling_grid import refuse_no_interval

WHOLE_STROKE_TOLERANCE = 0.01
"""How far a window may be from a whole number of strokes, in strokes: one window in a hundred is then off by one."""


def is_whole_strokes(window_s: float, stroke_period_s: float) -> bool:
    """Tell whether a window spans a whole number of strokes, at least one, within `WHOLE_STROKE_TOLERANCE`."""
    strokes = window_s / stroke_period_s
    return round(strokes) >= 1 and abs(strokes - round(strokes)) <= WHOLE_STROKE_TOLERANCE


def whole_stroke_windows_s(
    stroke_period_s: float, sample_interval_s: float, counts: Sequence[int]
) -> tuple[float, ...]:
    """Return observation windows for a pulsed pump: whole numbers of strokes and of sampling intervals at once.

    Args:
        stroke_period_s: from one stroke to the next.
        sample_interval_s: S.
        counts: the strokes of each window, such as 1, 2, 5, 10.

    Raises:
        PlanError: a period or a count is not over zero, or no multiple of S is near enough to the strokes asked for;
            the message names the sampling interval that would do.
    """
    refuse_no_interval(sample_interval_s)
    if not (math.isfinite(stroke_period_s) and stroke_period_s > 0):
        seen = f"a stroke period of {stroke_period_s:g} s"
        raise PlanError("stroke windows", "count strokes", seen, "give a period over zero")
    return tuple(_window_s(stroke_period_s, sample_interval_s, count) for count in counts)


def _window_s(stroke_period_s: float, sample_interval_s: float, count: int) -> float:
    if count < 1:
        raise PlanError("stroke windows", "count strokes", f"{count} strokes", "ask for at least one")
    window_s = round(count * stroke_period_s / sample_interval_s) * sample_interval_s
    if abs(window_s / stroke_period_s - count) > WHOLE_STROKE_TOLERANCE:
        seen = (
            f"{count} strokes of {stroke_period_s:g} s are {count * stroke_period_s / sample_interval_s:.3f} "
            f"sampling intervals of {sample_interval_s:g} s"
        )
        fitting_s = _fitting_interval_s(stroke_period_s, sample_interval_s)
        raise PlanError("stroke windows", "fit strokes to samples", seen, f"analyse with S = {fitting_s:.9g} s")
    return window_s


def _fitting_interval_s(stroke_period_s: float, sample_interval_s: float) -> float:
    """Return the interval near S that divides the stroke period, or that the stroke period divides."""
    if sample_interval_s <= stroke_period_s:
        return stroke_period_s / round(stroke_period_s / sample_interval_s)
    return stroke_period_s * round(sample_interval_s / stroke_period_s)
