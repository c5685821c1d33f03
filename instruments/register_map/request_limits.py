# SPDX-License-Identifier: Apache-2.0
"""How much a device takes in one request, and so in how many requests a set of points is read or written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from instruments.register_map.block import MOST_REGISTERS_IN_ONE_READ, MOST_REGISTERS_IN_ONE_WRITE
from instruments.register_map.point import Point, Table


@dataclass(frozen=True)
class RequestLimits:
    """What one request to a device may hold; the defaults are those of the standard.

    Attributes:
        most_read: registers in one read.
        most_written: registers in one write.
        reads_gaps: whether registers between two points are read with them; a device that answers an exception where
                        no register is read around them.
        writes_singly: whether each register is written by itself (function 6), because it knows no function 16.
    """

    most_read: int = MOST_REGISTERS_IN_ONE_READ
    most_written: int = MOST_REGISTERS_IN_ONE_WRITE
    reads_gaps: bool = True
    writes_singly: bool = False

    def reads(self, points: Iterable[Point]) -> list[list[Point]]:
        """Return the points of each read, every one within the limit; the reads are in the order of their first point.

        A point that is longer than the limit is read alone: the device refuses it, and says so.
        """
        named = list(points)
        order = {point.name: place for place, point in enumerate(named)}
        runs = [
            run
            for table in Table
            for run in _runs(
                [point for point in named if point.table is table],
                lambda run, point: self._reads_with(run, point),
            )
        ]
        return sorted(runs, key=lambda run: min(order[point.name] for point in run))

    def writes(self, points: Iterable[Point]) -> list[list[Point]]:
        """Return the points of each write, which leaves no register out and is within the limit, by address."""
        return _runs(points, lambda run, point: self._writes_with(run, point))

    def _reads_with(self, run: Sequence[Point], point: Point) -> bool:
        fits = _end(point) - run[0].address <= self.most_read
        return fits and (self.reads_gaps or point.address == _end(run[-1]))

    def _writes_with(self, run: Sequence[Point], point: Point) -> bool:
        return point.address == _end(run[-1]) and _end(point) - run[0].address <= self.most_written


NO_LIMITS = RequestLimits()


def _end(point: Point) -> int:
    return point.address + point.registers


def _runs(points: Iterable[Point], goes_with: Callable[[Sequence[Point], Point], bool]) -> list[list[Point]]:
    runs: list[list[Point]] = []
    for point in sorted(points, key=lambda one: one.address):
        if runs and goes_with(runs[-1], point):
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs
