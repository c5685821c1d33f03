# SPDX-License-Identifier: Apache-2.0
"""A short fault of the wires heals without a gap, a long one is told in bounded time: real drivers behind the proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import pytest

from bench.clock import Clock, RunningClock, SteppedClock, clocks_half_width_s, watchdog_time_s
from bench.retrying_reader import LONGEST_READING_S, RetryingReader
from bench.sampling.snapshot import Snapshot
from groundfloor.errors import BenchFault, NoAnswer
from instruments.balance import MassReading
from tests.sim.disturbed_twin import DisturbedTwin, disturbed_twin
from tests.sim.stopwatch import Stopwatch

SHORT_S = 0.5
PATIENCE_S = 3.0
SLACK_S = 2.0
"""One attempt that had begun before the patience was at its end, and a busy machine."""


@pytest.fixture(scope="module")
def twin() -> Iterator[DisturbedTwin]:
    with disturbed_twin(21, 0.0) as started:
        started.both(lambda one: one.balance.tare())
        yield started


@contextmanager
def out(twin: DisturbedTwin, duration_s: float | None) -> Iterator[None]:
    """Pull every cable, and put it back after `duration_s`, or at the end."""

    def mend() -> None:
        for proxy in twin.wires.proxies:
            proxy.silent = False

    for proxy in twin.wires.proxies:
        proxy.silent = True
    timer = Timer(duration_s or 3600.0, mend)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        mend()


def clocks(twin: DisturbedTwin) -> list[Clock]:
    return [SteppedClock(twin.controls[0]), RunningClock()]


@pytest.mark.parametrize("which", [0, 1], ids=["stepped", "real"])
def test_cables_that_are_out_for_a_moment_leave_no_gap(twin: DisturbedTwin, which: int) -> None:
    clock = clocks(twin)[which]
    reader = RetryingReader(clock, PATIENCE_S)
    watch = Stopwatch()
    with out(twin, SHORT_S):
        looked = reader.read(lambda: Snapshot.with_heartbeat(twin.seen), until_s=clock.now_s() + PATIENCE_S)
    assert watch.wall_s > SHORT_S
    assert looked.observed == Snapshot.at(twin.true)
    assert looked.at_s == clock.now_s() if which == 0 else SHORT_S / 2 < looked.at_s < clock.now_s()


@pytest.mark.parametrize("which", [0, 1], ids=["stepped", "real"])
def test_cables_that_stay_out_are_told_in_bounded_time(twin: DisturbedTwin, which: int) -> None:
    clock = clocks(twin)[which]
    reader = RetryingReader(clock, SHORT_S)
    watch = Stopwatch()
    with out(twin, None), pytest.raises(NoAnswer, match=r"rig at .* no reply within .*asked \d+ times"):
        reader.read(lambda: Snapshot.with_heartbeat(twin.seen), until_s=clock.now_s() + SHORT_S)
    assert watch.wall_s >= SHORT_S
    assert watch.own_s < SHORT_S + SLACK_S
    assert reader.read(lambda: Snapshot.at(twin.seen)).observed == Snapshot.at(twin.true)


def test_a_reading_that_was_held_up_is_taken_anew(twin: DisturbedTwin) -> None:
    clock = RunningClock()
    waits = [LONGEST_READING_S * 1.05]

    def slow() -> MassReading:
        reading = twin.seen.balance.read_mass_g()
        clock.sleep_until(clock.now_s() + (waits.pop() if waits else 0.0))
        return reading

    looked = RetryingReader(clock, PATIENCE_S).read(slow)
    assert LONGEST_READING_S < looked.at_s < LONGEST_READING_S * 1.5
    assert looked.observed == twin.true.balance.read_mass_g()


def test_on_a_clock_beyond_400_a_reading_that_took_a_moment_is_taken_anew(twin: DisturbedTwin) -> None:
    clock = RunningClock(2000.0)
    waits_s = [3 * clocks_half_width_s(clock)]

    def slow() -> MassReading:
        reading = twin.seen.balance.read_mass_g()
        clock.sleep_until(clock.now_s() + (waits_s.pop() if waits_s else 0.0))
        return reading

    looked = RetryingReader(clock, PATIENCE_S).read(slow)
    assert looked.at_s > 3 * clocks_half_width_s(clock)
    assert not waits_s


def test_while_time_stands_a_watchdog_waits_as_told_and_two_clocks_are_read_at_one_instant(
    twin: DisturbedTwin,
) -> None:
    stepped = clocks(twin)[0]
    assert watchdog_time_s(stepped, 60) == 60
    assert clocks_half_width_s(stepped) == 0


def test_a_fault_that_does_not_pass_by_itself_is_passed_on_at_once(twin: DisturbedTwin) -> None:
    attempts: list[int] = []

    def look() -> None:
        attempts.append(1)
        raise BenchFault("balance", "read the mass", "overload (+)")

    with pytest.raises(BenchFault, match="overload"):
        RetryingReader(RunningClock()).read(look)
    assert len(attempts) == 1
