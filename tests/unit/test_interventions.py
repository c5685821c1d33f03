# SPDX-License-Identifier: Apache-2.0
"""What people ask of a run takes effect where the scheduler looks for it, and a pause only at a safe point."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.clock import ClockMode
from bench.interventions import Interventions, TestStopped
from bench.request_watch import RequestWatch
from bench.run_process import REQUEST_FILE, Request, RequestKind
from bench.scheduler import POLL_S, Scheduler
from groundfloor.wall_clock import Deadline, sleep_s

INTERVAL_S = 30.0


class HandClock:
    """A clock that goes exactly where it is told; at speed 10 five seconds pass between two looks."""

    mode = ClockMode.SCALED
    epoch_utc = datetime(2000, 1, 1, tzinfo=UTC)

    def __init__(self, speed: float = 10.0) -> None:
        self.speed = speed
        self.at_s = 0.0
        self.at: dict[float, Callable[[], None]] = {}

    def now_s(self) -> float:
        return self.at_s

    def go_on_from(self, instant_s: float) -> None:
        self.at_s = instant_s

    def sleep_until(self, instant_s: float) -> None:
        self.at_s = max(self.at_s, instant_s)
        for due_s in [due_s for due_s in self.at if due_s <= self.at_s]:
            self.at.pop(due_s)()


class Table:
    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.scheduler = Scheduler(self.clock)
        self.folder = folder
        self.told: list[tuple[float, str, str]] = []
        self.samples: list[float] = []
        self.interventions = Interventions(folder)
        self.interventions.events.subscribe(lambda event: self.told.append((self.clock.at_s, event.what, event.title)))
        self.interventions.listen()
        self.scheduler.interventions = self.interventions
        self.scheduler.every(INTERVAL_S, self.samples.append)

    def ask(self, kind: RequestKind) -> None:
        request = Request(kind=kind, by="anna@lab-2")
        (self.folder / REQUEST_FILE).write_text(request.model_dump_json(), encoding="utf-8")
        self.interventions.look()


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    before = {number: signal.getsignal(number) for number in (signal.SIGUSR1, signal.SIGUSR2)}
    yield Table(tmp_path)
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_pause_waits_for_a_safe_point_and_there_sampling_goes_on_until_it_is_over(table: Table) -> None:
    table.clock.at[10.0] = lambda: table.ask(RequestKind.PAUSE)
    table.scheduler.pass_until(100.0)
    assert (table.clock.at_s, table.told) == (100.0, [])  # a measurement is not held up
    table.clock.at[400.0] = lambda: table.ask(RequestKind.CONTINUE)
    table.scheduler.safe_point()
    assert table.told[0] == (100.0, "paused", "PAUSED by anna@lab-2")
    assert table.told[1][1:] == ("continued", "Continued by anna@lab-2 after 300 s")
    assert table.clock.at_s == 400.0
    assert table.samples == [number * INTERVAL_S for number in range(14)]


def test_the_signal_alone_pauses_and_continues_in_turn(table: Table) -> None:
    os.kill(os.getpid(), signal.SIGUSR1)
    table.clock.at[50.0] = lambda: os.kill(os.getpid(), signal.SIGUSR1)
    table.scheduler.safe_point()
    assert [title for _, _, title in table.told] == ["PAUSED by SIGUSR1", "Continued by SIGUSR1 after 50 s"]


def test_asking_twice_for_a_pause_does_not_end_it(table: Table) -> None:
    table.ask(RequestKind.PAUSE)
    table.interventions.begin_test()
    table.ask(RequestKind.PAUSE)
    table.interventions.begin_test()
    assert table.interventions.pausing()


def test_without_a_wish_a_safe_point_takes_no_time_and_leaves_no_trace(table: Table) -> None:
    table.scheduler.safe_point()
    assert (table.clock.at_s, table.told) == (0.0, [])


def test_a_test_is_stopped_within_half_a_second_of_the_machine_inconclusive_and_once(table: Table) -> None:
    table.clock.at[12.0] = lambda: table.ask(RequestKind.STOP_TEST)
    with pytest.raises(TestStopped, match="stopped by anna@lab-2"):
        table.scheduler.pass_until(100.0)
    assert table.clock.at_s <= 12.0 + POLL_S * table.clock.speed
    assert [what for _, what, _ in table.told] == ["stop-test"]
    table.scheduler.pass_until(100.0)


def test_a_paused_test_can_be_stopped(table: Table) -> None:
    table.ask(RequestKind.PAUSE)
    table.clock.at[20.0] = lambda: os.kill(os.getpid(), signal.SIGUSR2)
    with pytest.raises(TestStopped, match="stopped by SIGUSR2"):
        table.scheduler.safe_point()


def test_what_is_being_put_back_is_put_back_before_the_test_stops(table: Table) -> None:
    table.ask(RequestKind.STOP_TEST)
    with table.scheduler.undisturbed():
        table.scheduler.pass_for(10.0)
    with pytest.raises(TestStopped):
        table.scheduler.pass_for(10.0)


def test_a_stop_that_came_too_late_does_not_stop_the_next_test(table: Table) -> None:
    table.ask(RequestKind.STOP_TEST)
    table.interventions.begin_test()
    table.scheduler.pass_for(10.0)


def test_a_request_that_makes_no_sense_asks_nothing_and_is_taken_away(table: Table) -> None:
    (table.folder / REQUEST_FILE).write_bytes(b'{"wish": "rm -rf", "by": "\x1b[2J"}')
    table.interventions.look()
    table.interventions.begin_test()
    assert (table.interventions.pausing(), table.interventions.by) == (False, "")
    assert not (table.folder / REQUEST_FILE).exists()


def test_a_request_that_somebody_else_could_have_left_asks_nothing(table: Table) -> None:
    request = Request(kind=RequestKind.PAUSE, by="anna@lab-2")
    (table.folder / REQUEST_FILE).write_text(request.model_dump_json(), encoding="utf-8")
    (table.folder / REQUEST_FILE).chmod(0o666)
    table.interventions.look()
    table.interventions.begin_test()
    assert table.interventions.pausing() is False


def test_the_end_of_the_run_is_asked_for_as_sigterm_asks_for_it_and_names_who_asked(table: Table) -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: came.append(number))
    try:
        with RequestWatch(table.interventions.look):
            request = Request(kind=RequestKind.STOP_RUN, by="anna@lab-2")
            (table.folder / REQUEST_FILE).write_text(request.model_dump_json(), encoding="utf-8")
            deadline = Deadline(10.0)
            while not came and not deadline.passed():
                sleep_s(0.01)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (came, table.interventions.stopped_run_by()) == ([signal.SIGTERM], "anna@lab-2")


def test_a_deadline_is_kept_to_the_instant_although_the_wait_is_cut_into_slices(table: Table) -> None:
    arrived: list[float] = []
    table.scheduler.every(7.3, lambda planned_s: arrived.append(table.clock.at_s - planned_s))
    table.scheduler.pass_until(1000.0)
    assert max(arrived) == 0.0
