# SPDX-License-Identifier: Apache-2.0
"""Pause, continue and the two stops, from another terminal, against a run in a process of its own."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.journal import JournalLine, read_lines
from bench.lease import Holder
from bench.run_process import PID_FILE, Request, RequestKind, RunProcess, ask, take_request
from groundfloor.errors import BenchFault, PlanError
from tests.sim.bench_run import command, finished, started
from tests.sim.second_terminal import LIMIT_S, pumpbench, quick_table
from tests.sim.twin_bench import TwinBench

ME = Holder.here().person


@pytest.fixture
def table(tmp_path: Path) -> Iterator[TwinBench]:
    with quick_table(tmp_path) as it:
        yield it


def lines_until(out: Path, happened: Callable[[list[JournalLine]], bool]) -> list[JournalLine]:
    """Follow the journal until something has happened."""
    end_s = time.monotonic() + LIMIT_S
    lines: list[JournalLine] = []
    while time.monotonic() < end_s:
        for journal in out.glob("*/journal.jsonl"):
            lines = list(read_lines(journal))
            if happened(lines):
                return lines
        time.sleep(0.05)
    raise AssertionError(f"it did not happen: {[(line.kind, line.data.get('what')) for line in lines][-10:]}")


def answer(what: str, folder: Path, pid: int) -> str:
    """What the command says that the run does."""
    ended = pumpbench(what, str(folder))
    asked = f"Asked the run of process {pid} to {what}: it "
    assert (ended.returncode, ended.stdout.startswith(asked)) == (0, True), ended.stdout + ended.stderr
    return ended.stdout.removeprefix(asked)


def count(kind: str, what: str = "") -> Callable[[list[JournalLine]], int]:
    return lambda lines: sum(1 for line in lines if line.kind == kind and (not what or line.data["what"] == what))


def test_a_run_is_paused_continued_stopped_for_one_test_and_for_good(table: TwinBench, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    with started(command(table.file(), out, "--chapter=leak")) as process:
        lines_until(out, lambda lines: count("sample")(lines) > 3)
        (folder,) = out.iterdir()
        assert answer("pause", folder, process.pid).startswith("pauses when nothing is measured")
        assert pumpbench("report", str(folder)).stdout.startswith("This run goes on: what follows is how far it has")
        time.sleep(1)
        assert count("event", "paused")(list(read_lines(folder / "journal.jsonl"))) in (0, 1)
        assert answer("stop-test", folder, process.pid).startswith("ends its present test INCONCLUSIVE")
        lines = lines_until(
            out, lambda lines: bool(count("test-ended")(lines)) and bool(count("event", "paused")(lines))
        )
        ended = next(line for line in lines if line.kind == "test-ended")
        assert (ended.data["verdict"], f"stopped by {ME}" in str(ended.data["reason"])) == ("INCONCLUSIVE", True)
        assert table.pump_state() == "stopped"
        lines_until(out, lambda lines: count("test-started")(lines) == 2)
        time.sleep(1)
        assert count("infusion-started")(list(read_lines(folder / "journal.jsonl"))) == 1  # the second is held up
        assert answer("continue", folder, process.pid).startswith("goes on")
        lines_until(out, lambda lines: count("infusion-started")(lines) == 2)
        assert answer("stop-run", folder, process.pid).startswith("goes to its safe state, finishes its record")
        again = pumpbench("stop-run", str(folder))
        run = finished(process, out)
    assert again.returncode == 2  # and the record below is whole all the same
    assert "was asked to end already, and finishes its record" in again.stderr or "no run goes on" in again.stderr
    events = [line.data for line in run.of_kind("event")]
    assert [one["what"] for one in events if one["what"] in ("paused", "continued", "stop-test", "stop-run")][-2:] == [
        "continued",
        "stop-run",
    ]
    assert f"The run was stopped by {ME}" in [one["title"] for one in events]
    assert run.journal[-1].kind == "run-ended"
    assert run.exit_code == (6 if run.summary.invalid else 3)
    assert table.pump_state() == "stopped"
    assert not {path.name for path in folder.iterdir()} & {PID_FILE, "run.request"}
    late = pumpbench("pause", str(folder))
    assert (late.returncode, "no run goes on there" in late.stderr) == (2, True)


def test_a_process_that_died_is_not_signalled_even_if_its_number_is_in_use_again(tmp_path: Path) -> None:
    with RunProcess(tmp_path):
        content = (tmp_path / PID_FILE).read_text(encoding="utf-8")
    (tmp_path / PID_FILE).write_text(content, encoding="utf-8")  # as after a crash; this process has that number
    with pytest.raises(PlanError, match=f"process {os.getpid()} is dead"):
        ask(tmp_path, RequestKind.STOP_RUN)


def test_a_run_is_asked_to_stop_once_as_a_second_time_would_end_the_process_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a signal was sent"))
    monkeypatch.setattr(signal, "pthread_kill", lambda *_: pytest.fail("a signal was sent"))
    with RunProcess(tmp_path):
        monkeypatch.setattr("bench.run_process._running", lambda _folder, _read=None: os.getpid())
        ask(tmp_path, RequestKind.STOP_RUN)
        for late in RequestKind:
            with pytest.raises(PlanError, match="was asked to end already, and finishes its record"):
                ask(tmp_path, late)
        assert take_request(tmp_path) == Request(kind=RequestKind.STOP_RUN, by=ME)
        assert take_request(tmp_path) is None
    with RunProcess(tmp_path):
        ask(tmp_path, RequestKind.PAUSE)  # a resumed run is not ending
        assert take_request(tmp_path) == Request(kind=RequestKind.PAUSE, by=ME)


def test_a_run_on_another_computer_is_not_signalled_here(tmp_path: Path) -> None:
    (tmp_path / PID_FILE).write_text('{"pid": 4711, "host": "lab-9"}', encoding="utf-8")
    with pytest.raises(PlanError, match="it runs on lab-9"):
        ask(tmp_path, RequestKind.PAUSE)


@pytest.mark.parametrize("content", ["", "{", '{"pid": -1, "host": "x"}', '{"pid": 1, "host": "x"}', "[" * 5000])
def test_a_process_file_that_makes_no_sense_signals_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / PID_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(PlanError, match="no run goes on there"):
        ask(tmp_path, RequestKind.STOP_RUN)


def test_two_processes_do_not_run_one_folder(tmp_path: Path) -> None:
    with RunProcess(tmp_path), pytest.raises(BenchFault, match="another process runs it"), RunProcess(tmp_path):
        pass


def test_signals_work_without_our_command_line(table: TwinBench, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    with started(command(table.file(), out, "--chapter=leak", select="30")) as process:
        lines_until(out, lambda lines: count("sample")(lines) > 3)
        os.kill(process.pid, signal.SIGUSR2)
        run = finished(process, out)
    assert (run.exit_code, run.test.verdict) == (3, "INCONCLUSIVE")
    assert "stopped by SIGUSR2" in str(run.raw_summary["tests"][0]["reason"])
    assert run.raw_summary["tests"][0]["reason"].count("stopped by") == 1
