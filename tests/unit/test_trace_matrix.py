# SPDX-License-Identifier: Apache-2.0
"""A requirement's state is made of the judgements bound to it, and of nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.trace import (
    CitedRequirement,
    Execution,
    Matrix,
    PlannedJudgement,
    Requirements,
    RequirementState,
    RunEvidence,
    TestEvidence,
    worst_state,
)
from metrology.verdict import Verdict

BASELINE = Requirements.model_validate(
    {
        "baseline": {"id": "REQ", "revision": 4},
        "requirement": (
            {"id": "DEL-001", "revision": 1, "feature": "Delivery", "text": "Deliver.", "risk_controls": ("RC-001",)},
            {"id": "CAT-001", "revision": 2, "feature": "Catheter", "text": "Alarm.", "risk_controls": ("RC-001",)},
            {"id": "ALM-001", "revision": 1, "feature": "Alarms", "text": "Be quiet.", "risk_controls": ("RC-002",)},
        ),
        "risk_control": ({"id": "RC-001", "hazard": "no drug"}, {"id": "RC-002", "hazard": "noise"}),
    }
)


def cited(name: str, **changes: object) -> CitedRequirement:
    known = {one.id: one for one in BASELINE.requirement}
    base = known.get(name)
    citation = CitedRequirement(name, base.revision if base else 1, base.text_sha256 if base else "")
    return replace(citation, **changes)  # type: ignore[arg-type]


def planned(
    name: str, verdict: Verdict, *requirements: CitedRequirement | str, ids: tuple[str, ...] = ("J-0001",)
) -> PlannedJudgement:
    bound = tuple(cited(one) if isinstance(one, str) else one for one in requirements)
    return PlannedJudgement(name, bound, verdict, ids if verdict is not Verdict.UNSET else ())


def ran(node: str, *judged: PlannedJudgement, verdict: Verdict = Verdict.PASS, reason: str = "") -> TestEvidence:
    return TestEvidence(node, Execution.RAN, reason, verdict, judged)


def run(*tests: TestEvidence, run_id: str = "one", order: str = "1", firmware: str = "1.0") -> RunEvidence:
    return RunEvidence(run_id, order, "implantable-20ml", firmware, True, tests)


def states(*runs: RunEvidence) -> dict[str, str]:
    return {row.requirement.id: row.state.value for row in Matrix.of(BASELINE, runs).rows}


def test_a_failure_of_one_requirement_reddens_no_other_of_the_same_test() -> None:
    test = ran("t", planned("volume", Verdict.FAIL, "DEL-001"), planned("quiet", Verdict.PASS, "ALM-001"))
    assert states(run(test)) == {"DEL-001": "FAIL", "CAT-001": "UNCOVERED", "ALM-001": "PASS"}


def test_a_passed_test_says_nothing_of_a_requirement_that_none_of_its_judgements_names() -> None:
    assert states(run(ran("t", planned("volume", Verdict.PASS, "DEL-001"))))["CAT-001"] == "UNCOVERED"


def test_what_was_declared_and_not_judged_is_no_pass() -> None:
    broke = ran("t", planned("alarm", Verdict.UNSET, "CAT-001"), verdict=Verdict.BLOCKED, reason="clamp is stuck")
    matrix = Matrix.of(BASELINE, [run(broke)])
    row = matrix.rows[1]
    assert row.state is RequirementState.BLOCKED
    assert "clamp is stuck" in row.cells[0].reason
    assert states(run(replace(broke, verdict=Verdict.INCONCLUSIVE)))["CAT-001"] == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("execution", "state"),
    [
        (Execution.NOT_APPLICABLE, "NOT APPLICABLE"),
        (Execution.LEFT_OUT, "NOT RUN"),
        (Execution.NOT_RUN, "NOT RUN"),
    ],
)
def test_a_test_that_did_not_run_says_why(execution: Execution, state: str) -> None:
    test = TestEvidence("t", execution, "left out by -k", Verdict.UNSET, (planned("a", Verdict.UNSET, "CAT-001"),))
    matrix = Matrix.of(BASELINE, [run(test)])
    assert matrix.rows[1].state.value == state
    assert matrix.rows[1].cells[0].reason == "left out by -k"


def test_a_judgement_left_out_keeps_a_requirement_from_passing_and_one_that_does_not_apply_does_not() -> None:
    passed = ran("a", planned("volume", Verdict.PASS, "DEL-001"))
    other = TestEvidence("b", Execution.LEFT_OUT, "-k", Verdict.UNSET, (planned("x", Verdict.UNSET, "DEL-001"),))
    assert states(run(passed, other))["DEL-001"] == "NOT RUN"
    assert states(run(passed, replace(other, execution=Execution.NOT_APPLICABLE)))["DEL-001"] == "PASS"


def test_another_revision_or_another_text_since_the_judgement_is_stale_whatever_the_verdict() -> None:
    for verdict in (Verdict.PASS, Verdict.FAIL):
        older = planned("alarm", verdict, cited("CAT-001", revision=1))
        reworded = planned("alarm", verdict, cited("CAT-001", text_sha256="0" * 64))
        assert states(run(ran("t", older)))["CAT-001"] == "STALE"
        assert states(run(ran("t", reworded)))["CAT-001"] == "STALE"


def test_a_judgement_of_a_requirement_that_is_no_more_is_an_orphan_and_no_pass() -> None:
    everything = [planned(one.id, Verdict.PASS, one.id) for one in BASELINE.requirement]
    matrix = Matrix.of(BASELINE, [run(ran("t", *everything, planned("old", Verdict.PASS, "OLD-001")))])
    assert [cell.requirement.id for cell in matrix.orphans] == ["OLD-001"]
    assert matrix.state is RequirementState.ORPHAN
    assert not matrix.unsettled


def test_of_several_runs_the_newest_in_which_the_test_ran_counts() -> None:
    bad = run(ran("t", planned("volume", Verdict.FAIL, "DEL-001")), run_id="first", order="1")
    good = run(ran("t", planned("volume", Verdict.PASS, "DEL-001")), run_id="second", order="2")
    skipped = TestEvidence("t", Execution.LEFT_OUT, "-k", Verdict.UNSET, (planned("volume", Verdict.UNSET, "DEL-001"),))
    assert states(good, bad)["DEL-001"] == "PASS"
    assert states(run(skipped, order="3"), bad)["DEL-001"] == "FAIL"


def test_a_newer_pass_of_another_test_does_not_hide_a_failure() -> None:
    bad = run(ran("a", planned("volume", Verdict.FAIL, "DEL-001")), order="1")
    good = run(ran("b", planned("volume", Verdict.PASS, "DEL-001")), order="2")
    assert states(bad, good)["DEL-001"] == "FAIL"


def test_evidence_of_another_firmware_does_not_replace_but_adds() -> None:
    old = run(ran("t", planned("volume", Verdict.PASS, "DEL-001")), order="1", firmware="1.0")
    new = run(ran("t", planned("volume", Verdict.FAIL, "DEL-001")), order="2", firmware="2.0")
    assert states(old, new)["DEL-001"] == "FAIL"
    assert len(Matrix.of(BASELINE, [old, new]).rows[0].cells) == 2


def test_a_risk_control_is_as_good_as_its_worst_requirement() -> None:
    test = ran("t", planned("volume", Verdict.PASS, "DEL-001"), planned("quiet", Verdict.PASS, "ALM-001"))
    matrix = Matrix.of(BASELINE, [run(test)])
    assert {one.id: one.state.value for one in matrix.risk_controls} == {"RC-001": "UNCOVERED", "RC-002": "PASS"}


def test_a_judgement_bound_to_nothing_is_named() -> None:
    matrix = Matrix.of(BASELINE, [run(ran("t", planned("volume", Verdict.PASS)))])
    assert matrix.untraced == ("t: volume",)


def test_the_matrix_reads_from_the_test_as_well() -> None:
    test = ran("t", planned("volume", Verdict.PASS, "DEL-001"), planned("old", Verdict.PASS, "OLD-001"))
    matrix = Matrix.of(BASELINE, [run(test)])
    assert [(cell.requirement.id, cell.judgement_ids) for cell in matrix.of_test("t")] == [
        ("DEL-001", ("J-0001",)),
        ("OLD-001", ("J-0001",)),
    ]


@given(st.lists(st.sampled_from([verdict for verdict in Verdict if verdict is not Verdict.UNSET]), min_size=1))
def test_a_requirement_passes_only_if_every_judgement_of_it_did(verdicts: list[Verdict]) -> None:
    tests = [ran(f"t{number}", planned("x", verdict, "DEL-001")) for number, verdict in enumerate(verdicts)]
    assert (states(run(*tests))["DEL-001"] == "PASS") == all(verdict is Verdict.PASS for verdict in verdicts)


@given(st.lists(st.sampled_from(list(RequirementState))), st.sampled_from(list(RequirementState)))
def test_more_evidence_never_makes_a_state_better(
    states_so_far: list[RequirementState], more: RequirementState
) -> None:
    if RequirementState.PASS not in states_so_far:
        return
    settled = worst_state(states_so_far).is_settled
    assert settled or not worst_state([*states_so_far, more]).is_settled
