# SPDX-License-Identifier: Apache-2.0
"""What is expected of a pump counts only while it runs."""

import pytest

from bench.therapy import AcceptedBolus, Continuous, Flex, RunningSchedule, SingleBolus, Step, WithPatientBolus

HOUR_S = 3600.0


def test_nothing_is_expected_before_the_start_and_during_a_stop() -> None:
    schedule = RunningSchedule(Continuous(10.0))
    assert schedule.since_beginning_ul(100.0) == 0.0
    schedule.start(0.0)
    assert schedule.since_beginning_ul(HOUR_S) == pytest.approx(10.0)
    schedule.stop(HOUR_S)
    assert schedule.since_beginning_ul(5 * HOUR_S) == pytest.approx(10.0)
    schedule.start(5 * HOUR_S)
    assert schedule.since_beginning_ul(6 * HOUR_S) == pytest.approx(20.0)


def test_a_stopped_pump_is_still_known_by_the_rate_it_would_have() -> None:
    schedule = RunningSchedule(Flex((Step(0, 10.0), Step(720, 30.0))))
    assert schedule.rate_ul_per_h(13 * HOUR_S) == 0.0
    assert schedule.rate_if_running_ul_per_h(13 * HOUR_S) == 30.0


def with_a_bolus_at_an_hour() -> RunningSchedule:
    """A bolus of 20 µL in 600 s, 200 s of it before a stop."""
    therapy = WithPatientBolus(Continuous(36.0), 20.0, 600, 7200, 4)
    schedule = RunningSchedule(therapy)
    schedule.start(0.0)
    schedule.boluses.append(therapy.accepted(HOUR_S))
    schedule.stop(HOUR_S + 200.0)
    return schedule


def test_a_start_does_not_take_up_what_a_stop_cut_off_a_bolus() -> None:
    schedule = with_a_bolus_at_an_hour()
    before_ul = 36.0 * (HOUR_S + 200.0) / HOUR_S + 20.0 / 3
    assert schedule.since_beginning_ul(2 * HOUR_S) == pytest.approx(before_ul)
    schedule.start(HOUR_S + 300.0)
    assert schedule.rate_ul_per_h(HOUR_S + 400.0) == 36.0
    assert list(schedule.changes_s(HOUR_S + 300.0, 2 * HOUR_S)) == []
    assert schedule.volume_ul(HOUR_S + 300.0, HOUR_S + 1300.0) == pytest.approx(10.0)
    assert schedule.rate_steps(HOUR_S - 1, HOUR_S + 700.0)[-1] == (HOUR_S + 300.0, 36.0)


def test_what_a_pump_was_asked_for_stays_known_whole_when_a_stop_cuts_it() -> None:
    """The lockout and the most of a day count a bolus that was cut as well."""
    schedule = with_a_bolus_at_an_hour()
    (whole,), (due,) = schedule.boluses, schedule.boluses_due
    assert (whole.volume_ul, due.volume_ul, due.duration_s) == pytest.approx((20.0, 20.0 / 3, 200.0))


def test_a_bolus_that_was_accepted_while_the_pump_stood_is_not_due() -> None:
    schedule = with_a_bolus_at_an_hour()
    assert isinstance(schedule.therapy, WithPatientBolus)
    schedule.boluses.append(schedule.therapy.accepted(HOUR_S + 250.0))
    schedule.start(HOUR_S + 300.0)
    assert len(schedule.boluses_due) == 1


def test_each_start_of_a_single_bolus_gives_it_anew() -> None:
    schedule = RunningSchedule(SingleBolus(30.0, 600))
    schedule.start(0.0)
    schedule.stop(200.0)
    schedule.start(1000.0)
    assert schedule.since_beginning_ul(5000.0) == pytest.approx(10.0 + 30.0)


def test_where_it_is_promised_a_start_takes_up_the_rest_of_a_bolus_and_no_more() -> None:
    schedule = with_a_bolus_at_an_hour()
    schedule.resumes_boluses = True
    schedule.start(2 * HOUR_S)
    schedule.stop(2 * HOUR_S + 100.0)  # and once more in the middle
    schedule.start(3 * HOUR_S)
    parts = schedule.boluses_due
    assert [(one.started_s, one.duration_s) for one in parts] == [(3600.0, 200.0), (7200.0, 100.0), (10800.0, 300.0)]
    assert sum(one.volume_ul for one in parts) == pytest.approx(20.0)
    basal_ul = 36.0 * (HOUR_S + 200.0 + 100.0 + 2 * HOUR_S) / HOUR_S
    assert schedule.volume_ul(0.0, 5 * HOUR_S) == pytest.approx(basal_ul + 20.0)


def test_the_rest_of_a_bolus_that_was_slowed_down_keeps_its_rates() -> None:
    bolus = AcceptedBolus(0.0, 30.0, 1200, ((0.0, 60.0), (600.0, 120.0)))
    rest = bolus.taken_up(300.0, 5000.0)
    assert rest == AcceptedBolus(5000.0, pytest.approx(25.0), 900.0, ((5000.0, 60.0), (5300.0, 120.0)))
    assert rest.between_ul(5000.0, 5600.0) == pytest.approx(5 + 10)
