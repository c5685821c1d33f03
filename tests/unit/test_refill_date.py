# SPDX-License-Identifier: Apache-2.0
"""The refill date in closed form against the twin's walk along its schedule, and against addition hour by hour."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.infusion.refill_date import due_after_s
from bench.therapy import Bridge, Continuous, Flex, MinimumRate, RunningSchedule, SingleBolus, Step, WithPatientBolus
from bench.therapy.therapy import Therapy
from tests.unit.simulated.operated_twin import CLOCK_AT_START_S, OperatedTwin

DAY_S, ALARM_UL, FULL_UL = 86400.0, 2000.0, 20000.0
DAYS = Flex((Step(6 * 60, 80.0), Step(14 * 60, 20.0), Step(22 * 60, 120.0)))
WITH_BOLUSES = WithPatientBolus(Continuous(40.0), 20.0, 600, 7200, 4)
THERAPIES: dict[str, Therapy] = {
    "continuous": Continuous(40.0),
    "day schedule": DAYS,
    "patient boluses": WITH_BOLUSES,
    "boluses on a day schedule": WithPatientBolus(DAYS, 20.0, 600, 7200, 4),
    "bridge": Bridge(Continuous(40.0), 250.0, 3600.0),
    "minimum rate": MinimumRate(1.0),
}


def told_s(bench: OperatedTwin) -> float:
    return float(str(bench.pump("refill_due_s")))


@pytest.mark.parametrize("name", THERAPIES)
def test_a_good_pump_tells_the_date_that_the_bench_computes(name: str) -> None:
    therapy, bench = THERAPIES[name], OperatedTwin()
    bench.run(therapy.program(ALARM_UL))
    schedule = RunningSchedule(therapy)
    schedule.start(CLOCK_AT_START_S)
    for hours in (0.0, 0.5, 30.0):
        bench.go(hours * 3600.0)
        now_s = float(str(bench.pump("device_clock_s")))
        left_ul = FULL_UL - ALARM_UL - schedule.volume_ul(CLOCK_AT_START_S, now_s)
        due_s = now_s + due_after_s(schedule.goes_on_with(now_s), left_ul, now_s)
        assert told_s(bench) == pytest.approx(due_s, abs=1.2 * 3600.0 / schedule.rate_ul_per_h(now_s) + 10.0)


def test_a_refill_and_another_program_move_the_date() -> None:
    bench = OperatedTwin()
    assert told_s(bench) == 0.0
    bench.run(Continuous(100.0).program(ALARM_UL))
    assert told_s(bench) == pytest.approx(CLOCK_AT_START_S + 18000.0 / 100.0 * 3600.0, abs=20.0)
    bench.load(Continuous(50.0).program(ALARM_UL))
    assert told_s(bench) == pytest.approx(CLOCK_AT_START_S + 18000.0 / 50.0 * 3600.0, abs=80.0)
    bench.refill(10000.0)
    assert told_s(bench) == pytest.approx(CLOCK_AT_START_S + 8000.0 / 50.0 * 3600.0, abs=80.0)
    bench.refill(1000.0)
    assert told_s(bench) == pytest.approx(CLOCK_AT_START_S, abs=1.0)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 23), st.floats(1.0, 200.0)), min_size=1, max_size=5, unique_by=lambda one: one[0]
    ),
    st.floats(10.0, 20000.0),
    st.integers(0, 200),
)
def test_the_date_is_what_hour_by_hour_addition_gives(
    parts: list[tuple[int, float]], left_ul: float, from_h: int
) -> None:
    steps = sorted(parts)
    therapy, hours, used_ul = Flex(tuple(Step(60 * at, rate) for at, rate in steps)), 0, 0.0
    while True:
        begun = [rate for at, rate in steps if at <= (from_h + hours) % 24]
        rate = begun[-1] if begun else steps[-1][1]
        if used_ul + rate >= left_ul:
            break
        used_ul, hours = used_ul + rate, hours + 1
    by_hand_s = 3600.0 * (hours + (left_ul - used_ul) / rate)
    assert due_after_s(therapy, left_ul, 3600.0 * from_h) == pytest.approx(by_hand_s, abs=1.1)


def test_boluses_that_a_patient_may_ask_for_are_counted_in() -> None:
    per_day_ul = 40.0 * 24 + 4 * 20.0
    assert due_after_s(WITH_BOLUSES, 5 * per_day_ul, 7.0) == pytest.approx(5 * DAY_S, abs=1.1)


def test_a_therapy_that_ends_by_itself_has_no_date() -> None:
    assert due_after_s(SingleBolus(10.0, 60), 100.0, 0.0) == math.inf
