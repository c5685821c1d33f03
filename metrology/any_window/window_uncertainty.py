# SPDX-License-Identifier: Apache-2.0
"""What one window between two single readings is worth, and what the worst of many is.

Strokes are delivery here, not uncertainty: they stay in the curve and in the limit. What grows with time tilts the
level instead (`extreme`). What is left is the same for every window of an infusion.

    one window, named beforehand       U = k·u of the influences below
    the worst of many, chosen by them  each in full, for the worst of many finds every corner; noise by `multiplicity`
"""

from dataclasses import dataclass

from metrology.any_window.multiplicity import upper_standard_deviation, worst_of_many_factor
from metrology.gravimetry import BalanceSpecification, Repeatability
from metrology.gravimetry.mark_influences import READING_INSTANT_HALF_WIDTH_S
from metrology.uncertainty import Influence, Quantity, quantity_from
from metrology.verdict import Bound


@dataclass(frozen=True)
class WindowUncertainty:
    """The uncertainty of windows between two readings of one infusion.

    Attributes:
        balance: what is known of the balance.
        noise: of readings hours apart: of the blank, or of the run where that is worse; None takes the balance's own.
        rate_ul_per_h: greatest flow at either end; a reading late by a second is wrong by a second of it.
        reading_takes_s: longest time from a question to its answer.
        ul_per_mg: volume of the liquid, buoyancy included.
    """

    balance: BalanceSpecification
    noise: Repeatability | None
    rate_ul_per_h: float
    reading_takes_s: float = 0.0
    ul_per_mg: float = 1.0

    @property
    def noise_ul(self) -> float:
        """Return the standard deviation of a reading."""
        noise = self._noise
        return self.ul_per_mg * (self.balance.repeatability_mg if noise is None else noise.standard_deviation_mg)

    @property
    def instant_half_width_s(self) -> float:
        """Return how far the instant of a reading may lie from its time stamp."""
        return READING_INSTANT_HALF_WIDTH_S + self.reading_takes_s

    def one(self, value_ul: float, growth_ul: float = 0.0) -> Quantity:
        """Return a volume between two readings with the uncertainty of a window that the noise did not choose.

        Args:
            value_ul: what was found.
            growth_ul: half width of what grows with time, where no tilt counts it.
        """
        found = Influence.type_b("worst window", value_ul, "µL", 0.0)
        ends = [influence for end in ("begin", "end") for influence in self._at(end)]
        growth = Influence.rectangular("evaporation, drift and density meanwhile", 0.0, "µL", growth_ul)
        number = found.number + growth.number
        for influence in ends:
            weight = self.rate_ul_per_h / 3600 if influence.unit == "s" else self.ul_per_mg
            number += weight * influence.number
        return quantity_from(number, "µL", [*ends, *([growth] if growth_ul else [])])

    def bounds(self, readings: int, outlet_ul: float = 0.0) -> tuple[Bound, ...]:
        """Return by how much the worst of many windows may be too large: each influence with its bound, to be added.

        Args:
            readings: how many there are to choose from.
            outlet_ul: what the catheter stores or gives back because the pressure at its outlet changed.
        """
        balance, each = self.balance, self.ul_per_mg
        noise = self._noise
        sd_mg = (
            balance.repeatability_mg
            if noise is None
            else upper_standard_deviation(noise.standard_deviation_mg, noise.dof)
        )
        return (
            Bound(f"noise, worst of the windows of {readings} readings", each * sd_mg * worst_of_many_factor(readings)),
            Bound("resolution", each * balance.readability_mg),
            Bound("linearity", each * 2 * balance.linearity_mg),
            Bound("calibration", each * balance.calibration_expanded_uncertainty_mg),
            Bound("timing", 2 * self.instant_half_width_s * self.rate_ul_per_h / 3600),
            Bound("pressure at the outlet", outlet_ul),
        )

    @property
    def _noise(self) -> Repeatability | None:
        day = self.balance.measured_repeatability
        return day if self.noise is None else self.noise.or_worse(day)

    def _at(self, end: str) -> list[Influence]:
        balance, noise = self.balance, self._noise
        name = f"mass at the {end}"
        mass = (
            Influence.type_b(name, 0.0, "mg", balance.repeatability_mg)
            if noise is None
            else Influence.type_a(name, 0.0, "mg", noise.standard_deviation_mg, noise.dof)
        )
        calibration_mg = balance.calibration_expanded_uncertainty_mg / 2 / 2**0.5
        return [
            mass,
            Influence.rectangular(f"resolution at the {end}", 0.0, "mg", balance.readability_mg / 2),
            Influence.rectangular(f"linearity at the {end}", 0.0, "mg", balance.linearity_mg),
            Influence.type_b(f"calibration at the {end}", 0.0, "mg", calibration_mg),
            Influence.rectangular(f"timing at the {end}", 0.0, "s", self.instant_half_width_s),
        ]
