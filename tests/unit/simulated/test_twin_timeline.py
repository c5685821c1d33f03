# SPDX-License-Identifier: Apache-2.0
"""The twin's time runs every event in order and never backwards."""

import pytest

from instruments.simulated.time.timeline import Timeline


def test_events_run_by_time_then_priority_then_the_order_they_were_planned_in() -> None:
    timeline, ran = Timeline(), []
    timeline.at(2.0, lambda: ran.append("late"))
    timeline.at(1.0, lambda: ran.append("after"), priority=1)
    timeline.at(1.0, lambda: ran.append("first"))
    timeline.at(1.0, lambda: ran.append("second"))
    timeline.advance_to(2.0)
    assert ran == ["first", "second", "after", "late"]


def test_an_event_sees_its_own_instant_and_may_plan_another_on_the_way() -> None:
    timeline, seen = Timeline(), []

    def plan_another() -> None:
        timeline.at(1.5, lambda: seen.append(timeline.now_s))

    timeline.at(1.0, plan_another)
    timeline.advance_to(10.0)
    assert (seen, timeline.now_s) == ([1.5], 10.0)


def test_an_event_at_the_end_of_the_way_runs_and_one_past_it_does_not() -> None:
    timeline, ran = Timeline(), []
    timeline.at(1.0, lambda: ran.append(1))
    timeline.at(1.1, lambda: ran.append(2))
    timeline.advance_to(1.0)
    timeline.advance_to(1.0)
    assert ran == [1]


def test_a_cancelled_event_does_not_run() -> None:
    timeline, ran = Timeline(), []
    timeline.at(1.0, lambda: ran.append(1)).cancel()
    timeline.advance_to(2.0)
    assert ran == []


@pytest.mark.parametrize("when_s", [0.5, float("nan"), float("inf")])
def test_time_goes_neither_backwards_nor_nowhere(when_s: float) -> None:
    timeline = Timeline()
    timeline.advance_to(1.0)
    with pytest.raises(ValueError, match=r"time stands at 1\.0 s"):
        timeline.advance_to(when_s)
    assert timeline.now_s == 1.0


def test_an_event_cannot_be_planned_in_the_past() -> None:
    timeline = Timeline()
    timeline.advance_to(1.0)
    with pytest.raises(ValueError, match="cannot be planned"):
        timeline.at(0.9, lambda: None)


def test_cancelled_events_do_not_pile_up() -> None:
    timeline = Timeline()
    for _ in range(10_000):
        timeline.at(1e9, lambda: None).cancel()
    assert len(timeline._events) < 200
