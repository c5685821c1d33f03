# SPDX-License-Identifier: Apache-2.0
"""A control chart over runs: one judged figure from run to run, with the limits that its own scatter gives.

Individuals with a moving range: the limits lie 3 standard deviations from the mean, the standard deviation being the
mean of the ranges of neighbours over 1.128, so 2.66 of that mean (NIST/SEMATECH e-Handbook of Statistical Methods,
6.3.2.2). They say what this pump, bench and method do by themselves; they are no acceptance, which is the profile's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Self

from groundfloor.errors import PlanError

D2_OF_TWO = 1.128
"""Expected range of two values in standard deviations."""
SIGMAS = 3.0
MOST_RANGE = 3.267
"""The upper limit of a range of two, in mean ranges (D4 of two)."""
LEAST_POINTS = 3
ON_ONE_SIDE = 8
"""So many in a row on one side of the mean are no chance (Western Electric, rule 4)."""


@dataclass(frozen=True)
class ChartPoint:
    """One run.

    Attributes:
        run: its folder.
        firmware: of its pump.
        value: the judged figure.
        judgement: its id.
    """

    run: str
    firmware: str
    value: float
    judgement: str


@dataclass(frozen=True)
class ControlChart:
    """A judged figure over runs.

    Attributes:
        name, unit: what it is.
        points: in the order of time.
        mean, lower, upper: the middle line and the limits.
        most_range: no two neighbours should lie further apart.
        baseline: so many of the first points give the limits.
    """

    name: str
    unit: str
    points: tuple[ChartPoint, ...]
    mean: float
    lower: float
    upper: float
    most_range: float
    baseline: int

    @classmethod
    def of(cls, name: str, unit: str, points: Sequence[ChartPoint], baseline: int | None = None) -> Self:
        """Return the chart of a figure.

        Args:
            name: what it is.
            unit: of its values.
            points: in the order of time.
            baseline: so many of the first give the limits, such as those of the released firmware; None for all.

        Raises:
            PlanError: there are fewer than three to make limits of.
        """
        values = [one.value for one in points[:baseline]]
        if len(values) < LEAST_POINTS:
            seen = f"{len(values)} runs tell {name!r}"
            raise PlanError("control chart", "make limits", seen, f"at least {LEAST_POINTS} are needed")
        mean, mean_range = fmean(values), fmean(abs(b - a) for a, b in pairwise(values))
        half = SIGMAS * mean_range / D2_OF_TWO
        range_limit = MOST_RANGE * mean_range
        return cls(name, unit, tuple(points), mean, mean - half, mean + half, range_limit, len(values))

    def signals(self) -> dict[int, str]:
        """Return by place of a point why it is none of chance."""
        found = dict[int, str]()
        for place, one in enumerate(self.points):
            if not self.lower <= one.value <= self.upper:
                found[place] = "outside the limits"
            elif place and abs(one.value - self.points[place - 1].value) > self.most_range:
                found[place] = "further from the one before than chance allows"
            elif self._runs_on_one_side(place):
                found[place] = f"the last of {ON_ONE_SIDE} on one side of the mean"
        return found

    def _runs_on_one_side(self, place: int) -> bool:
        sides = [one.value > self.mean for one in self.points[max(0, place + 1 - ON_ONE_SIDE) : place + 1]]
        return len(sides) == ON_ONE_SIDE and len(set(sides)) == 1
