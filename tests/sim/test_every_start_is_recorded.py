# SPDX-License-Identifier: Apache-2.0
"""Whatever becomes of a start, it leaves a record: an end, a closing line by the next start, or a refusal."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bench.journal import check_journal, read_lines
from tests.sim.bench_run import ENVIRONMENT, LIMIT_S, bench_run, command, started


def test_a_start_in_which_no_test_asked_for_the_bench_has_a_beginning_and_an_end(tmp_path: Path) -> None:
    bench_run("simulated", tmp_path, "--chapter=leak", select="no_such_test")
    (path,) = tmp_path.glob("*/journal.jsonl")
    opened, begun, ended = read_lines(path)
    assert (opened.kind, begun.kind, ended.kind) == ("journal-opened", "run-started", "run-ended")
    assert begun.data["trouble"] == "the run ended before any test asked for the bench"
    assert ended.data["reason"] == "no_tests_collected"


def test_a_crash_inside_pytest_ends_the_run_in_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crash.py").write_text(
        "def pytest_runtest_logstart():\n    raise RuntimeError('a plugin of somebody')\n"
    )
    monkeypatch.setitem(ENVIRONMENT, "PYTHONPATH", str(tmp_path))
    with started(command("simulated", tmp_path / "runs", "--chapter=leak", more=["-p", "crash"])) as process:
        _, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 6, errors  # INVALID: a collected test has no result
    (path,) = tmp_path.glob("runs/*/journal.jsonl")
    *_, begun, ended = read_lines(path)
    assert (begun.kind, ended.kind) == ("run-started", "run-ended")
    assert ended.data["reason"] == "internal_error"


@pytest.mark.parametrize("how", ["pumpbench", "pytest"])
def test_a_crash_at_the_end_of_the_session_is_no_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Through plain pytest it begins in the folder of a lab, with profiles and baseline that come with the bench."""
    lab = {
        "crash.py": "def pytest_sessionfinish():\n    raise RuntimeError('a plugin of somebody')\n",
        "conftest.py": "pytest_plugins = ['fixtures.plugin']\n",
        "pytest.ini": "[pytest]\n",
        "test_own.py": "def test_own(bench):\n    assert bench\n",
    }
    for name, text in lab.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "runs").mkdir()
    monkeypatch.setitem(ENVIRONMENT, "PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    plain = [sys.executable, "-m", "pytest", "-p", "crash", "--bench", "simulated", "--runs", "runs", "-k", "no_such"]
    ours = command("simulated", tmp_path / "runs", "--chapter=leak", select="no_such", more=["-p", "crash"])
    with started(ours if how == "pumpbench" else plain) as process:
        printed, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 3, printed + errors
    assert "RuntimeError: a plugin of somebody" in errors
    assert "This is a defect of pumpbench, or of a plug-in of pytest, and no FAIL" in errors
    (path,) = tmp_path.glob("runs/*/journal.jsonl")
    assert [line.kind for line in read_lines(path)][-1] == "run-ended"


def test_a_killed_run_is_closed_and_told_by_the_next_start(tmp_path: Path) -> None:
    with started(command("simulated", tmp_path, "--chapter=leak")) as process:
        end_s = time.monotonic() + LIMIT_S
        while not any(journal.stat().st_size > 50_000 for journal in tmp_path.glob("*/journal.jsonl")):
            assert time.monotonic() < end_s
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    (killed,) = tmp_path.glob("*/journal.jsonl")
    assert not check_journal(killed).ended
    with started(command("simulated", tmp_path, "--chapter=leak", select="no_such_test")) as process:
        printed, _ = process.communicate(timeout=LIMIT_S)
    found = check_journal(killed)
    assert (found.whole, found.ended, found.recovered) == (True, False, True)
    assert f"an earlier run was cut short: {killed.parent}" in printed


def test_a_refused_start_is_a_line_beside_the_runs(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    with started(command("simulated", out, "--defect=nosuch")) as process:
        process.communicate(timeout=LIMIT_S)
    assert process.returncode == 2
    (line,) = (out / "refused.jsonl").read_text().splitlines()
    noted = json.loads(line)
    assert "nosuch" in noted["why"]
    assert "--defect=nosuch" in noted["command"]
