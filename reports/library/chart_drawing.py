# SPDX-License-Identifier: Apache-2.0
"""A control chart as a drawing: the points, the mean, the limits, and which points are none of chance."""

import numpy as np

from reports.drawn_plot import Across, DrawnPlot
from reports.library.control_chart import ControlChart
from reports.page.drawing import Drawing
from reports.svg_file import svg_file


def chart_drawing(chart: ControlChart) -> Drawing:
    """Return the drawing of a chart; its runs stand side by side in the order of time."""
    count = len(chart.points)
    x, y = np.arange(1.0, count + 1), np.array([one.value for one in chart.points])
    step = max(1, count // 12)
    across = Across(0.5, count + 0.5, "run", tuple(float(one) for one in range(1, count + 1, step)))
    keys = (("curve", "figure"), ("limit", f"{chart.lower:.4g} and {chart.upper:.4g} {chart.unit}"))
    up = (f"{chart.name} / {chart.unit or '1'}", np.array([*y, chart.lower, chart.upper]))
    plot = DrawnPlot(f"Control chart: {chart.name}", across, up, keys)
    for level, style in ((chart.mean, "grid"), (chart.lower, "limit"), (chart.upper, "limit")):
        plot.level(level, style)
    plot.curve(x, y, "curve")
    plot.points(x, y, "point")
    odd = sorted(chart.signals())
    if odd:
        plot.points(x[odd], y[odd], "point bad", half=4.0)
    return plot.drawing


def chart_svg(chart: ControlChart) -> bytes:
    """Return the chart as a file, with what each run is below it."""
    signals = chart.signals()
    firmwares = "; ".join(f"{place} {one.run} ({one.firmware})" for place, one in enumerate(chart.points, 1))
    told = [f"run {place + 1}: {why}" for place, why in signals.items()]
    limits = f"mean {chart.mean:.5g}, limits by the moving range of {chart.baseline} runs, 2.66 of its mean"
    return svg_file(chart_drawing(chart), (limits, "; ".join(told) or "nothing but chance", firmwares))
