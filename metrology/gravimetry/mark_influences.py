# SPDX-License-Identifier: Apache-2.0
"""What one mark brings along: the mass that it shows, and all that this may be off by.

Every error of a mark enters a volume once, with a plus where the window ends and a minus where it begins. So where one
window begins at the mark at which another ended, their sum does not depend on the mark at all.
"""

import math
from dataclasses import dataclass
from typing import Self

from GTC.lib import UncertainReal

from metrology.gravimetry.balance_specification import BalanceSpecification
from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.repeatability import Repeatability
from metrology.uncertainty import Influence

READING_INSTANT_HALF_WIDTH_S = 1.0
"""How far the instant of a reading may lie from its time stamp: the balance's filter and the wire (assumed)."""

LEAST_STROKES = 1.1
"""So many strokes in a mark show in its scatter: it is over a quarter of a stroke then, and the line through the
staircase of eleven readings is off by less than a sixth (`test_strokes_in_a_mark.py` tries every phase)."""
LEAST_STROKE_PERIOD_S = 1.25
"""Strokes that follow each other faster beat with readings that are a second apart."""


@dataclass(frozen=True, eq=False)
class MarkInfluences:
    """The influences of one mark on one balance.

    Attributes:
        mass: what is displayed, in mg, with its repeatability.
        resolution: half a digit of it, in mg.
        linearity: of the balance at this load, in mg.
        calibration: of the balance at this load, in mg. The certificate's U counts in full on a difference of two
            marks, although most of it cancels; so each mark has half of the variance.
        instant: how much later than its time stamp the mark is, in s.
    """

    mass: Influence
    resolution: Influence
    linearity: Influence
    calibration: Influence
    instant: Influence

    @classmethod
    def of(cls, mark: BalanceMark, balance: BalanceSpecification) -> Self:
        """Return the influences of a mark that was read on this balance."""
        at = instant_name(mark)
        late_s = READING_INSTANT_HALF_WIDTH_S + mark.reading_takes_s
        calibration_mg = balance.calibration_expanded_uncertainty_mg / 2 / math.sqrt(2)
        return cls(
            mass=_mass(f"mass {at}", mark, balance),
            resolution=Influence.rectangular(f"resolution {at}", 0.0, "mg", balance.readability_mg / 2),
            linearity=Influence.rectangular(f"linearity {at}", 0.0, "mg", balance.linearity_mg),
            calibration=Influence.type_b(f"calibration {at}", 0.0, "mg", calibration_mg),
            instant=Influence.rectangular(f"timing {at}", 0.0, "s", late_s),
        )

    @property
    def shown_mg(self) -> UncertainReal:
        """Return the displayed mass in mg, with everything that it may be off by."""
        return self.mass.number + self.resolution.number + self.linearity.number + self.calibration.number


def instant_name(mark: BalanceMark) -> str:
    """Return how the lines of a budget name a mark: no two marks of a balance have the same second."""
    return f"at {mark.time_s:.0f} s"


def unfinished_stroke(mark: BalanceMark, stroke_volume_ul: float) -> Influence:
    """Return what the stroke that a mark cuts in two may be worth, beside the scatter that shows it.

    The measurand is the pump's mean flow times the time, and a mark falls anywhere into a stroke. Where several strokes
    fall into a mark its readings scatter by them, and that scatter is counted already, undivided.
    """
    unseen_ul = 0.0 if _sees_strokes(mark, stroke_volume_ul) else stroke_volume_ul
    return Influence.rectangular(f"stroke quantisation {instant_name(mark)}", 0.0, "µL", unseen_ul / 2)


def _mass(name: str, mark: BalanceMark, balance: BalanceSpecification) -> Influence:
    """Return the mass of a mark with its repeatability: that of this day, or the mark's own scatter if it is larger.

    The scatter of one reading is taken, not that of their mean: readings a second apart share the balance's filter and
    the same draught, and nothing shows that averaging helped. Eleven readings that agree by luck do not beat the day.
    A day that beats the data sheet counts as it was: its degrees of freedom widen U by what so few readings leave open.
    """
    mass_mg = 1000 * mark.mass_g
    own, day = Repeatability(mark.scatter_mg, int(mark.dof)), balance.measured_repeatability
    if day is None and own.standard_deviation_mg <= balance.repeatability_mg:
        return Influence.type_b(name, mass_mg, "mg", balance.repeatability_mg)
    found = own.or_worse(day)
    return Influence.type_a(name, mass_mg, "mg", found.standard_deviation_mg, found.dof)


def _sees_strokes(mark: BalanceMark, stroke_volume_ul: float) -> bool:
    """Tell whether a mark spans enough strokes, and its readings do not always meet the same part of them."""
    if mark.slope_mg_per_h <= 0:
        return False
    period_s = 3600 * stroke_volume_ul / mark.slope_mg_per_h  # a microlitre is a milligram, near enough
    return LEAST_STROKE_PERIOD_S <= period_s <= mark.span_s / LEAST_STROKES
