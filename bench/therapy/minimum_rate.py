# SPDX-License-Identifier: Apache-2.0
"""Minimum rate: instead of a stop the pump runs at the lowest rate it has, which keeps its catheter open.

No program tells that rate: it is the pump's own, and under the least rate that it can be programmed to.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from bench.therapy.basal_therapy import BasalTherapy
from bench.therapy.description import Description, is_over_zero, number, refuse
from bench.therapy.interval import SECONDS_PER_HOUR
from instruments.program import Mode, Program


@dataclass(frozen=True)
class MinimumRate(BasalTherapy):
    """The pump's own lowest rate all the time.

    Raises:
        PlanError: the rate is not over zero.
    """

    minimum_rate_ul_per_h: float
    name: ClassVar[str] = "minimum_rate"

    def __post_init__(self) -> None:
        rate = self.minimum_rate_ul_per_h
        refuse(self.name, {f"minimum_rate_ul_per_h {rate} is not over zero": not is_over_zero(rate)})

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of."""
        return cls(number(description, "minimum_rate_ul_per_h"))

    def describe(self) -> dict[str, object]:
        """Return mode and rate."""
        return {"mode": self.name, "minimum_rate_ul_per_h": float(self.minimum_rate_ul_per_h)}

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return a program without a rate."""
        return Program(Mode.MINIMUM_RATE, low_reservoir_alarm_ul=low_reservoir_alarm_ul)

    def _scheduled_volume_ul(self, from_s: float, to_s: float, _started_s: float, /) -> float:
        return self.minimum_rate_ul_per_h * (to_s - from_s) / SECONDS_PER_HOUR

    def _scheduled_rate_ul_per_h(self, _at_s: float, _started_s: float, /) -> float:
        return self.minimum_rate_ul_per_h

    def _scheduled_changes_s(self, _from_s: float, _to_s: float, _started_s: float, /) -> tuple[float, ...]:
        return ()


MODE = MinimumRate
