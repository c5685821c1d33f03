# SPDX-License-Identifier: Apache-2.0
"""Times between events that are known only within brackets."""

import math

import pytest

from groundfloor.inconclusive import Inconclusive
from metrology.latency.bracket import Bracket
from metrology.latency.latency import latency


def test_a_latency_lies_between_the_middles_and_carries_both_brackets() -> None:
    time = latency(cause=Bracket(100.0, 102.0), onset=Bracket(400.0, 430.0))
    assert time.value == pytest.approx(314.0)
    assert time.standard_uncertainty == pytest.approx(math.hypot(1.0, 15.0) / math.sqrt(3))
    assert [(line.sensitivity, line.kind) for line in time.budget[:2]] == [(-1.0, "B"), (1.0, "B")]
    assert time.unit == "s"


def test_the_longest_possible_latency_is_covered() -> None:
    time = latency(cause=Bracket(100.0, 100.0), onset=Bracket(400.0, 430.0))
    assert time.value + time.expanded_uncertainty() >= 330.0


def test_two_clocks_that_are_known_to_a_minute_make_a_latency_known_to_a_minute() -> None:
    time = latency(Bracket(100.0, 102.0), Bracket(400.0, 402.0), clocks_half_width_s=60.0)
    assert time.value == pytest.approx(300.0)
    assert time.expanded_uncertainty() > 60.0


def test_a_log_of_whole_seconds_is_known_to_a_second_either_way() -> None:
    assert Bracket.around(400.0, 1.0) == Bracket(399.0, 401.0)


def test_the_polls_narrow_what_the_log_says() -> None:
    assert Bracket.around(400.0, 60.0).narrowed_by(Bracket(390.0, 420.0)) == Bracket(390.0, 420.0)
    assert Bracket(390.0, 420.0).narrowed_by(Bracket.around(400.0, 1.0)) == Bracket(399.0, 401.0)


def test_a_log_that_contradicts_the_polls_decides_nothing() -> None:
    with pytest.raises(Inconclusive, match="two accounts of one event"):
        Bracket.around(500.0, 1.0).narrowed_by(Bracket(390.0, 420.0))


def test_only_an_alarm_wholly_before_its_cause_is_surely_false() -> None:
    assert Bracket(10.0, 20.0).surely_precedes(Bracket(21.0, 22.0))
    assert not Bracket(10.0, 21.5).surely_precedes(Bracket(21.0, 22.0))


def test_a_bracket_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Inconclusive, match="clock that jumped"):
        Bracket(10.0, 9.0)
