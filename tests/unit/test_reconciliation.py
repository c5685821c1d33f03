# SPDX-License-Identifier: Apache-2.0
"""What was collected against what ran: whatever is lost, the run is INVALID, and what is lost has its name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.collected_tests import CollectedTests, NotCollected
from bench.journal import Journal
from bench.journal.journal_chain import Chain
from bench.journal.lines import JournalOpened
from bench.recorded import RecordedRun, refuse_contradictions
from bench.run import input_hashes, refuse_changed_inputs, unreconciled
from groundfloor.errors import BenchFault
from metrology.verdict import Verdict
from reports.run_verdict import Invalid, verdict_of_run
from reports.summary import Summary, summarise
from tests.unit.reports.conftest import RUN_STARTED
from tests.unit.test_run_evidence import QUIET, VOLUME, FolderOfARun, to_come

TESTS = ("a", "b", "c")


def whole(path: Path) -> FolderOfARun:
    """Return a run of three tests that all passed, its inputs bound."""
    judges = {node: to_come(VOLUME) for node in TESTS}
    run = FolderOfARun(path / "run", tests=TESTS, judges=judges)
    for node in TESTS:
        run.begin(node, VOLUME)
        run.judge(VOLUME)
        run.end(node)
    run.journal.write("run-ended", reason="ok")
    run.journal.close()
    return run


def lines_of(run: FolderOfARun) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.journal.path.read_text(encoding="utf-8").splitlines()]


def write(run: FolderOfARun, lines: list[dict[str, Any]]) -> None:
    """Write lines with numbers and a chain of their own."""
    chain, written = Chain(), []
    for line in lines:
        written.append(chain.line(line["t"], line["kind"], line["data"]))
        chain.follow(written[-1])
    run.journal.path.write_bytes(b"".join(written))


def without_a_test(run: FolderOfARun) -> None:
    """Take out the lines of the last test, and make the chain anew."""
    lines = lines_of(run)
    first = next(n for n, line in enumerate(lines) if line["kind"] == "test-started" and line["data"]["node"] == "c")
    write(run, [*lines[:first], lines[-1]])


def without_an_end(run: FolderOfARun) -> None:
    """Take out everything behind the beginning of the last test."""
    lines = lines_of(run)
    first = next(n for n, line in enumerate(lines) if line["kind"] == "test-started" and line["data"]["node"] == "c")
    write(run, lines[: first + 1])


def without_its_list(run: FolderOfARun) -> None:
    (run.path / "collected.json").unlink()


def listed(run: FolderOfARun, *tests: str, **more: object) -> None:
    content = json.loads((run.path / "collected.json").read_text(encoding="utf-8"))
    (run.path / "collected.json").write_text(json.dumps({**content, "tests": tests, **more}), encoding="utf-8")


LOST: dict[str, tuple[Callable[[FolderOfARun], None], list[str]]] = {
    "the lines of a test": (without_a_test, ["c: no result: it was collected and never started"]),
    "the end of a test": (without_an_end, ["c: no result: it started, and the run ended before it did"]),
    "the list of tests": (
        without_its_list,
        ["collected.json: it is missing: nobody can tell whether all tests ran"],
    ),
    "a row of the list": (lambda run: listed(run, "a", "b"), ["c: a result of a test that was not collected"]),
    "a file of tests": (
        lambda run: listed(run, *TESTS, not_collected=[{"node": "test_x.py", "why": "SyntaxError"}]),
        ["test_x.py: its tests could not be collected: SyntaxError"],
    ),
}


@pytest.mark.parametrize("lost", LOST)
def test_a_run_that_lost_something_is_invalid_and_names_it(tmp_path: Path, lost: str) -> None:
    run = whole(tmp_path)
    assert summarise(run.path).exit_code == 0
    lose, named = LOST[lost]
    lose(run)
    summary = summarise(run.path)
    assert (summary.verdict, summary.exit_code) == (Invalid.INVALID, 6)
    assert [str(one) for one in summary.invalid] == named


def test_a_result_and_its_row_taken_out_together_are_found_by_the_hash_of_the_list(tmp_path: Path) -> None:
    run = FolderOfARun(tmp_path / "run", tests=TESTS, judges={node: to_come(VOLUME) for node in TESTS})
    run.journal.path.unlink()
    run.journal = Journal(run.path / "journal.jsonl")
    run.journal.put(JournalOpened(format="1.3", inputs=input_hashes(run.path)))
    run.journal.write("run-started", **RUN_STARTED)
    for node in TESTS:
        run.begin(node, VOLUME)
        run.judge(VOLUME)
        run.end(node)
    run.journal.write("run-ended", reason="ok")
    run.journal.close()
    refuse_changed_inputs(run.path)
    without_a_test(run)
    with pytest.raises(BenchFault, match="c: recorded is no test of this name"):
        refuse_contradictions(run.path, RecordedRun.read(run.journal.path))
    listed(run, "a", "b", judges={node: to_come(VOLUME) for node in ("a", "b")})
    assert summarise(run.path).exit_code == 0  # the list and the journal agree now
    with pytest.raises(BenchFault, match=r"check collected\.json: it is not what the run began with"):
        refuse_changed_inputs(run.path)


def test_a_test_of_a_worker_that_died_has_no_result_although_it_was_given_an_end(tmp_path: Path) -> None:
    run = FolderOfARun(tmp_path / "run", tests=["a"], judges={"a": to_come(QUIET)})
    run.begin("a", QUIET)
    reason = "the worker of chapter p was ended by SIGKILL"
    run.journal.write("test-ended", node="a", verdict="BLOCKED", reason=reason)
    run.evidence()
    summary = summarise(run.path)
    assert (summary.verdict, summary.exit_code) == (Invalid.INVALID, 6)
    assert [str(one) for one in summary.invalid] == [f"a: no result: {reason}"]


def test_a_failure_that_was_judged_speaks_before_a_result_that_is_missing_and_both_are_told(tmp_path: Path) -> None:
    run = FolderOfARun(tmp_path / "run", tests=["a", "b"], judges={node: to_come(VOLUME) for node in "ab"})
    run.begin("a", VOLUME)
    run.judge(VOLUME, "FAIL")
    run.end("a", "FAIL")
    run.evidence()
    summary = summarise(run.path)
    assert (summary.verdict, summary.exit_code) == (Verdict.FAIL, 1)
    assert [one.node for one in summary.invalid] == ["b"]
    assert Summary.load(run.path / "summary.json") == summary


def test_nothing_of_an_invalid_run_counts_for_a_requirement(tmp_path: Path) -> None:
    run = FolderOfARun(tmp_path / "run", tests=["a", "b"], judges={"a": to_come(VOLUME), "b": to_come(QUIET)})
    run.begin("a", VOLUME)
    run.judge(VOLUME)
    run.end("a")
    states = {row.requirement.id: row.state.value for row in run.matrix().rows}
    assert states == {"DEL-001": "BLOCKED", "ALM-001": "NOT RUN"}


@pytest.mark.parametrize(
    ("tests", "troubled", "reconciled", "told"),
    [
        ([Verdict.PASS], False, True, ("PASS", 0)),
        ([Verdict.PASS], True, True, ("BLOCKED", 3)),
        ([Verdict.PASS], False, False, ("INVALID", 6)),
        ([Verdict.INCONCLUSIVE, Verdict.BLOCKED], True, False, ("INVALID", 6)),
        ([Verdict.FAIL, Verdict.PASS], True, False, ("FAIL", 1)),
        ([], False, False, ("INVALID", 6)),
        ([], False, True, ("BLOCKED", 3)),
    ],
)
def test_the_verdict_over_a_run(tests: list[Verdict], troubled: bool, reconciled: bool, told: tuple[str, int]) -> None:
    verdict, code = verdict_of_run(tests, troubled=troubled, reconciled=reconciled)
    assert (verdict.name, code) == told


def test_a_run_that_reconciles_has_no_gap(tmp_path: Path) -> None:
    run = whole(tmp_path)
    collected = CollectedTests.read(run.path / "collected.json")
    assert unreconciled(collected, RecordedRun.read(run.journal.path)) == ()
    assert NotCollected(node="x", why="y").why == "y"
