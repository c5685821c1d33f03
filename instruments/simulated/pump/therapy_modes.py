# SPDX-License-Identifier: Apache-2.0
"""The therapy modes of the simulated firmware. A further mode is one more class here and one line in `MODES`."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from instruments.program import Mode, Program, Step
from instruments.pump import CommandResult
from instruments.simulated.specimen.pump_model import Limits
from instruments.simulated.time.device_clock import DAY_S

MOST_STEPS = 13
MINUTES_A_DAY = 1440
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Segment:
    """A stretch of constant basal rate; `until_s` is on the device clock, infinite when it has no end."""

    rate_ul_per_h: float
    until_s: float


class TherapyMode(Protocol):
    """One therapy mode.

    Attributes:
        opens_with_bolus: whether a start gives the program's single bolus.
    """

    opens_with_bolus: bool

    def refusal(self, program: Program, step_count: int, limits: Limits) -> CommandResult | None:
        """Return why the mode cannot carry out `program`, or None."""
        ...

    def segment(self, program: Program, clock_s: float) -> Segment | None:
        """Return what runs at `clock_s` of the device clock; None when the mode has no basal rate."""
        ...


class Continuous:
    """One rate until it is stopped."""

    opens_with_bolus = False

    def refusal(self, program: Program, step_count: int, limits: Limits) -> CommandResult | None:
        """Demand exactly one step, with a rate in range."""
        if step_count != 1:
            return CommandResult.BAD_SCHEDULE
        return _rates_refusal(program.steps, limits)

    def segment(self, program: Program, clock_s: float) -> Segment | None:  # noqa: ARG002 - the same at any time
        """Return the one rate."""
        return Segment(program.steps[0].rate_ul_per_h, math.inf)


class Flex:
    """A day schedule by the pump's own clock; until the first step the last one of the day before runs on."""

    opens_with_bolus = False

    def refusal(self, program: Program, step_count: int, limits: Limits) -> CommandResult | None:
        """Demand 1 to 13 steps by rising start minute, with rates in range."""
        starts = [step.start_minute for step in program.steps]
        rising = all(earlier < later for earlier, later in itertools.pairwise(starts))
        if not 1 <= step_count <= MOST_STEPS or not rising or starts[-1] >= MINUTES_A_DAY:
            return CommandResult.BAD_SCHEDULE
        return _rates_refusal(program.steps, limits)

    def segment(self, program: Program, clock_s: float) -> Segment | None:
        """Return the step of `clock_s`."""
        midnight_s = clock_s // DAY_S * DAY_S
        running = program.steps[-1]
        for step in program.steps:
            if midnight_s + step.start_minute * 60.0 > clock_s:
                return Segment(running.rate_ul_per_h, midnight_s + step.start_minute * 60.0)
            running = step
        return Segment(running.rate_ul_per_h, midnight_s + DAY_S + program.steps[0].start_minute * 60.0)


class WeeklyFlex:
    """A day schedule for each of seven days, counted from where the pump's own clock shows zero."""

    opens_with_bolus = False

    def refusal(self, program: Program, step_count: int, limits: Limits) -> CommandResult | None:
        """Demand seven days of 1 to 13 steps by rising start minute, with rates in range, and no steps beside them."""
        if step_count or len(program.week) != DAYS_A_WEEK:
            return CommandResult.BAD_SCHEDULE
        for day in program.week:
            starts = [step.start_minute for step in day]
            rising = all(earlier < later for earlier, later in itertools.pairwise(starts))
            if not starts or not rising or starts[-1] >= MINUTES_A_DAY:
                return CommandResult.BAD_SCHEDULE
        return _rates_refusal(tuple(step for day in program.week for step in day), limits)

    def segment(self, program: Program, clock_s: float) -> Segment | None:
        """Return the step of `clock_s`: the last that began, today or on the day before."""
        today = int(clock_s // DAY_S)
        running = program.week[(today - 1) % DAYS_A_WEEK][-1]
        for day in (today, today + 1):
            for step in program.week[day % DAYS_A_WEEK]:
                begins_s = day * DAY_S + step.start_minute * 60.0
                if begins_s > clock_s:
                    return Segment(running.rate_ul_per_h, begins_s)
                running = step
        raise AssertionError("a day without a step was refused")


class Bridge(Flex):
    """A day schedule that begins when a bridge between two concentrations is over; see `bridge.py` for that."""

    def refusal(self, program: Program, step_count: int, limits: Limits) -> CommandResult | None:
        """Demand a day schedule, a bridge with a rate in range, and no patient bolus, which would move the drug on."""
        if program.bolus_volume_ul <= 0.0 or not program.bolus_duration_s or program.ptm_volume_ul:
            return CommandResult.BAD_BOLUS
        bridge = Step(0, program.bolus_volume_ul / program.bolus_duration_s * 3600.0)
        return super().refusal(program, step_count, limits) or _rates_refusal((bridge,), limits)


class MinimumRate:
    """The pump's own lowest rate; it comes as the one step of the program that is driven."""

    opens_with_bolus = False

    def refusal(self, program: Program, step_count: int, limits: Limits) -> CommandResult | None:  # noqa: ARG002 - it tells no rate
        """Demand no steps, and a pump that has such a rate."""
        return CommandResult.BAD_SCHEDULE if step_count or limits.minimum_rate_ul_per_h is None else None

    def segment(self, program: Program, clock_s: float) -> Segment | None:  # noqa: ARG002 - the same at any time
        """Return the one rate."""
        return Segment(program.steps[0].rate_ul_per_h, math.inf)


class SingleBolus:
    """One bolus at the start, then the pump stops."""

    opens_with_bolus = True

    def refusal(self, program: Program, step_count: int, limits: Limits) -> CommandResult | None:  # noqa: ARG002 - it has no basal rate
        """Demand a bolus and no steps."""
        if step_count:
            return CommandResult.BAD_SCHEDULE
        return None if program.bolus_volume_ul > 0 else CommandResult.BAD_BOLUS

    def segment(self, program: Program, clock_s: float) -> Segment | None:  # noqa: ARG002 - nothing runs beside the bolus
        """Return that there is no basal rate."""
        return None


MODES: Mapping[Mode, TherapyMode] = {
    Mode.CONTINUOUS: Continuous(),
    Mode.FLEX: Flex(),
    Mode.SINGLE_BOLUS: SingleBolus(),
    Mode.WEEKLY_FLEX: WeeklyFlex(),
    Mode.BRIDGE: Bridge(),
    Mode.MINIMUM_RATE: MinimumRate(),
}


def _rates_refusal(steps: tuple[Step, ...], limits: Limits) -> CommandResult | None:
    in_range = all(limits.least_rate_ul_per_h <= step.rate_ul_per_h <= limits.greatest_rate_ul_per_h for step in steps)
    return None if in_range else CommandResult.RATE_OUT_OF_RANGE
