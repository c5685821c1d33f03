# SPDX-License-Identifier: Apache-2.0
"""A bolus under the pump's greatest rate: the closed form against integration second by second, and its edges."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.therapy import Continuous, Flex, RunningSchedule, Step, Therapy, WithPatientBolus, therapy_from
from groundfloor.errors import PlanError
from instruments.pump import CommandResult

HOUR_S, DAY_S = 3600.0, 86400.0
GREATEST = 100.0
CELL_S = 1.0

RATES = st.floats(1.0, GREATEST)
STARTS = st.sets(st.integers(0, 143).map(lambda place: 10 * place), min_size=1, max_size=13).map(sorted)
FLEX = STARTS.flatmap(
    lambda starts: (
        st.lists(RATES, min_size=len(starts), max_size=len(starts))
        .filter(lambda rates: min(rates) < 0.9 * GREATEST)
        .map(lambda rates: Flex(tuple(Step(*pair) for pair in zip(starts, rates, strict=True))))
    )
)
THERAPIES = st.builds(
    lambda basal, volume, duration: WithPatientBolus(basal, volume, duration, duration, 9, GREATEST),
    st.builds(Continuous, st.floats(1.0, 0.9 * GREATEST)) | FLEX,
    st.floats(1.0, 60.0),
    st.integers(5, 60).map(lambda minutes: 60 * minutes),
)


def by_hand(therapy: WithPatientBolus, asked_s: float) -> tuple[float, float]:
    """When the bolus is over, and all that the pump has given by then since it was asked: second by second."""
    even = therapy.ptm_volume_ul / therapy.ptm_duration_s
    now_s, left_ul, given_ul = asked_s, therapy.ptm_volume_ul, 0.0
    while left_ul > 1e-9:
        basal = therapy.basal.rate_ul_per_h(now_s + CELL_S / 2, -math.inf) / HOUR_S
        more = min(even, max(0.0, GREATEST / HOUR_S - basal), left_ul / CELL_S)
        given_ul += (basal + more) * CELL_S
        left_ul -= more * CELL_S
        now_s += CELL_S
    return now_s, given_ul


@settings(max_examples=25, deadline=None)
@given(THERAPIES, st.integers(0, 2 * 144).map(lambda place: 600.0 * place))
def test_a_slowed_bolus_comes_as_second_by_second(therapy: WithPatientBolus, asked_s: float) -> None:
    bolus = therapy.accepted(asked_s)
    ends_s, given_ul = by_hand(therapy, asked_s)
    assert bolus.ends_s == pytest.approx(ends_s, abs=2 * CELL_S)
    assert therapy.volume_ul(asked_s, ends_s, -math.inf, [bolus]) == pytest.approx(given_ul, abs=0.1)
    assert bolus.between_ul(asked_s, bolus.ends_s) == pytest.approx(therapy.ptm_volume_ul)
    edges_s = (asked_s, *therapy.boundaries_s(asked_s, ends_s + DAY_S, -math.inf, [bolus]))
    rates = [therapy.rate_ul_per_h(at_s, -math.inf, [bolus]) for at_s in edges_s]
    assert max(rates) <= GREATEST * (1 + 1e-9)


def slowed(basal: Therapy) -> WithPatientBolus:
    return WithPatientBolus(basal, 20.0, 600, 7200, 4, GREATEST)


def test_a_bolus_that_fits_is_even_and_one_that_does_not_takes_longer() -> None:
    assert slowed(Continuous(GREATEST / 100)).accepted(0.0).duration_s == pytest.approx(20.0 / 99.0 * HOUR_S)
    assert WithPatientBolus(Continuous(10.0), 10.0, 600, 7200, 4, GREATEST).accepted(5.0).steps == ()
    assert WithPatientBolus(Continuous(90.0), 20.0, 600, 7200, 4).accepted(5.0).duration_s == 600


def test_a_bolus_waits_in_a_step_that_leaves_no_room() -> None:
    therapy = slowed(Flex((Step(0, 50.0), Step(10, GREATEST), Step(20, 50.0))))
    bolus = therapy.accepted(300.0)
    assert [(at_s, round(rate, 6)) for at_s, rate in bolus.rates] == [(300.0, 50.0), (600.0, 0.0), (1200.0, 50.0)]
    assert bolus.duration_s == pytest.approx(20.0 / 50.0 * HOUR_S + 600.0)
    assert bolus.between_ul(600.0, 1200.0) == 0.0


def test_at_the_greatest_rate_a_request_is_refused_for_the_rate() -> None:
    therapy = slowed(Continuous(GREATEST))
    assert therapy.verdict_on_request(0.0, ()) is CommandResult.RATE_OUT_OF_RANGE
    with pytest.raises(PlanError, match="leaves nothing of the greatest rate"):
        therapy.accepted(0.0)


def test_one_that_runs_past_its_lockout_keeps_the_next_from_starting() -> None:
    therapy = WithPatientBolus(Continuous(95.0), 20.0, 600, 600, 9, GREATEST)
    first = therapy.accepted(0.0)
    assert first.duration_s == pytest.approx(4 * HOUR_S)
    assert therapy.verdict_on_request(700.0, [first]) is CommandResult.WRONG_STATE
    assert therapy.verdict_on_request(first.ends_s, [first]) is CommandResult.ACCEPTED


def test_a_stop_cuts_a_slowed_bolus_where_it_is() -> None:
    therapy = slowed(Flex((Step(0, 50.0), Step(10, 90.0))))
    schedule = RunningSchedule(therapy)
    schedule.start(0.0)
    schedule.boluses.append(therapy.accepted(300.0))
    schedule.stop(900.0)
    (due,) = schedule.boluses_due
    assert due.volume_ul == pytest.approx(50.0 / 12 + 10.0 / 12)
    assert schedule.since_beginning_ul(DAY_S) == pytest.approx(50.0 / 6 + 90.0 / 12 + due.volume_ul)


def test_the_greatest_rate_goes_through_the_journal() -> None:
    therapy = slowed(Continuous(50.0))
    assert therapy_from(therapy.describe()) == therapy
    assert "greatest_rate_ul_per_h" not in WithPatientBolus(Continuous(50.0), 1.0, 60, 60, 1).describe()
