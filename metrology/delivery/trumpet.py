# SPDX-License-Identifier: Apache-2.0
"""The trumpet curve: the greatest and the least error of the mean rate over windows of growing length.

It answers "how wrong can the dose be over any ten minutes, any hour?" and shows the extreme windows, not an improvement
with time. With W the cumulative volume on a grid of S, the mean rate over the window of k = P/S intervals that begins
at sample j is (W[j+k] - W[j]) / P: one difference per window, whatever its length (IEC 60601-2-24, E_p; the form is
that of the 1998 edition, as others quote it: assumed).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundfloor.errors import PlanError
from metrology.delivery.blocks import BLOCK, blocks
from metrology.delivery.delivery_curve import DeliveryCurve, FloatArray
from metrology.delivery.overall_error import overall_error_percent
from metrology.delivery.sampling_grid import whole_intervals
from metrology.delivery.set_rate import refuse_no_set_rate
from metrology.delivery.stroke_windows import is_whole_strokes

GENERAL_WINDOWS_S = (120.0, 300.0, 660.0, 1140.0, 1860.0)
"""Observation windows of general infusion pumps: 2, 5, 11, 19, 31 min (IEC 60601-2-24)."""

AMBULATORY_WINDOWS_S = (900.0, 3600.0, 9000.0, 19800.0, 34200.0, 55800.0)
"""Observation windows of ambulatory pumps: 15, 60, 150, 330, 570, 930 min; assumed, no primary document was read."""

BORROWED_PRACTICE = (
    "Borrowed practice: IEC 60601-2-24 is written for infusion pumps outside the body. Its trumpet curve on an "
    "implantable pump is a description, not a test of conformity; that standard sets no limit of accuracy either."
)


@dataclass(frozen=True)
class TrumpetWindow:
    """One observation window.

    Attributes:
        duration_s: P.
        greatest_percent: E_p(max), the greatest error of the mean rate over all windows of this length.
        least_percent: E_p(min), the least.
        count: m, how many overlapping windows there are.
        strokes: P in nominal stroke periods; None where the pump's strokes are not known.
        whole_strokes: whether that is a whole number; where it is not, the extremes hold a stroke more or less by
            chance of where the window begins. None where the strokes are not known.
    """

    duration_s: float
    greatest_percent: float
    least_percent: float
    count: int
    strokes: float | None
    whole_strokes: bool | None


@dataclass(frozen=True)
class Trumpet:
    """The trumpet curve of one analysis period.

    Attributes:
        set_rate_ul_per_h: r, which all percentages refer to.
        sample_interval_s: S.
        analysis_s: T, the whole sampling intervals that the curve holds.
        overall_error_percent: A, over T.
        windows: in the order asked for.
        borrowed_practice: what to print beside the curve of an implantable pump.
    """

    set_rate_ul_per_h: float
    sample_interval_s: float
    analysis_s: float
    overall_error_percent: float
    windows: tuple[TrumpetWindow, ...]
    borrowed_practice: str = BORROWED_PRACTICE


def trumpet(
    curve: DeliveryCurve,
    set_rate_ul_per_h: float,
    sample_interval_s: float,
    windows_s: Sequence[float],
    stroke_volume_ul: float | None = None,
    *,
    stroke_period_s: float | None = None,
) -> Trumpet:
    """Compute the trumpet curve of the whole of `curve`, in O(n) per window.

    Args:
        curve: the analysis period; resampled to S where its samples do not lie on that grid.
        set_rate_ul_per_h: r.
        sample_interval_s: S.
        windows_s: observation windows P, whole multiples of S, none longer than the analysis period.
        stroke_volume_ul: the pump's nominal stroke; with it, its period is taken to be this volume over the set rate.
        stroke_period_s: the period itself, where it was measured; goes before the nominal one.

    Raises:
        PlanError: the set rate, S, a stroke or a window cannot be.
        Inconclusive: there is a gap in the samples.
    """
    refuse_no_set_rate(set_rate_ul_per_h)
    sampled = curve.on_grid(sample_interval_s)
    steps = len(sampled.times_s) - 1
    if not windows_s:
        raise PlanError("trumpet", "choose windows", "there is none", "name at least one observation window")
    period_s = _stroke_period_s(set_rate_ul_per_h, stroke_volume_ul, stroke_period_s)
    # All of them are checked before the first is computed: a plan is wrong as a whole.
    intervals = [_intervals(window_s, sample_interval_s, steps) for window_s in windows_s]
    programmed_ul = [set_rate_ul_per_h * count * sample_interval_s / 3600 for count in intervals]
    windows = tuple(
        _window(window_s, 100 * _extremes(sampled.volumes_ul, count) / volume_ul - 100, steps - count + 1, period_s)
        for window_s, count, volume_ul in zip(windows_s, intervals, programmed_ul, strict=True)
    )
    overall_percent = overall_error_percent(sampled, set_rate_ul_per_h)
    return Trumpet(set_rate_ul_per_h, sample_interval_s, steps * sample_interval_s, overall_percent, windows)


def _intervals(window_s: float, sample_interval_s: float, steps: int) -> int:
    count = whole_intervals("observation window", window_s, sample_interval_s)
    if count > steps:
        seen = f"{window_s:g} s, but the analysis period is {steps * sample_interval_s:g} s"
        raise PlanError("observation window", "fit it into the analysis period", seen, "record longer, or leave it out")
    return count


def _extremes(volumes_ul: FloatArray, count: int) -> FloatArray:
    """Return the least and the greatest volume over `count` intervals."""
    begins_ul, ends_ul = volumes_ul[:-count], volumes_ul[count:]
    difference_ul = np.empty(BLOCK)
    least_ul, greatest_ul = math.inf, -math.inf
    for block in blocks(len(begins_ul)):
        delivered_ul = difference_ul[: block.stop - block.start]
        np.subtract(ends_ul[block], begins_ul[block], out=delivered_ul)
        least_ul = min(least_ul, float(delivered_ul.min()))
        greatest_ul = max(greatest_ul, float(delivered_ul.max()))
    return np.array([least_ul, greatest_ul])


def _window(window_s: float, extremes_percent: FloatArray, count: int, period_s: float | None) -> TrumpetWindow:
    least, greatest = map(float, extremes_percent)
    if period_s is None:
        return TrumpetWindow(window_s, greatest, least, count, None, None)
    return TrumpetWindow(window_s, greatest, least, count, window_s / period_s, is_whole_strokes(window_s, period_s))


def _stroke_period_s(
    set_rate_ul_per_h: float, stroke_volume_ul: float | None, stroke_period_s: float | None
) -> float | None:
    if stroke_period_s is None and stroke_volume_ul is not None:
        stroke_period_s = stroke_volume_ul / set_rate_ul_per_h * 3600
    if stroke_period_s is not None and not (math.isfinite(stroke_period_s) and stroke_period_s > 0):
        seen = f"a stroke of {stroke_period_s:g} s"
        raise PlanError("trumpet", "count strokes", seen, "give a stroke volume or period over zero")
    return stroke_period_s
