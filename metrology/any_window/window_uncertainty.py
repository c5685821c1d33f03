# SPDX-License-Identifier: Apache-2.0
"""What one window between two single readings is worth, and what the worst of many is.

Strokes are delivery here, not uncertainty: they stay in the curve and in the limit. What grows with time tilts the
level instead (`extreme`). What is left is the same for every window of an infusion.

    one window, named beforehand       U = k·u of the influences below
    the worst of many, chosen by them  each in full, for the worst of many finds every corner; noise by `multiplicity`
"""

from dataclasses import dataclass

from scipy import special

from metrology.any_window.multiplicity import upper_standard_deviation, worst_of_many_factor
from metrology.gravimetry import BalanceSpecification, Repeatability
from metrology.gravimetry.mark_influences import READING_INSTANT_HALF_WIDTH_S
from metrology.uncertainty import Influence, Quantity, quantity_from
from metrology.verdict import Bound

SURELY_WORSE = 0.999
"""A run whose noise only seems worse by chance is taken for that in one of a thousand."""


@dataclass(frozen=True)
class WindowUncertainty:
    """The uncertainty of windows between two readings of one infusion.

    Attributes:
        balance: what is known of the balance.
        noise: of the run; it counts where it is surely worse than the blank's (F test), or where there is no blank.
        rate_ul_per_h: greatest flow at either end; a reading late by a second is wrong by a second of it.
        reading_takes_s: longest time from a question to its answer.
        at_each_end_mg: what else may be on the display at either end, name and half width: meniscus, drop, charge.
        between_mg: what else may lie between the two, name and half width: buoyancy of the load, sensitivity.
        ul_per_mg: volume of the liquid, buoyancy included.
    """

    balance: BalanceSpecification
    noise: Repeatability | None
    rate_ul_per_h: float
    reading_takes_s: float = 0.0
    at_each_end_mg: tuple[tuple[str, float], ...] = ()
    between_mg: tuple[tuple[str, float], ...] = ()
    ul_per_mg: float = 1.0

    @property
    def noise_ul(self) -> float:
        """Return the standard deviation of a reading."""
        noise = self.believed_noise
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
        influences = [influence for end in ("begin", "end") for influence in self._at(end)]
        influences += [Influence.rectangular(name, 0.0, "mg", half_width) for name, half_width in self.between_mg]
        if growth_ul:
            influences.append(Influence.rectangular("evaporation, drift and density meanwhile", 0.0, "µL", growth_ul))
        weights = {"s": self.rate_ul_per_h / 3600, "mg": self.ul_per_mg, "µL": 1.0}
        off_ul = sum(weights[one.unit] * one.number for one in influences)
        return quantity_from(value_ul + off_ul, "µL", influences)

    def bounds(self, readings: int, outlet_ul: float = 0.0) -> tuple[Bound, ...]:
        """Return by how much the worst of many windows may be too large: each influence with its bound, to be added.

        Args:
            readings: how many there are to choose from.
            outlet_ul: what the catheter stores or gives back because the pressure at its outlet changed.
        """
        balance, each = self.balance, self.ul_per_mg
        noise = self.believed_noise
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
            *(Bound(name, each * 2 * half_width) for name, half_width in self.at_each_end_mg),
            *(Bound(name, each * half_width) for name, half_width in self.between_mg),
        )

    @property
    def believed_noise(self) -> Repeatability | None:
        """Return the scatter of one reading: that of the day, unless the run shows one that is surely worse."""
        day, run = self.balance.measured_repeatability, self.noise
        if day is None or run is None:
            return day or run
        worse = run.standard_deviation_mg**2 > day.standard_deviation_mg**2 * float(
            special.fdtri(run.dof, day.dof, SURELY_WORSE)
        )
        return run if worse else day

    def _at(self, end: str) -> list[Influence]:
        balance, noise = self.balance, self.believed_noise
        name, extra = f"mass at the {end}", self.at_each_end_mg
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
            *(Influence.rectangular(f"{one} at the {end}", 0.0, "mg", half_width) for one, half_width in extra),
        ]
