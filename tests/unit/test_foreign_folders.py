# SPDX-License-Identifier: Apache-2.0
"""What a folder says about code and processes is believed only when nobody else can have written it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.collected_tests import CollectedTests
from bench.run import refuse_foreign_run
from bench.run_folder import COLLECTED, JOURNAL, RunFolder
from bench.run_process import RequestKind, RunProcess, ask, goes_on
from groundfloor.errors import BenchFault, PlanError
from groundfloor.system.process_start import process_start
from tests.unit.any_lines import any_journal


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    old = os.umask(0o002)  # what a user has whose group is his own: others of the group could write what he writes
    try:
        folder = RunFolder.create(tmp_path, "lab", "P1")
        folder.write_collected(CollectedTests())
        any_journal(folder.journal).close()
    finally:
        os.umask(old)
    return folder.path


def foreign(monkeypatch: pytest.MonkeyPatch, owned: Path) -> None:
    stat_of = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = stat_of(path)
        return os.stat_result([*found[:4], os.geteuid() + 1, *found[5:10]]) if path == owned else found

    monkeypatch.setattr(Path, "lstat", lstat)


def test_a_run_of_our_own_may_be_resumed_whatever_the_umask_was(run_folder: Path) -> None:
    refuse_foreign_run(run_folder)


@pytest.mark.parametrize("name", ["", JOURNAL, COLLECTED])
def test_a_run_that_another_user_wrote_is_not_resumed(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    foreign(monkeypatch, run_folder / name)
    with pytest.raises(BenchFault, match="resume it as the user who began it"):
        refuse_foreign_run(run_folder)


@pytest.mark.parametrize("name", ["", JOURNAL, COLLECTED])
@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_a_run_that_others_may_write_to_is_not_resumed(run_folder: Path, name: str, mode: int) -> None:
    (run_folder / name).chmod(mode)
    with pytest.raises(BenchFault, match="could have been put there by somebody else"):
        refuse_foreign_run(run_folder)


WAITS = "import sys; print('ready', flush=True); sys.stdin.read()"


def test_no_signal_goes_to_the_process_that_somebody_elses_file_names(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen([sys.executable, "-c", WAITS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        victim.stdout.readline()
        claims = f'{{"pid": {victim.pid}, "host": "{os.uname().nodename}", "started": {process_start(victim.pid)}}}'
        with RunProcess(run_folder):  # whoever claims it holds the lock
            (run_folder / "run.pid").write_text(claims, encoding="utf-8")
            assert goes_on(run_folder)
            foreign(monkeypatch, run_folder / "run.pid")
            with pytest.raises(PlanError, match="let the user whose run it is do this"):
                ask(run_folder, RequestKind.STOP_RUN)
        assert victim.poll() is None
        victim.stdin.close()  # type: ignore[union-attr]
        assert victim.wait(10) == 0


@pytest.mark.parametrize("started", [lambda pid: (process_start(pid) or 0) + 1, lambda _pid: None])
def test_a_number_that_a_later_process_inherited_is_not_the_runs(
    run_folder: Path, started: Callable[[int], int | None]
) -> None:
    with RunProcess(run_folder):
        told = started(os.getpid())
        claims = f'{{"pid": {os.getpid()}, "host": "{os.uname().nodename}", "started": {told or "null"}}}'
        (run_folder / "run.pid").write_text(claims, encoding="utf-8")
        assert not goes_on(run_folder)


def test_a_process_has_one_start_and_a_dead_one_none() -> None:
    assert process_start(os.getpid()) == process_start(os.getpid())
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    assert process_start(dead.pid) is None
