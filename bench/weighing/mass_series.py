# SPDX-License-Identifier: Apache-2.0
"""Several readings of the balance, one after the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from metrology.gravimetry import StraightLine


@dataclass(frozen=True)
class TimedMass:
    """One reading of the balance.

    Attributes:
        at_s: bench time of the question.
        mass_g: what was displayed.
        took_s: bench time from the question to its answer.
    """

    at_s: float
    mass_g: float
    took_s: float


@dataclass(frozen=True)
class MassSeries:
    """What a `BalanceSeries` read.

    Attributes:
        times_s: bench time of each reading.
        masses_g: what was displayed.
        reading_takes_s: longest time between a question and its answer, bench time.
    """

    times_s: tuple[float, ...]
    masses_g: tuple[float, ...]
    reading_takes_s: float

    @classmethod
    def of(cls, readings: Iterable[TimedMass]) -> Self:
        """Return the series of these readings."""
        one_by_one = tuple(readings)
        return cls(
            tuple(one.at_s for one in one_by_one),
            tuple(one.mass_g for one in one_by_one),
            max((one.took_s for one in one_by_one), default=0.0),
        )

    @cached_property
    def line(self) -> StraightLine:
        """Return the straight line through them.

        Raises:
            Inconclusive: there are fewer than three readings, they all are of one instant, or one is no number.
        """
        return StraightLine.fit(self.times_s, self.masses_g)
