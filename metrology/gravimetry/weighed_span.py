# SPDX-License-Identifier: Apache-2.0
"""The time between two marks in which a volume was collected."""

from dataclasses import dataclass

from groundfloor.errors import PlanError
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.correction_step import STEPS
from metrology.gravimetry.mark import BalanceMark


@dataclass(frozen=True)
class WeighedSpan:
    """What is known of one window, whatever it was weighed with.

    Attributes:
        start: the mark at the beginning.
        end: the mark at the end.
        conditions: mean air and liquid between them, and what changed from the one to the other.
        stroke_volume_ul: what the pump delivers at once; either mark may fall anywhere inside a stroke.
        rate_ul_per_h: flow at the marks; a reading late by a second is wrong by a second of it.
        steps_mg: how much of the mass may have come or gone in steps that no pump makes, ±.
        without: names of `STEPS` that are switched off.

    Raises:
        PlanError: the end is not after the start, or a step is unknown.
    """

    start: BalanceMark
    end: BalanceMark
    conditions: Conditions
    stroke_volume_ul: float
    rate_ul_per_h: float
    steps_mg: float = 0.0
    without: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.duration_h > 0:
            seen = f"from {self.start.time_s:g} s to {self.end.time_s:g} s"
            raise PlanError("delivered volume", "take the time between two marks", seen, "give the later mark as end")
        if unknown := sorted(self.without.difference(STEPS)):
            raise PlanError("delivered volume", "switch off a step", f"unknown: {unknown}", f"name one of {STEPS}")

    @property
    def duration_h(self) -> float:
        """Return the time between the marks."""
        return (self.end.time_s - self.start.time_s) / 3600
