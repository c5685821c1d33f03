# SPDX-License-Identifier: Apache-2.0
"""A computer that sleeps loses no time of the bench; that it slept, when and how long is told before anything else."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.clock import ComputerSleep, RunningClock, SleepWatch
from bench.sampling import Sample, Sampling
from bench.scheduler import Scheduler
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import monotonic_s, slept_s
from instruments.balance import MassReading
from tests.readings import pump_reading, rig_reading
from tests.unit.scripted_bench import scene
from tests.unit.test_scheduler import HandClock

WOKE = datetime(2026, 11, 27, 13, 0, 0, tzinfo=UTC)
HOUR_S = 3600.0

needs_boot_time = pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this system does not tell of sleep")


class Laptop:
    """The two clocks of a computer: one goes on while it sleeps, the other one does not."""

    def __init__(self) -> None:
        self.awake_s = 1000.0
        self.asleep_s = 0.0

    def clock_gettime(self, _which: int) -> float:
        return self.awake_s + self.asleep_s

    def monotonic(self) -> float:
        return self.awake_s

    def sleep(self, duration_s: float) -> None:
        self.awake_s += duration_s


@pytest.fixture
def laptop(monkeypatch: pytest.MonkeyPatch) -> Laptop:
    one = Laptop()
    for name in ("clock_gettime", "monotonic", "sleep"):
        monkeypatch.setattr(time, name, getattr(one, name))
    monkeypatch.setattr("bench.clock.sleep_watch.utc_now", lambda: WOKE)
    return one


@needs_boot_time
def test_bench_time_goes_on_while_the_computer_sleeps(laptop: Laptop) -> None:
    clock = RunningClock()
    laptop.asleep_s += HOUR_S
    laptop.awake_s += 1.0
    assert clock.now_s() == HOUR_S + 1.0


@needs_boot_time
def test_a_sleep_is_told_once_with_its_begin_and_its_length(laptop: Laptop) -> None:
    watch = SleepWatch()
    laptop.awake_s += 50.0
    assert watch.look() is None
    laptop.asleep_s += HOUR_S
    found = watch.look()
    assert found == ComputerSleep(HOUR_S, WOKE)
    assert str(found) == (
        "the computer of the bench slept for 3600 s, from 2026-11-27 12:00:00 to 2026-11-27 13:00:00 UTC"
    )
    assert watch.look() is None


@needs_boot_time
def test_who_waits_hears_of_the_sleep_before_the_samples_that_were_slept_through_are_counted(laptop: Laptop) -> None:
    scheduler = Scheduler(RunningClock())
    told: list[object] = []
    scheduler.sleeps.subscribe(told.append)
    scheduler.moments.subscribe(lambda _now_s: told.append("moment"))
    task = scheduler.every(30.0, told.append)
    scheduler.pass_for(1.0)
    told.clear()
    laptop.asleep_s += HOUR_S
    scheduler.pass_for(59.0)
    assert told[:3] == [ComputerSleep(HOUR_S, WOKE), "moment", 30.0]
    assert task.missed == 119
    assert scheduler.last_sleep == ComputerSleep(HOUR_S, WOKE)


@needs_boot_time
def test_where_only_the_bench_moves_time_no_sleep_is_told(laptop: Laptop) -> None:
    scheduler = Scheduler(HandClock())
    told: list[object] = []
    scheduler.sleeps.subscribe(told.append)
    laptop.asleep_s += HOUR_S
    scheduler.pass_for(60.0)
    assert told == []


def test_who_is_busy_between_the_two_clocks_has_not_slept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that does other work lets seconds pass between two steps of a program."""
    asked = iter([0.0, 7.0, 7.0, 7.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(asked, 7.0))
    monkeypatch.setattr(time, "clock_gettime", lambda _which: 7.0)
    assert slept_s() == 0.0


def test_a_machine_that_was_awake_shows_no_sleep() -> None:
    watch = SleepWatch()
    monotonic_s()
    assert watch.look() is None


def test_a_watchdog_that_tripped_over_a_sleep_is_told_with_it(tmp_path: Path) -> None:
    with scene(tmp_path) as at:
        sampling = Sampling(at.bench, at.journal, "slept", 30.0, lambda _at_s: 0.0)  # type: ignore[arg-type]
        at.bench.scheduler.last_sleep = ComputerSleep(HOUR_S, WOKE)
        tripped = Sample(0.0, 0.0, pump_reading(), rig_reading(watchdog_tripped=True), MassReading(0.0, True), 0.0, 0.0)
        fault = sampling._watch(tripped)
    assert isinstance(fault, BenchFault)
    assert "its watchdog tripped" in fault.seen
    assert "slept for 3600 s, from 2026-11-27 12:00:00" in fault.seen
    assert fault.next_step == "keep the computer of the bench from sleeping, then start over"
