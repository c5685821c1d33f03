# SPDX-License-Identifier: Apache-2.0
"""The panels of an infusion's picture: volume, error, pressure, and the lanes of what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from groundfloor.printable import one_line
from reports.judged_window import JudgedWindow, unjudged
from reports.lanes import Lane
from reports.minmax import minmax
from reports.picture import BLACK, BLUE, GREEN, GREY, ORANGE, VERMILION
from reports.time_axis import TimeAxis, time_axis
from reports.weighed_span import outermost
from reports.window_course import window_course

Floats = npt.NDArray[np.float64]

LANE_COLOURS = {"fault": VERMILION, "alarm": ORANGE, "bolus": GREEN, "event": GREY}
LANE_IN = 0.22
POINTS = 2000
LEAST_NAMED_SHARE = 0.08
"""From this share of the picture on a stretch that was not judged has room for its name."""
GAP_FACTOR = 4.0
"""A curve is broken where samples are missing: where two are this many usual intervals apart."""


@dataclass(frozen=True)
class Sheet:
    """What every panel needs: the samples, and the time axis they share.

    Attributes:
        frame: the samples.
        axis: unit and ticks.
        start_s, end_s: bench time of the first and last sample.
        judged: the windows that were judged.
    """

    frame: pd.DataFrame
    axis: TimeAxis
    start_s: float
    end_s: float
    judged: tuple[JudgedWindow, ...] = ()

    @classmethod
    def of(cls, frame: pd.DataFrame, judged: Sequence[JudgedWindow] = ()) -> Self:
        """Make the sheet for all of `frame`, which holds at least one sample."""
        start_s, end_s = float(frame["t_s"].iloc[0]), float(frame["t_s"].iloc[-1])
        return cls(frame, time_axis(end_s - start_s), start_s, end_s, tuple(judged))

    def prepare(self, axes: Axes, *, names_the_time: bool) -> None:
        """Give a panel its time axis and its looks."""
        end = self.at(self.end_s)
        axes.set_xlim(-0.01 * end, 1.01 * end if end else 1.0)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=12, steps=self.axis.steps))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
        axes.tick_params(labelsize=8, labelbottom=names_the_time, length=3)
        axes.grid(visible=True, color="#dddddd", linewidth=0.5)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        if names_the_time:
            axes.set_xlabel(f"time since the first sample / {self.axis.unit}", fontsize=8.5)

    def shade(self, axes: Axes, spans_s: Sequence[tuple[float, float]]) -> None:
        """Tint stretches of time, from and to in bench time."""
        for begin_s, end_s in spans_s:
            axes.axvspan(self.at(begin_s), self.at(end_s), facecolor=VERMILION, alpha=0.10, linewidth=0, zorder=0)

    def grey_unjudged(self, axes: Axes) -> None:
        """Hatch what lies in no judged window, and name it where there is room."""
        for begin_s, end_s in unjudged(self.judged, self.start_s, self.end_s):
            begin, end = self.at(begin_s), self.at(end_s)
            axes.axvspan(begin, end, facecolor="#eeeeee", edgecolor="#cccccc", hatch="///", linewidth=0, zorder=0)
            if end_s - begin_s >= LEAST_NAMED_SHARE * (self.end_s - self.start_s):
                place = ((begin + end) / 2, 0.06)
                axes.text(
                    *place,
                    "volume not judged",
                    transform=axes.get_xaxis_transform(),
                    ha="center",
                    fontsize=7,
                    color="#555555",
                    clip_on=True,
                )

    def bands(self, axes: Axes) -> None:
        """Shade ± U around each weighed volume that was judged."""
        t_s = self.series("t_s")
        for number, span in enumerate(outermost([window.span for window in self.judged])):
            instants_s, middle_ul = span.band(t_s, self.series("weighed_ul"))
            axes.fill_between(
                (instants_s - self.start_s) / self.axis.seconds,
                middle_ul - span.expanded_ul,
                middle_ul + span.expanded_ul,
                color=GREEN,
                alpha=0.3,
                linewidth=0,
                label=None if number else "weighed ± U (95 %), corrected",
            )

    def at(self, t_s: float) -> float:
        """Return where bench time `t_s` stands on the axis."""
        return (t_s - self.start_s) / self.axis.seconds

    def series(self, name: str) -> Floats:
        """Return a column."""
        values: Floats = self.frame[name].to_numpy(dtype=float)
        return values

    def curve(self, values: Floats) -> tuple[Floats, Floats]:
        """Return what to draw of `values`: down-sampled, and broken where samples are missing."""
        t_s = self.series("t_s")
        usual_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
        gaps = np.flatnonzero(np.diff(t_s) > GAP_FACTOR * usual_s)
        kept = minmax(values, POINTS)
        breaks = np.searchsorted(kept, gaps, side="right")
        time = np.insert((t_s[kept] - self.start_s) / self.axis.seconds, breaks, np.nan)
        return time, np.insert(values[kept], breaks, np.nan)


def volume_panel(axes: Axes, sheet: Sheet) -> None:
    """Draw delivered volume by balance and by the pump's counter, over what the therapy expects."""
    counter = sheet.series("counter_ul")
    expected = sheet.series("expected_ul")
    axes.plot(*sheet.curve(counter - counter[0] + expected[0]), color=ORANGE, linewidth=3.0, label="pump's counter")
    axes.plot(*sheet.curve(sheet.series("weighed_ul")), color=BLUE, linewidth=1.2, label="delivered (balance)")
    axes.plot(*sheet.curve(expected), color=BLACK, linewidth=0.9, linestyle=(0, (4, 3)), label="expected (therapy)")
    sheet.bands(axes)
    sheet.grey_unjudged(axes)
    axes.set_ylabel("volume / µL", fontsize=8.5)
    _legend(axes)


def deviation_panel(axes: Axes, sheet: Sheet) -> None:
    """Draw each judged window from 0 to its judged deviation ± U, as a share of its limits; nothing of what was not."""
    sheet.grey_unjudged(axes)
    axes.axhline(0.0, color=BLACK, linewidth=0.6)
    columns = [sheet.series(name) for name in ("t_s", "weighed_ul", "expected_ul")]
    for window in sheet.judged:
        instants_s, percent = window_course(window, *columns)
        if not len(instants_s):
            continue
        axes.plot((instants_s - sheet.start_s) / sheet.axis.seconds, percent, color=BLUE, linewidth=0.9)
        begin, end = sheet.at(window.span.start_s), sheet.at(window.span.end_s)
        for limit in _limits_percent(window):
            axes.plot([begin, end], [limit, limit], color=VERMILION, linewidth=1.2, linestyle="--")
        _judged_point(axes, sheet, window)
    axes.plot([], [], color=BLUE, linewidth=0.9, label=_judged_in_words(sheet.judged))
    axes.plot([], [], color=VERMILION, linewidth=1.2, linestyle="--", label="limit (±100 %)")
    axes.set_ylabel("deviation /\n% of the limit", fontsize=8.5)
    _legend(axes)


def _limits_percent(window: JudgedWindow) -> tuple[float, ...]:
    """Return where the limits of a window stand on the scale of its deviation."""
    deviation = window.deviation
    return (-100.0, 100.0) if deviation is not None and deviation.basis == "limit" else (100.0,)


def _judged_point(axes: Axes, sheet: Sheet, window: JudgedWindow) -> None:
    deviation = window.deviation
    if deviation is None:
        return
    axes.errorbar(
        [sheet.at(window.span.end_s)],
        [deviation.percent],
        yerr=[deviation.uncertainty_percent or 0.0],
        color=BLUE,
        marker="o",
        markersize=3,
        capsize=2.5,
        linewidth=0.9,
    )


def _judged_in_words(windows: Sequence[JudgedWindow]) -> str:
    """Return the greatest figure of the windows that were judged by their volume, and nothing of the rest."""
    found = [(window, one) for window in windows if (one := window.deviation) is not None]
    if not found:
        return "no weighed volume was judged"
    window, most = max(found, key=lambda pair: pair[1].used_percent)
    share = f"{most.percent:+.3g} %" if most.basis == "limit" else f"{most.percent:.3g} %"
    return f"within each judged window; nearest to its limit: {one_line(window.name, 40)}, {share} of it"


def pressure_panel(axes: Axes, sheet: Sheet) -> None:
    """Draw the pressure that the pump measures in its catheter."""
    axes.plot(*sheet.curve(sheet.series("pressure_kpa")), color=GREEN, linewidth=0.9)
    axes.set_ylabel("catheter\npressure / kPa", fontsize=8.5)


def lane_panel(axes: Axes, sheet: Sheet, found: Sequence[Lane]) -> None:
    """Draw one lane a happening: bars for what lasted, marks with a label for what did not."""
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_yticks(range(len(found)), [one_line(lane.name) for lane in found], fontsize=8, parse_math=False)
    axes.grid(visible=False, axis="y")
    for place, lane in enumerate(found):
        colour = LANE_COLOURS[lane.kind]
        bars = [(sheet.at(begin), sheet.at(end) - sheet.at(begin)) for begin, end in lane.spans_s]
        axes.broken_barh(bars, (place - 0.32, 0.64), facecolor=colour, edgecolor=colour, linewidth=1.0)
        axes.plot(
            [sheet.at(t_s) for t_s, _ in lane.moments], [place] * len(lane.moments), "|", color=colour, markersize=9
        )
        _label_moments(axes, sheet, place, lane)


CHARACTERS_ACROSS = 150
"""How many characters of a label's size fit side by side across the panel."""


def _label_moments(axes: Axes, sheet: Sheet, place: int, lane: Lane) -> None:
    """Write the label of each moment that leaves room before the next; the left side is taken at the right edge."""
    across = max(sheet.at(sheet.end_s), 1e-9)
    free_from = -np.inf
    places = [sheet.at(t_s) for t_s, _ in lane.moments]
    for number, label in enumerate(one_line(label) for _, label in lane.moments):
        width = (len(label) + 2) / CHARACTERS_ACROSS * across
        here = places[number]
        following = places[number + 1] if number + 1 < len(places) else np.inf
        if here >= free_from and here + width <= min(following, across):
            side, text, free_from = "left", f" {label}", here + width
        elif here - width >= max(free_from, 0.0):
            side, text, free_from = "right", f"{label} ", here
        else:
            free_from = max(free_from, here)
            continue
        axes.text(here, place, text, ha=side, va="center", fontsize=7, color="#333333", clip_on=True, parse_math=False)


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 0.98),
        ncols=4,
        fontsize=8,
        frameon=False,
        borderaxespad=0.0,
        handlelength=1.8,
    )
