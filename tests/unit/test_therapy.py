# SPDX-License-Identifier: Apache-2.0
"""Therapies: the closed form against brute force, and the rules of each mode."""

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.therapy import (
    MODES,
    AcceptedBolus,
    BolusOnBasal,
    Bridge,
    Continuous,
    Flex,
    MinimumRate,
    SingleBolus,
    Step,
    Therapy,
    WeeklyFlex,
    WithPatientBolus,
    therapy_from,
)
from groundfloor.errors import PlanError
from instruments.program import Mode, Program
from instruments.pump import CommandResult

DAY = 86400
GRID = 60  # everything random happens on whole minutes, so that a sum over minutes is exact


def minutes(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most).map(lambda minute: minute * GRID)


RATES = st.floats(0.01, 1000.0)
STARTS = st.sets(st.integers(0, 1439), min_size=1, max_size=13).map(sorted)
FLEX = STARTS.flatmap(
    lambda starts: (
        st.lists(RATES | st.just(0.0), min_size=len(starts), max_size=len(starts))
        .filter(any)
        .map(lambda rates: Flex(tuple(Step(*pair) for pair in zip(starts, rates, strict=True))))
    )
)
WEEKLY = st.lists(FLEX.map(lambda flex: flex.steps), min_size=7, max_size=7).map(lambda days: WeeklyFlex(tuple(days)))
BASAL = st.builds(Continuous, RATES) | FLEX | WEEKLY | st.builds(SingleBolus, RATES, minutes(1, 3000))
WITH_BOLUS = st.builds(
    lambda basal, volume, duration, more, most: WithPatientBolus(basal, volume, duration, duration + more, most),
    BASAL,
    st.floats(0.1, 100.0),
    minutes(1, 300),
    minutes(0, 600),
    st.integers(1, 10),
)
BOLUSES = st.lists(
    st.builds(AcceptedBolus, minutes(-500, 4500), st.floats(0.1, 100.0), minutes(1, 300)), max_size=6
).map(tuple)
ON_BASAL = st.builds(BolusOnBasal, BASAL, st.floats(0.1, 100.0), minutes(1, 300))
BRIDGES = st.builds(Bridge, st.builds(Continuous, RATES) | FLEX, st.floats(1.0, 500.0), minutes(1, 4000))
MINIMUM = st.builds(MinimumRate, st.floats(0.01, 2.0))
CASES = st.tuples(BASAL | WITH_BOLUS | ON_BASAL | BRIDGES | MINIMUM, minutes(-1500, 3000), BOLUSES)


def rate_by_hand(therapy: Therapy, at_s: float, started_s: float, boluses: tuple[AcceptedBolus, ...]) -> float:
    """The rate, written without a look at the code under test: by walking, not by looking up."""
    if at_s < started_s:
        return 0.0
    if isinstance(therapy, WithPatientBolus | BolusOnBasal):
        running = [one for one in boluses if 0 <= at_s - one.started_s < one.duration_s]
        added = sum(3600 * one.volume_ul / one.duration_s for one in running)
        return rate_by_hand(therapy.basal, at_s, started_s, ()) + added
    if isinstance(therapy, SingleBolus):
        over = at_s - started_s >= therapy.bolus_duration_s
        return 0.0 if over else 3600 * therapy.bolus_volume_ul / therapy.bolus_duration_s
    if isinstance(therapy, Bridge):
        over = at_s - started_s >= therapy.bridge_duration_s
        bridge = 3600 * therapy.bridge_volume_ul / therapy.bridge_duration_s
        return rate_by_hand(therapy.basal, at_s, started_s, ()) if over else bridge
    if isinstance(therapy, Flex | WeeklyFlex):
        return rate_of_a_day_by_hand(therapy, at_s)
    assert isinstance(therapy, Continuous | MinimumRate)
    return therapy.minimum_rate_ul_per_h if isinstance(therapy, MinimumRate) else therapy.steady_rate_ul_per_h


def rate_of_a_day_by_hand(therapy: Flex | WeeklyFlex, at_s: float) -> float:
    if isinstance(therapy, Flex):
        minute_of_day = int(at_s // 60) % 1440
        rate = therapy.steps[-1].rate_ul_per_h
        for step in therapy.steps:
            if minute_of_day >= step.start_minute:
                rate = step.rate_ul_per_h
        return rate
    day, minute_of_day = int(at_s // DAY), int(at_s // 60) % 1440
    rate = therapy.days[(day - 1) % 7][-1].rate_ul_per_h
    for step in therapy.days[day % 7]:
        if minute_of_day >= step.start_minute:
            rate = step.rate_ul_per_h
    return rate


@settings(max_examples=80)
@given(CASES, minutes(-1600, 3000), minutes(0, 2000))
def test_the_closed_form_equals_brute_force_integration(
    case: tuple[Therapy, float, tuple[AcceptedBolus, ...]], from_s: float, length_s: int
) -> None:
    therapy, started_s, boluses = case
    cells = range(length_s // GRID)
    middles = (from_s + cell * GRID + GRID / 2 for cell in cells)
    by_hand = sum(rate_by_hand(therapy, at_s, started_s, boluses) for at_s in middles) * GRID / 3600
    assert therapy.volume_ul(from_s, from_s + length_s, started_s, boluses) == pytest.approx(by_hand, abs=1e-6)


@given(CASES, st.floats(-2 * DAY, 3 * DAY), st.floats(0, 3 * DAY), st.floats(0, 1))
def test_volumes_of_neighbouring_intervals_add_up_and_are_never_negative(
    case: tuple[Therapy, float, tuple[AcceptedBolus, ...]], from_s: float, length_s: float, share: float
) -> None:
    therapy, started_s, boluses = case
    to_s = from_s + length_s
    cut_s = min(from_s + share * length_s, to_s)
    before = therapy.volume_ul(from_s, cut_s, started_s, boluses)
    after = therapy.volume_ul(cut_s, to_s, started_s, boluses)
    whole = therapy.volume_ul(from_s, to_s, started_s, boluses)
    assert before >= 0
    assert after >= 0
    assert whole >= before - 1e-6
    assert whole == pytest.approx(before + after, abs=1e-6)


@settings(max_examples=60)
@given(CASES, minutes(-1600, 3000), minutes(1, 3000))
def test_between_two_boundaries_the_rate_is_constant_and_gives_the_volume(
    case: tuple[Therapy, float, tuple[AcceptedBolus, ...]], from_s: float, length_s: int
) -> None:
    therapy, started_s, boluses = case
    to_s = from_s + length_s
    inner = therapy.boundaries_s(from_s, to_s, started_s, boluses)
    assert list(inner) == sorted(set(inner))
    assert all(from_s < instant < to_s for instant in inner)
    edges = [from_s, *inner, to_s]
    for begins_s, ends_s in pairwise(edges):
        rate = therapy.rate_ul_per_h(begins_s, started_s, boluses)
        middle_s = (begins_s + ends_s) / 2
        assert rate == pytest.approx(rate_by_hand(therapy, middle_s, started_s, boluses), abs=1e-9)
        volume = therapy.volume_ul(begins_s, ends_s, started_s, boluses)
        assert volume == pytest.approx(rate * (ends_s - begins_s) / 3600, abs=1e-6)


@given(BASAL | WITH_BOLUS | ON_BASAL | BRIDGES | MINIMUM)
def test_a_therapy_comes_back_from_the_journal_as_it_went_in(therapy: Therapy) -> None:
    assert therapy_from(json.loads(json.dumps(therapy.describe()))) == therapy


NIGHT = Flex((Step(6 * 60, 2.0), Step(22 * 60, 10.0)))


def test_a_night_step_runs_on_across_midnight() -> None:
    start_s = 3 * DAY + 21 * 3600
    assert NIGHT.volume_ul(start_s, start_s + 10 * 3600, start_s) == pytest.approx(2 + 80 + 2)
    assert NIGHT.rate_ul_per_h(4 * DAY, start_s) == 10.0


def test_a_pump_started_before_the_first_step_runs_the_last_step_of_the_day_before() -> None:
    assert NIGHT.volume_ul(0, 7 * 3600, 0) == pytest.approx(60 + 2)


def test_flex_boundaries_are_the_step_starts_of_each_day() -> None:
    inside = NIGHT.boundaries_s(0, 2 * DAY, -DAY)
    assert inside == (6 * 3600, 22 * 3600, DAY + 6 * 3600, DAY + 22 * 3600)


def test_a_step_with_the_rate_of_the_one_before_is_no_boundary() -> None:
    same = Flex((Step(0, 5.0), Step(600, 5.0), Step(900, 7.0)))
    assert same.boundaries_s(-1, DAY - 1, -1) == (0.0, 54000.0)


WEEK = WeeklyFlex(tuple((Step(8 * 60, 10.0 + day), Step(20 * 60, 2.0 + day)) for day in range(7)))


@settings(max_examples=30)
@given(WEEKLY, minutes(-10_000, 30_000), minutes(0, 30_000))
def test_a_week_equals_brute_force_integration_over_weeks(week: WeeklyFlex, from_s: float, length_s: int) -> None:
    middles = (from_s + cell * GRID + GRID / 2 for cell in range(length_s // GRID))
    by_hand = sum(rate_by_hand(week, at_s, -math.inf, ()) for at_s in middles) * GRID / 3600
    assert week.volume_ul(from_s, from_s + length_s, -math.inf) == pytest.approx(by_hand, rel=1e-9, abs=1e-6)


def test_the_last_night_of_a_week_runs_on_into_the_next() -> None:
    week_s = 7 * DAY
    assert WEEK.rate_ul_per_h(week_s + 7 * 3600, 0) == 8.0
    assert WEEK.rate_ul_per_h(week_s + 8 * 3600, 0) == 10.0
    assert WEEK.volume_ul(week_s - 3600, week_s + 9 * 3600, 0) == pytest.approx(9 * 8 + 10)


def test_each_weekday_has_its_own_volume_and_a_thousand_weeks_are_as_exact() -> None:
    days_ul = [WEEK.volume_ul(day * DAY + 8 * 3600, (day + 1) * DAY + 8 * 3600, 0) for day in range(7)]
    assert days_ul == pytest.approx([12 * (10 + day) + 12 * (2 + day) for day in range(7)])
    assert WEEK.volume_ul(0, 7000 * DAY, 0) == pytest.approx(1000 * sum(days_ul))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((NIGHT.steps,) * 6, "6 days, a week has 7"),
        ((NIGHT.steps,) * 6 + ((),), "day 7: 0 steps"),
        ((NIGHT.steps[::-1],) + (NIGHT.steps,) * 6, "day 1: start minutes .* do not rise"),
        (((Step(0, 0.0),),) * 7, "no step delivers anything"),
    ],
)
def test_a_week_that_cannot_be_is_refused(days: tuple[tuple[Step, ...], ...], told: str) -> None:
    with pytest.raises(PlanError, match=told):
        WeeklyFlex(days)


def test_a_single_bolus_ends_by_itself() -> None:
    bolus = SingleBolus(30.0, 600)
    assert bolus.volume_ul(1000, 1300, 1000) == pytest.approx(15.0)
    assert bolus.volume_ul(0, 10 * DAY, 1000) == pytest.approx(30.0)
    assert bolus.rate_ul_per_h(1599.9, 1000) == pytest.approx(180.0)
    assert bolus.rate_ul_per_h(1600.0, 1000) == 0.0


def test_a_year_is_as_exact_as_a_minute() -> None:
    late_s = 3650 * DAY + 22 * 3600
    assert NIGHT.volume_ul(late_s, late_s + 60, 0) == pytest.approx(10 / 60, abs=1e-9)
    assert NIGHT.volume_ul(0, 3650 * DAY, 0) == pytest.approx(3650 * (16 * 2 + 8 * 10))


PTM = WithPatientBolus(Continuous(40.0), 20.0, 600, 7200, 3)


def test_a_patient_bolus_comes_on_top_of_the_basal_rate() -> None:
    bolus = PTM.accepted(3600.0)
    assert PTM.rate_ul_per_h(3600.0, 0, [bolus]) == pytest.approx(40 + 120)
    assert PTM.volume_ul(0, 2 * 3600, 0, [bolus]) == pytest.approx(80 + 20)
    assert PTM.volume_ul(3600, 3900, 0, [bolus]) == pytest.approx(40 / 12 + 10)
    assert PTM.boundaries_s(0, 7200, -1, [bolus]) == (3600.0, 4200.0)


def test_a_bolus_that_a_therapy_has_not_is_not_expected() -> None:
    assert Continuous(40.0).volume_ul(0, 3600, 0, [AcceptedBolus(0, 20, 600)]) == 40.0


def test_no_bolus_counts_before_the_start() -> None:
    assert PTM.volume_ul(0, 3600, 3600, [AcceptedBolus(3000, 20, 1200)]) == 0.0
    assert PTM.volume_ul(0, 4200, 3600, [AcceptedBolus(3000, 20, 1200)]) == pytest.approx(40 / 6 + 10)


@pytest.mark.parametrize(
    ("at_s", "earlier_s", "expected"),
    [
        (5000.0, (), CommandResult.ACCEPTED),
        (7199.99, (0.0,), CommandResult.LOCKOUT),
        (7200.0, (0.0,), CommandResult.ACCEPTED),
        (40000.0, (0.0, 10000.0, 20000.0), CommandResult.DAILY_MAXIMUM),
        (DAY - 0.01, (0.0, 10000.0, 20000.0), CommandResult.DAILY_MAXIMUM),
        (DAY, (0.0, 10000.0, 20000.0), CommandResult.ACCEPTED),
        (27000.0, (0.0, 10000.0, 20000.0), CommandResult.LOCKOUT),
    ],
)
def test_lockout_and_daily_maximum_end_at_their_last_instant(
    at_s: float, earlier_s: tuple[float, ...], expected: CommandResult
) -> None:
    assert PTM.verdict_on_request(at_s, [PTM.accepted(instant) for instant in earlier_s]) is expected


def test_a_difference_of_clock_readings_is_not_short_by_a_rounding_error() -> None:
    asked_s = 260000.04
    again_s = 267200.04
    assert again_s - asked_s < 7200.0
    assert PTM.verdict_on_request(again_s, [PTM.accepted(asked_s)]) is CommandResult.ACCEPTED


def test_the_day_of_the_daily_maximum_rolls_and_does_not_start_at_midnight() -> None:
    evening = [PTM.accepted(DAY - hours * 3600.0) for hours in (9, 6, 3)]
    assert PTM.verdict_on_request(DAY + 3600.0, evening) is CommandResult.DAILY_MAXIMUM


@given(st.lists(st.integers(0, 200), max_size=6), st.integers(1, 5), st.integers(1, 5), st.integers(600, 7200))
def test_a_pump_that_is_waited_for_gives_what_is_needed(gaps: list[int], needed: int, most: int, lockout: int) -> None:
    therapy = WithPatientBolus(Continuous(40.0), 20.0, 600, lockout, most)
    asked_s, given_before = 0.0, []
    for gap in gaps:
        asked_s += lockout + 60.0 * gap
        if therapy.verdict_on_request(asked_s, given_before) is CommandResult.ACCEPTED:
            given_before.append(therapy.accepted(asked_s))
    free_s = max(asked_s, therapy.free_from_s(given_before, needed))
    boluses = list(given_before)
    for number in range(min(needed, most)):
        at_s = free_s + number * lockout
        assert therapy.verdict_on_request(at_s, boluses) is CommandResult.ACCEPTED
        boluses.append(therapy.accepted(at_s))


def test_nothing_before_is_nothing_to_wait_for_and_one_too_many_is_waited_for_a_day() -> None:
    before = [PTM.accepted(hours * 3600.0) for hours in (0, 3, 6)]
    assert PTM.free_from_s((), 3) == -math.inf
    assert [PTM.free_from_s(before, needed) for needed in (1, 2, 3, 9)] == [
        DAY,
        DAY + 3 * 3600.0,
        DAY + 6 * 3600.0,
        DAY + 6 * 3600.0,
    ]
    assert PTM.free_from_s(before[:1], 2) == 7200.0


def test_programs_say_what_the_therapy_is() -> None:
    assert Continuous(40.0).program(2000.0) == Program(Mode.CONTINUOUS, (Step(0, 40.0),), low_reservoir_alarm_ul=2000.0)
    assert NIGHT.program(0.0) == Program(Mode.FLEX, NIGHT.steps)
    assert SingleBolus(30.0, 600).program(0.0) == Program(Mode.SINGLE_BOLUS, bolus_volume_ul=30.0, bolus_duration_s=600)
    assert Bridge(NIGHT, 250.0, 21600.2).program(9.0) == Program(
        Mode.BRIDGE, NIGHT.steps, bolus_volume_ul=250.0, bolus_duration_s=21600, low_reservoir_alarm_ul=9.0
    )
    assert MinimumRate(0.25).program(9.0) == Program(Mode.MINIMUM_RATE, low_reservoir_alarm_ul=9.0)
    assert PTM.program(2000.0) == Program(
        Mode.CONTINUOUS,
        (Step(0, 40.0),),
        ptm_volume_ul=20.0,
        ptm_duration_s=600,
        ptm_lockout_s=7200,
        ptm_max_per_day=3,
        low_reservoir_alarm_ul=2000.0,
    )


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Continuous(0.0), "0.0 is not over zero"),
        (lambda: Continuous(float("nan")), "nan is not over zero"),
        (lambda: Flex(()), "0 steps"),
        (lambda: Flex(tuple(Step(minute, 1.0) for minute in range(14))), "14 steps"),
        (lambda: Flex((Step(5, 1.0), Step(5, 2.0))), "do not rise"),
        (lambda: Flex((Step(1440, 1.0),)), "not whole minutes of a day"),
        (lambda: Flex((Step(0, -1.0),)), "zero or more"),
        (lambda: Flex((Step(0, 0.0),)), "no step delivers"),
        (lambda: SingleBolus(1.0, 0), "bolus_duration_s 0"),
        (lambda: WithPatientBolus(Continuous(1.0), 1.0, 600, 599, 1), "two would run at once"),
        (lambda: WithPatientBolus(PTM, 1.0, 1, 1, 1), "has boluses already"),
        (lambda: WithPatientBolus(Bridge(Continuous(1.0), 9.0, 60), 1.0, 1, 1, 1), "end too late"),
        (lambda: BolusOnBasal(Bridge(Continuous(1.0), 9.0, 60), 1.0, 1), "end too late"),
        (lambda: Bridge(PTM, 9.0, 60), "cannot lead to patient_bolus"),
        (lambda: Bridge(Continuous(1.0), 0.0, 0), "bridge_volume_ul 0.0.*bridge_duration_s 0"),
        (lambda: MinimumRate(0.0), "0.0 is not over zero"),
        (lambda: WithPatientBolus(Continuous(1.0), -1.0, 600, 600, 0), "ptm_volume_ul -1.0"),
    ],
)
def test_a_therapy_that_cannot_be_is_a_plan_error(make: object, named: str) -> None:
    with pytest.raises(PlanError, match=named):
        make()  # type: ignore[operator]  # parametrised lambdas of different types


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"mode": "continous", "steady_rate_ul_per_h": 1.0}, "did you mean 'continuous'"),
        ({}, "modes are bolus_on_basal, bridge, continuous"),
        ({"mode": "continuous"}, "steady_rate_ul_per_h"),
        ({"mode": "continuous", "steady_rate_ul_per_h": "1"}, "no number"),
        ({"mode": "continuous", "steady_rate_ul_per_h": 1.0, "extra": 2}, "extra"),
        ({"mode": "flex", "steps": 3}, "no list of steps"),
        ({"mode": "flex", "steps": [{"start_minute": 0.5, "rate_ul_per_h": 1.0}]}, "no whole number"),
        ({"mode": "patient_bolus"}, "read basal"),
    ],
)
def test_a_description_that_is_not_one_is_refused(told: dict[str, object], named: str) -> None:
    with pytest.raises(PlanError, match=named):
        therapy_from(told)


def test_an_interval_that_runs_backwards_is_refused() -> None:
    for therapy in (Continuous(1.0), PTM):
        with pytest.raises(ValueError, match="runs backwards"):
            therapy.volume_ul(10.0, 9.0, 0.0)


def test_every_mode_of_the_issue_is_registered() -> None:
    assert set(MODES) == {
        "continuous",
        "flex",
        "single_bolus",
        "patient_bolus",
        "weekly_flex",
        "bolus_on_basal",
        "bridge",
        "minimum_rate",
    }
