# SPDX-License-Identifier: Apache-2.0
"""Defects that show in a month alone are there, in the size of their magnitude, and not before their time."""

from collections.abc import Callable

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S, DAY_S = 3600.0, 86400.0
SLOW_UL_PER_H = 10.0
PATIENTS = {"ptm_volume_ul": 20.0, "ptm_duration_s": 60, "ptm_lockout_s": 3600, "ptm_max_per_day": 4}


def percent_more_on_the_second_and_on_the_twentieth_day(bench: OperatedTwin) -> tuple[int, int]:
    """Of the vessel's volume over the programmed one, rounded."""
    bench.run(continuous(SLOW_UL_PER_H))
    found = []
    for day in (1, 19):
        bench.to(day * DAY_S)
        before_ul = bench.fluid.vessel_ul()
        bench.go(DAY_S)
        found.append(round(100 * (bench.fluid.vessel_ul() - before_ul) / (24 * SLOW_UL_PER_H) - 100))
    return found[0], found[1]


def shown_after_two_refills(bench: OperatedTwin) -> tuple[int, int]:
    """Return what it shows, in mL, after a refill in the second week and one in the third, of 10 mL and of 20 mL."""
    found = []
    for day, told_ul in ((10, 10_000.0), (20, 20_000.0)):
        bench.to(day * DAY_S)
        bench.command("refill_done", told_ul)
        found.append(round(float(str(bench.pump("reservoir_volume_ul"))) / 1000))
    return found[0], found[1]


def answers_to_twenty_two_requests(bench: OperatedTwin) -> list[str]:
    """Of requests a day apart, those that are not like the first."""
    bench.run(continuous(SLOW_UL_PER_H, **PATIENTS))
    answers = []
    for _ in range(22):
        answers.append(bench.command("patient_bolus"))
        bench.go(DAY_S)
    return [answers[0], *(one for one in answers if one != answers[0])]


CASES = [
    ("grows_in_weeks_per_day", percent_more_on_the_second_and_on_the_twentieth_day, (1, 1), (3, 17)),
    ("deaf_to_refills_from_h", shown_after_two_refills, (10, 20), (10, 10)),
    ("boluses_in_life", answers_to_twenty_two_requests, ["accepted"], ["accepted", *2 * ["daily_maximum"]]),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_what_a_month_shows_is_there(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
