# SPDX-License-Identifier: Apache-2.0
"""One point of the delivery curve that is worth the name: several readings around one instant.

A single reading carries the full noise and nothing tells how large that was on this day. Several, a second apart,
give the mass at their mean instant, the liquid that arrives meanwhile being the slope of the line through them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from bench.gravimetry.straight_line import StraightLine


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
    """

    time_s: float
    mass_g: float
    standard_uncertainty_mg: float
    scatter_mg: float
    dof: float
    readings: int

    @classmethod
    def fit(cls, times_s: Sequence[float], masses_g: Sequence[float]) -> Self:
        """Make a mark of the readings `masses_g` taken at `times_s`.

        Raises:
            Inconclusive: there are fewer than three readings, they all are of one instant, or one is no number.
        """
        line = StraightLine.fit(times_s, masses_g)
        return cls(line.time_s, line.mass_g, line.level_uncertainty_mg, line.scatter_mg, line.dof, len(masses_g))

    def as_dict(self) -> dict[str, object]:
        """Return the mark for JSON."""
        return asdict(self)
