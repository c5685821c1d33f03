# SPDX-License-Identifier: Apache-2.0
"""Volume delivered between two marks of the balance, with the uncertainty it deserves.

    raw mass difference → drift → evaporation → buoyancy → density → volume

Each step is kept as data and can be switched off and recomputed; the marks themselves are never changed. What cannot be
corrected (noise, last digit, linearity, calibration, half-finished strokes, the instant of a reading) is in the budget.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from GTC.lib import UncertainReal

from bench.gravimetry.air_density import air_density_kg_m3
from bench.gravimetry.balance_specification import BalanceSpecification
from bench.gravimetry.buoyancy import buoyancy_factor
from bench.gravimetry.conditions import Conditions
from bench.gravimetry.correction_step import CorrectionStep
from bench.gravimetry.evaporation import Evaporation
from bench.gravimetry.mark import BalanceMark
from bench.gravimetry.volume_influences import volume_influences
from bench.gravimetry.water_density import water_density_kg_m3
from bench.quantity import Quantity, quantity_from
from instruments.errors import PlanError

STEPS = ("drift", "evaporation", "buoyancy", "density")


@dataclass(frozen=True)
class DeliveredVolume:
    """A volume of water collected on the balance, made by `delivered_volume`, with all that it was made from.

    Attributes:
        start, end: the marks, raw.
        conditions, balance, evaporation, stroke_volume_ul, rate_ul_per_h, without: as given to `delivered_volume`.
        steps: the chain, always all of `STEPS`. Drift is corrected by nothing but the blank, so its step changes no
            value and only widens U. Before the step for density 1 mg counts as 1 µL.
        quantity: the volume in µL with its budget.
    """

    start: BalanceMark
    end: BalanceMark
    conditions: Conditions
    balance: BalanceSpecification
    evaporation: Evaporation
    stroke_volume_ul: float
    rate_ul_per_h: float
    without: frozenset[str]
    steps: tuple[CorrectionStep, ...]
    quantity: Quantity

    @property
    def raw_mass_mg(self) -> float:
        """What the display gained, uncorrected."""
        return 1000 * (self.end.mass_g - self.start.mass_g)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why this volume must not pass a pump: a correction is switched off. Belongs into the `Measurement`."""
        return tuple(f"the correction for {step.name} is switched off" for step in self.steps if not step.applied)

    def recomputed(self, without: frozenset[str]) -> "DeliveredVolume":
        """Return the volume of the same marks with other steps switched off."""
        return delivered_volume(
            self.start,
            self.end,
            self.conditions,
            self.balance,
            self.evaporation,
            self.stroke_volume_ul,
            self.rate_ul_per_h,
            without,
        )

    def as_dict(self) -> dict[str, object]:
        """Return marks, inputs, chain and result for JSON: enough to compute it again."""
        return {
            "start": self.start.as_dict(),
            "end": self.end.as_dict(),
            "conditions": asdict(self.conditions),
            "balance": asdict(self.balance),
            "evaporation": self.evaporation.as_dict(),
            "stroke_volume_ul": self.stroke_volume_ul,
            "rate_ul_per_h": self.rate_ul_per_h,
            "without": sorted(self.without),
            "raw_mass_mg": self.raw_mass_mg,
            "steps": [step.as_dict() for step in self.steps],
            "quantity": self.quantity.as_dict(),
        }


def delivered_volume(
    start: BalanceMark,
    end: BalanceMark,
    conditions: Conditions,
    balance: BalanceSpecification,
    evaporation: Evaporation,
    stroke_volume_ul: float,
    rate_ul_per_h: float,
    without: frozenset[str] = frozenset(),
) -> DeliveredVolume:
    """Return the volume of water that reached the balance between two marks.

    Args:
        start: the mark at the beginning.
        end: the mark at the end.
        conditions: mean air and water between them.
        balance: what is known of the balance.
        evaporation: rate of loss from a blank, which holds the balance's drift of that time as well.
        stroke_volume_ul: what the pump delivers at once; either mark may fall anywhere inside a stroke.
        rate_ul_per_h: flow at the marks; a reading late by a second is wrong by a second of it.
        without: names of `STEPS` that are switched off.

    Raises:
        PlanError: the end is not after the start, or a step is unknown.
    """
    duration_h = (end.time_s - start.time_s) / 3600
    if not duration_h > 0:
        seen = f"from {start.time_s:g} s to {end.time_s:g} s"
        raise PlanError("delivered volume", "take the time between two marks", seen, "give the later mark as end")
    if unknown := sorted(without.difference(STEPS)):
        raise PlanError("delivered volume", "switch off a step", f"unknown: {unknown}", f"name one of {STEPS}")
    influences = volume_influences(start, end, conditions, balance, evaporation, stroke_volume_ul, rate_ul_per_h)
    inputs = {influence.name: influence.number for influence in influences}
    steps, volume = _corrected(inputs, duration_h, without)
    quantity = quantity_from(volume, "µL", influences)
    return DeliveredVolume(
        start, end, conditions, balance, evaporation, stroke_volume_ul, rate_ul_per_h, without, steps, quantity
    )


def _corrected(
    inputs: Mapping[str, UncertainReal], duration_h: float, without: frozenset[str]
) -> tuple[tuple[CorrectionStep, ...], UncertainReal]:
    """Carry the mass difference through the chain; return the steps and the volume in µL."""
    amount = inputs["mass at the end"] - inputs["mass at the start"]
    amount += inputs["resolution"] + inputs["linearity"] + inputs["calibration"]
    steps = []
    for name in STEPS:
        before, applied = amount.x, name not in without
        amount = _after(name, amount, inputs, duration_h) if applied else amount
        steps.append(CorrectionStep(name, before, amount.x, "µL" if name == "density" else "mg", applied))
    return tuple(steps), amount + inputs["stroke quantisation"] + inputs["timing"]


def _after(step: str, amount: UncertainReal, inputs: Mapping[str, UncertainReal], duration_h: float) -> UncertainReal:
    if step == "drift":
        return amount + inputs["drift"]
    if step == "evaporation":
        return amount + inputs["evaporation rate"] * duration_h
    water: UncertainReal = water_density_kg_m3(inputs["temperature"])
    if step == "density":
        return amount / (water / 1000)
    air: UncertainReal = air_density_kg_m3(inputs["temperature"], inputs["air pressure"], inputs["humidity"])
    return amount * buoyancy_factor(air, water)
