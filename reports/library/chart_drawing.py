# SPDX-License-Identifier: Apache-2.0
"""A control chart as a drawing: the points, the mean, the limits, and which points are none of chance."""

from html import escape

import numpy as np

from groundfloor.printable import printable
from reports.drawn_plot import Across, DrawnPlot
from reports.library.control_chart import ControlChart
from reports.page.drawing import Drawing
from reports.svg_file import svg_file

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>body{{font:15px/1.4 system-ui,Arial,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;color:#1a1a1a}}
svg{{max-width:100%;height:auto}}.wide{{overflow-x:auto}}table{{border-collapse:collapse}}
th,td{{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #dfe3e6}}</style></head>
<body><h1>{title}</h1>
{picture}
<p>{limits} <strong>{found}</strong></p>
<div class="wide"><table><thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table></div>
</body></html>
"""


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


def chart_html(chart: ControlChart) -> bytes:
    """Return the chart as a page that opens by itself: the picture, the limits, and a row for each run."""
    signals = chart.signals()
    rows = (
        (str(place), one.run, one.firmware, f"{one.value:+.5g}", signals.get(place - 1, ""))
        for place, one in enumerate(chart.points, 1)
    )
    cells = "\n".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    heads = "".join(
        f'<th scope="col">{_text(head)}</th>' for head in ("", "run", "firmware", "figure", "none of chance")
    )
    limits = (
        f"Mean {chart.mean:+.5g}, limits {chart.lower:+.5g} to {chart.upper:+.5g} {chart.unit} by the moving range of "
        f"{chart.baseline} runs, 2.66 of its mean: what the figure's own scatter gives, and no acceptance."
    )
    found = f"{len(signals)} of {len(chart.points)} figures are none of chance."
    picture = svg_file(chart_drawing(chart)).decode()
    return PAGE.format(
        title=_text(f"Control chart: {chart.name}"), picture=picture, limits=_text(limits), found=_text(found),
        heads=heads, rows=cells,
    ).encode("utf-8", "replace")  # fmt: skip


def _text(text: str) -> str:
    return escape(printable(text))


def chart_svg(chart: ControlChart) -> bytes:
    """Return the chart as a file, with what each run is below it."""
    signals = chart.signals()
    firmwares = "; ".join(f"{place} {one.run} ({one.firmware})" for place, one in enumerate(chart.points, 1))
    told = [f"run {place + 1}: {why}" for place, why in signals.items()]
    limits = f"mean {chart.mean:.5g}, limits by the moving range of {chart.baseline} runs, 2.66 of its mean"
    return svg_file(chart_drawing(chart), (limits, "; ".join(told) or "nothing but chance", firmwares))
