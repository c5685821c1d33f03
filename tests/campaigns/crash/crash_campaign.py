# SPDX-License-Identifier: Apache-2.0
"""The reference run, forked wherever a crash would leave another world behind.

A dead bench leaves two things: the state of the rig, and the disk. Where neither has changed since the point before,
a crash is the same crash, and is counted but not made again. So every point has its trial, and none is made twice.
"""

import gc
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import msgspec
import pytest

import fixtures
from bench.run_folder import JOURNAL
from groundfloor import wall_clock
from instruments.simulated.twin.twin_options import TwinOptions
from reports.summary import Summary
from tests.campaigns.crash.counted_clock import CountedClock
from tests.campaigns.crash.counted_wire import CountedWire, Exchange
from tests.campaigns.crash.crash_case import CrashOutcome, CrashPoint, Depth, Ending
from tests.campaigns.crash.disk_image import DiskImage, contents_of
from tests.campaigns.crash.file_operation import FileOperation
from tests.campaigns.crash.recorded_disk import Damage, RecordedDisk, common_lines
from tests.campaigns.crash.recorded_files import RecordedFiles
from tests.campaigns.crash.resumed_run import RUNS, STATE, ResumedRun, as_a_new_process
from tests.campaigns.crash.tally import Tally
from tests.campaigns.reference_bench import reference_bench

PLAN = Path(__file__).with_name("reference_plan.py")
ROOT = Path(__file__).parents[3]
SETTINGS = Path(fixtures.__file__).with_name("pytest.ini")
VIEWS = ("allure-results",)
"""What is made of a run and read by nobody who resumes it."""
LIMIT_S = 120.0
"""Of the machine's time for one crash; more counts as a hang."""

Chosen = Callable[[CrashPoint], bool]


class CrashCampaign:
    """Makes the crashes of one reference run.

    Args:
        folder: for disks and printed words; empty, and better one that is held in memory.
        options: the twin.
        chosen: which of the crashes are made; every point is counted.
        jobs: how many are made at once.
    """

    def __init__(self, folder: Path, options: TwinOptions, chosen: Chosen, jobs: int = 1) -> None:
        self._folder = folder
        self._options = options
        self._chosen = chosen
        self._jobs = jobs
        self._running: dict[int, tuple[CrashPoint, float]] = {}
        self.tally = Tally()

    def run(self) -> Tally:
        """Make the run once without a crash, then once more with all of them.

        Raises:
            AssertionError: the reference run itself does not go as it should.
        """
        self.tally.unbroken = self._unbroken()
        with self._reference("reference"):
            self._start()
        self._refuse_what_was_not_recorded()
        while self._running:
            self._reap()
        made = _verdicts_of(self._root)
        assert made == self.tally.unbroken, f"the reference run went otherwise than without a crash: {made}"
        return self.tally

    def _refuse_what_was_not_recorded(self) -> None:
        """Hold what was recorded against what is there: a change past the recorder would be a crash never made."""
        there = {name: one for name, one in contents_of(self._root).items() if not set(VIEWS) & set(Path(name).parts)}
        recorded = self._disk.written.content()
        differ = sorted(name for name in there.keys() | recorded.keys() if there.get(name) != recorded.get(name))
        assert differ == [], differ

    def _unbroken(self) -> dict[str, str]:
        told = self._folder / "unbroken.json"
        pid = os.fork()
        if pid == 0:
            with _ends_with_this_process():
                with self._reference("unbroken", count=False):
                    self._start()
                told.write_bytes(msgspec.json.encode(_verdicts_of(self._root)))
        os.waitpid(pid, 0)
        return msgspec.json.decode(told.read_bytes(), type=dict[str, str])

    @contextmanager
    def _reference(self, name: str, *, count: bool = True) -> Iterator[None]:
        root = self._folder / name
        root.mkdir()
        self._wire, self._files = CountedWire(self._options), RecordedFiles(root)
        self._bench_file = self._folder / f"{name}.toml"
        reference_bench(self._wire.addresses).write(self._bench_file)
        self._root = root
        self._seen: set[tuple[str, int, str]] = set()
        self._disk = RecordedDisk()
        self._damages: list[Damage] = []
        if count:
            self._wire.watch, self._files.watch = self._on_exchange, self._on_file
        gc.collect()
        gc.freeze()
        with (
            patch.dict(os.environ, {"PUMPBENCH_STATE": str(root / STATE)}),
            patch.object(wall_clock, "time", CountedClock()),
            self._wire.in_place(),
            self._files.in_place(),
        ):
            yield

    def _start(self) -> None:
        words = ["-c", str(SETTINGS), f"--rootdir={ROOT}", "-p", "fixtures.plugin", "-p", "no:unraisableexception"]
        words += ["-q", "-s", "--journal-only", f"--bench={self._bench_file}", f"--runs={self._root / RUNS}"]
        pytest.main([*words, str(PLAN)])

    # --- points -----------------------------------------------------------------------------------------------------

    def _on_exchange(self, exchange: Exchange, where: str) -> None:
        self.tally.note(f"{exchange.wire} {where}")
        if where == "reply" and exchange.changes:
            self._consider(f"{exchange.wire} {exchange.what}, {where}", time_only=exchange.moves_time)

    def _on_file(self, operation: FileOperation, where: str) -> None:
        if set(VIEWS) & set(Path(operation.path).parts):
            return
        what = f"{operation.kind} of {Path(operation.path).name}, {where}"
        if where == "before":
            for damage in self._disk.torn(operation):
                self._make(what, damage, Depth.READ)  # cut back, it is the disk before this write, which is tried
            return
        self.tally.note(f"file {operation.kind}")
        self._disk.do(operation)
        self._damages = list(self._disk.damages())
        self._consider(what)

    def _consider(self, what: str, *, time_only: bool = False) -> None:
        """Make the crashes that can come here; where only time went by, those that another disk would make are made."""
        for damage in self._damages:
            if (time_only and damage.loses_power) or not self._is_new("crash", damage.digest):
                continue
            again = not time_only and not self._is_new("resume", self._as_resumed(damage.image))
            self._make(what, damage, Depth.LOOK if time_only else Depth.READ if again else Depth.RESUME)

    def _make(self, what: str, damage: Damage, depth: Depth) -> None:
        point = CrashPoint(sum(self.tally.cases.values()), what, damage.name, depth)
        self.tally.cases[depth] += 1
        if not self._chosen(point):
            return
        if depth is Depth.READ:
            self._read(point, damage)
        else:
            self._crash(point, damage)

    def _read(self, point: CrashPoint, damage: Damage) -> None:
        """Read a journal here and now: the rig is as it was in a crash that is made anyhow."""
        root = self._folder / f"crash-{point.number}"
        root.mkdir()
        self.tally.made.append((point, self._resumed(root, damage).read()))
        shutil.rmtree(root)

    def _resumed(self, root: Path, damage: Damage) -> ResumedRun:
        damage.image.make(root)
        safe = _journal(self._disk.safe if damage.loses_power else self._disk.written)
        return ResumedRun(self._wire, root, safe, self.tally.unbroken, self._bench_file)

    def _is_new(self, what: str, digest: str) -> bool:
        """Tell whether rig and disk were not so before."""
        key = (what, self._wire.taken, digest)
        new = key not in self._seen
        self._seen.add(key)
        return new

    def _as_resumed(self, image: DiskImage) -> str:
        """Return the hash of the disk once a torn end is cut off the journal, which is how a resume begins."""
        (number,) = {number for name, number in image.names.items() if Path(name).name == JOURNAL} or {-1}
        if number < 0:
            return image.digest()
        cut = image.copy()
        true = bytes(self._disk.written.files[number].content)
        cut.files[number].content = bytearray(common_lines(bytes(image.files[number].content), true))
        return cut.digest()

    def _crash(self, point: CrashPoint, damage: Damage) -> None:
        while len(self._running) >= self._jobs:
            self._reap()
        sys.stdout.flush()
        hears, tells = os.pipe()
        pid = os.fork()
        if pid == 0:
            with _ends_with_this_process():
                os.close(hears)
                _let_locks_go(self._root)
                os.close(tells)
                self._in_the_child(point, damage)
        os.close(tells)
        os.read(hears, 1)  # its end comes once the locks are ours alone again
        os.close(hears)
        self._running[pid] = (point, time.monotonic())

    def _in_the_child(self, point: CrashPoint, damage: Damage) -> None:
        root = self._folder / f"crash-{point.number}"
        root.mkdir()
        printed = os.open(root / "printed.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        for stream in (1, 2):
            os.dup2(printed, stream)
        self._wire.watch = lambda _exchange, _where: None
        self._files.watch = lambda _operation, _where: None
        resumed = self._resumed(root, damage)
        outcome = as_a_new_process(resumed.look if point.depth is Depth.LOOK else resumed.go_on)
        (root / "outcome.json").write_bytes(msgspec.json.encode(outcome))

    def _reap(self) -> None:
        """Wait for one crash to come to its end; one that hangs is ended."""
        pid, _status = os.waitpid(-1, os.WNOHANG)
        while pid == 0:
            for child, (_point, began_s) in self._running.items():
                if time.monotonic() - began_s > LIMIT_S:
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.002)
            pid, _status = os.waitpid(-1, os.WNOHANG)
        point, _began_s = self._running.pop(pid)
        root = self._folder / f"crash-{point.number}"
        told = root / "outcome.json"
        if told.is_file():
            outcome = msgspec.json.decode(told.read_bytes(), type=CrashOutcome)
        else:
            printed = (root / "printed.txt").read_text(encoding="utf-8", errors="replace")
            outcome = CrashOutcome(Ending.UNEXPECTED, wrong=(f"it hung or broke: {printed[-800:]}",))
        self.tally.made.append((point, outcome))
        if not outcome.wrong:
            shutil.rmtree(root)


def _let_locks_go(root: Path) -> None:
    """Close the locks below a root that came with a fork: the run that goes on could never give them back."""
    for opened in list(Path("/proc/self/fd").iterdir()):
        with suppress(OSError):
            file = opened.readlink()
            if file.is_relative_to(root) and file.suffix == ".lock":
                os.close(int(opened.name))


def _verdicts_of(root: Path) -> dict[str, str]:
    """Return the verdicts of the only run below a root, by test."""
    (run,) = (root / RUNS).iterdir()
    summary = Summary.load(run / "summary.json")
    return {test.node.rpartition("::")[2]: str(test.verdict) for test in summary.tests}


def _journal(image: DiskImage) -> bytes:
    """Return the bytes of the journal; none where there is no journal."""
    found = [number for name, number in image.names.items() if Path(name).name == JOURNAL]
    return bytes(image.files[found[0]].content) if found else b""


@contextmanager
def _ends_with_this_process() -> Iterator[None]:
    """End this forked process with the block: nothing of the run that it was forked from is gone back to."""
    try:
        yield
    except BaseException:  # noqa: BLE001  # the parent reads it
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        _end()


def _end() -> NoReturn:
    sys.stdout.flush()
    os._exit(0)
