# SPDX-License-Identifier: Apache-2.0
"""A plot of one panel: keys, a frame, two axes with ticks at round figures, and whatever is drawn inside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundfloor.printable import one_line
from reports.curve_points import Floats
from reports.page.drawing import Drawing
from reports.ticks import ticks

WIDTH, LEFT, RIGHT, HEIGHT = 740.0, 70.0, 10.0, 220.0
KEYS, HEADING, AXIS = 18.0, 20.0, 36.0
KEY_CHARACTER, KEY_STROKE, BETWEEN_KEYS = 7.0, 22.0, 18.0
AIR = 0.05
"""Share of the panel that stays free above and below what is drawn."""

Key = tuple[str, str]
"""Style of a curve, and what it is."""


@dataclass(frozen=True)
class Across:
    """The axis along the bottom.

    Attributes:
        low, high: its ends.
        name: what it shows, with the unit.
        ticks: where it has figures.
        logarithmic: whether equal ratios are equally far apart; both ends are then above zero.
    """

    low: float
    high: float
    name: str
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def at(self, values: Floats) -> Floats:
        """Return where values stand, in pixels."""
        low, high, placed = self.low, self.high, values
        if self.logarithmic:
            low, high, placed = math.log(self.low), math.log(self.high), np.log(values)
        x: Floats = LEFT + (WIDTH - LEFT - RIGHT) * (placed - low) / ((high - low) or 1.0)
        return x


class DrawnPlot:
    """A plot in the making.

    Attributes:
        drawing: what is drawn so far.
    """

    def __init__(self, title: str, across: Across, up: tuple[str, Floats], keys: Sequence[Key]) -> None:
        """Draw keys, frame and axes.

        Args:
            title: what it shows.
            across: the axis of time.
            up: name of the other axis, and values that it has to hold.
            keys: its curves.
        """
        self._across = across
        self.drawing = Drawing(WIDTH, title=one_line(title, 110), description=one_line(f"{up[0]} over {across.name}"))
        name, values = up
        self._top = self._write_keys(keys) + HEADING
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        air = AIR * (high - low) or 1.0
        self._low, self._high = low - air, high + air
        self.drawing.label(0, self._top - 7, name, "heading")
        self.drawing.box(LEFT, self._top, WIDTH - LEFT - RIGHT, HEIGHT, "panel")
        self._write_ticks()
        self.drawing.height = self._top + HEIGHT + AXIS

    def curve(self, x: Floats, y: Floats, style: str) -> None:
        """Draw a curve."""
        self.drawing.line(self._across.at(x), self._up(y), style)

    def level(self, y: float, style: str) -> None:
        """Draw a line across the whole panel."""
        self.curve(np.array([self._across.low, self._across.high]), np.array([y, y]), style)

    def points(self, x: Floats, y: Floats, style: str, half: float = 2.5) -> None:
        """Mark points by squares."""
        for left, top in zip(self._across.at(x) - half, self._up(y) - half, strict=True):
            self.drawing.box(float(left), float(top), 2 * half, 2 * half, style)

    def _up(self, values: Floats) -> Floats:
        y: Floats = self._top + HEIGHT * (self._high - values) / (self._high - self._low)
        return y

    def _write_keys(self, keys: Sequence[Key]) -> float:
        """Write the keys in as many rows as they take; return how far down they reach."""
        x, y = LEFT, KEYS
        for style, name in keys:
            width = KEY_STROKE + KEY_CHARACTER * len(name) + BETWEEN_KEYS
            if x > LEFT and x + width > WIDTH:
                x, y = LEFT, y + KEYS
            if style.startswith("point"):
                self.drawing.box(x + 7, y - 9, 5, 5, style)
            else:
                self.drawing.stroke(x, y - 4, x + KEY_STROKE - 4, y - 4, style)
            self.drawing.label(x + KEY_STROKE, y, name, "key")
            x += width
        return y if keys else 0.0

    def _write_ticks(self) -> None:
        bottom = self._top + HEIGHT
        for tick in ticks(self._low, self._high, 6):
            (y,) = self._up(np.array([tick]))
            self.drawing.stroke(LEFT, float(y), WIDTH - RIGHT, float(y), "grid")
            self.drawing.label(LEFT - 6, float(y) + 4, f"{tick:.6g}".replace("-", "−"), "tick", "end")
        for tick in self._across.ticks:
            (x,) = self._across.at(np.array([tick]))
            self.drawing.stroke(float(x), self._top, float(x), bottom, "grid")
            self.drawing.label(float(x), bottom + 14, f"{tick:.4g}", "tick", "middle")
        self.drawing.label((LEFT + WIDTH - RIGHT) / 2, bottom + 31, self._across.name, "tick", "middle")
