# SPDX-License-Identifier: Apache-2.0
"""How well this balance repeats on this day: measured, never copied from a data sheet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from scipy import special

from metrology.gravimetry.straight_line import StraightLine
from metrology.gravimetry.wandering_noise import WanderingNoise


@dataclass(frozen=True)
class Repeatability:
    """Standard deviation of one reading of the balance, of type A.

    Attributes:
        standard_deviation_mg: about a straight line, so that evaporation and drift are none of it.
        dof: its degrees of freedom, readings − 2.
    """

    standard_deviation_mg: float
    dof: int

    @classmethod
    def from_readings(cls, times_s: Sequence[float], masses_g: Sequence[float]) -> Self:
        """Return the scatter of readings of a load that is left alone; those that wandered together count for fewer.

        Raises:
            Inconclusive: there are fewer than three readings, they all are of one instant, or one is no number.
        """
        noise = WanderingNoise.about(StraightLine.fit(times_s, masses_g), times_s, masses_g)
        return cls(noise.scatter_mg, int(noise.scatter_dof))

    @classmethod
    def about(cls, line: StraightLine) -> Self:
        """Return the scatter of the readings about the line that was fitted to them."""
        return cls(line.scatter_mg, line.dof)

    def or_worse(self, *others: Self | None) -> Self:
        """Return the worst of several findings: that whose 95 % reach furthest.

        Readings a second apart share a filter and a draught, and can agree better than weighings hours apart do;
        readings of a whole blank cannot. Whichever scatters more is believed.
        """
        known = [self, *(other for other in others if other is not None)]
        return max(known, key=lambda one: one.reaches_mg)

    @property
    def reaches_mg(self) -> float:
        """Return how far from the truth one reading of twenty may lie; few readings leave more open."""
        return float(special.stdtrit(self.dof, 0.975)) * self.standard_deviation_mg

    def as_dict(self) -> dict[str, object]:
        """Return the finding for JSON."""
        return asdict(self)
