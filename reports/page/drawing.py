# SPDX-License-Identifier: Apache-2.0
"""A vector drawing as data: boxes, lines and labels, each with the class that the style sheet knows.

Curves are written in tenths of a pixel and as steps from point to point, which takes a third of the usual room.
"""

from dataclasses import dataclass, field

import numpy as np

from reports.curve_points import Floats

TENTHS = 10


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float
    style: str


@dataclass(frozen=True)
class Line:
    """A curve; `path` is SVG path data in tenths of a pixel."""

    path: str
    style: str


@dataclass(frozen=True)
class Label:
    """A text at a point in pixels; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    style: str = ""
    anchor: str = "start"


@dataclass
class Drawing:
    """A drawing that grows, the first at the back.

    Attributes:
        width, height: in pixels.
        title, description: what a screen reader says of it.
    """

    width: float
    height: float = 0.0
    title: str = ""
    description: str = ""
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """Add a rectangle."""
        self.boxes.append(Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1), style))

    def line(self, x: Floats, y: Floats, style: str) -> None:
        """Add a curve through the points; NaN breaks it, and a curve without a point is left out."""
        if path := path_data(x, y):
            self.lines.append(Line(path, style))

    def stroke(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        """Add a straight line."""
        self.line(np.array([x1, x2]), np.array([y1, y2]), style)

    def label(self, x: float, y: float, text: str, style: str = "", anchor: str = "start") -> None:
        """Add a text."""
        self.labels.append(Label(round(x, 1), round(y, 1), text, style, anchor))


def path_data(x: Floats, y: Floats) -> str:
    """Return SVG path data in tenths of a pixel, without the points that a straight line passes anyway."""
    good = np.isfinite(x) & np.isfinite(y)
    edges = np.flatnonzero(np.diff(good.astype(np.int8), prepend=0, append=0))
    parts = [_part(x[begin:end], y[begin:end]) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    return "".join(parts)


def _part(x: Floats, y: Floats) -> str:
    points = np.rint(np.stack((x, y), axis=1) * TENTHS).astype(int)
    moved = np.any(np.diff(points, axis=0, prepend=points[:1] - 1) != 0, axis=1)
    points = points[moved]
    steps = np.diff(points, axis=0)
    if len(steps) > 1:
        bends = steps[:-1, 0] * steps[1:, 1] != steps[:-1, 1] * steps[1:, 0]
        back = np.sum(steps[:-1] * steps[1:], axis=1) < 0
        points = points[np.concatenate(([True], bends | back, [True]))]
        steps = np.diff(points, axis=0)
    if not len(steps):
        return f"M{points[0, 0]} {points[0, 1]}h1"
    return f"M{points[0, 0]} {points[0, 1]}l" + " ".join(f"{dx} {dy}" for dx, dy in steps)
