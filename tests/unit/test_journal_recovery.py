# SPDX-License-Identifier: Apache-2.0
"""Every start leaves a record: an end that the next start writes, or a line among the refused ones."""

import json
import os
import signal
from pathlib import Path

import pytest

from bench.journal import check_journal, read_lines
from bench.run import Recovery, note_refusal, recover_runs, refusals_noted
from bench.run.refused_starts import REFUSED
from groundfloor.errors import BenchFault, PlanError
from tests.unit.any_lines import any_journal, any_journal_reopened


def killed_run(folder: Path, *kinds: str, torn: bytes = b"") -> Path:
    """A run whose process wrote some lines and was killed."""
    folder.mkdir(parents=True)
    path = folder / "journal.jsonl"
    writer = os.fork()
    if writer == 0:
        journal = any_journal(path, now_s=lambda: 12.5)
        for kind in kinds:
            journal.write(kind)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(writer, 0)
    with path.open("ab") as file:
        file.write(torn)
    return path


def test_a_killed_run_is_closed_by_the_next_start(tmp_path: Path) -> None:
    path = killed_run(tmp_path / "runs" / "a", "run-started", "event", torn=b'{"seq":2,"t"')
    assert recover_runs(tmp_path / "runs") == [Recovery(path.parent)]
    lines = read_lines(path)
    *_, last = lines
    assert (last.kind, last.t_s, last.data["torn"]) == ("run-recovered", 12.5, '{"seq":2,"t"')
    assert lines.torn_tail == ""
    assert check_journal(path).recovered
    assert recover_runs(tmp_path / "runs") == []  # once


def test_a_run_that_was_killed_before_its_first_line_is_closed_too(tmp_path: Path) -> None:
    path = killed_run(tmp_path / "runs" / "a")
    assert recover_runs(tmp_path / "runs") == [Recovery(path.parent)]
    assert [line.kind for line in read_lines(path)] == ["journal-opened", "run-recovered"]


def test_runs_that_ended_or_go_on_are_left_alone(tmp_path: Path) -> None:
    ended = killed_run(tmp_path / "runs" / "ended", "run-started", "run-ended")
    (tmp_path / "runs" / "going-on").mkdir()
    going_on = any_journal(tmp_path / "runs" / "going-on" / "journal.jsonl")
    going_on.write("run-started")
    (tmp_path / "runs" / "no-run").mkdir()
    before = ended.read_bytes(), going_on.path.read_bytes()
    assert recover_runs(tmp_path / "runs") == []
    assert (ended.read_bytes(), going_on.path.read_bytes()) == before
    going_on.close()


def test_a_recovered_run_can_still_be_resumed(tmp_path: Path) -> None:
    path = killed_run(tmp_path / "runs" / "a", "run-started")
    recover_runs(tmp_path / "runs")
    journal = any_journal_reopened(path, lambda: 20.0)
    journal.write("run-ended", reason="ok")
    journal.close()
    found = check_journal(path)
    assert (found.whole, found.ended, found.recovered, found.resumptions) == (True, True, False, 1)
    assert recover_runs(tmp_path / "runs") == []


def test_a_damaged_journal_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = killed_run(tmp_path / "runs" / "a", "run-started", "event", "event")
    path.write_bytes(path.read_bytes().replace(b"12.5", b"12.6", 1))
    before = path.read_bytes()
    (recovery,) = recover_runs(tmp_path / "runs")
    assert "does not follow" in recovery.trouble
    assert path.read_bytes() == before


def test_no_journal_outside_the_runs_is_written_to(tmp_path: Path) -> None:
    outside = killed_run(tmp_path / "outside", "run-started")
    (tmp_path / "runs" / "linked-file").mkdir(parents=True)
    (tmp_path / "runs" / "linked-file" / "journal.jsonl").symlink_to(outside)
    (tmp_path / "runs" / "linked-folder").symlink_to(outside.parent)
    before = outside.read_bytes()
    assert recover_runs(tmp_path / "runs") == []
    assert outside.read_bytes() == before


@pytest.mark.parametrize("error", [PlanError("bench file", "open", "none"), BenchFault("pump", "open", "silent")])
def test_a_refused_start_is_noted_with_time_command_and_reason(tmp_path: Path, error: Exception) -> None:
    for _ in range(2):
        with pytest.raises(type(error)), refusals_noted(tmp_path / "runs", ["pumpbench", "run", "x.toml"]):
            raise error
    noted = [json.loads(line) for line in (tmp_path / "runs" / REFUSED).read_text().splitlines()]
    assert [(one["command"], one["why"]) for one in noted] == [(["pumpbench", "run", "x.toml"], str(error))] * 2
    assert noted[0]["utc"].endswith("+00:00")


def test_a_refusal_is_written_through_no_link(tmp_path: Path) -> None:
    (tmp_path / REFUSED).symlink_to(tmp_path / "elsewhere")
    note_refusal(tmp_path, ["pumpbench"], "why")
    assert not (tmp_path / "elsewhere").exists()


def test_a_refusal_where_nothing_can_be_written_stays_the_refusal(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("no folder")
    note_refusal(tmp_path / "runs", ["pumpbench"], "why")
    assert (tmp_path / "runs").read_text() == "no folder"
