# SPDX-License-Identifier: Apache-2.0
"""`pumpbench trace` shows the matrix from either side, and ends with what was asked for."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bench.journal import Journal
from bench.run_folder import REQUIREMENTS
from cli.main import app_of
from groundfloor.errors import BenchFault, PlanError
from tests.unit.test_run_evidence import QUIET, VOLUME, FolderOfARun, to_come

BEGUN = "20270101T120000Z-run"


def run_of(tmp_path: Path, volume: str = "PASS", quiet: str = "PASS", name: str = BEGUN) -> FolderOfARun:
    folder = FolderOfARun(
        tmp_path / name,
        tests=["test_plans/test_day.py::test_a"],
        judges={"test_plans/test_day.py::test_a": to_come(VOLUME, QUIET)},
    )
    folder.begin("test_plans/test_day.py::test_a", VOLUME, QUIET)
    folder.judge(VOLUME, volume)
    folder.judge(QUIET, quiet)
    worst = "FAIL" if "FAIL" in (volume, quiet) else "INCONCLUSIVE" if "INCONCLUSIVE" in (volume, quiet) else "PASS"
    folder.end("test_plans/test_day.py::test_a", worst)
    folder.journal.write("run-ended", reason="ok" if worst == "PASS" else "tests_failed")
    folder.journal.close()
    return folder


def trace(*words: str | Path) -> Result:
    return CliRunner().invoke(app_of(["trace"]), ["trace", *map(str, words)], env={"COLUMNS": "140"})


@pytest.mark.parametrize(
    ("volume", "quiet", "code"), [("PASS", "PASS", 0), ("PASS", "FAIL", 1), ("INCONCLUSIVE", "PASS", 3)]
)
def test_all_requirements_are_asked_for_by_the_exit_code(tmp_path: Path, volume: str, quiet: str, code: int) -> None:
    folder = run_of(tmp_path, volume, quiet).path
    assert trace(folder, "--require", "all").exit_code == code
    assert trace(folder).exit_code == 0


def test_by_requirement_each_judgement_stands_with_id_and_test(tmp_path: Path) -> None:
    told = trace(run_of(tmp_path, quiet="FAIL").path).stdout
    lines = told.splitlines()
    (head,) = [line for line in lines if "ALM-001@1" in line]
    assert head.startswith("FAIL")
    assert "Be quiet." in head
    assert any("day: a" in line and "quiet" in line for line in lines)
    assert "J-0002 FAIL quiet" in told
    assert "Requirements REQ@4: 1 PASS, 1 FAIL" in told
    assert "  FAIL: ALM-001" in told


def test_by_test_each_judgement_stands_with_its_requirement(tmp_path: Path) -> None:
    lines = trace(run_of(tmp_path).path, "--by", "test").stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if "day: a" in line)
    assert [line.split("│")[1].strip() for line in lines[place + 1 :] if "@" in line and "│" in line] == [
        "DEL-001@2",
        "ALM-001@1",
    ]


def test_a_newer_baseline_makes_what_was_reworded_stale(tmp_path: Path) -> None:
    folder = run_of(tmp_path).path
    newer = tmp_path / "newer.toml"
    newer.write_text((folder / REQUIREMENTS).read_text().replace("Deliver.", "Deliver more."), encoding="utf-8")
    told = trace(folder, "--requirements", newer, "--require", "all", "--json")
    assert told.exit_code == 3
    record = json.loads(told.stdout)
    assert [(one["id"], one["state"]) for one in record["requirements"]] == [("DEL-001", "STALE"), ("ALM-001", "PASS")]


def test_of_two_runs_the_newer_counts_and_each_cell_names_its_run(tmp_path: Path) -> None:
    older, newer = run_of(tmp_path, volume="FAIL").path, run_of(tmp_path, name="20270102T120000Z-run").path
    told = trace(newer, older, "--require", "all", "--json")
    assert told.exit_code == 0
    (cell,) = json.loads(told.stdout)["requirements"][0]["cells"]
    assert (cell["run"], cell["judgements"], cell["state"]) == ("20270102T120000Z-run", ["J-0001"], "PASS")


def test_a_run_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    folder = FolderOfARun(tmp_path / BEGUN, tests=["a"], judges={"a": to_come(VOLUME)})
    folder.begin("a", VOLUME)
    folder.judge(VOLUME, "FAIL")
    folder.end("a", "PASS")
    folder.journal.close()
    told = trace(folder.path)
    assert isinstance(told.exception, BenchFault)
    assert "line 6, T-0001 ended: recorded is PASS, what it rests on gives FAIL" in str(told.exception)


def test_a_file_that_no_run_writes_is_named_and_hinders_nobody(tmp_path: Path) -> None:
    folder = run_of(tmp_path).path
    (folder / "note.txt").write_text("hello", encoding="utf-8")
    told = trace(folder)
    assert told.exit_code == 0
    assert "note.txt: no run writes this" in told.stderr


def test_a_run_that_keeps_no_baseline_asks_for_one(tmp_path: Path) -> None:
    folder = run_of(tmp_path).path
    (folder / REQUIREMENTS).unlink()
    told = trace(folder)
    assert isinstance(told.exception, PlanError)
    assert "--requirements" in str(told.exception)


def test_deviations_of_the_runs_stand_below_the_matrix_and_in_its_json(tmp_path: Path) -> None:
    folder = run_of(tmp_path)
    told_by_the_bench = "bench file, [preflight] clock_ppm is 5000; pumpbench ships with 500"
    Journal.reopen(folder.journal.path, lambda: 0.0).close()
    lines = Journal.reopen(folder.journal.path, lambda: 0.0)
    lines.write("event", what="deviation", title=told_by_the_bench)
    lines.write("run-ended", reason="ok")
    lines.close()
    assert f"Deviation of {BEGUN}: {told_by_the_bench}" in trace(folder.path).stdout
    assert json.loads(trace(folder.path, "--json").stdout)["deviations"] == {BEGUN: [told_by_the_bench]}
