# SPDX-License-Identifier: Apache-2.0
"""Two users of one computer: with a folder that their group shares one bench has one user, without it they are told.

They are real users, which only root can become; elsewhere these tests are skipped and say so.
"""

import json
import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.lease import Lease, LeaseStore, lease_key
from bench.lease.lease_store import STATE_FOLDER
from bench.run import refuse_foreign_run
from bench.run_process import RequestKind, RunProcess, ask
from bench.simulated_bench import simulated_bench
from groundfloor.errors import BenchFault, PlanError
from tests.sim.test_junk_in_every_file import addresses, made_run

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become other users")

ANNA, BEN, MALLORY = 40001, 40002, 40003
LAB = 40010
"""The group of Anna and Ben."""


class Person:
    """Somebody in a process of their own, who does one thing after the other and says what came of it."""

    def __init__(self, uid: int, *groups: int, umask: int = 0o022) -> None:
        self._uid, self._groups, self._umask = uid, groups, umask

    def does(self, what: Callable[[], object]) -> str:
        """Return what came of it: `repr` of the result, or the error."""
        mine, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(mine)
            self._become()
            os.write(theirs, _outcome(what).encode())
            os._exit(0)
        os.close(theirs)
        with os.fdopen(mine, "rb") as answer:
            told = answer.read().decode()
        os.waitpid(pid, 0)
        return told

    def keeps(self, what: Callable[[], object]) -> "Keeping":
        """Begin something that lasts until `let_go`."""
        mine, theirs = os.pipe()
        until, end = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(mine), os.close(end)
            self._become()
            kept = None
            try:
                kept = what()
                told = "kept"
            except (BenchFault, PlanError) as fault:
                told = str(fault)
            os.write(theirs, told.encode())
            os.close(theirs)
            os.read(until, 1)
            del kept
            os._exit(0)
        os.close(theirs), os.close(until)
        with os.fdopen(mine, "rb") as answer:
            told = answer.read().decode()
        return Keeping(pid, end, told)

    def _become(self) -> None:
        os.umask(self._umask)
        os.setgroups(list(self._groups))
        os.setgid(self._uid)
        os.setuid(self._uid)
        os.environ |= {"USER": f"u{self._uid}", "LOGNAME": f"u{self._uid}", "HOME": "/nonexistent"}


class Keeping:
    """Something that a person keeps."""

    def __init__(self, pid: int, end: int, told: str) -> None:
        self.pid, self.told = pid, told
        self._end = end

    def let_go(self) -> None:
        """End it as a killed process ends."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._end)


def _outcome(what: Callable[[], object]) -> str:
    try:
        return repr(what())
    except (BenchFault, PlanError) as fault:
        return str(fault)
    except BaseException:  # noqa: BLE001  told to the test
        return traceback.format_exc()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that every user can enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    monkeypatch.setenv(STATE_FOLDER, str(folder / "leases"))
    yield folder
    shutil.rmtree(folder)


def folder_of(place: Path, uid: int, gid: int, mode: int) -> Path:
    leases = place / "leases"
    leases.mkdir()
    os.chown(leases, uid, gid)
    leases.chmod(mode)
    return leases


FILE = simulated_bench(addresses())


def takes() -> Lease:
    return Lease.acquire(FILE, reason="a test")


def looks() -> str:
    state = LeaseStore(lease_key(FILE)).describe()
    return json.dumps([state.locked, None if state.record is None else state.record.holder.partition("@")[0]])


@pytest.mark.parametrize("mode", [0o2770, 0o770])
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_of_two_members_of_a_group_the_second_is_told_who_has_the_bench_and_gets_it_when_it_is_free(
    place: Path, mode: int, umask: int
) -> None:
    leases = folder_of(place, 0, LAB, mode)
    anna, ben = Person(ANNA, LAB, umask=umask), Person(BEN, LAB, umask=umask)
    held = anna.keeps(takes)
    assert held.told == "kept"
    assert f"it is held by u{ANNA}@" in ben.does(takes)
    assert ben.does(looks) == repr(json.dumps([True, f"u{ANNA}"]))
    held.let_go()
    again = ben.keeps(takes)
    assert again.told == "kept"
    assert f"it is held by u{BEN}@" in anna.does(takes)
    again.let_go()
    found = {path.name: (path.stat().st_gid, path.stat().st_mode & 0o777) for path in leases.iterdir()}
    assert set(found.values()) == {(LAB, 0o660)}
    assert len(found) == 3, found


def test_a_colleague_may_take_the_bench_away(place: Path) -> None:
    folder_of(place, 0, LAB, 0o2770)
    held = Person(ANNA, LAB).keeps(takes)
    kicked = Person(BEN, LAB).does(lambda: LeaseStore(lease_key(FILE)).kick(f"u{ANNA}@{os.uname().nodename}", "ben"))
    assert "ended='released by ben" in kicked
    again = Person(BEN, LAB).keeps(takes)
    assert again.told == "kept"
    for one in (again, held):
        one.let_go()


def test_who_is_not_in_the_group_is_told_so(place: Path) -> None:
    folder_of(place, 0, LAB, 0o2775)
    told = Person(MALLORY).does(takes)
    assert f"shared by the group number {LAB}, which user {MALLORY} is not in. Next: be added to the group" in told


def test_who_cannot_even_look_into_it_is_told_so(place: Path) -> None:
    folder_of(place, 0, LAB, 0o2770)
    assert "is not in. Next: be added to the group" in Person(MALLORY).does(takes)


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o2777])
def test_a_folder_that_everybody_may_write_to_decides_nothing(place: Path, mode: int) -> None:
    folder_of(place, MALLORY, MALLORY, mode)
    assert "everybody may write to it. Next: share it as" in Person(ANNA, LAB).does(takes)


def test_a_folder_of_somebody_else_decides_nothing(place: Path) -> None:
    folder_of(place, MALLORY, MALLORY, 0o755)
    assert f"it belongs to user {MALLORY} alone. Next: share it as" in Person(ANNA, LAB).does(takes)


def test_a_folder_in_whose_place_anybody_may_put_another_decides_nothing(place: Path) -> None:
    folder_of(place, ANNA, ANNA, 0o700)
    place.chmod(0o777)
    assert "everybody may put another one in its place" in Person(ANNA).does(takes)


def test_a_sticky_folder_is_refused_with_what_to_do(place: Path) -> None:
    folder_of(place, 0, LAB, 0o3770)
    assert f"Next: chmod -t {place / 'leases'}" in Person(ANNA, LAB).does(takes)


def test_a_lock_from_before_the_folder_was_shared_is_told_with_its_owner_who_mends_it_by_any_command(
    place: Path,
) -> None:
    leases = folder_of(place, ANNA, ANNA, 0o700)
    anna, ben = Person(ANNA, LAB), Person(BEN, LAB)
    anna.keeps(takes).let_go()
    os.chown(leases, ANNA, LAB)
    leases.chmod(0o2770)
    assert f"it was made before the folder was shared: let user {ANNA} remove it" in ben.does(takes)
    assert "kept" in anna.keeps(takes).told
    assert f"it is held by u{ANNA}@" in ben.does(takes)


def test_a_private_folder_stays_private(place: Path) -> None:
    leases = folder_of(place, ANNA, ANNA, 0o755)
    Person(ANNA, LAB, umask=0o002).keeps(takes).let_go()
    assert {path.stat().st_mode & 0o777 for path in leases.iterdir()} == {0o600}


def test_a_colleague_is_believed_for_locks_and_for_nothing_else(place: Path) -> None:
    """A run folder that belongs to Anna, or that the group may write to, makes Ben run no code and send no signal."""
    run = made_run(place / "runs" / "run", ended=False)
    for path in [run, *run.rglob("*")]:
        os.chown(path, ANNA, LAB)
    ben = Person(BEN, LAB)
    assert "resume it as the user who began it" in ben.does(lambda: refuse_foreign_run(run))
    running = Person(ANNA, LAB).keeps(lambda: RunProcess(run).__enter__())
    assert running.told == "kept"
    assert "Next: " in ben.does(lambda: ask(run, RequestKind.STOP_RUN))
    running.let_go()
