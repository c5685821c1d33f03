# SPDX-License-Identifier: Apache-2.0
"""The chain of corrections, in its one order; each link can be left out, and then hands on what it was given.

raw → tare → drift → evaporation → the lab's own → buoyancy → density at temperature → submerged tube → volume

A correction of the lab's own may stand in place of buoyancy.
"""

from collections.abc import Callable, Mapping

from GTC.lib import UncertainReal

from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.correction_step import STEPS, CorrectionStep
from metrology.gravimetry.evaporation import warming_c
from metrology.gravimetry.lab_correction import BUOYANCY, AppliedCorrection, LabCorrection
from metrology.gravimetry.volume_influences import VolumeInfluences
from metrology.gravimetry.weighed_gain import WeighedGain
from metrology.gravimetry.weighed_span import WeighedSpan
from metrology.gravimetry.weighing_setup import WeighingSetup
from metrology.uncertainty import Influence

_IN_UL = frozenset({"density", "submerged tube"})


class CorrectionChain:
    """Carries what the display showed at the end of a window through all steps.

    Attributes:
        applied: what the lab's own corrections did, once `corrected` has asked them.
        influences: how far each of those may be off.
    """

    def __init__(self, setup: WeighingSetup, span: WeighedSpan, inputs: VolumeInfluences) -> None:
        self.applied: list[AppliedCorrection] = []
        self.influences: list[Influence] = []
        self._inputs = inputs
        self._span = span
        self._drift_mg_per_h = setup.evaporation.drift_mg_per_h
        self._setup = setup
        self._gross_mg = 1000 * setup.vessel.gross_g
        liquid, weighed_c = setup.liquid, inputs.temperature.number
        self._density_kg_m3: UncertainReal = liquid.density_kg_m3(weighed_c) + inputs.density.number
        stated_c = weighed_c if liquid.volume_at_c is None else liquid.volume_at_c
        stated_kg_m3: UncertainReal = liquid.density_kg_m3(stated_c) + inputs.density.number
        self._links: Mapping[str, Callable[[UncertainReal], UncertainReal]] = {
            "tare": lambda amount: amount - inputs.start.shown_mg,
            "drift": self._without_drift,
            "evaporation": self._with_what_evaporated,
            "buoyancy": self._in_vacuum,
            "density": lambda amount: amount / (stated_kg_m3 / 1000),
            "submerged tube": lambda amount: amount * (1 - inputs.tube.number),
        }

    def corrected(self) -> tuple[tuple[CorrectionStep, ...], UncertainReal]:
        """Return every step and the volume in µL; while density is left out 1 mg counts as 1 µL."""
        amount = self._inputs.end.shown_mg + self._inputs.steps.number + self._not_weight_mg()
        steps = []
        for name in STEPS:
            for correction in self._on_top_before(name):
                before, amount = float(amount.x), self._amended(correction, amount)
                steps.append(CorrectionStep(correction.name, before, float(amount.x), "mg", True))
            before, applied = float(amount.x), name not in self._span.without
            amount = self._links[name](amount) if applied else amount
            steps.append(CorrectionStep(name, before, float(amount.x), "µL" if name in _IN_UL else "mg", applied))
        return tuple(steps), amount + self._cut_by_the_marks_ul()

    def _on_top_before(self, step: str) -> tuple[LabCorrection, ...]:
        return tuple(one for one in self._setup.corrections if step == BUOYANCY and not one.replaces)

    def _amended(self, correction: LabCorrection, amount: UncertainReal) -> UncertainReal:
        """Return the amount with what a correction of the lab's own adds."""
        start, end, air = self._span.start, self._span.end, self._span.conditions
        gain = WeighedGain(
            start_g=start.mass_g,
            end_g=end.mass_g,
            gained_mg=float(amount.x),
            hours=self._span.duration_h,
            temperature_c=air.temperature_c,
            air_pressure_hpa=air.air_pressure_hpa,
            humidity_percent=air.humidity_percent,
            air_kg_m3=float(air_density_kg_m3(air.temperature_c, air.air_pressure_hpa, air.humidity_percent)),
            liquid_kg_m3=float(self._density_kg_m3.x),
        )
        applied = AppliedCorrection.of(correction, gain)
        self.applied.append(applied)
        influence = applied.influence
        self.influences.append(influence)
        return amount + applied.added_mg + influence.number

    def _not_weight_mg(self) -> UncertainReal | float:
        """Return what presses on the pan, or grew with the balance's sensitivity, and was not delivered."""
        inputs = self._inputs
        forces = sum(one.number for one in inputs.end_forces) - sum(one.number for one in inputs.start_forces)
        if inputs.sensitivity is None:
            return forces
        return forces - self._gross_mg * warming_c(self._span.conditions) * inputs.sensitivity.number

    def _without_drift(self, amount: UncertainReal) -> UncertainReal:
        return amount + self._inputs.drift.number - self._drift_mg_per_h * self._span.duration_h

    def _with_what_evaporated(self, amount: UncertainReal) -> UncertainReal:
        """Return the amount with the loss of the blank, scaled to the vapour that the air of this window lacked.

        What the balance itself gained in the blank, by drift or because it grew warmer, is no loss of the vessel.
        """
        inputs = self._inputs
        rate = inputs.evaporation_rate.number + inputs.evaporation_change.number + self._drift_mg_per_h
        rate += self._of_the_load_in_blank()
        if inputs.deficit is not None and inputs.drift_in_blank is not None:
            drift = inputs.drift_in_blank.number
            rate = (rate + drift) * inputs.deficit.number - drift
        return amount + rate * self._span.duration_h

    def _of_the_load_in_blank(self) -> UncertainReal | float:
        """Return in mg/h what the blanks show because of how much stood on the pan: fuller after than before."""
        inputs, loss = self._inputs, self._setup.evaporation
        load, by_load, grown_g = inputs.load_in_blank, 0.0, 0.0
        if load is not None:
            grown_g = -2 * float(load.number.x)
            by_load = -self._setup.excess_ml_per_g * (
                loss.denser_kg_m3_per_h * load.number + loss.denser_after_kg_m3_per_h * grown_g
            )
        if inputs.sensitivity is None:
            return by_load
        emptier_mg = 1000 * grown_g * (loss.warming_c_per_h - loss.warming_after_c_per_h)
        return by_load + (self._gross_mg * loss.warming_c_per_h - emptier_mg) * inputs.sensitivity.number

    def _in_vacuum(self, amount: UncertainReal) -> UncertainReal:
        replacing = next((one for one in self._setup.corrections if one.replaces == BUOYANCY), None)
        if replacing is not None:
            return self._amended(replacing, amount)
        inputs = self._inputs
        air: UncertainReal = air_density_kg_m3(
            inputs.temperature.number, inputs.air_pressure.number, inputs.humidity.number
        )
        return (amount + inputs.buoyancy_of_load.number) * buoyancy_factor(air, self._density_kg_m3)

    def _cut_by_the_marks_ul(self) -> UncertainReal:
        """Return what unfinished strokes and late instants at both ends add."""
        inputs = self._inputs
        late_s = inputs.end.instant.number - inputs.start.instant.number
        strokes_ul = inputs.end_stroke.number - inputs.start_stroke.number
        return strokes_ul + late_s * (self._span.rate_ul_per_h / 3600)
