# SPDX-License-Identifier: Apache-2.0
"""Every defect of day schedules is really in the rate that the pump drives, step by step, and not in its read-back."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program, Step
from tests.unit.simulated.operated_twin import CLOCK_AT_START_S, OperatedTwin

MINUTE_S, DAY_S = 60.0, 86400.0
EVERY_MIN = 110
FULL = Program(Mode.FLEX, tuple(Step(EVERY_MIN * number, 20.0 + number) for number in range(13)))


def rates(bench: OperatedTwin) -> list[int]:
    """The rates in the middle of the thirteen steps of a day, in µL/h over 20."""
    bench.run(FULL)
    to_midnight_s = DAY_S - CLOCK_AT_START_S % DAY_S
    found = []
    for number in range(13):
        bench.to(to_midnight_s + (EVERY_MIN * number + EVERY_MIN / 2) * MINUTE_S)
        found.append(round(float(str(bench.pump("active_rate_ul_per_h")))) - 20)
    assert [bench.pump(f"active_steps[{number}].start_minute") for number in (0, 12)] == [0, 12 * EVERY_MIN]
    return found


WEEK = Program(Mode.WEEKLY_FLEX, week=tuple((Step(0, 20.0 + day),) for day in range(7)))


def rates_of_days(bench: OperatedTwin) -> list[int]:
    """The rates at noon of the days after the fourth of the device clock, in µL/h over 20."""
    bench.run(WEEK)
    found = []
    for day in range(4, 11):
        bench.to(bench.true_s((day + 0.5) * DAY_S))
        found.append(round(float(str(bench.pump("active_rate_ul_per_h")))) - 20)
    assert bench.pump("active_week_steps[13].rate_ul_per_h") == 21.0
    return found


ALL = list(range(13))
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("flex_steps_held", rates, ALL, [*ALL[:12], 11]),
    ("weekdays_late", rates_of_days, [4, 5, 6, 0, 1, 2, 3], [3, 4, 5, 6, 0, 1, 2]),
    ("weekdays_ignored", rates_of_days, [4, 5, 6, 0, 1, 2, 3], [0] * 7),
    ("flex_midnight_missed", rates, ALL, [12, *ALL[1:]]),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_schedule_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_only_so_many_steps_are_held_as_the_magnitude_says() -> None:
    assert rates(OperatedTwin(defects=["flex_steps_held=8"])) == [*ALL[:8], 7, 7, 7, 7, 7]
