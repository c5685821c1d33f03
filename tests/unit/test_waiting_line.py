# SPDX-License-Identifier: Apache-2.0
"""Who waits for a bench is let in, in the order of arrival; the dead and those who left hold nobody up."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.bench_file import BenchFile
from bench.lease import InTheWay, Lease, LeaseHeld, LeaseStore, WaitForBench, WaitingLine, lease_key
from bench.lease.lease_store import STATE_FOLDER
from cli.bench_queue import refuse_to_jump
from fixtures.own_twin import OwnTwin
from groundfloor.errors import BenchFault
from instruments.simulated.twin.twin_options import TwinOptions

UNTIL = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BenchFile:
    monkeypatch.setenv(STATE_FOLDER, str(tmp_path / "state"))
    return OwnTwin(TwinOptions()).bench_to_come()


@pytest.fixture
def line(file: BenchFile) -> WaitingLine:
    return WaitingLine(lease_key(file))


def test_who_came_first_stands_first_and_who_leaves_is_gone(line: WaitingLine) -> None:
    with line.join("the first", UNTIL) as first:
        second = line.join("the second", UNTIL)
        with line.join("the third", UNTIL) as third:
            assert [one.reason for one in third.ahead()] == ["the first", "the second"]
            assert first.ahead() == ()
            second.__exit__(None, None, None)
            assert [one.reason for one in third.ahead()] == ["the first"]
            with line.join("the fourth", UNTIL) as fourth:
                assert [one.reason for one in fourth.ahead()] == ["the first", "the third"]
    assert line.waiters() == ()


def test_a_dead_waiter_holds_nobody_up(line: WaitingLine, tmp_path: Path) -> None:
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            line.join("the one that dies", UNTIL)
            os.write(tell, b"1")
            signal.pause()
        finally:
            os._exit(0)
    os.read(told, 1)
    with line.join("who comes behind it", UNTIL) as place:
        assert [one.reason for one in place.ahead()] == ["the one that dies"]
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        assert place.ahead() == ()
        assert len(list((tmp_path / "state").glob("*.wait-*"))) == 1
    os.close(told)
    os.close(tell)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(comings=st.lists(st.integers(-3, 9), max_size=12))
def test_whoever_comes_and_goes_the_order_of_arrival_stands(file: BenchFile, comings: list[int]) -> None:
    """Not below zero somebody comes; below zero the one at that place from the end leaves."""
    line = WaitingLine(lease_key(file))
    standing = []
    try:
        for number, coming in enumerate(comings):
            if coming < 0 and standing:
                standing.pop(coming % len(standing))[1].__exit__(None, None, None)
            else:
                standing.append((str(number), line.join(str(number), UNTIL)))
            assert [one.reason for one in line.waiters()] == [name for name, _ in standing]
    finally:
        for _, place in standing:
            place.__exit__(None, None, None)


def test_a_file_that_is_no_place_of_ours_holds_nobody_up(line: WaitingLine, tmp_path: Path) -> None:
    with line.join("us", UNTIL) as place:
        key = next((tmp_path / "state").glob("*.wait-*")).name.partition(".")[0]
        (tmp_path / "state" / f"{key}.wait-000000").write_text("{")
        (tmp_path / "state" / f"{key}.wait-x").write_text("")
        assert place.ahead() == ()


# --- waiting ----------------------------------------------------------------------------------------------------------


class Waiting:
    """A wait in which what is told stands in for the time that passes."""

    def __init__(self, file: BenchFile, limit_s: float = 60.0) -> None:
        self.told: list[InTheWay] = []
        self.happens: Iterator[Callable[[], object]] = iter(())
        self.wait = WaitForBench(file, limit_s, lambda found, _left: self.told.append(found), lambda _s: self._next())

    def _next(self) -> None:
        next(self.happens, lambda: pytest.fail("it waits on"))()


def test_it_waits_for_those_ahead_and_then_for_the_bench_and_takes_it(file: BenchFile, line: WaitingLine) -> None:
    holder = Lease.acquire(file, reason="a test of a pump", run="the-run")
    first = line.join("the first", UNTIL)
    waiting = Waiting(file)
    waiting.happens = iter([lambda: first.__exit__(None, None, None), holder.release])
    with line.join("us", UNTIL) as place:
        lease = waiting.wait.lease(place, "us")
    assert lease.lost is None
    assert LeaseStore(lease_key(file)).describe().locked
    behind_first, behind_holder = waiting.told
    assert [one.reason for one in behind_first.ahead] == ["the first"]
    assert holder.record.holder in behind_first.seen
    assert (behind_holder.ahead, behind_holder.record) == ((), holder.record)
    assert "for a test of a pump, run the-run" in behind_holder.seen
    lease.is_for("another test", "a-run")
    told = LeaseStore(lease_key(file)).describe().record
    assert told is not None
    assert (told.reason, told.run, told.session) == ("another test", "a-run", lease.record.session)
    lease.release()


def test_who_waited_in_vain_is_told_who_had_it_and_who_was_ahead(file: BenchFile, line: WaitingLine) -> None:
    holder = Lease.acquire(file, reason="a test of a pump", run="the-run")
    with line.join("the first", UNTIL), line.join("us", UNTIL) as place, pytest.raises(BenchFault) as gave_up:
        Waiting(file, limit_s=0.0).wait.lease(place, "us")
    assert gave_up.value.operation == "wait for it"
    assert "it was not free in 0 s: it is held by" in gave_up.value.seen
    assert "for a test of a pump, run the-run" in gave_up.value.seen
    assert gave_up.value.seen.endswith("for the first")
    holder.release()


def test_the_lease_of_a_living_session_elsewhere_is_waited_for(file: BenchFile, line: WaitingLine) -> None:
    """Of another computer that shares the state folder no lock tells; its lease counts until it runs out."""
    store = LeaseStore(lease_key(file))
    lease = Lease.acquire(file, reason="elsewhere")
    path = next(store._folder.glob("rig-*.json"))
    store_of_it = json.loads(path.read_text())
    lease._store._lock.free()
    far = {**store_of_it, "host": "lab-9", "holder": "anna@lab-9:3"}
    path.write_text(json.dumps({**far, "expires_utc": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}))
    waiting = Waiting(file)
    waiting.happens = iter([lambda: path.write_text(json.dumps({**far, "expires_utc": "2001-01-01T00:00:00Z"}))])
    with line.join("us", UNTIL) as place:
        ours = waiting.wait.lease(place, "us")
    assert ["anna@lab-9:3" in one.seen for one in waiting.told] == [True]
    ours.release()


def test_who_does_not_wait_does_not_jump_the_line(file: BenchFile, line: WaitingLine) -> None:
    refuse_to_jump(file)
    with (
        line.join("the first", UNTIL),
        pytest.raises(LeaseHeld, match=r"others wait for it: .* for the first.*--wait 2h"),
    ):
        refuse_to_jump(file)
