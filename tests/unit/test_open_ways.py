# SPDX-License-Identifier: Apache-2.0
"""Between a look at a file and its opening nobody can put another one there: not it, nor a folder that leads to it."""

import json
import os
from pathlib import Path

import pytest

from bench.journal import CONTINUED, read_lines
from bench.journal.journal_continuation import Continuation
from bench.journal.journal_fallback import make_private
from bench.run.run_recovery import recover_runs
from bench.run_process import PID_FILE, RequestKind, RunProcess, ask
from groundfloor.errors import PlanError
from groundfloor.only_ours import only_ours, others_write, refuse_open_ways
from groundfloor.regular_file import read_ours
from tests.unit.any_lines import any_journal

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
SOMEBODY = 40004


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "state" / "pumpbench" / "run" / "file"
    path.parent.mkdir(parents=True)
    path.write_text("x", encoding="utf-8")
    return path


def test_a_file_in_folders_of_our_own_is_ours(file: Path) -> None:
    assert only_ours(file) == file


@pytest.mark.parametrize("mode", [0o777, 0o757])
def test_a_folder_far_above_that_everybody_may_write_to_is_an_open_way(file: Path, tmp_path: Path, mode: int) -> None:
    (tmp_path / "state").chmod(mode)
    with pytest.raises(PermissionError, match="put something else in the place"):
        only_ours(file)
    with pytest.raises(PermissionError):
        make_private(file.parent.parent)
    (tmp_path / "state").chmod(mode | 0o1000)  # with the sticky bit nobody takes the place of what is ours
    assert only_ours(file) == file


@as_root
def test_a_folder_above_that_belongs_to_somebody_or_to_a_group_of_several_is_an_open_way(
    file: Path, tmp_path: Path
) -> None:
    os.chown(tmp_path / "state", SOMEBODY, -1)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        only_ours(file)
    os.chown(tmp_path / "state", 0, SOMEBODY)
    (tmp_path / "state").chmod(0o770)
    with pytest.raises(PermissionError, match="others may write to"):
        only_ours(file)
    os.chown(tmp_path / "state", 0, 0)
    assert others_write(tmp_path / "state", (tmp_path / "state").stat()) is False  # root's own group


def test_the_way_through_a_link_is_looked_at_as_well_as_the_way_to_it(file: Path, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "state").rename(tmp_path / "open" / "state")
    (tmp_path / "state").symlink_to(tmp_path / "open" / "state")
    refuse_open_ways(file)
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(PermissionError, match="open, and so put something else"):
        refuse_open_ways(file)


@as_root
def test_it_is_the_open_file_whose_owner_counts(file: Path) -> None:
    os.chown(file, SOMEBODY, -1)
    with pytest.raises(PermissionError):
        read_ours(file, 10)


@as_root
def test_a_process_is_not_believed_when_its_file_is_swapped_behind_the_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attacker's folder is there first, the victim's for the look, and the attacker's again when it is read."""
    victim, theirs, run = tmp_path / "victim", tmp_path / "theirs", tmp_path / "run"
    for folder in (victim, theirs):
        folder.mkdir()
    with RunProcess(theirs), RunProcess(victim):
        os.chown(theirs / PID_FILE, SOMEBODY, -1)
        run.symlink_to(victim)

        def looked_at(folder: Path, _kind: RequestKind) -> None:
            folder.unlink()
            folder.symlink_to(theirs)

        monkeypatch.setattr("bench.run_process._refuse_foreign_word", looked_at)
        monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a signal was sent"))
        with pytest.raises(PlanError):
            ask(run, RequestKind.STOP_RUN)


@as_root
def test_a_journal_of_somebody_else_is_not_closed_by_our_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    journal = any_journal(folder / "journal.jsonl")
    journal.write("run-started")
    journal.close()
    before = journal.path.read_bytes()
    os.chown(journal.path, SOMEBODY, -1)
    assert recover_runs(tmp_path / "runs") == []
    assert journal.path.read_bytes() == before
    os.chown(journal.path, 0, -1)
    assert len(recover_runs(tmp_path / "runs")) == 1


def test_a_temporary_folder_that_others_may_swap_holds_no_continuation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TMPDIR may lead anywhere, through a link or relative; what counts is where it ends."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "none"))
    shared = tmp_path / "shared"
    (tmp_path / "tmp").symlink_to(shared)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "tmp"))
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    journal = any_journal(folder / "journal.jsonl")
    journal.write("run-started")
    journal.write("event", title="all is well")
    journal.close()
    first, second = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(first)
    there = shared / f"pumpbench-{os.getuid()}" / "run-1"
    there.mkdir(parents=True)
    header = Continuation(str(journal.path), len(first), 1, json.loads(second)["prev"]).line()
    (there / CONTINUED).write_bytes(header + second)
    assert len(list(read_lines(journal.path))) == 2
    shared.chmod(0o777)
    assert len(list(read_lines(journal.path))) == 1
