# SPDX-License-Identifier: Apache-2.0
"""The lease on one computer: who is let in, who is refused and what they are told, whatever happens in between."""

import errno
import itertools
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bench.lease import LeaseHeld, LeaseLost, LeaseRecord, LeaseStore
from groundfloor.errors import BenchFault
from tests.campaigns.crash.recorded_disk import RecordedDisk
from tests.campaigns.crash.recorded_files import RecordedFiles

NOON = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def record(session: int, host: str = "lab-2", since: datetime = NOON) -> LeaseRecord:
    return LeaseRecord(
        bench="lab",
        rig="tcp://10.0.0.1:502",
        holder=f"anna@{host}:{session}",
        host=host,
        session=session,
        run="the-run",
        reason="a test of a pump",
        since_utc=since,
        expires_utc=since + timedelta(seconds=120),
    )


def store(folder: Path, at: datetime = NOON) -> LeaseStore:
    return LeaseStore("rig-1", folder, lambda: at)


def test_the_second_is_told_who_since_when_why_and_until_when(tmp_path: Path) -> None:
    first = store(tmp_path)
    assert first.acquire(record(1)) == record(1)
    with pytest.raises(LeaseHeld) as told:
        store(tmp_path).acquire(record(2))
    assert told.value.finding == (
        "bench lab: take the lease: it is held by anna@lab-2:1 since 2025-03-01 12:00:00 UTC, for a test of a pump, "
        "run the-run, until 2025-03-01 12:02:00 UTC unless renewed"
    )
    first.release(record(1), forget=True)
    assert store(tmp_path).acquire(record(2)) == record(2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["guard.lock", "rig-1.json", "rig-1.lock"]


def test_a_living_holder_keeps_the_bench_however_the_clock_jumps(tmp_path: Path) -> None:
    store(tmp_path).describe()
    first = store(tmp_path)
    first.acquire(record(1))
    with pytest.raises(LeaseHeld):
        store(tmp_path, NOON + timedelta(days=400)).acquire(record(2))
    first.check(record(1))


def test_the_lease_of_a_dead_process_of_this_computer_is_nobodys(tmp_path: Path) -> None:
    dead = store(tmp_path)
    dead.acquire(record(1))
    dead._lock.free()  # as the operating system does
    assert sessions(store(tmp_path).acquire(record(2))) == [1]


def sessions(lease: LeaseRecord) -> list[int]:
    return [one.session for one in lease.left_behind]


def test_a_start_that_dies_before_it_has_the_rig_does_not_hide_the_session_that_the_rig_still_names(
    tmp_path: Path,
) -> None:
    fenced = store(tmp_path)
    fenced.acquire(record(1))
    fenced.renew(record(1).model_copy(update={"token": 7}))
    fenced._lock.free()  # it died with the rig
    for number in range(2, 5):
        died_early = store(tmp_path)
        died_early.acquire(record(number))
        died_early._lock.free()
    heir = store(tmp_path).acquire(record(5))
    assert sessions(heir) == [4, 3, 2, 1]
    assert [one.token for one in heir.left_behind] == [0, 0, 0, 7]


@pytest.mark.parametrize("forget", [True, False])
def test_a_lease_that_is_given_back_before_it_had_the_rig_hands_on_what_it_took_over(
    tmp_path: Path, forget: bool
) -> None:
    store(tmp_path).acquire(record(1))
    (tmp_path / "rig-1.lock").unlink()
    second = store(tmp_path)
    mine = second.acquire(record(2))
    second.release(mine, forget=forget)
    assert sessions(store(tmp_path).acquire(record(3))) == [2, 1]


def test_the_lease_of_another_computer_counts_until_it_expires(tmp_path: Path) -> None:
    (tmp_path / "rig-1.json").write_text(record(1, host="lab-9").model_dump_json(), encoding="utf-8")
    with pytest.raises(LeaseHeld, match="held by anna@lab-9:1"):
        store(tmp_path, NOON + timedelta(seconds=119)).acquire(record(2))
    assert store(tmp_path, NOON + timedelta(seconds=120)).acquire(record(2)) is not None


def test_a_release_from_somebody_else_changes_nothing(tmp_path: Path) -> None:
    first = store(tmp_path)
    first.acquire(record(1))
    for name in ("ben@lab-2", "anna@lab-2:2", "anna", ""):
        with pytest.raises(LeaseHeld):
            store(tmp_path).kick(name, "carl@lab-3")
    first.check(record(1))


@pytest.mark.parametrize("name", ["anna@lab-2", "anna@lab-2:1"])
def test_a_kicked_holder_learns_by_whom_and_when_and_the_bench_is_free_although_it_lives(
    tmp_path: Path, name: str
) -> None:
    first, later = store(tmp_path), NOON + timedelta(minutes=3)
    first.acquire(record(1))
    assert store(tmp_path, later).kick(name, "carl@lab-3") is not None
    for keep in (first.check, first.renew):
        with pytest.raises(LeaseLost, match=r"released by carl@lab-3 at 2025-03-01 12:03:00 UTC"):
            keep(record(1))
    second = store(tmp_path, later)
    second.acquire(record(2))
    with pytest.raises(LeaseLost, match="held by anna@lab-2:2"):
        first.renew(record(1))
    first.release(record(1), forget=True)
    second.check(record(2))
    assert store(tmp_path).describe().locked


def test_a_holder_whose_lock_file_was_cleared_away_holds_nothing_any_more(tmp_path: Path) -> None:
    first = store(tmp_path)
    first.acquire(record(1))
    (tmp_path / "rig-1.lock").unlink()
    with pytest.raises(LeaseLost, match="the lock file was replaced"):
        first.renew(record(1))


def test_a_lease_file_that_nobody_can_read_holds_nobody(tmp_path: Path) -> None:
    (tmp_path / "rig-1.json").write_text('{"bench": "la', encoding="utf-8")
    store(tmp_path).acquire(record(1))


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_file_system_without_hard_links_keeps_a_lease_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """FAT has none; no file system without them can be mounted here."""

    def refuse(place: Path, name: Path) -> None:
        raise OSError(number, os.strerror(number), str(place), None, str(name))

    monkeypatch.setattr(os, "link", refuse)
    store(tmp_path).acquire(record(1))
    with pytest.raises(LeaseHeld, match="anna@lab-2:1"):
        store(tmp_path).acquire(record(2))
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "guard.lock": 0o600,
        "rig-1.json": 0o600,
        "rig-1.lock": 0o600,
    }


def far_too_long(path: Path) -> None:
    path.write_text("{}" * 9000)


NO_LEASES = (
    ("rig-1.json", far_too_long),
    *itertools.product(("rig-1.json", "rig-1.lock", "guard.lock"), (Path.mkdir, os.mkfifo)),
)


@pytest.mark.parametrize(("name", "make"), NO_LEASES)
def test_what_no_run_leaves_in_the_place_of_a_lease_is_named_and_to_be_taken_away(
    tmp_path: Path, name: str, make: Callable[[Path], object]
) -> None:
    make(tmp_path / name)
    with pytest.raises(BenchFault) as told:
        store(tmp_path).acquire(record(1))
    assert f"{tmp_path / name}" in told.value.seen
    assert told.value.next_step == "look at what stands there: no run leaves that; take it away, no run going on"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the machine has no device that is always full")
def test_a_disk_without_room_for_a_lease_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr(os, "fsync", lambda _descriptor: full.write(b"x"))
        with pytest.raises(BenchFault, match=r"No space left on device.*Next: make room, or name another folder"):
            store(tmp_path).acquire(record(1))


def test_a_state_folder_that_cannot_be_used_is_a_bench_fault_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BenchFault, match=r"lease folder .*file/leases: use"):
        LeaseStore("rig-1", tmp_path / "file" / "leases").describe()


class Sessions(RuleBasedStateMachine):
    """Sessions on one computer come, renew, crash, hang and are kicked, while the wall clock jumps about."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = NOON
        self.number = 0
        self.living: dict[int, LeaseStore] = {}
        self.holder: int | None = None

    def store(self) -> LeaseStore:
        return LeaseStore("rig-1", Path(self.folder.name), lambda: self.now)

    @rule()
    def somebody_wants_it(self) -> None:
        self.number += 1
        one = self.store()
        if self.holder is None:
            one.acquire(record(self.number, since=self.now))
            self.living[self.number], self.holder = one, self.number
        else:
            with pytest.raises(LeaseHeld):
                one.acquire(record(self.number, since=self.now))

    @rule(forget=st.booleans())
    def the_holder_gives_it_back(self, forget: bool) -> None:
        if self.holder is not None:
            self.living.pop(self.holder).release(record(self.holder), forget=forget)
            self.holder = None

    @rule()
    def the_holder_dies(self) -> None:
        if self.holder is not None:
            self.living.pop(self.holder)._lock.free()
            self.holder = None

    @rule(right=st.booleans())
    def somebody_releases_it(self, right: bool) -> None:
        if self.holder is None:
            return
        if right:
            assert self.store().kick(f"anna@lab-2:{self.holder}", "carl@lab-3") is not None
            self.holder = None
        else:
            with pytest.raises(LeaseHeld):
                self.store().kick("anna@lab-2:0", "carl@lab-3")

    @rule()
    def everybody_who_lives_renews(self) -> None:
        for number, one in self.living.items():
            if number == self.holder:
                one.renew(record(number))
            else:
                with pytest.raises(LeaseLost):
                    one.renew(record(number))

    @rule()
    def a_kicked_one_goes(self) -> None:
        for number in [number for number in self.living if number != self.holder][:1]:
            self.living.pop(number).release(record(number), forget=True)

    @rule(seconds=st.integers(-10_000, 10_000))
    def the_clock_jumps(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def it_is_held_exactly_by_its_holder(self) -> None:
        assert self.store().describe().locked is (self.holder is not None)
        for number, one in self.living.items():
            if number == self.holder:
                one.check(record(number))

    def teardown(self) -> None:
        for one in self.living.values():
            one._lock.free()
        self.folder.cleanup()


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=60, stateful_step_count=25)


def test_a_loss_of_power_leaves_the_lease_by_which_the_dead_session_is_known(tmp_path: Path) -> None:
    files, disk = RecordedFiles(tmp_path), RecordedDisk()
    with files.in_place():
        store(tmp_path / "leases").acquire(record(1))
    for operation in files.log:
        disk.do(operation)
    kept = disk.safe.content()["leases/rig-1.json"][1]
    assert LeaseRecord.model_validate_json(kept) == record(1)
