# SPDX-License-Identifier: Apache-2.0
"""Stability of the rate: how much it scatters from window to window, and whether it creeps.

No standard for infusion pumps defines such a figure, so this is the bench's own: the coefficient of variation of the
mean rate over windows that follow each other without overlap, and the slope of a straight line through those rates.
The windows should span whole strokes, or the count of strokes per window scatters instead of the rate.
"""

import math
from dataclasses import dataclass

import numpy as np
from GTC import type_a

from groundfloor.errors import PlanError
from metrology.delivery.delivery_curve import DeliveryCurve, FloatArray
from metrology.delivery.sampling_grid import whole_intervals

LEAST_WINDOWS = 3
_SECONDS_PER_DAY = 86400.0


@dataclass(frozen=True)
class RateStability:
    """The scatter and the drift of the rate.

    Attributes:
        window_s: length of one window.
        count: how many there are.
        mean_rate_ul_per_h: over all of them.
        coefficient_of_variation_percent: sample standard deviation of the windows' rates, n - 1 in its denominator, in
            % of their mean; a drift is part of it.
        drift_percent_per_day: least-squares slope of the windows' rates against time, in % of their mean.
        drift_standard_uncertainty_percent_per_day: of that slope, from the scatter about the line with n - 2 degrees
            of freedom. An error of one weighing raises one window and lowers its neighbour, so that where the balance
            is what scatters this is too large rather than too small.
    """

    window_s: float
    count: int
    mean_rate_ul_per_h: float
    coefficient_of_variation_percent: float
    drift_percent_per_day: float
    drift_standard_uncertainty_percent_per_day: float


def rate_stability(curve: DeliveryCurve, sample_interval_s: float, window_s: float) -> RateStability:
    """Compute the stability of the rate over the whole of `curve`.

    Args:
        curve: a stretch at one set rate; what is left over beyond the last whole window does not count.
        sample_interval_s: S.
        window_s: a whole multiple of S.

    Raises:
        PlanError: the window is no whole multiple of S, fewer than three fit, or the mean rate is not over zero.
        Inconclusive: there is a gap in the samples.
    """
    rates_ul_per_h = _window_rates_ul_per_h(curve, sample_interval_s, window_s)
    mean_ul_per_h = float(np.mean(rates_ul_per_h))
    if mean_ul_per_h <= 0:
        seen = f"a mean rate of {mean_ul_per_h:g} µL/h"
        raise PlanError("rate stability", "refer to the mean rate", seen, "choose a stretch in which the pump delivers")
    # Relative to the mean: rates that are all the same give a slope of nothing, and not of a last digit.
    line = type_a.line_fit(window_s * np.arange(len(rates_ul_per_h)), rates_ul_per_h - mean_ul_per_h)
    per_day = 100 * _SECONDS_PER_DAY / mean_ul_per_h
    return RateStability(
        window_s=window_s,
        count=len(rates_ul_per_h),
        mean_rate_ul_per_h=mean_ul_per_h,
        coefficient_of_variation_percent=100 * float(np.std(rates_ul_per_h, ddof=1)) / mean_ul_per_h,
        drift_percent_per_day=float(line.slope.x) * per_day,
        drift_standard_uncertainty_percent_per_day=float(line.slope.u) * per_day,
    )


def _window_rates_ul_per_h(curve: DeliveryCurve, sample_interval_s: float, window_s: float) -> FloatArray:
    step = whole_intervals("rate stability", window_s, sample_interval_s)
    ends_ul = curve.on_grid(sample_interval_s).volumes_ul[::step]
    if len(ends_ul) <= LEAST_WINDOWS:
        seen = f"{math.floor(curve.duration_s / window_s)} whole windows of {window_s:g} s"
        raise PlanError("rate stability", "compare windows", seen, f"record {LEAST_WINDOWS} windows or more")
    rates_ul_per_h: FloatArray = (ends_ul[1:] - ends_ul[:-1]) * (3600 / window_s)
    return rates_ul_per_h
