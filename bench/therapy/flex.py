# SPDX-License-Identifier: Apache-2.0
"""Flex: a schedule of up to 13 steps that repeats every day of the pump's own clock.

The day is cut at midnight, the schedule is not: from midnight to the first step's start the last step of the day
before runs on, so a night rate is one step that starts in the evening.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar, Self

from bench.therapy.basal_therapy import BasalTherapy
from bench.therapy.description import Description, number, refuse, whole_number
from bench.therapy.interval import SECONDS_PER_DAY
from bench.therapy.step_cycle import StepCycle
from groundfloor.errors import PlanError
from instruments.program import Mode, Program, Step

MOST_STEPS = 13
MINUTES_PER_DAY = 1440
SECONDS_PER_MINUTE = 60.0


def complaints_of_a_day(steps: Sequence[Step], day: str = "") -> dict[str, bool]:
    """Return what would be wrong with the steps of one day, and whether it is.

    Args:
        steps: of the day.
        day: what a person calls it, with a blank after it; empty where there is only one.
    """
    starts = [step.start_minute for step in steps]
    rates = [step.rate_ul_per_h for step in steps]
    return {
        f"{day}{len(starts)} steps, there must be 1 to {MOST_STEPS}": not 1 <= len(starts) <= MOST_STEPS,
        f"{day}start minutes {starts} do not rise": any(early >= late for early, late in pairwise(starts)),
        f"{day}start minutes {starts} are not whole minutes of a day": any(
            not isinstance(start, int) or not 0 <= start < MINUTES_PER_DAY for start in starts
        ),
        f"{day}rates {rates} are not finite and zero or more": any(
            not math.isfinite(rate) or rate < 0 for rate in rates
        ),
    }


def steps_described(steps: Sequence[Step]) -> list[dict[str, object]]:
    """Return the steps of one day as JSON can hold them."""
    return [{"start_minute": step.start_minute, "rate_ul_per_h": float(step.rate_ul_per_h)} for step in steps]


def steps_from(described: object, therapy: str) -> tuple[Step, ...]:
    """Return the steps of one day that `steps_described` spoke of.

    Raises:
        PlanError: it is no list of steps.
    """
    if not isinstance(described, list) or not all(isinstance(step, dict) for step in described):
        raise PlanError(f"therapy {therapy}", "read steps", f"{described!r} is no list of steps")
    return tuple(Step(whole_number(step, "start_minute"), number(step, "rate_ul_per_h")) for step in described)


@dataclass(frozen=True)
class Flex(BasalTherapy):
    """A day schedule; `steps` stand in the order of their start minutes.

    Raises:
        PlanError: there are no steps or more than 13, they are out of order or outside the day, a rate is below zero,
            or all rates are zero.
    """

    steps: tuple[Step, ...]
    name: ClassVar[str] = "flex"

    def __post_init__(self) -> None:
        complaints = {
            **complaints_of_a_day(self.steps),
            "no step delivers anything": not any(step.rate_ul_per_h for step in self.steps),
        }
        refuse(self.name, complaints)

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of."""
        return cls(steps_from(description.get("steps"), cls.name))

    def describe(self) -> dict[str, object]:
        """Return mode and steps."""
        return {"mode": self.name, "steps": steps_described(self.steps)}

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return a program of these steps."""
        return Program(Mode.FLEX, self.steps, low_reservoir_alarm_ul=low_reservoir_alarm_ul)

    @cached_property
    def _cycle(self) -> StepCycle:
        steps = [(step.start_minute * SECONDS_PER_MINUTE, step.rate_ul_per_h) for step in self.steps]
        return StepCycle(SECONDS_PER_DAY, steps)

    def _scheduled_volume_ul(self, from_s: float, to_s: float, _started_s: float, /) -> float:
        return self._cycle.volume_ul(from_s, to_s)

    def _scheduled_rate_ul_per_h(self, at_s: float, _started_s: float, /) -> float:
        return self._cycle.rate_ul_per_h(at_s)

    def _scheduled_changes_s(self, from_s: float, to_s: float, _started_s: float, /) -> list[float]:
        return self._cycle.changes_s(from_s, to_s)


MODE = Flex
