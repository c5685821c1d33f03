# SPDX-License-Identifier: Apache-2.0
"""What stays the same while several volumes are weighed, and therefore what their errors have in common.

One setup hands out one influence for each thing: the marks, the rate that the blank found, the density of the liquid,
the tube. So volumes of one setup are correlated as they are in truth, and nobody has to see to it. Marks count by their
figures: one that was read back from a journal is the mark that it was.

What may differ from window to window is each window's own (`volume_influences`): the drift and the evaporation since
the blank, and the air. Where nobody knows whether such an error stays the same, it counts as independent; that widens a
difference. A whole is weighed as one window, not added up from parts.
"""

from dataclasses import dataclass, field
from functools import cached_property

from metrology.gravimetry.balance_specification import BalanceSpecification
from metrology.gravimetry.evaporation import Evaporation
from metrology.gravimetry.lab_correction import LabCorrection, refuse_contradicting
from metrology.gravimetry.liquid import WATER, Liquid
from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.mark_influences import MarkInfluences, unfinished_stroke
from metrology.gravimetry.pan_forces import pan_forces
from metrology.gravimetry.vessel import UNSTATED, Load, Vessel
from metrology.uncertainty import Influence

SENSITIVITY = "sensitivity drift with temperature"
LOAD_IN_BLANK = "load in the blank"
"""Names of influences."""
LOAD_DECIMALS = 2
"""Fillings alike to ten milligrams have one influence in common."""


@dataclass(frozen=True)
class WeighingSetup:
    """Balance, vessel and liquid of some weighings, and the blank that they are corrected with.

    Attributes:
        balance: what is known of the balance.
        evaporation: rate of loss from a blank, which holds the balance's drift of that time as well.
        liquid: what is weighed.
        vessel: what stands on the pan, and what dips in.
        corrections: the lab's own, in their order.

    Raises:
        PlanError: the corrections contradict each other.
    """

    balance: BalanceSpecification
    evaporation: Evaporation
    liquid: Liquid = WATER
    vessel: Vessel = UNSTATED
    corrections: tuple[LabCorrection, ...] = ()
    _marks: dict[BalanceMark, MarkInfluences] = field(default_factory=dict, init=False, repr=False, compare=False)
    _strokes: dict[tuple[BalanceMark, float], Influence] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _forces: dict[tuple[BalanceMark, bool], tuple[Influence, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _densities: dict[float, Influence] = field(default_factory=dict, init=False, repr=False, compare=False)
    _loads: dict[float, Influence] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        refuse_contradicting(self.corrections)

    def influences_of(self, mark: BalanceMark) -> MarkInfluences:
        """Return what a mark brings along, the same at every call."""
        if mark not in self._marks:
            self._marks[mark] = MarkInfluences.of(mark, self.balance)
        return self._marks[mark]

    def stroke_at(self, mark: BalanceMark, stroke_volume_ul: float) -> Influence:
        """Return the stroke that a mark cuts in two, the same at every call."""
        key = mark, stroke_volume_ul
        if key not in self._strokes:
            self._strokes[key] = unfinished_stroke(mark, stroke_volume_ul)
        return self._strokes[key]

    def forces_at(self, mark: BalanceMark, *, dry: bool) -> tuple[Influence, ...]:
        """Return what presses on the pan at a mark without being weight, the same at every call."""
        key = mark, dry
        if key not in self._forces:
            self._forces[key] = pan_forces(self.vessel, mark, dry=dry)
        return self._forces[key]

    def density_at(self, temperature_c: float) -> Influence:
        """Return how far the liquid's density may be off, the same wherever it is as uncertain.

        Raises:
            Inconclusive: the table of the liquid does not reach to this temperature.
        """
        found = self.liquid.influence(temperature_c)
        return self._densities.setdefault(float(found.number.u), found)

    @cached_property
    def evaporation_rate(self) -> Influence:
        """Return what the blank found, in mg/h."""
        return self.evaporation.influence(self.balance.readability_mg)

    @cached_property
    def sensitivity(self) -> Influence:
        """Return how far the balance's sensitivity moves per °C."""
        half_width = self.balance.sensitivity_per_c
        return Influence.rectangular(SENSITIVITY, 0.0, "1/°C", half_width)

    def load_in_blank(self, gained_g: float) -> Influence | None:
        """Return how much less stood on the pan in the blank before than the vessel holds in the mean, in g.

        A vessel that gained so much in a window, and never held less or more than was stated, held half of that less
        than its mean before, at the most so much less, and half more afterwards. Nothing where the blank has no air.

        Args:
            gained_g: from mark to mark.
        """
        if self.evaporation.temperature_c is None:
            return None
        most_g = self.vessel.excess_volume_half_width_ml / self.excess_ml_per_g
        half_g = round(min(max(gained_g / 2, 0.0), most_g), LOAD_DECIMALS)
        if half_g not in self._loads:
            self._loads[half_g] = Influence.rectangular(LOAD_IN_BLANK, 0.0 - half_g, "g", max(0.0, most_g - half_g))
        return self._loads[half_g]

    @cached_property
    def excess_ml_per_g(self) -> float:
        """Return how much more air a gram of the liquid displaces than a gram of weights, in the air of the blank.

        Raises:
            Inconclusive: the table of the liquid does not reach to this temperature.
        """
        celsius = self.evaporation.temperature_c
        assert celsius is not None
        return Load(1.0, float(self.liquid.density_kg_m3(celsius))).excess_ml_per_g

    @cached_property
    def drift_in_blank(self) -> Influence:
        """Return what of the blank's slope may have been drift: it is not scaled with the vapour."""
        half_width = self.balance.drift_mg_per_day / 24
        return Influence.rectangular("drift in the blank", 0.0, "mg/h", half_width)

    @cached_property
    def tube(self) -> Influence:
        """Return the share of the tube that dips in."""
        return self.vessel.tube()
