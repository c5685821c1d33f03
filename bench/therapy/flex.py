# SPDX-License-Identifier: Apache-2.0
"""Flex: a schedule of up to 13 steps that repeats every day of the pump's own clock.

The day is cut at midnight, the schedule is not: from midnight to the first step's start the last step of the day
before runs on, so a night rate is one step that starts in the evening.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar, Self

from bench.therapy.basal_therapy import BasalTherapy
from bench.therapy.description import Description, number, refuse, whole_number
from bench.therapy.interval import SECONDS_PER_DAY, SECONDS_PER_HOUR
from groundfloor.errors import PlanError
from instruments.program import Mode, Program, Step

MOST_STEPS = 13
MINUTES_PER_DAY = 1440
SECONDS_PER_MINUTE = 60.0


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
        starts = [step.start_minute for step in self.steps]
        rates = [step.rate_ul_per_h for step in self.steps]
        complaints = {
            f"{len(starts)} steps, there must be 1 to {MOST_STEPS}": not 1 <= len(starts) <= MOST_STEPS,
            f"start minutes {starts} do not rise": any(early >= late for early, late in pairwise(starts)),
            f"start minutes {starts} are not whole minutes of a day": any(
                not isinstance(start, int) or not 0 <= start < MINUTES_PER_DAY for start in starts
            ),
            f"rates {rates} are not finite and zero or more": any(
                not math.isfinite(rate) or rate < 0 for rate in rates
            ),
            "no step delivers anything": not any(rates),
        }
        refuse(self.name, complaints)

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of."""
        steps = description.get("steps")
        if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
            raise PlanError("therapy flex", "read steps", f"{steps!r} is no list of steps")
        return cls(tuple(Step(whole_number(step, "start_minute"), number(step, "rate_ul_per_h")) for step in steps))

    def describe(self) -> dict[str, object]:
        """Return mode and steps."""
        steps = [{"start_minute": step.start_minute, "rate_ul_per_h": float(step.rate_ul_per_h)} for step in self.steps]
        return {"mode": self.name, "steps": steps}

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return a program of these steps."""
        return Program(Mode.FLEX, self.steps, low_reservoir_alarm_ul=low_reservoir_alarm_ul)

    @cached_property
    def _starts_s(self) -> list[float]:
        """Starts within the day; the first entry is midnight, where the last step of the day before runs on."""
        return [0.0, *(step.start_minute * SECONDS_PER_MINUTE for step in self.steps)]

    @cached_property
    def _rates(self) -> list[float]:
        return [self.steps[-1].rate_ul_per_h, *(step.rate_ul_per_h for step in self.steps)]

    @cached_property
    def _volumes_before(self) -> list[float]:
        """Volume from midnight to each start, and last that of the whole day."""
        volumes = [0.0]
        for (start_s, end_s), rate in zip(pairwise([*self._starts_s, SECONDS_PER_DAY]), self._rates, strict=True):
            volumes.append(volumes[-1] + rate * (end_s - start_s) / SECONDS_PER_HOUR)
        return volumes

    def _volume_since_midnight_ul(self, of_day_s: float) -> float:
        step = bisect_right(self._starts_s, of_day_s) - 1
        since_start_s = of_day_s - self._starts_s[step]
        return self._volumes_before[step] + self._rates[step] * since_start_s / SECONDS_PER_HOUR

    def _scheduled_volume_ul(self, from_s: float, to_s: float, _started_s: float, /) -> float:
        from_day, from_of_day_s = divmod(from_s, SECONDS_PER_DAY)
        to_day, to_of_day_s = divmod(to_s, SECONDS_PER_DAY)
        whole_days_ul = (to_day - from_day) * self._volumes_before[-1]
        parts_ul = self._volume_since_midnight_ul(to_of_day_s) - self._volume_since_midnight_ul(from_of_day_s)
        return max(0.0, whole_days_ul + parts_ul)

    def _scheduled_rate_ul_per_h(self, at_s: float, _started_s: float, /) -> float:
        return self._rates[bisect_right(self._starts_s, at_s % SECONDS_PER_DAY) - 1]

    def _scheduled_changes_s(self, from_s: float, to_s: float, _started_s: float, /) -> list[float]:
        days = range(math.floor(from_s / SECONDS_PER_DAY), math.floor(to_s / SECONDS_PER_DAY) + 1)
        changing = [
            start_s
            for start_s, before, after in zip(self._starts_s[1:], self._rates, self._rates[1:], strict=False)
            if before != after
        ]
        return [day * SECONDS_PER_DAY + start_s for day in days for start_s in changing]


MODE = Flex
