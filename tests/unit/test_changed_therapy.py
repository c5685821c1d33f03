# SPDX-License-Identifier: Apache-2.0
"""A change of program loses no second and counts none twice, whatever was programmed before and after."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.therapy import ChangedTherapy, Continuous, Flex, RunningSchedule, Step, Therapy, WithPatientBolus
from groundfloor.errors import PlanError

HOUR_S, DAY_S = 3600.0, 86400.0
GRID_S = 60
rates = st.floats(1.0, 500.0)
steps = st.lists(st.integers(0, 1439), min_size=1, max_size=5, unique=True).map(sorted)
flexes = st.builds(
    lambda minutes, rate: Flex(tuple(Step(at, rate * (1 + number)) for number, at in enumerate(minutes))), steps, rates
)
therapies: st.SearchStrategy[Therapy] = st.one_of(st.builds(Continuous, rates), flexes)


def rate_by_hand(programs: list[tuple[float, Therapy]], at_s: float) -> float:
    """The rate of the program in force, looked up minute by minute and without the bench's mathematics."""
    (therapy,) = [one for from_s, one in programs if from_s <= at_s][-1:]
    if isinstance(therapy, Continuous):
        return therapy.steady_rate_ul_per_h
    assert isinstance(therapy, Flex)
    minute = at_s % DAY_S / 60
    begun = [step for step in therapy.steps if step.start_minute <= minute]
    return (begun or therapy.steps)[-1].rate_ul_per_h


@settings(max_examples=40, deadline=None)
@given(
    st.lists(therapies, min_size=2, max_size=5),
    st.lists(st.integers(1, 3000), min_size=4, max_size=4, unique=True).map(sorted),
    st.integers(0, 1000),
    st.integers(1, 2000),
)
def test_the_volume_is_what_minute_by_minute_addition_gives(
    programmed: list[Therapy], minutes: list[int], from_min: int, lasts_min: int
) -> None:
    schedule = RunningSchedule(programmed[0])
    schedule.start(0.0)
    programs = [(0.0, programmed[0])]
    for minute, therapy in zip(minutes, programmed[1:], strict=False):
        schedule.change(therapy, 60.0 * minute)
        programs.append((60.0 * minute, therapy))
    from_s, to_s = 60.0 * from_min, 60.0 * (from_min + lasts_min)
    by_hand = sum(rate_by_hand(programs, from_s + GRID_S * number) / 60 for number in range(lasts_min))
    assert schedule.volume_ul(from_s, to_s) == pytest.approx(by_hand, rel=1e-9)
    assert [rate for at_s, rate in schedule.rate_steps(from_s, to_s)] == [
        rate_by_hand(programs, at_s) for at_s, _ in schedule.rate_steps(from_s, to_s)
    ]


def test_the_instant_of_a_change_belongs_to_the_new_program() -> None:
    schedule = RunningSchedule(Continuous(10.0))
    schedule.start(0.0)
    schedule.change(Continuous(30.0), HOUR_S)
    assert schedule.rate_ul_per_h(HOUR_S - 0.01) == 10.0
    assert schedule.rate_ul_per_h(HOUR_S) == 30.0
    assert list(schedule.changes_s(0.0, 2 * HOUR_S)) == [HOUR_S]
    assert schedule.spans_s == ((0.0, float("inf")),)
    assert (schedule.in_force, schedule.changed_s) == (Continuous(30.0), (HOUR_S,))


def test_a_pump_that_stood_for_its_update_gave_nothing_meanwhile() -> None:
    schedule = RunningSchedule(Continuous(10.0))
    schedule.start(0.0)
    schedule.stop(HOUR_S)
    schedule.start(2 * HOUR_S)
    schedule.change(Continuous(30.0), 2 * HOUR_S)
    assert schedule.volume_ul(0.0, 3 * HOUR_S) == pytest.approx(40.0)


def test_a_bolus_before_a_change_stays_given_and_the_rules_are_those_of_the_new_program() -> None:
    with_bolus = WithPatientBolus(Continuous(36.0), 20.0, 600, 7200, 4)
    schedule = RunningSchedule(with_bolus)
    schedule.start(0.0)
    schedule.boluses.append(with_bolus.accepted(HOUR_S))
    schedule.change(Continuous(72.0), 2 * HOUR_S)
    assert schedule.volume_ul(0.0, 3 * HOUR_S) == pytest.approx(2 * 36.0 + 20.0 + 72.0)
    assert schedule.in_force.program(0.0).ptm_volume_ul == 0.0


def test_a_change_before_the_last_one_is_none() -> None:
    changed = ChangedTherapy(Continuous(1.0), ((HOUR_S, Continuous(2.0)),))
    with pytest.raises(PlanError, match="go backwards"):
        changed.changed_to(Continuous(3.0), HOUR_S - 1)


def test_it_tells_all_that_was_programmed() -> None:
    changed = ChangedTherapy(Continuous(1.0), ()).changed_to(Continuous(2.0), HOUR_S)
    assert changed.describe() == {
        "mode": "changed",
        "first": {"mode": "continuous", "steady_rate_ul_per_h": 1.0},
        "changes": [{"at_s": HOUR_S, "to": {"mode": "continuous", "steady_rate_ul_per_h": 2.0}}],
    }
    assert changed.program(5.0) == Continuous(2.0).program(5.0)
