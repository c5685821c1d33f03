# SPDX-License-Identifier: Apache-2.0
"""The start-up graph of an infusion: the rate in each sampling interval from the first minute on."""

import numpy as np

from metrology.delivery import StartUpCurve
from reports.curve_points import points
from reports.drawn_plot import Across, DrawnPlot
from reports.page.drawing import Drawing
from reports.ticks import ticks
from reports.time_axis import time_axis


def draw_start_up(title: str, curve: StartUpCurve, set_rate_ul_per_h: float) -> Drawing:
    """Draw a start-up curve.

    Args:
        title: what was infused.
        curve: of `metrology.delivery.start_up_curve`.
        set_rate_ul_per_h: drawn as a line.
    """
    longest_s = float(curve.times_s[-1])
    unit = time_axis(longest_s)
    end = longest_s / unit.seconds
    across = Across(0.0, end, f"time since the start / {unit.unit}", ticks(0.0, end, 12, unit.steps))
    # each rate holds for the interval that ends at its time, the first one from the start on
    times = np.concatenate(([0.0], curve.times_s / unit.seconds))
    rates_ul_per_h = np.concatenate((curve.rates_ul_per_h[:1], curve.rates_ul_per_h))
    x, y = points(times, rates_ul_per_h)
    keys = (("weighed", f"rate in each {float(curve.times_s[0]):g} s"), ("programmed", "set rate"))
    reach = np.concatenate((rates_ul_per_h, [0.0, set_rate_ul_per_h]))
    plot = DrawnPlot(title, across, ("rate / (µL/h)", reach), keys)
    plot.level(set_rate_ul_per_h, "programmed")
    plot.curve(np.repeat(x, 2)[:-1], np.concatenate((y[:1], np.repeat(y[1:], 2))), "course")
    return plot.drawing
