# SPDX-License-Identifier: Apache-2.0
"""The picture of an infusion: delivered against expected volume, judged deviations, pressure, and what happened when.

Figures and limits are drawn only for the windows that were judged; the rest is hatched and called "volume not judged".
For people to look at. Verdicts are computed from the full data elsewhere; the picture shows at most 2000 points a
curve, the extremes of each bin among them. It is a PNG because reports block scripts in attachments, and the same
samples give the same bytes.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bench.journal import Entry
from groundfloor.printable import one_line
from reports.judged_window import JudgedWindow
from reports.lanes import Lane, lanes
from reports.picture import as_png
from reports.plot_panels import LANE_IN, POINTS, Sheet, deviation_panel, lane_panel, pressure_panel, volume_panel

DPI = 100
WIDTH_IN, LEFT_IN, RIGHT_IN, HEAD_IN, FOOT_IN, GAP_IN = 9.6, 1.25, 0.2, 0.62, 0.5, 0.3

Panel = tuple[float, Callable[[Axes, Sheet], None]]
"""Height in inches, and what draws it."""


def draw(
    frame: pd.DataFrame,
    title: str,
    events: Sequence[Entry],
    *,
    simulated: bool,
    judged: Sequence[JudgedWindow] = (),
) -> bytes:
    """Return the picture as PNG.

    Args:
        frame: the samples of one infusion, of `bench.journal.samples_frame`.
        title: what was infused, for the head of the picture.
        events: what happened during the infusion: the events of the journal.
        simulated: whether a twin delivered; the title says so.
        judged: the windows that were judged, drawn with their limits and uncertainty.
    """
    found = lanes(frame, events) if len(frame) else []
    panels = _panels(frame, found) if len(frame) else []
    height_in = HEAD_IN + FOOT_IN + sum(height + GAP_IN for height, _ in panels)
    figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    head = one_line(f"SIMULATED – {title}" if simulated else title)
    figure.text(0.01, 1 - 0.28 / height_in, head, fontsize=11, fontweight="bold", parse_math=False)
    figure.text(0.01, 0.12 / height_in, _footnote(len(frame)), fontsize=7.5, color="#555555")
    _stack(figure, panels, frame, found, judged)
    return as_png(figure)


def _panels(frame: pd.DataFrame, found: Sequence[Lane]) -> list[Panel]:
    panels: list[Panel] = [(2.1, volume_panel), (1.5, deviation_panel)]
    if np.isfinite(frame["pressure_kpa"].to_numpy(dtype=float)).any():
        panels.append((1.1, pressure_panel))
    if found:
        panels.append((LANE_IN * len(found), lambda axes, sheet: lane_panel(axes, sheet, found)))
    return panels


def _stack(
    figure: Figure,
    panels: Sequence[Panel],
    frame: pd.DataFrame,
    found: Sequence[Lane],
    judged: Sequence[JudgedWindow],
) -> None:
    """Put the panels under each other, over the same stretch of time, which the lowest names; shade injected faults."""
    height_in = figure.get_figheight()
    top_in = height_in - HEAD_IN
    for number, (panel_in, paint) in enumerate(panels, start=1):
        box = (LEFT_IN, top_in - panel_in, WIDTH_IN - LEFT_IN - RIGHT_IN, panel_in)
        axes = figure.add_axes((box[0] / WIDTH_IN, box[1] / height_in, box[2] / WIDTH_IN, box[3] / height_in))
        sheet = Sheet.of(frame, judged)
        sheet.prepare(axes, names_the_time=number == len(panels))
        sheet.shade(axes, [span for lane in found if lane.kind == "fault" for span in lane.spans_s])
        paint(axes, sheet)
        top_in -= panel_in + GAP_IN


def _footnote(samples: int) -> str:
    if not samples:
        return "No sample was taken."
    shown = (
        f"{POINTS} of {samples} points shown, min/max per bin" if samples > POINTS else f"all {samples} points shown"
    )
    return f"Delivered (balance): live figure, nothing corrected; deviations: corrected. Each curve: {shown}."
