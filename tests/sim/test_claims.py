# SPDX-License-Identifier: Apache-2.0
"""No plan passes with less than it declared: a requirement is shown by judgements bound to it and by nothing else."""

from typing import Any

import pytest

from groundfloor.exit_code import ExitCode
from metrology.verdict import Verdict
from reports.entry import Entry
from tests.sim.bench_run import BenchRun
from tests.sim.test_verdict_precedence import plan_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return plan_run("claims.py", tmp_path_factory.mktemp("claims"))


def entry(run: BenchRun, name: str) -> Entry:
    (one,) = [test for test in run.summary.tests if test.node.endswith(f"::test_{name}")]
    return one


def bound(run: BenchRun, requirement: str) -> list[dict[str, Any]]:
    """All judgements of the run that are evidence for a requirement."""
    judged = [dict(line.data) for line in run.of_kind("judgement")]
    return [one for one in judged if requirement in {cited["id"] for cited in one["requirements"]}]


def test_a_plan_that_claims_alarms_and_only_weighs_does_not_pass(run: BenchRun) -> None:
    claims = entry(run, "claims_alarms_and_weighs")
    assert claims.verdict is Verdict.INCONCLUSIVE
    unset = ", ".join(f"{one} claimed by @verifies" for one in ("CAT-001", "CAT-003", "ALM-002"))
    assert f"declared and not judged: {unset}" in claims.reason
    assert {one.verdict for one in claims.values} == {Verdict.PASS}  # nothing was wrong with what it weighed


def test_a_plan_that_declares_an_alarm_and_does_not_wait_for_it_does_not_pass(run: BenchRun) -> None:
    declares = entry(run, "declares_and_does_not_judge")
    assert declares.verdict is Verdict.INCONCLUSIVE
    named = "alarm in time, unintended bolus, the pump does what it promises after an alarm"
    assert f"declared and not judged: {named}" in declares.reason


def test_what_nobody_judged_is_evidence_for_nothing(run: BenchRun) -> None:
    assert [bound(run, one) for one in ("CAT-001", "CAT-003", "ALM-002")] == [[], [], []]
    declared = [one.data for one in run.of_kind("judgement-declared") if one.data["name"].startswith("CAT-001")]
    assert [[cited["id"] for cited in one["requirements"]] for one in declared] == [["CAT-001"]]


def test_a_plan_that_judges_what_it_did_not_declare_is_blocked_as_a_wrong_plan(run: BenchRun) -> None:
    undeclared = entry(run, "judges_undeclared")
    assert undeclared.verdict is Verdict.BLOCKED
    assert "plan: judge: 'half an hour' was not declared" in undeclared.reason
    assert "Next: declare it with @judges above the test" in undeclared.reason


def test_a_plan_that_judges_by_other_limits_than_it_declared_is_blocked_as_a_wrong_plan(run: BenchRun) -> None:
    other = entry(run, "judges_by_other_limits")
    assert other.verdict is Verdict.BLOCKED
    assert "Next: declare the limits that the judgement has" in other.reason


def test_the_same_plan_passes_when_it_judges_what_it_declares_and_is_evidence_for_that(run: BenchRun) -> None:
    assert entry(run, "judges_what_it_declares").verdict is Verdict.PASS
    weighed = [one for one in bound(run, "DEL-003") if one["declared"] == "half an hour"]
    assert [one["verdict"] for one in weighed] == ["PASS", "PASS", "PASS"]  # of the tests that did judge it
    assert {len(bound(run, one)) > 0 for one in ("PRG-001", "PRG-002", "ALM-001", "DEL-004", "CLK-001", "CLK-002")} == {
        True
    }


def test_a_run_of_such_plans_passes_nothing_and_fails_no_pump(run: BenchRun) -> None:
    assert run.exit_code == ExitCode.NOT_TESTED
    assert run.summary.counts == {"PASS": 1, "FAIL": 0, "INCONCLUSIVE": 2, "BLOCKED": 2, "NOT_RUN": 0}
