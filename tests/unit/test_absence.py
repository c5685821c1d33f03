# SPDX-License-Identifier: Apache-2.0
"""How long the run's thread leaves the scheduler's loop is counted, and long computations can be cut."""

import time

import pytest

from bench.absence import Absence
from bench.scheduler import Scheduler
from tests.unit.test_scheduler import HandClock

BUSY_S = 0.03


def compute(duration_s: float = BUSY_S) -> None:
    """Use processor time."""
    end_s = time.thread_time() + duration_s
    while time.thread_time() < end_s:
        pass


class BusyClock(HandClock):
    """A clock whose waiting takes processor time, as a twin in this process would."""

    def sleep_until(self, instant_s: float) -> None:
        compute()
        super().sleep_until(instant_s)


def test_what_a_task_computes_is_counted_and_what_comes_before_the_watchdog_listens_is_not() -> None:
    scheduler = Scheduler(HandClock())
    scheduler.every(10.0, lambda planned_s: compute(0.09 if planned_s < 15 else BUSY_S))
    scheduler.pass_until(15.0)
    assert scheduler.absence.found.turns == 0
    scheduler.absence.begin()
    scheduler.pass_until(35.0)
    scheduler.absence.end()
    scheduler.pass_until(95.0)
    found = scheduler.absence.found
    assert found.turns == 4
    assert 1e3 * BUSY_S <= found.longest_ms < 60.0
    assert found.longest_wall_ms >= found.longest_ms * 0.99


def test_the_waiting_of_the_clock_is_no_absence() -> None:
    scheduler = Scheduler(BusyClock())
    scheduler.absence.begin()
    scheduler.pass_for(10.0)
    assert scheduler.absence.found.longest_ms < 1e3 * BUSY_S / 2


def test_nearly_all_are_told_apart_from_the_longest() -> None:
    absence = Absence()
    absence.begin()
    for number in range(2000):
        compute(BUSY_S if number == 1000 else 0.0)
        absence.back()
        absence.leave()
    found = absence.found
    assert found.longest_ms >= 1e3 * BUSY_S
    assert found.mostly_ms < 1e3 * BUSY_S / 2
    for _ in range(4):
        compute()
        absence.back()
        absence.leave()
    assert absence.found.mostly_ms >= 1e3 * BUSY_S


def test_catching_up_does_what_is_due_and_cuts_a_long_computation() -> None:
    clock = HandClock()
    scheduler = Scheduler(clock)
    planned: list[float] = []
    scheduler.every(10.0, planned.append, from_s=10.0)
    scheduler.absence.begin()
    compute()
    clock.at_s = 25.0
    scheduler.catch_up()
    compute()
    scheduler.absence.end()
    assert planned == [10.0]  # the one at 20 s was missed by then, and is left out like any other
    assert clock.at_s == 25.0
    assert scheduler.absence.found.longest_ms < 2e3 * BUSY_S


def test_catching_up_listens_to_nobody() -> None:
    scheduler = Scheduler(HandClock())

    def stop(now_s: float) -> None:
        raise RuntimeError(now_s)

    scheduler.moments.subscribe(stop)
    scheduler.catch_up()
    with pytest.raises(RuntimeError):
        scheduler.pass_for(1.0)
