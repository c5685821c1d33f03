# SPDX-License-Identifier: Apache-2.0
"""One point of the delivery curve that is worth the name: several readings around one instant.

A single reading carries the full noise and nothing tells how large that was on this day. Several, a second apart,
give the mass at their mean instant, the liquid that arrives meanwhile being the slope of the line through them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from metrology.gravimetry.straight_line import StraightLine


@dataclass(frozen=True)
class BalanceMark:
    """The displayed mass at one instant.

    Attributes:
        time_s: mean instant of the readings, bench time.
        mass_g: raw displayed mass at that instant; nothing is corrected here.
        standard_uncertainty_mg: of `mass_g`, type A, were the readings independent of each other.
        scatter_mg: standard deviation of one reading about the line.
        dof: degrees of freedom of both, readings − 2.
        readings: how many there were.
        slope_mg_per_h: how fast the display rose meanwhile.
        span_s: from the first reading to the last.
        reading_takes_s: longest time between the question and its answer, bench time; the reading was of any instant
            in between. A scaled clock makes long times of short ones.
    """

    time_s: float
    mass_g: float
    standard_uncertainty_mg: float
    scatter_mg: float
    dof: float
    readings: int
    slope_mg_per_h: float = 0.0
    span_s: float = 0.0
    reading_takes_s: float = 0.0

    @classmethod
    def fit(cls, times_s: Sequence[float], masses_g: Sequence[float], reading_takes_s: float = 0.0) -> Self:
        """Make a mark of the readings `masses_g` that were asked for at `times_s`.

        Raises:
            Inconclusive: there are fewer than three readings, they all are of one instant, or one is no number.
        """
        return cls.of(StraightLine.fit(times_s, masses_g), len(masses_g), reading_takes_s)

    @classmethod
    def of(cls, line: StraightLine, readings: int, reading_takes_s: float = 0.0) -> Self:
        """Make a mark of the line through so many readings."""
        return cls(
            line.time_s,
            line.mass_g,
            line.level_uncertainty_mg,
            line.scatter_mg,
            line.dof,
            readings,
            line.slope_mg_per_h,
            line.span_s,
            reading_takes_s,
        )

    def as_dict(self) -> dict[str, object]:
        """Return the mark for JSON."""
        return asdict(self)
