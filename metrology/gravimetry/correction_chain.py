# SPDX-License-Identifier: Apache-2.0
"""The chain of corrections, in its one order; each link can be left out, and then hands on what it was given.

raw → tare → drift → evaporation → buoyancy → density at temperature → submerged tube → volume
"""

from collections.abc import Callable, Mapping

from GTC.lib import UncertainReal

from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.correction_step import CorrectionStep
from metrology.gravimetry.evaporation import CHANGE, RATE
from metrology.gravimetry.liquid import Liquid

STEPS = ("tare", "drift", "evaporation", "buoyancy", "density", "submerged tube")
_IN_UL = frozenset({"density", "submerged tube"})
Inputs = Mapping[str, UncertainReal]


class CorrectionChain:
    """Carries what the display showed at the end of a window through all steps.

    Args:
        inputs: the numbers of all influences by name.
        liquid: what was weighed.
        duration_h: of the window.
        drift_mg_per_h: what is known of the balance's drift; the blank's slope holds it too.
    """

    def __init__(self, inputs: Inputs, liquid: Liquid, duration_h: float, drift_mg_per_h: float) -> None:
        self._inputs = inputs
        self._duration_h = duration_h
        self._drift_mg_per_h = drift_mg_per_h
        density: UncertainReal = liquid.density_kg_m3(inputs["temperature"]) + inputs[f"density of {liquid.name}"]
        self._density_kg_m3 = density
        self._links: Mapping[str, Callable[[UncertainReal], UncertainReal]] = {
            "tare": lambda amount: amount - inputs["mass at the start"],
            "drift": self._without_drift,
            "evaporation": self._with_what_evaporated,
            "buoyancy": self._in_vacuum,
            "density": lambda amount: amount / (density / 1000),
            "submerged tube": lambda amount: amount * (1 - inputs["submerged tube"]),
        }

    def corrected(self, without: frozenset[str]) -> tuple[tuple[CorrectionStep, ...], UncertainReal]:
        """Return every step and the volume in µL; while density is left out 1 mg counts as 1 µL."""
        inputs = self._inputs
        amount = inputs["mass at the end"] + inputs["resolution"] + inputs["linearity"] + inputs["calibration"]
        amount += inputs["steps of the display"]
        steps = []
        for name in STEPS:
            before, applied = float(amount.x), name not in without
            amount = self._links[name](amount) if applied else amount
            steps.append(CorrectionStep(name, before, float(amount.x), "µL" if name in _IN_UL else "mg", applied))
        return tuple(steps), amount + inputs["stroke quantisation"] + inputs["timing"]

    def _without_drift(self, amount: UncertainReal) -> UncertainReal:
        return amount + self._inputs["drift"] - self._drift_mg_per_h * self._duration_h

    def _with_what_evaporated(self, amount: UncertainReal) -> UncertainReal:
        inputs = self._inputs
        return amount + (inputs[RATE] + inputs[CHANGE] + self._drift_mg_per_h) * self._duration_h

    def _in_vacuum(self, amount: UncertainReal) -> UncertainReal:
        inputs = self._inputs
        air: UncertainReal = air_density_kg_m3(inputs["temperature"], inputs["air pressure"], inputs["humidity"])
        return (amount + inputs["buoyancy of the load"]) * buoyancy_factor(air, self._density_kg_m3)
