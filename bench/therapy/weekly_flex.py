# SPDX-License-Identifier: Apache-2.0
"""Weekly flex: a day schedule for each weekday, by the pump's own clock; it repeats every seven days.

A week of the pump's clock begins where the clock shows a multiple of 604800 s; which weekday a clinic calls its first
day is nothing that a pump knows. The week is cut at midnight, the schedule is not: from midnight to the first step's
start the last step of the day before runs on, from the last day of a week into the first of the next as well.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from bench.therapy.basal_therapy import BasalTherapy
from bench.therapy.description import Description, refuse
from bench.therapy.flex import SECONDS_PER_MINUTE, complaints_of_a_day, steps_described, steps_from
from bench.therapy.interval import SECONDS_PER_DAY
from bench.therapy.step_cycle import StepCycle
from groundfloor.errors import PlanError
from instruments.program import Mode, Program, Step

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class WeeklyFlex(BasalTherapy):
    """Seven day schedules; the steps of each stand in the order of their start minutes.

    Raises:
        PlanError: there are not seven days, a day has no steps or more than 13, they are out of order or outside the
            day, a rate is below zero, or all rates are zero.
    """

    days: tuple[tuple[Step, ...], ...]
    name: ClassVar[str] = "weekly_flex"

    def __post_init__(self) -> None:
        complaints = {
            f"{len(self.days)} days, a week has {DAYS_OF_A_WEEK}": len(self.days) != DAYS_OF_A_WEEK,
            "no step delivers anything": not any(step.rate_ul_per_h for day in self.days for step in day),
        }
        for number, steps in enumerate(self.days, start=1):
            complaints |= complaints_of_a_day(steps, f"day {number}: ")
        refuse(self.name, complaints)

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of."""
        days = description.get("days")
        if not isinstance(days, list):
            raise PlanError(f"therapy {cls.name}", "read days", f"{days!r} is no list of days")
        return cls(tuple(steps_from(day, cls.name) for day in days))

    def describe(self) -> dict[str, object]:
        """Return mode and the steps of each day."""
        return {"mode": self.name, "days": [steps_described(day) for day in self.days]}

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return a program of this week."""
        return Program(Mode.WEEKLY_FLEX, week=self.days, low_reservoir_alarm_ul=low_reservoir_alarm_ul)

    @cached_property
    def _cycle(self) -> StepCycle:
        steps = [
            (number * SECONDS_PER_DAY + step.start_minute * SECONDS_PER_MINUTE, step.rate_ul_per_h)
            for number, day in enumerate(self.days)
            for step in day
        ]
        return StepCycle(DAYS_OF_A_WEEK * SECONDS_PER_DAY, steps)

    def _scheduled_volume_ul(self, from_s: float, to_s: float, _started_s: float, /) -> float:
        return self._cycle.volume_ul(from_s, to_s)

    def _scheduled_rate_ul_per_h(self, at_s: float, _started_s: float, /) -> float:
        return self._cycle.rate_ul_per_h(at_s)

    def _scheduled_changes_s(self, from_s: float, to_s: float, _started_s: float, /) -> list[float]:
        return self._cycle.changes_s(from_s, to_s)


MODE = WeeklyFlex
