# SPDX-License-Identifier: Apache-2.0
"""Time is spent at absolute deadlines; what is late does not push what comes after."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bench.clock import ClockMode
from bench.scheduler import Scheduler


class HandClock:
    """A clock that goes exactly where it is told, and further when somebody dawdles."""

    mode = ClockMode.STEPPED
    speed = 0.0
    epoch_utc = datetime(2000, 1, 1, tzinfo=UTC)

    def __init__(self) -> None:
        self.at_s = 0.0

    def now_s(self) -> float:
        return self.at_s

    def sleep_until(self, instant_s: float) -> None:
        self.at_s = max(self.at_s, instant_s)


def test_an_action_comes_at_every_multiple_of_its_interval_the_last_included() -> None:
    clock = HandClock()
    scheduler = Scheduler(clock)
    planned: list[float] = []
    scheduler.every(30.0, planned.append)
    scheduler.pass_for(90.0)
    assert planned == [0.0, 30.0, 60.0, 90.0]
    assert clock.now_s() == 90.0


def test_deadlines_stay_where_they_were_planned_when_waits_do_not_fit_them() -> None:
    scheduler = Scheduler(HandClock())
    planned: list[float] = []
    scheduler.every(10.0, planned.append)
    for _ in range(7):
        scheduler.pass_for(7.0)
    assert planned == [0.0, 10.0, 20.0, 30.0, 40.0]


def test_deadlines_that_were_slept_through_are_left_out_and_counted() -> None:
    clock = HandClock()
    scheduler = Scheduler(clock)
    planned: list[float] = []

    def dawdle(planned_s: float) -> None:
        planned.append(planned_s)
        if planned_s == 10.0:
            clock.at_s += 25.0

    beat = scheduler.every(10.0, dawdle)
    scheduler.pass_until(60.0)
    assert planned == [0.0, 10.0, 20.0, 40.0, 50.0, 60.0]
    assert beat.missed == 1


def test_two_actions_take_turns_in_the_order_of_their_deadlines() -> None:
    scheduler = Scheduler(HandClock())
    calls: list[tuple[str, float]] = []
    scheduler.every(2.0, lambda at_s: calls.append(("two", at_s)))
    scheduler.every(3.0, lambda at_s: calls.append(("three", at_s)))
    scheduler.pass_until(6.0)
    assert [at_s for _, at_s in calls] == sorted(at_s for _, at_s in calls)
    assert [at_s for who, at_s in calls if who == "three"] == [0.0, 3.0, 6.0]


def test_an_action_that_was_stopped_is_not_called_again() -> None:
    scheduler = Scheduler(HandClock())
    planned: list[float] = []
    beat = scheduler.every(1.0, planned.append)
    scheduler.pass_until(2.0)
    beat.stop()
    scheduler.pass_until(5.0)
    assert planned == [0.0, 1.0, 2.0]


@given(
    interval_s=st.floats(0.1, 100.0),
    waits_s=st.lists(st.floats(0.0, 500.0), max_size=20),
)
def test_however_time_is_cut_up_the_same_deadlines_are_kept(interval_s: float, waits_s: list[float]) -> None:
    scheduler = Scheduler(HandClock())
    planned: list[float] = []
    scheduler.every(interval_s, planned.append)
    for wait_s in waits_s:
        scheduler.pass_for(wait_s)
    end_s = scheduler.clock.now_s()
    expected = [number * interval_s for number in range(int(end_s / interval_s) + 2) if number * interval_s <= end_s]
    assert planned == (expected if waits_s else [])
