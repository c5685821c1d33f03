# SPDX-License-Identifier: Apache-2.0
"""A weighed volume: all that it was made from, and the whole chain of corrections."""

from typing import ClassVar

import msgspec

from bench.journal.lines.line import LineOfTest, Number
from bench.journal.lines.testing import BudgetRecord
from metrology.gravimetry import (
    AppliedCorrection,
    BalanceMark,
    BalanceSpecification,
    Conditions,
    CorrectionStep,
    Evaporation,
    Liquid,
    Vessel,
)


class EvaporationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A rate of loss as `metrology.gravimetry.Evaporation` tells it; None stands for infinity, or for no instant."""

    rate_mg_per_h: Number
    standard_uncertainty_mg_per_h: Number
    dof: Number | None = None
    blank_h: Number | None = None
    measured_at_s: Number | None = None
    change_half_width_mg_per_h: Number = 0.0
    drift_mg_per_h: Number = 0.0
    temperature_c: Number | None = None
    humidity_percent: Number | None = None
    warming_c_per_h: Number = 0.0
    denser_kg_m3_per_h: Number = 0.0
    warming_after_c_per_h: Number = 0.0
    denser_after_kg_m3_per_h: Number = 0.0
    scatter_mg: Number | None = None

    def evaporation(self) -> Evaporation:
        """Return it to calculate with."""
        return Evaporation.from_dict({name: getattr(self, name) for name in EvaporationRecord.__struct_fields__})


class QuantityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A result with its uncertainty and budget; None where a figure is no finite number."""

    value: Number | None
    unit: str
    standard_uncertainty: Number | None
    dof: Number | None
    coverage_factor: Number | None
    expanded_uncertainty: Number | None
    budget: tuple[BudgetRecord, ...] = ()


class Volume(LineOfTest, frozen=True, kw_only=True):
    """What reached the vessel between two marks: a window. `metrology.gravimetry.DeliveredVolume` explains the rest.

    Attributes:
        id: the window's id in this run.
        name: what a person calls it.
        start_mark, end_mark: ids of the two marks.
        start, end: the marks' masses.
        corrections: what the lab's own did, each with name, version and hash.
    """

    kind: ClassVar[str] = "volume"
    done: ClassVar[bool] = True

    id: str = ""
    name: str
    start_mark: str = ""
    end_mark: str = ""
    start: BalanceMark
    end: BalanceMark
    conditions: Conditions
    balance: BalanceSpecification
    evaporation: EvaporationRecord
    stroke_volume_ul: Number
    rate_ul_per_h: Number
    without: tuple[str, ...] = ()
    liquid: Liquid
    vessel: Vessel
    steps_mg: Number = 0.0
    raw_mass_mg: Number
    steps: tuple[CorrectionStep, ...] = ()
    corrections: tuple[AppliedCorrection, ...] = ()
    quantity: QuantityRecord

    @property
    def middle_s(self) -> float:
        """Return the bench time of its middle."""
        return (self.start.time_s + self.end.time_s) / 2
