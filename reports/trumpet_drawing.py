# SPDX-License-Identifier: Apache-2.0
"""The trumpet graph of an infusion: greatest and least error of the mean rate, over the length of the window."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from metrology.any_window import trumpet_limit_percent
from metrology.delivery import Trumpet, TrumpetWindow
from metrology.verdict import Limits
from reports.any_window_promise import AnyWindowPromise
from reports.curve_points import Floats
from reports.drawn_plot import Across, DrawnPlot, Key
from reports.page.drawing import Drawing
from reports.time_axis import MINUTES, time_axis

CROWDED = 0.07
"""Where two windows are nearer to each other than this share of the longest, the axis is logarithmic."""
EDGE = 1.15
LONGEST_IN_MINUTES_S = 64 * 3600.0


def draw_trumpet(title: str, trumpet: Trumpet, limits: Limits, promise: AnyWindowPromise) -> Drawing:
    """Draw a trumpet curve; a window of no whole number of strokes is hollow, its extremes are partly chance.

    Args:
        title: what was infused.
        trumpet: of `metrology.delivery.trumpet`.
        limits: in %, drawn across.
        promise: what any window may exceed the limits by.
    """
    windows = sorted(trumpet.windows, key=lambda window: window.duration_s)
    longest_s = windows[-1].duration_s
    unit = MINUTES if longest_s <= LONGEST_IN_MINUTES_S else time_axis(longest_s)
    x = np.array([window.duration_s / unit.seconds for window in windows])
    greatest = np.array([one.greatest_percent for one in windows])
    least = np.array([one.least_percent for one in windows])
    between, above, below = _promised(windows, trumpet.set_rate_ul_per_h, promise)
    given = [limit for limit in (limits.lower, limits.upper) if limit is not None]
    reach = np.concatenate((greatest, least, above, below, given, [0.0, trumpet.overall_error_percent]))
    across = _across(x, f"observation window / {unit.unit}")
    plot = DrawnPlot(title, across, ("error of the mean rate / %", reach), _keys(trumpet, windows, limits))
    for limit in given:
        plot.level(limit, "limit")
    plot.level(trumpet.overall_error_percent, "programmed")
    plot.curve(between / unit.seconds, above, "promise")
    plot.curve(between / unit.seconds, below, "promise")
    plot.curve(x, greatest, "weighed")
    plot.curve(x, least, "least")
    for whole, style in ((True, "point"), (False, "point-hollow")):
        chosen = np.array([(one.whole_strokes is not False) is whole for one in windows])
        plot.points(x[chosen], greatest[chosen], style)
        plot.points(x[chosen], least[chosen], style)
    return plot.drawing


def _keys(trumpet: Trumpet, windows: Sequence[TrumpetWindow], limits: Limits) -> tuple[Key, ...]:
    partly = any(one.whole_strokes is False for one in windows)
    return (
        ("weighed", "Ep(max)"),
        ("least", "Ep(min)"),
        ("programmed", f"A = {trumpet.overall_error_percent:+.2f} %"),
        ("limit", f"limits {limits}"),
        ("promise", "promise for any window"),
        *((("point-hollow", "no whole number of strokes"),) if partly else ()),
    )


def _promised(
    windows: Sequence[TrumpetWindow], rate_ul_per_h: float, promise: AnyWindowPromise
) -> tuple[Floats, Floats, Floats]:
    """Return how far the mean rate of any window may be off; between the windows as well, for there it holds too."""
    windows_s = np.geomspace(windows[0].duration_s, windows[-1].duration_s, 60)
    accuracy = promise.accuracy_percent
    above = trumpet_limit_percent(windows_s, rate_ul_per_h, accuracy, promise.excess_ul)
    return windows_s, above, -trumpet_limit_percent(windows_s, rate_ul_per_h, accuracy, promise.shortfall_ul)


def _across(x: Floats, name: str) -> Across:
    named, longest = tuple(map(float, x)), float(x[-1])
    if any(longer - shorter < CROWDED * longest for shorter, longer in pairwise(named)):
        return Across(named[0] / EDGE, longest * EDGE, name, named, logarithmic=True)
    return Across(0.0, longest * 1.05, name, named)
