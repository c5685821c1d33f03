# SPDX-License-Identifier: Apache-2.0
"""A run folder becomes evidence: what was judged, what is missing of it, and what never ran."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.journal import Journal
from bench.run import read_run_evidence
from bench.trace import Execution, Matrix, Requirements, RequirementState, RunEvidence
from metrology.verdict import Verdict
from tests.unit.reports.conftest import RUN_STARTED

BASELINE = """
[baseline]
id = "REQ"
revision = 4
[[requirement]]
id = "DEL-001"
revision = 2
feature = "Delivery"
text = "Deliver."
[[requirement]]
id = "ALM-001"
revision = 1
feature = "Alarms"
text = "Be quiet."
"""
VOLUME, QUIET = "volume", "quiet"
TESTS = {VOLUME: "DEL-001", QUIET: "ALM-001"}


def to_come(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "requirements": [TESTS[name]]} for name in names]


class FolderOfARun:
    """A run folder, written by hand: its list of tests first, then what its tests did."""

    def __init__(self, path: Path, **collected: Any) -> None:
        self.path = path
        path.mkdir()
        (path / "requirements.toml").write_text(BASELINE, encoding="utf-8")
        self.baseline = Requirements.load(path / "requirements.toml")
        (path / "collected.json").write_text(json.dumps(collected), encoding="utf-8")
        self.journal = Journal(path / "journal.jsonl")
        self.journal.write("run-started", **RUN_STARTED)

    def cited(self, name: str) -> list[dict[str, Any]]:
        one = self.baseline.get(TESTS[name])
        return [{"id": one.id, "revision": one.revision, "text_sha256": one.text_sha256}]

    def begin(self, node: str, *declared: str, times: int | None = 1) -> None:
        cited = [one for name in declared for one in self.cited(name)]
        self.journal.write("test-started", node=node, title=node, chapter="delivery", requirements=cited)
        for name in declared:
            said = {"requirements": self.cited(name), "rule": RUN_STARTED["decision_rule"]}
            self.journal.write("judgement-declared", name=name, times=times, **said)

    def judge(self, name: str, verdict: str = "PASS") -> None:
        said = {"reason": "so it was", "rule": "yes or no", "requirements": self.cited(name)}
        self.journal.write("judgement", name=name, declared=name, verdict=verdict, **said)

    def end(self, node: str, verdict: str = "PASS") -> None:
        reasons = {"PASS": "every judgement passed", "FAIL": "pump: judge: FAIL so it was"}
        self.journal.write("test-ended", node=node, verdict=verdict, reason=reasons.get(verdict, "so it ended"))

    def evidence(self, *, ended: bool = True) -> RunEvidence:
        if ended:
            self.journal.write("run-ended", reason="ok")
        self.journal.close()
        return read_run_evidence(self.path)

    def matrix(self, *, ended: bool = True) -> Matrix:
        return Matrix.of(self.baseline, [self.evidence(ended=ended)])


@pytest.fixture
def folder(tmp_path: Path) -> FolderOfARun:
    why = {"c": ("-k 'a'", True), "d": ("the profile has no bolus", False)}
    left_out = [
        {"node": node, "reason": reason, "applicable": applicable, "judges": to_come(QUIET)}
        for node, (reason, applicable) in why.items()
    ]
    judges = {"a": to_come(VOLUME), "b": to_come(QUIET)}
    return FolderOfARun(tmp_path / "20270101T120000Z-run", tests=["a", "b"], judges=judges, left_out=left_out)


def test_what_was_declared_and_judged_carries_its_verdict_and_ids(folder: FolderOfARun) -> None:
    folder.begin("a", VOLUME, times=2)
    folder.judge(VOLUME)
    folder.judge(VOLUME, "INCONCLUSIVE")
    folder.end("a", "INCONCLUSIVE")
    run = folder.evidence()
    (planned,) = run.tests[0].planned
    assert (planned.name, planned.verdict, planned.judgements) == (VOLUME, Verdict.INCONCLUSIVE, ("J-0001", "J-0002"))
    assert [one.label for one in planned.requirements] == ["DEL-001@2"]
    assert (run.profile, run.firmware, run.simulated) == ("implantable-20ml", "1.0-twin", True)


@pytest.mark.parametrize(("verdict", "counts"), [("PASS", Verdict.UNSET), ("FAIL", Verdict.FAIL)])
def test_a_judgement_that_is_missing_keeps_the_rest_from_passing_and_hides_no_failure(
    folder: FolderOfARun, verdict: str, counts: Verdict
) -> None:
    folder.begin("a", VOLUME, times=2)
    folder.judge(VOLUME, verdict)
    folder.end("a", verdict)
    assert folder.evidence().tests[0].planned[0].verdict is counts


def test_what_was_judged_undeclared_is_evidence_for_nothing(folder: FolderOfARun) -> None:
    folder.begin("a")
    folder.judge(VOLUME)
    folder.end("a")
    matrix = folder.matrix()
    assert matrix.untraced == ("a: volume",)
    assert matrix.rows[0].state is RequirementState.BLOCKED, "the list of tests says that it was to be judged"


def test_tests_that_did_not_run_say_why(folder: FolderOfARun) -> None:
    folder.begin("a", VOLUME)
    folder.judge(VOLUME)
    folder.end("a")
    matrix = folder.matrix()
    assert [row.state for row in matrix.rows] == [RequirementState.BLOCKED, RequirementState.NOT_RUN]
    why = "the run itself does not pass: it is INVALID: b: no result: it was collected and never started"
    assert [cell.reason for cell in matrix.rows[0].cells] == [why]
    told = [(cell.test, cell.state.value, cell.reason) for cell in matrix.rows[1].cells]
    assert told == [
        ("b", "NOT RUN", "collected, never started"),
        ("c", "NOT RUN", "-k 'a'"),
        ("d", "NOT APPLICABLE", "the profile has no bolus"),
    ]


def test_nothing_passes_in_a_run_that_was_cut_short(folder: FolderOfARun) -> None:
    folder.begin("a", VOLUME)
    folder.judge(VOLUME)
    folder.end("a")
    (cell,) = folder.matrix(ended=False).rows[0].cells
    assert (cell.state, cell.reason) == (
        RequirementState.BLOCKED,
        "the run itself does not pass: the run was aborted: its journal has no end",
    )


def test_a_pass_that_the_second_blank_does_not_bear_out_does_not_pass(folder: FolderOfARun) -> None:
    folder.begin("a", VOLUME)
    folder.judge(VOLUME)
    folder.end("a")
    moved = {"id": "J-0001", "name": VOLUME, "value": 1.0, "unit": "", "expanded_uncertainty": 1.0}
    again = {**moved, "first": "PASS", "second": "INCONCLUSIVE"}
    folder.journal.write("event", what="judged-again", title="again", moved=[again])
    assert folder.matrix().rows[0].state is RequirementState.INCONCLUSIVE


def test_of_two_runs_on_a_stepped_clock_the_newer_folder_counts(tmp_path: Path) -> None:
    runs = []
    for name, verdict in (("20270102T120000Z-run", "PASS"), ("20270101T120000Z-run", "FAIL")):
        folder = FolderOfARun(tmp_path / name, tests=["a"], judges={"a": to_come(VOLUME)})
        folder.begin("a", VOLUME)
        folder.judge(VOLUME, verdict)
        folder.end("a", verdict)
        runs.append(folder.evidence())
    assert Matrix.of(folder.baseline, runs).rows[0].state is RequirementState.PASS


def test_a_test_that_was_never_begun_shows_though_a_run_kept_no_requirements(folder: FolderOfARun) -> None:
    (folder.path / "requirements.toml").unlink()
    run = folder.evidence()
    assert [test.execution for test in run.tests] == [
        Execution.NOT_RUN, Execution.NOT_RUN, Execution.LEFT_OUT, Execution.NOT_APPLICABLE]  # fmt: skip
