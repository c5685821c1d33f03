# SPDX-License-Identifier: Apache-2.0
"""The start-up graph: the rate in each sampling interval from the first minute on, against the set rate."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from metrology.delivery import StartUpCurve
from reports.curve_points import points
from reports.picture import BLACK, BLUE, Caption, Picture, legend, name_axes
from reports.time_axis import time_axis

HEIGHT_IN = 2.6
ROOM = 1.06
"""Above the greatest and below the least rate."""


def start_up_plot(
    start_up: StartUpCurve, set_rate_ul_per_h: float, caption: Caption, rate_words: str = "set rate"
) -> Picture:
    """Draw a start-up curve.

    Args:
        start_up: of `metrology.delivery.start_up_curve`.
        set_rate_ul_per_h: drawn as a line.
        caption: for its head and foot.
        rate_words: what that line is: the mean rate, where nobody said what the pump was set to.
    """
    picture = Picture(caption, [HEIGHT_IN])
    (axes,) = picture.axes
    unit = time_axis(float(start_up.times_s[-1]))
    interval_s = float(start_up.times_s[0])
    # Each rate holds for the interval that ends at its time, the first one from the start on.
    times = np.concatenate(([0.0], start_up.times_s / unit.seconds))
    rates_ul_per_h = np.concatenate((start_up.rates_ul_per_h[:1], start_up.rates_ul_per_h))
    axes.step(
        *points(times, rates_ul_per_h),
        where="pre",
        color=BLUE,
        linewidth=0.9,
        label=f"rate in each {interval_s:g} s",
    )
    axes.axhline(set_rate_ul_per_h, color=BLACK, linewidth=0.9, linestyle=(0, (4, 3)), label=rate_words)
    axes.set_xlim(0, float(start_up.times_s[-1]) / unit.seconds)
    reached = (0.0, set_rate_ul_per_h, *rates_ul_per_h)
    axes.set_ylim(ROOM * min(reached), ROOM * max(reached) or 1.0)  # a rate that stands at the edge would be cut
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, steps=unit.steps))
    name_axes(axes, f"time since the start / {unit.unit}", "rate / (µL/h)")
    legend(axes)
    return picture
