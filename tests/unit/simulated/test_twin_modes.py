# SPDX-License-Identifier: Apache-2.0
"""Therapy modes of the simulated firmware: what it drives and when."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.program import Mode, Program, Step
from instruments.simulated.pump.therapy_modes import Flex
from tests.unit.simulated.operated_twin import CLOCK_AT_START_S, PACE, OperatedTwin, continuous

DAY_S = 86_400.0
NIGHT_AND_DAY = Program(Mode.FLEX, (Step(6 * 60, 40.0), Step(22 * 60, 100.0)))


def at_clock(bench: OperatedTwin, clock_s: float) -> None:
    bench.to(bench.true_s(clock_s))


def test_a_continuous_program_runs_at_its_rate_in_device_time() -> None:
    bench = OperatedTwin()
    bench.run(continuous(100.0))
    bench.go(36_000.0)
    assert bench.pump("state") == "infusing"
    assert bench.pump("active_rate_ul_per_h") == 100.0
    assert bench.fluid.commanded_ul() == pytest.approx(1000.0 * PACE, abs=1e-8)


def test_the_last_step_of_a_day_schedule_runs_on_over_midnight_until_the_first() -> None:
    bench = OperatedTwin()
    bench.run(NIGHT_AND_DAY)  # at 08:00 of the device clock
    midnight_s = (CLOCK_AT_START_S // DAY_S + 1) * DAY_S
    seen = []
    for hours in (-2.01, -1.99, -0.01, 0.01, 5.99, 6.01, 21.99, 22.01):
        at_clock(bench, midnight_s + hours * 3600.0)
        seen.append(bench.pump("active_rate_ul_per_h"))
    assert seen == [40.0, 100.0, 100.0, 100.0, 100.0, 40.0, 40.0, 100.0]


def test_a_day_schedule_drives_the_sum_of_its_steps() -> None:
    bench = OperatedTwin()
    bench.run(NIGHT_AND_DAY)
    at_clock(bench, CLOCK_AT_START_S + 2 * DAY_S)
    assert bench.fluid.commanded_ul() == pytest.approx(2 * (16 * 40.0 + 8 * 100.0), abs=1e-6)


def test_a_program_started_before_its_first_step_begins_with_the_last() -> None:
    bench = OperatedTwin()
    bench.run(Program(Mode.FLEX, (Step(9 * 60, 10.0), Step(20 * 60, 30.0))))
    assert bench.pump("active_rate_ul_per_h") == 30.0
    at_clock(bench, CLOCK_AT_START_S + 3600.0)
    assert bench.pump("active_rate_ul_per_h") == 10.0


@given(st.sets(st.integers(0, 1439), min_size=1, max_size=13), st.floats(0.0, 10 * DAY_S))
@settings(max_examples=200)
def test_a_flex_segment_is_the_last_step_begun_and_ends_at_the_next(starts: set[int], clock_s: float) -> None:
    steps = tuple(Step(minute, 2.0 + minute) for minute in sorted(starts))
    segment = Flex().segment(Program(Mode.FLEX, steps), clock_s)
    boundaries = [(day * DAY_S + step.start_minute * 60.0, step) for day in range(-1, 12) for step in steps]
    begun = max((when_s, step.rate_ul_per_h) for when_s, step in boundaries if when_s <= clock_s)
    assert segment is not None
    assert segment.rate_ul_per_h == begun[1]
    assert segment.until_s == min(when_s for when_s, _ in boundaries if when_s > clock_s)


WEEK = Program(Mode.WEEKLY_FLEX, week=tuple((Step(8 * 60, 30.0 + day), Step(20 * 60, 10.0 + day)) for day in range(7)))


def test_a_week_gives_each_weekday_its_own_steps_and_goes_on_into_the_next() -> None:
    bench = OperatedTwin()
    bench.run(WEEK)  # at 08:00 of the fourth day of the device clock's first week
    rates = []
    for day in range(3, 12):
        at_clock(bench, day * DAY_S + 7 * 3600.0 if day > 3 else CLOCK_AT_START_S + 1.0)
        rates.append(bench.pump("active_rate_ul_per_h"))
        at_clock(bench, day * DAY_S + 12 * 3600.0)
        rates.append(bench.pump("active_rate_ul_per_h"))
    assert rates == [
        33.0,
        33.0,
        13.0,
        34.0,
        14.0,
        35.0,
        15.0,
        36.0,
        16.0,
        30.0,
        10.0,
        31.0,
        11.0,
        32.0,
        12.0,
        33.0,
        13.0,
        34.0,
    ]


def test_a_week_drives_the_sum_of_its_days_by_its_own_clock() -> None:
    bench = OperatedTwin()
    bench.run(WEEK)
    at_clock(bench, CLOCK_AT_START_S + 7 * DAY_S)
    assert bench.fluid.commanded_ul() == pytest.approx(
        sum(12 * (30 + day) + 12 * (10 + day) for day in range(7)), abs=1e-5
    )
    assert bench.pump("active_week_steps[79].rate_ul_per_h") == 16.0
    assert bench.pump("active_week_days[6].step_count") == 2


def test_a_week_without_steps_on_a_day_or_with_a_wrong_checksum_is_refused() -> None:
    bench = OperatedTwin()
    assert bench.load(Program(Mode.WEEKLY_FLEX, week=(*WEEK.week[:6], ()))) == "bad_schedule"
    assert bench.load(Program(Mode.WEEKLY_FLEX, week=(*WEEK.week[:6], (Step(0, 1.0),)))) == "rate_out_of_range"
    assert bench.load(WEEK) == "accepted"
    bench.twin.pump.write({"week_steps[0].start_minute": 1})
    assert bench.command("load_program") == "bad_checksum"


def test_thirteen_steps_are_taken_each_at_its_minute() -> None:
    bench = OperatedTwin()
    steps = tuple(Step(100 * number, 10.0 + number) for number in range(13))
    bench.run(Program(Mode.FLEX, steps))
    midnight_s = (CLOCK_AT_START_S // DAY_S + 1) * DAY_S
    for step in steps:
        at_clock(bench, midnight_s + step.start_minute * 60.0 + 1e-3)
        assert bench.pump("active_rate_ul_per_h") == step.rate_ul_per_h


def test_a_single_bolus_program_gives_its_volume_and_stops() -> None:
    bench = OperatedTwin()
    bench.run(Program(Mode.SINGLE_BOLUS, bolus_volume_ul=50.0, bolus_duration_s=600))
    assert bench.pump("state") == "bolus"
    assert bench.pump("active_rate_ul_per_h") == pytest.approx(300.0)
    bench.go(3600.0)
    assert bench.pump("state") == "stopped"
    assert bench.fluid.commanded_ul() == pytest.approx(50.0, abs=1e-9)
    assert bench.bolus(0) == ("accepted", CLOCK_AT_START_S, 50.0)


def test_a_single_bolus_joins_the_basal_rate_and_leaves_it_as_it_was() -> None:
    bench = OperatedTwin()
    bench.run(continuous(100.0, bolus_volume_ul=20.0, bolus_duration_s=360))
    bench.go(600.0)
    assert bench.command("single_bolus") == "accepted"
    assert bench.pump("active_rate_ul_per_h") == pytest.approx(300.0)
    bench.go(3600.0)
    assert bench.pump("state") == "infusing"
    assert bench.fluid.commanded_ul() == pytest.approx(100.0 * 4200 / 3600 * PACE + 20.0, abs=1e-8)


def test_a_single_bolus_from_rest_ends_at_rest() -> None:
    bench = OperatedTwin()
    assert bench.load(continuous(100.0, bolus_volume_ul=20.0, bolus_duration_s=360)) == "accepted"
    assert bench.command("single_bolus") == "accepted"
    bench.go(3600.0)
    assert bench.pump("state") == "stopped"
    assert bench.fluid.commanded_ul() == pytest.approx(20.0, abs=1e-9)


def test_priming_moves_the_asked_volume_and_stops() -> None:
    bench = OperatedTwin()
    assert bench.command("prime", 120.0) == "accepted"
    assert bench.pump("state") == "priming"
    assert bench.pump("active_rate_ul_per_h") == pytest.approx(600.0)
    bench.go(720.0)
    assert bench.pump("state") == "stopped"
    assert bench.fluid.commanded_ul() == pytest.approx(120.0, abs=1e-9)


def test_the_counter_shows_strokes_times_the_nominal_stroke() -> None:
    bench = OperatedTwin()
    bench.run(continuous(41.67))
    bench.go(10_000.0)
    assert bench.pump("delivered_volume_ul") == bench.fluid.strokes() * 0.5
    assert bench.pump("reservoir_volume_ul") == 20_000.0 - bench.fluid.strokes() * 0.5
