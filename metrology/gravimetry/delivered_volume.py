# SPDX-License-Identifier: Apache-2.0
"""Volume delivered between two marks of the balance, with the uncertainty it deserves.

    raw → tare → drift → evaporation → buoyancy → density at temperature → submerged tube → volume

Each step is kept as data and can be switched off and recomputed; the marks themselves are never changed. What cannot be
corrected (noise, last digit, linearity, calibration, half-finished strokes, the instant of a reading) is in the budget.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from groundfloor.errors import PlanError
from metrology.gravimetry.balance_specification import BalanceSpecification
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.correction_chain import STEPS, CorrectionChain
from metrology.gravimetry.correction_step import CorrectionStep
from metrology.gravimetry.evaporation import Evaporation
from metrology.gravimetry.liquid import WATER, Liquid
from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.vessel import UNSTATED, Vessel
from metrology.gravimetry.volume_influences import volume_influences
from metrology.uncertainty import Influence, Quantity, quantity_from

_RESULTS = ("steps", "quantity")


@dataclass(frozen=True)
class DeliveredVolume:
    """A volume of liquid collected on the balance, made by `delivered_volume`, with all that it was made from.

    Attributes:
        start, end: the marks, raw.
        conditions, balance, evaporation, stroke_volume_ul, rate_ul_per_h, without, liquid, vessel, steps_mg: as given
            to `delivered_volume`.
        steps: the chain, always all of `STEPS`. The balance's drift is in the slope of the blank; what is known of it
            beforehand is told from evaporation, and the rest only widens U. Before density 1 mg counts as 1 µL.
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
    liquid: Liquid
    vessel: Vessel
    steps_mg: float
    steps: tuple[CorrectionStep, ...]
    quantity: Quantity

    @property
    def raw_mass_mg(self) -> float:
        """What the display gained, uncorrected."""
        return 1000 * (self.end.mass_g - self.start.mass_g)

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Why this volume must not pass a pump: a correction is switched off. Belongs into the `Measurement`."""
        return tuple(f"the correction for {step.name} is switched off" for step in self.steps if not step.applied)

    def recomputed(self, without: frozenset[str]) -> "DeliveredVolume":
        """Return the volume of the same marks with other steps switched off."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _RESULTS}
        return delivered_volume(**{**given, "without": without})

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "DeliveredVolume":
        """Return the volume of a journal's line, computed anew from its marks and inputs."""
        return delivered_volume(
            start=BalanceMark(**told["start"]),
            end=BalanceMark(**told["end"]),
            conditions=Conditions(**told["conditions"]),
            balance=BalanceSpecification.from_dict(told["balance"]),
            evaporation=Evaporation.from_dict(told["evaporation"]),
            stroke_volume_ul=told["stroke_volume_ul"],
            rate_ul_per_h=told["rate_ul_per_h"],
            without=frozenset(told["without"]),
            liquid=Liquid.from_dict(told["liquid"]),
            vessel=Vessel(**told["vessel"]),
            steps_mg=told["steps_mg"],
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
            "liquid": self.liquid.as_dict(),
            "vessel": self.vessel.as_dict(),
            "steps_mg": self.steps_mg,
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
    liquid: Liquid = WATER,
    vessel: Vessel = UNSTATED,
    steps_mg: float = 0.0,
) -> DeliveredVolume:
    """Return the volume of liquid that reached the balance between two marks.

    Args:
        start: the mark at the beginning.
        end: the mark at the end.
        conditions: mean air and liquid between them, and what changed from the one to the other.
        balance: what is known of the balance.
        evaporation: rate of loss from a blank, which holds the balance's drift of that time as well.
        stroke_volume_ul: what the pump delivers at once; either mark may fall anywhere inside a stroke.
        rate_ul_per_h: flow at the marks; a reading late by a second is wrong by a second of it.
        without: names of `STEPS` that are switched off.
        liquid: what was weighed.
        vessel: what stands on the pan, and what dips in.
        steps_mg: how much of the mass may have come or gone in steps that no pump makes, ±.

    Raises:
        PlanError: the end is not after the start, or a step is unknown.
        Inconclusive: the density of the liquid is not known at this temperature.
    """
    duration_h = (end.time_s - start.time_s) / 3600
    if not duration_h > 0:
        seen = f"from {start.time_s:g} s to {end.time_s:g} s"
        raise PlanError("delivered volume", "take the time between two marks", seen, "give the later mark as end")
    if unknown := sorted(without.difference(STEPS)):
        raise PlanError("delivered volume", "switch off a step", f"unknown: {unknown}", f"name one of {STEPS}")
    influences = (
        *volume_influences(start, end, conditions, balance, evaporation, stroke_volume_ul, rate_ul_per_h),
        evaporation.change_influence(),
        vessel.lost_to_air(conditions),
        liquid.influence(conditions.temperature_c),
        vessel.tube(),
        # All of a step or none of it came from the pump: U must reach over the whole of it, however large it is.
        Influence.type_b("steps of the display", 0.0, "mg", steps_mg),
    )
    inputs = {influence.name: influence.number for influence in influences}
    steps, volume = CorrectionChain(inputs, liquid, duration_h, evaporation.drift_mg_per_h).corrected(without)
    quantity = quantity_from(volume, "µL", influences)
    return DeliveredVolume(
        start, end, conditions, balance, evaporation, stroke_volume_ul, rate_ul_per_h,
        without, liquid, vessel, steps_mg, steps, quantity,
    )  # fmt: skip
