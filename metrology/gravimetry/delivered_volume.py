# SPDX-License-Identifier: Apache-2.0
"""Volume delivered between two marks of the balance, with the uncertainty it deserves.

    raw → tare → drift → evaporation → buoyancy → density at temperature → submerged tube → volume

A lab's own corrections stand before buoyancy, or in its place. Each step is kept as data and can be switched off and
recomputed; the marks themselves are never changed. What cannot be corrected (noise, last digit, linearity, calibration,
half-finished strokes, the instant of a reading) is in the budget.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from metrology.gravimetry.balance_specification import BalanceSpecification
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.correction_chain import CorrectionChain
from metrology.gravimetry.correction_step import CorrectionStep
from metrology.gravimetry.evaporation import Evaporation
from metrology.gravimetry.lab_correction import AppliedCorrection, LabCorrection
from metrology.gravimetry.liquid import Liquid
from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.vessel import Vessel
from metrology.gravimetry.volume_influences import VolumeInfluences
from metrology.gravimetry.weighed_span import WeighedSpan
from metrology.gravimetry.weighing_setup import WeighingSetup
from metrology.uncertainty import Quantity, quantity_from


@dataclass(frozen=True)
class DeliveredVolume:
    """A volume of liquid collected on the balance, made by `delivered_volume`, with all that it was made from.

    Attributes:
        setup: what it was weighed with.
        span: its marks, raw, and what happened between them.
        steps: the chain, always all of `STEPS`. The balance's drift is in the slope of the blank; what is known of it
            beforehand is told from evaporation, and the rest only widens U. Before density 1 mg counts as 1 µL.
        quantity: the volume in µL with its budget.
        corrections: what the lab's own did.
    """

    setup: WeighingSetup
    span: WeighedSpan
    steps: tuple[CorrectionStep, ...]
    quantity: Quantity
    corrections: tuple[AppliedCorrection, ...] = ()

    @property
    def raw_mass_mg(self) -> float:
        """What the display gained, uncorrected."""
        return 1000 * (self.span.end.mass_g - self.span.start.mass_g)

    @property
    def allows_for_strokes(self) -> bool:
        """Tell whether its budget counts that a mark may cut a stroke in two."""
        span = self.span
        strokes = (self.setup.stroke_at(mark, span.stroke_volume_ul) for mark in (span.start, span.end))
        return any(stroke.number.u > 0 for stroke in strokes)

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Why this volume must not pass a pump: a correction is switched off. Belongs into the `Measurement`."""
        return tuple(f"the correction for {step.name} is switched off" for step in self.steps if not step.applied)

    def recomputed(self, without: frozenset[str]) -> "DeliveredVolume":
        """Return the volume of the same marks with other steps switched off."""
        return delivered_volume(self.setup, replace(self.span, without=without))

    @classmethod
    def from_dict(
        cls, payload: Mapping[str, Any], corrections: Sequence[LabCorrection] | None = None
    ) -> "DeliveredVolume":
        """Return the volume of a journal's line, computed anew from its marks and inputs.

        Args:
            payload: the line's data.
            corrections: the lab's own; None for the figures that stand in the line, which need no code of the lab's.
        """
        recorded = (AppliedCorrection(**one) for one in payload.get("corrections", ()))
        setup = WeighingSetup(
            balance=BalanceSpecification.from_dict(payload["balance"]),
            evaporation=Evaporation.from_dict(payload["evaporation"]),
            liquid=Liquid.from_dict(payload["liquid"]),
            vessel=Vessel(**payload["vessel"]),
            corrections=tuple(recorded if corrections is None else corrections),
        )
        span = WeighedSpan(
            start=BalanceMark(**payload["start"]),
            end=BalanceMark(**payload["end"]),
            conditions=Conditions(**payload["conditions"]),
            stroke_volume_ul=payload["stroke_volume_ul"],
            rate_ul_per_h=payload["rate_ul_per_h"],
            steps_mg=payload["steps_mg"],
            without=frozenset(payload["without"]),
        )
        return delivered_volume(setup, span)

    def as_dict(self) -> dict[str, object]:
        """Return marks, inputs, chain and result for JSON: enough to compute it again."""
        setup, span = self.setup, self.span
        return {
            "start": span.start.as_dict(),
            "end": span.end.as_dict(),
            "conditions": asdict(span.conditions),
            "balance": asdict(setup.balance),
            "evaporation": setup.evaporation.as_dict(),
            "stroke_volume_ul": span.stroke_volume_ul,
            "rate_ul_per_h": span.rate_ul_per_h,
            "without": sorted(span.without),
            "liquid": setup.liquid.as_dict(),
            "vessel": setup.vessel.as_dict(),
            "steps_mg": span.steps_mg,
            "raw_mass_mg": self.raw_mass_mg,
            "steps": [step.as_dict() for step in self.steps],
            **({"corrections": [one.as_dict() for one in self.corrections]} if self.corrections else {}),
            "quantity": self.quantity.as_dict(),
        }


def delivered_volume(setup: WeighingSetup, span: WeighedSpan) -> DeliveredVolume:
    """Return the volume of liquid that reached the balance between two marks.

    Volumes of one setup have in common what they have in common in truth: see `WeighingSetup`.

    Raises:
        Inconclusive: the density of the liquid is not known at this temperature.
        BenchFault: a correction of the lab's own gives no value.
    """
    influences = VolumeInfluences.of(setup, span)
    chain = CorrectionChain(setup, span, influences)
    steps, volume = chain.corrected()
    quantity = quantity_from(volume, "µL", (*influences.in_order, *chain.influences))
    return DeliveredVolume(setup, span, steps, quantity, tuple(chain.applied))
