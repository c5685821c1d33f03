# SPDX-License-Identifier: Apache-2.0
"""A balance found wrong after the run: what rests on it counts no more, and both verdicts stay in the record."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.bench_file import CheckName
from bench.journal import JournalLine, lines, read_lines
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.preflight.distrust import Distrust
from bench.recorded import RecordedRun
from bench.recorded.distrust_check import DistrustCheck
from bench.run import read_run_evidence
from metrology.verdict import Limits, Verdict
from reports.junit_file import JudgedTest, at_the_end
from reports.run_history import RunHistory
from reports.sealed import bundle_verifier
from tests.unit.test_run_evidence import QUIET, VOLUME, FolderOfARun, to_come

LIMITS = Limits(-0.1, 0.1, "%", "bench file")
RATE_LINE: dict[str, Any] = {
    "name": "evaporation rate", "value": 0.03, "unit": "mg/h", "standard_uncertainty": 0.01, "kind": "A", "dof": 59.0,
    "sensitivity": 1.0, "contribution": 0.01, "distribution": "normal",
}  # fmt: skip
OFF = 20.0


def finding(state: CheckState, value: float | None) -> CheckFinding:
    return CheckFinding(CheckName.SENSITIVITY, "balance", "test itself", state, "it is off", LIMITS, value)


WRONG, RIGHT = finding(CheckState.BLOCK, OFF), finding(CheckState.OK, 0.0)
BROKEN_OFF, UNCHECKED = finding(CheckState.BLOCK, None), finding(CheckState.WARN, None)


class Run(FolderOfARun):
    """A run of one test, whose volume rests on the balance, and whose quiet does not."""

    def __init__(self, path: Path) -> None:
        judges = {"a": to_come(VOLUME, QUIET)}
        super().__init__(path, tests=["a"], judges=judges, left_out=[])

    def test(self, volume: str, quiet: str = "PASS", reason: str = "") -> None:
        self.begin("a", VOLUME, QUIET)
        said = {"reason": "so it was", "rule": "yes or no"}
        weighed = {"value": 1.2, "unit": "mL", "budget": [RATE_LINE]}
        self.journal.write(
            "judgement",
            name=VOLUME,
            declared=VOLUME,
            verdict=volume,
            requirements=self.cited(VOLUME),
            **said,
            **weighed,
        )
        self.judge(QUIET, quiet)
        worst = "FAIL" if "FAIL" in (volume, quiet) else "PASS"
        usual = "every judgement passed" if worst == "PASS" else "pump: judge: FAIL so it was"
        self.journal.write("test-ended", node="a", verdict=worst, reason=reason or usual)

    def after(self, found: CheckFinding) -> Distrust | None:
        """What the post-flight writes."""
        self.journal.write("event", what="postflight", **found.as_dict())
        distrust = Distrust.of([found], self.journal.path)
        if distrust is not None and (spoilt := distrust.spoilt(self.journal.path)):
            self.journal.write("event", what="balance-distrusted", **distrust.as_dict(spoilt))
        return distrust

    def end_run(self) -> RecordedRun:
        self.journal.write("run-ended", reason="ok")
        self.journal.close()
        return RecordedRun.read(self.journal.path)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path / "20270101T120000Z-run")


@pytest.mark.parametrize("first", ["PASS", "FAIL"])
def test_neither_a_pass_nor_a_fail_stands_on_a_balance_that_is_wrong(run: Run, first: str) -> None:
    run.test(first)
    run.after(WRONG)
    (entry,) = RunHistory.of(run.end_run()).entries
    volume, quiet = entry.values
    assert (entry.verdict, volume.verdict, quiet.verdict) == (Verdict.BLOCKED, Verdict.BLOCKED, Verdict.PASS)
    assert (volume.first_verdict, quiet.first_verdict) == (Verdict(first), None)
    assert f"at first it was {first}" in entry.reason
    assert "the balance is wrong after the run: it is off" in volume.reason
    evidence = read_run_evidence(run.path).tests[0]
    assert {one.name: one.verdict for one in evidence.planned} == {VOLUME: Verdict.BLOCKED, QUIET: Verdict.PASS}
    assert evidence.verdict is Verdict.BLOCKED


def test_a_pump_that_fails_by_something_else_fails_all_the_same(run: Run) -> None:
    run.test("FAIL", quiet="FAIL")
    run.after(WRONG)
    (entry,) = RunHistory.of(run.end_run()).entries
    assert (entry.verdict, [one.verdict for one in entry.values]) == (Verdict.FAIL, [Verdict.BLOCKED, Verdict.FAIL])


def test_a_failure_that_nobody_judged_stands(run: Run) -> None:
    run.test("FAIL", reason="pump: start: it answered refused")
    run.after(WRONG)
    (entry,) = RunHistory.of(run.end_run()).entries
    assert entry.verdict is Verdict.FAIL


def test_a_balance_that_proves_itself_leaves_a_failure_a_failure(run: Run) -> None:
    run.test("FAIL")
    assert run.after(RIGHT) is None
    (entry,) = RunHistory.of(run.end_run()).entries
    assert (entry.verdict, entry.values[0].first_verdict) == (Verdict.FAIL, None)


def test_a_balance_that_broke_its_test_off_decides_nothing(run: Run) -> None:
    run.test("FAIL")
    run.after(BROKEN_OFF)
    (entry,) = RunHistory.of(run.end_run()).entries
    assert entry.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("suspected", [True, False])
def test_where_nothing_was_checked_only_an_infusion_that_was_suspected_decides_nothing(
    run: Run, suspected: bool
) -> None:
    if suspected:
        told = {"title": "Scale suspected: carats", "factor": 5.0, "unit": "carat"}
        run.journal.write("event", what="scale-suspected", **told)
    run.test("FAIL")
    run.after(UNCHECKED)
    (entry,) = RunHistory.of(run.end_run()).entries
    assert entry.verdict is (Verdict.INCONCLUSIVE if suspected else Verdict.FAIL)


def test_a_suspicion_is_nothing_where_the_balance_proves_itself(run: Run) -> None:
    run.journal.write("event", what="scale-suspected", title="carats", factor=5.0, unit="carat")
    run.test("FAIL")
    assert run.after(RIGHT) is None


def test_a_verdict_with_both_blanks_does_not_bring_back_what_counts_no_more(run: Run) -> None:
    run.test("PASS")
    moved = {"id": "J-0001", "name": VOLUME, "value": 1.0, "unit": "", "expanded_uncertainty": 1.0}
    run.journal.write("event", what="judged-again", title="", moved=[{**moved, "first": "PASS", "second": "FAIL"}])
    run.after(WRONG)
    run.end_run()
    assert read_run_evidence(run.path).tests[0].planned[0].verdict is Verdict.BLOCKED


def test_what_was_inconclusive_stays_so_and_moves_nothing(run: Run) -> None:
    run.test("INCONCLUSIVE")
    run.after(WRONG)
    assert [line.body for line in _read(run) if isinstance(line.body, lines.BalanceDistrusted)] == []


def test_junit_tells_the_same(run: Run) -> None:
    run.test("FAIL")
    run.after(WRONG)
    bodies = [line.body for line in _read(run)]
    started = next(one for one in bodies if isinstance(one, lines.TestStarted))
    ended = next(one for one in bodies if isinstance(one, lines.TestEnded))
    judged = JudgedTest(started, [one for one in bodies if isinstance(one, lines.Judgement)], ended)
    distrusted = [one for one in bodies if isinstance(one, lines.BalanceDistrusted)]
    (told,) = at_the_end([judged], distrusted)
    assert told.ended is not None
    assert told.ended.verdict is Verdict.BLOCKED
    assert [one.verdict for one in told.judgements] == [Verdict.BLOCKED, Verdict.PASS]
    assert at_the_end([judged], [])[0].ended is ended


@pytest.mark.parametrize(
    ("volume", "quiet", "reason", "found"),
    [
        ("FAIL", "PASS", "", WRONG), ("FAIL", "PASS", "", BROKEN_OFF), ("PASS", "PASS", "", WRONG),
        ("FAIL", "FAIL", "", WRONG), ("FAIL", "PASS", "pump: alarm: it was silent", WRONG), ("FAIL", "PASS", "", RIGHT),
    ],
)  # fmt: skip
def test_the_verifier_alone_takes_the_second_verdict_as_the_summary_does(
    run: Run, volume: str, quiet: str, reason: str, found: CheckFinding
) -> None:
    run.test(volume, quiet, reason)
    run.after(found)
    (told,) = RunHistory.of(run.end_run()).entries
    record = bundle_verifier._Record(run.journal.path.parent, bundle_verifier.Verification())
    for number, line in enumerate(run.journal.path.read_bytes().splitlines()[1:], 1):
        record._take(json.loads(line), number)
    (own,) = record._tests
    assert (own.verdict, own.reason) == (told.verdict.name, told.reason)


# --- a line that somebody adds --------------------------------------------------------------------------------------


def contradictions(run: Run) -> list[str]:
    check = DistrustCheck()
    return [str(one) for line in _read(run) for one in check.take(line)]


def add_a_line(run: Run, own: str = "J-0001", second: str = "BLOCKED") -> None:
    moved = {"id": own, "name": VOLUME, "value": 1.2, "unit": "mL", "expanded_uncertainty": 0.1, "first": "FAIL"}
    said = {"title": "it counts no more", "reason": "it is wrong", "moved": [{**moved, "second": second}]}
    run.journal.write("event", what="balance-distrusted", **said)


def test_what_the_post_flight_writes_follows_from_its_check(run: Run) -> None:
    run.test("FAIL")
    run.after(WRONG)
    assert contradictions(run) == []


@pytest.mark.parametrize(
    ("found", "own", "second", "seen"),
    [
        (RIGHT, "J-0001", "BLOCKED", "its sensitivity was found to be right"),
        (UNCHECKED, "J-0001", "INCONCLUSIVE", "its sensitivity was found to be right"),
        (WRONG, "J-0002", "BLOCKED", "it does not rest on the balance"),
        (WRONG, "J-0009", "BLOCKED", "it does not rest on the balance"),
        (WRONG, "J-0001", "PASS", "FAIL, then BLOCKED"),
    ],
)
def test_a_failure_does_not_vanish_by_one_more_line(
    run: Run, found: CheckFinding, own: str, second: str, seen: str
) -> None:
    run.test("FAIL")
    run.journal.write("event", what="postflight", **found.as_dict())
    add_a_line(run, own, second)
    (told,) = contradictions(run)
    assert seen in told


def _read(run: Run) -> list[JournalLine]:
    return list(read_lines(run.journal.path))
