# SPDX-License-Identifier: Apache-2.0
"""Draws an infusion: volume, deviation in each judged window, pressure, and the lanes of what happened.

What no judgement speaks of is hatched, and no figure is read off there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from groundfloor.printable import one_line
from reports.curve_points import Floats
from reports.judged_window import JudgedWindow
from reports.lanes import Lane
from reports.minmax import minmax
from reports.page.drawing import Drawing
from reports.page.infusion_chart import InfusionChart
from reports.ticks import ticks
from reports.time_axis import TimeAxis, time_axis
from reports.window_course import window_course

WIDTH, LEFT, RIGHT = 740.0, 104.0, 10.0
HEADING, GAP, AXIS, LANE = 20.0, 14.0, 34.0, 18.0
VOLUME, DEVIATION, PRESSURE = 150.0, 130.0, 70.0
POINTS, WINDOW_POINTS = 600, 300
GAP_FACTOR = 4.0
"""A curve is broken where samples are missing: where two are this many usual intervals apart."""
CHARACTER, KEY_CHARACTER, ROOM_FOR_A_NAME = 6.6, 7.0, 110.0


@dataclass(frozen=True)
class _Scale:
    """Where a value of a panel stands, in pixels from the top of the drawing."""

    top: float
    height: float
    low: float
    high: float

    def at(self, values: Floats) -> Floats:
        placed: Floats = self.top + self.height * (self.high - values) / (self.high - self.low)
        return placed

    def place(self, value: float) -> float:
        return float(self.at(np.array([value]))[0])


def draw_chart(chart: InfusionChart, *, simulated: bool) -> Drawing:
    """Return the drawing of an infusion.

    Args:
        chart: what it shows.
        simulated: whether a twin delivered; the drawing says so.
    """
    return _Chart(chart, simulated).drawn()


class _Chart:
    """One drawing in the making."""

    def __init__(self, chart: InfusionChart, simulated: bool) -> None:
        self.chart = chart
        self.start_s, self.end_s = float(chart.t_s[0]), float(chart.t_s[-1])
        self.axis: TimeAxis = time_axis(self.end_s - self.start_s)
        stamp = "SIMULATED – " if simulated else ""
        self.drawing = Drawing(WIDTH, title=f"{stamp}{one_line(chart.name)}", description=_in_words(chart))
        self.reached = 0.0
        self.panels: list[tuple[float, float]] = []

    def drawn(self) -> Drawing:
        self._volume()
        self._deviation()
        if np.isfinite(self.chart.pressure_kpa).any():
            self._pressure()
        self._lanes()
        self._time_axis()
        return self.drawing

    def x(self, t_s: Floats) -> Floats:
        whole_s = max(self.end_s - self.start_s, 1e-9)
        placed: Floats = LEFT + (WIDTH - LEFT - RIGHT) * (t_s - self.start_s) / whole_s
        return placed

    def at(self, t_s: float) -> float:
        return float(np.clip(self.x(np.array([t_s]))[0], LEFT, WIDTH - RIGHT))

    # --- panels -----------------------------------------------------------------------------------------------------

    def _panel(self, height: float, heading: str, keys: Sequence[tuple[str, str]], values: Floats) -> _Scale:
        """Make room for a panel, with its heading, its keys, its frame and the ticks of its own axis."""
        top = self.reached + HEADING
        low, high = _bounds(values)
        scale = _Scale(top, height, low, high)
        self.drawing.label(0, top - 7, heading, "heading")
        right = WIDTH - RIGHT
        for style, name in reversed(keys):
            self.drawing.label(right, top - 7, name, "key", "end")
            right -= KEY_CHARACTER * len(name) + 8
            self.drawing.stroke(right - 20, top - 11, right, top - 11, style)
            right -= 34
        self.drawing.box(LEFT, top, WIDTH - LEFT - RIGHT, height, "panel")
        for tick in ticks(low, high, 5):
            y = scale.place(tick)
            self.drawing.stroke(LEFT, y, WIDTH - RIGHT, y, "grid")
            self.drawing.label(LEFT - 6, y + 4, f"{tick:.6g}".replace("-", "−"), "tick", "end")
        self.panels.append((top, height))
        self.reached = top + height + GAP
        return scale

    def _curve(self, values: Floats, scale: _Scale, style: str) -> None:
        t_s = self.chart.t_s
        usual_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
        gaps = np.flatnonzero(np.diff(t_s) > GAP_FACTOR * usual_s)
        kept = minmax(values, POINTS)
        breaks = np.searchsorted(kept, gaps, side="right")
        x = np.insert(self.x(t_s[kept]), breaks, np.nan)
        self.drawing.line(x, np.insert(scale.at(values[kept]), breaks, np.nan), style)

    def _volume(self) -> None:
        chart = self.chart
        counts = bool(np.isfinite(chart.counter_ul).any())
        counted = (("counter", "pump's counter"),) if counts else ()
        keys = (*counted, ("weighed", "weighed"), ("programmed", "programmed"))
        every = np.concatenate((chart.counter_ul, chart.weighed_ul, chart.expected_ul))
        scale = self._panel(VOLUME, "volume / µL", keys, every)
        self._hatch(scale, named=False)
        if counts:
            self._curve(chart.counter_ul, scale, "counter")
        self._curve(chart.weighed_ul, scale, "weighed")
        self._curve(chart.expected_ul, scale, "programmed")

    def _deviation(self) -> None:
        chart = self.chart
        judged = [(window, one) for window in chart.windows if (one := window.deviation) is not None]
        reach = [one.percent + sign * (one.uncertainty_percent or 0.0) for _, one in judged for sign in (-1, 1)]
        low = -100.0 if any(one.basis == "limit" for _, one in judged) else 0.0
        keys = (("limit", "limit"), ("weighed", "weighed, from the start of each window, ± U"))
        scale = self._panel(DEVIATION, "deviation / % of the limit", keys, np.array([low, 100.0, *reach]))
        self._hatch(scale, named=bool(judged))  # else two sentences stood in one place
        for window, one in judged:
            begin, end = self.at(window.span.start_s), self.at(window.span.end_s)
            for limit in (-100.0, 100.0) if one.basis == "limit" else (100.0,):
                self.drawing.stroke(begin, scale.place(limit), end, scale.place(limit), "limit")
            self._window_course(window, scale)
            half = one.uncertainty_percent or 0.0
            top, bottom = scale.place(one.percent + half), scale.place(one.percent - half)
            self.drawing.stroke(end, top, end, bottom, "bar")
            for y in (top, bottom):
                self.drawing.stroke(end - 3, y, end + 3, y, "bar")
            self.drawing.box(end - 2.5, scale.place(one.percent) - 2.5, 5, 5, "point")
        if not judged:
            middle = scale.top + scale.height / 2
            self.drawing.label(WIDTH / 2, middle, "no weighed volume was judged by itself here", "note", "middle")

    def _window_course(self, window: JudgedWindow, scale: _Scale) -> None:
        chart = self.chart
        instants_s, percent = window_course(window, chart.t_s, chart.weighed_ul, chart.expected_ul)
        kept = minmax(percent, WINDOW_POINTS)
        self.drawing.line(self.x(instants_s[kept]), np.clip(scale.at(percent[kept]), *_inside(scale)), "course")

    def _hatch(self, scale: _Scale, *, named: bool) -> None:
        for begin_s, end_s in self.chart.unjudged_s:
            begin, end = self.at(begin_s), self.at(end_s)
            self.drawing.box(begin, scale.top, end - begin, scale.height, "unjudged")
            if named and end - begin >= ROOM_FOR_A_NAME:
                place = (begin + end) / 2, scale.top + scale.height / 2 + 4
                self.drawing.label(*place, "volume not judged", "note", "middle")

    def _pressure(self) -> None:
        scale = self._panel(PRESSURE, "catheter pressure / kPa", (), self.chart.pressure_kpa)
        self._curve(self.chart.pressure_kpa, scale, "pressure")

    # --- lanes ------------------------------------------------------------------------------------------------------

    def _lanes(self) -> None:
        rows = _rows(self.chart.windows)
        top, height = self.reached, LANE * (len(rows) + len(self.chart.lanes))
        if not height:
            return
        self.drawing.box(LEFT, top, WIDTH - LEFT - RIGHT, height, "panel")
        self.panels.append((top, height))
        for number, row in enumerate(rows):
            y = top + number * LANE
            if number == 0:
                self.drawing.label(LEFT - 6, y + 13, "judged", "tick", "end")
            for window in row:
                self._window_bar(window, y)
        for number, lane in enumerate(self.chart.lanes, start=len(rows)):
            self._lane(lane, top + number * LANE)
        self.reached = top + height + GAP

    def _window_bar(self, window: JudgedWindow, y: float) -> None:
        begin, end = self.at(window.span.start_s), self.at(window.span.end_s)
        passed = all(value.verdict == "PASS" for value in window.values)
        self.drawing.box(begin, y + 2, max(end - begin, 2.0), LANE - 4, "window" if passed else "window-open")
        letter = self.chart.letter(window) + ("" if passed else " ✕")
        self._label_beside(begin, end, y + 13, letter)

    def _label_beside(self, begin: float, end: float, y: float, text: str) -> None:
        """Write a short text into a bar, or behind one that is too narrow."""
        wide = end - begin > CHARACTER * len(text) + 4
        self.drawing.label((begin + end) / 2 if wide else end + 3, y, text, "letter", "middle" if wide else "start")

    def _lane(self, lane: Lane, y: float) -> None:
        self.drawing.label(LEFT - 6, y + 13, one_line(lane.name, 15), "tick", "end")
        for begin_s, end_s in lane.spans_s:
            begin, end = self.at(begin_s), self.at(end_s)
            self.drawing.box(begin, y + 4, max(end - begin, 1.5), LANE - 8, f"lane-{lane.kind}")
        free = LEFT
        places = [self.at(t_s) for t_s, _ in lane.moments]
        for here, following, (_, name) in zip(places, [*places, WIDTH - RIGHT][1:], lane.moments, strict=True):
            self.drawing.box(here - 0.75, y + 3, 1.5, LANE - 6, f"lane-{lane.kind}")
            text = one_line(name, 60)
            width = CHARACTER * len(text) + 4
            if here >= free and here + width <= following:
                self.drawing.label(here + 3, y + 13, text, "event")
                free = here + width
            elif here - width >= free:
                self.drawing.label(here - 3, y + 13, text, "event", "end")
                free = here

    # --- time -------------------------------------------------------------------------------------------------------

    def _time_axis(self) -> None:
        whole = (self.end_s - self.start_s) / self.axis.seconds
        bottom = self.reached - GAP
        for tick in ticks(0.0, max(whole, 1e-9), 10, self.axis.steps):
            x = self.at(self.start_s + tick * self.axis.seconds)
            for top, height in self.panels:
                self.drawing.stroke(x, top, x, top + height, "grid")
            self.drawing.label(x, bottom + 14, f"{tick:.6g}", "tick", "middle")
        middle = (LEFT + WIDTH - RIGHT) / 2
        self.drawing.label(middle, bottom + 30, f"time since the first sample / {self.axis.unit}", "tick", "middle")
        self.drawing.height = bottom + AXIS


def _bounds(values: Floats) -> tuple[float, float]:
    """Return where a panel begins and ends, with some air."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    air = 0.06 * (high - low) or 1.0
    return low - air, high + air


def _inside(scale: _Scale) -> tuple[float, float]:
    return scale.top, scale.top + scale.height


def _rows(windows: Sequence[JudgedWindow]) -> list[list[JudgedWindow]]:
    """Return the windows in as few rows as it takes for none to hide another."""
    rows: list[list[JudgedWindow]] = []
    for window in windows:
        free = next((row for row in rows if row[-1].span.end_s <= window.span.start_s), None)
        if free is None:
            rows.append([window])
        else:
            free.append(window)
    return rows


def _in_words(chart: InfusionChart) -> str:
    """Return the drawing in words, for whoever does not see it."""
    letter: Callable[[JudgedWindow], str] = chart.letter
    windows = ", ".join(f"{letter(one)} {one_line(one.name, 80)}" for one in chart.windows)
    happened = ", ".join(one_line(lane.name, 40) for lane in chart.lanes)
    told = [
        f"Over time: programmed, counted and weighed volume; pressure; {len(chart.t_s)} samples.",
        f"Judged windows: {windows}." if windows else "No window was judged.",
        f"In {chart.unjudged_percent:.0f} % of the time the plan judged no window; that part is hatched.",
        f"Lanes: {happened}." if happened else "",
        "The table below gives the judged figures.",
    ]
    return " ".join(filter(None, told))
