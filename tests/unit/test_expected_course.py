# SPDX-License-Identifier: Apache-2.0
"""The course that a good pump takes, the bounds of what it may count, and the worst window of a curve."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.account.registers.counter import worst_window
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.volume_bounds import greatest_ul_per_h, least_ul, most_ul
from bench.alarms import LoggedAlarm
from instruments.pump import Command, CommandResult, PumpState
from tests.unit.made_infusion import AHEAD_S, HOUR_S, LEAD_IN_S, RATE_UL_PER_H, MadeInfusion, kinked, with_boluses

ALARM_S = LEAD_IN_S + 2 * HOUR_S


def states(made: MadeInfusion, *at_s: float) -> list[set[str]]:
    course = ExpectedCourse(made.record())
    return [{str(state) for state in course.states(one + AHEAD_S)} for one in at_s]


# --- the course -----------------------------------------------------------------------------------------------------


def test_an_alarm_that_stops_the_pump_ends_the_schedule_until_the_next_start() -> None:
    made = kinked()
    told = states(made, 100.0, 400.0, ALARM_S, made.acknowledged_s - 1.0, made.acknowledged_s, made.runs_s[1][0])
    assert told == [{"stopped"}, {"infusing"}, {"alarm_stopped"}, {"alarm_stopped"}, {"stopped"}, {"infusing"}]


def test_a_plan_that_waited_for_no_alarm_changes_nothing_of_that() -> None:
    """Nobody told the schedule that the alarm had stopped the pump."""
    made = kinked()
    record = made.record()
    blind = MadeInfusion(runs_s=((LEAD_IN_S, made.runs_s[1][0]), made.runs_s[1]))
    course = ExpectedCourse(replace(record, schedule=blind.schedule))
    assert course.rate_ul_per_h(ALARM_S + 60.0 + AHEAD_S) == 0.0
    assert course.states(ALARM_S + 60.0 + AHEAD_S) == {PumpState.ALARM_STOPPED}
    assert course.rate_ul_per_h(made.runs_s[1][0] + 60.0 + AHEAD_S) == pytest.approx(RATE_UL_PER_H)


def test_an_alarm_that_a_plan_saw_between_two_samples_is_one_stop_and_no_more() -> None:
    record = kinked().record()
    (one,) = record.alarms
    seen = LoggedAlarm(one.entry, one.onset_s, one.after_s, one.by_s - 0.5)
    between = ExpectedCourse(replace(record, alarms=(seen,)))
    assert len(between.alarm_stops) == len(ExpectedCourse(record).alarm_stops) == 1


def test_a_stop_in_an_alarm_may_be_told_as_either() -> None:
    made = kinked()
    record = made.record()
    stop = replace(record.commands[0], command=Command.STOP, device_clock_s=ALARM_S + 300.0 + AHEAD_S)
    course = ExpectedCourse(replace(record, commands=(*record.commands, stop)))
    assert course.states(ALARM_S + 299.0 + AHEAD_S) == {PumpState.ALARM_STOPPED}
    assert course.states(ALARM_S + 301.0 + AHEAD_S) == {PumpState.ALARM_STOPPED, PumpState.STOPPED}


def test_a_command_that_was_refused_changes_nothing() -> None:
    made = kinked()
    record = made.record()
    refused = tuple(
        replace(one, answer=CommandResult.WRONG_STATE) if one.command is Command.ACKNOWLEDGE else one
        for one in record.commands
    )
    course = ExpectedCourse(replace(record, commands=refused))
    assert course.states(made.acknowledged_s + 1.0 + AHEAD_S) == {PumpState.ALARM_STOPPED}


def test_a_bolus_that_a_stop_cuts_short_is_not_taken_up_again() -> None:
    made = with_boluses()
    begins_s = made.boluses_s[0]
    cut = replace(made, runs_s=((LEAD_IN_S, begins_s + 300.0), (begins_s + 400.0, begins_s + HOUR_S)))
    course = ExpectedCourse(cut.record())
    assert course.boluses[0].volume_ul == pytest.approx(10.0)
    assert course.states(begins_s + 299.0 + AHEAD_S) == {PumpState.BOLUS}
    assert course.states(begins_s + 401.0 + AHEAD_S) == {PumpState.INFUSING}
    assert course.rate_ul_per_h(begins_s + 401.0 + AHEAD_S) == pytest.approx(RATE_UL_PER_H)


def test_nothing_is_scheduled_before_the_first_start_and_after_the_last_stop() -> None:
    made = MadeInfusion()
    (before, after) = ExpectedCourse(made.record()).standing_spans_s()
    assert before[1] == pytest.approx(LEAD_IN_S + AHEAD_S)
    assert after[0] == pytest.approx(made.runs_s[0][1] + 5.0 + AHEAD_S)


# --- bounds ---------------------------------------------------------------------------------------------------------


def test_the_most_and_the_least_differ_by_what_the_slack_of_a_change_is_worth() -> None:
    segments = [(-5.0, 105.0, 0.0), (95.0, 205.0, 3600.0)]
    at_s = np.array([0.0, 95.0, 100.0, 105.0, 200.0])
    assert most_ul(segments, at_s) == pytest.approx([0.0, 0.0, 5.0, 10.0, 105.0])
    assert least_ul(segments, at_s) == pytest.approx([0.0, 0.0, 0.0, 0.0, 95.0])


def test_outside_all_stretches_the_greatest_rate_is_nought() -> None:
    assert list(greatest_ul_per_h([(10.0, 20.0, 7.0)], np.array([5.0, 10.0, 15.0, 25.0]))) == [0.0, 7.0, 7.0, 0.0]


# --- the worst window -----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=30))
def test_the_worst_window_is_that_of_all_pairs_whose_ends_are_confirmed(values: list[int]) -> None:
    curve = np.array(values, dtype=np.float64)
    pairs = [
        min(curve[last], curve[last + 1]) - max(curve[first], curve[max(first - 1, 0)])
        for last in range(1, len(curve) - 1)
        for first in range(last)
    ]
    found = worst_window(curve)
    assert found.rise_ul == max(pairs)
    assert found.first < found.last


def test_one_reading_alone_makes_no_window() -> None:
    curve = np.zeros(20)
    curve[7] = 100.0
    assert worst_window(curve).rise_ul == 0.0
    curve[8] = 100.0
    assert worst_window(curve).rise_ul == 100.0
