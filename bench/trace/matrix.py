# SPDX-License-Identifier: Apache-2.0
"""The trace matrix: requirement × judgement × test, both ways, over one run or several.

A requirement's state is made of the judgements bound to it and of nothing else: a test that passed says nothing about a
requirement that none of its judgements names, and a test that failed for one requirement does not redden another.

Runs combine by profile and firmware: of each planned judgement the newest run counts in which its test ran. What was
judged by another text or revision than the baseline has now is STALE, whatever the verdict was. What passed in a run
that does not pass as a whole, because it was aborted or its bench not proven at its end, is BLOCKED.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from bench.trace.evidence import CitedRequirement, Execution, PlannedJudgement, RunEvidence, TestEvidence
from bench.trace.requirement_state import RequirementState, worst_state
from bench.trace.requirements import Requirement, Requirements
from metrology.verdict import Verdict


@dataclass(frozen=True)
class Cell:
    """One planned judgement as evidence for one requirement.

    Attributes:
        requirement: as it was cited.
        test: node id of the test.
        judgement: the declared name.
        state: what is known.
        reason: why there is no verdict, or why the verdict does not count.
        judgement_ids: of the judgements behind it.
        run_id: where it was judged.
        profile, firmware: what it is about.
        simulated: whether a twin was judged.
    """

    requirement: CitedRequirement
    test: str
    judgement: str
    state: RequirementState
    reason: str
    judgement_ids: tuple[str, ...]
    run_id: str
    profile: str
    firmware: str
    simulated: bool


@dataclass(frozen=True)
class RequirementRow:
    """One requirement of the baseline with all that is known about it."""

    requirement: Requirement
    state: RequirementState
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RiskControlRow:
    """One risk control, as good as the worst of its requirements."""

    id: str
    hazard: str
    state: RequirementState
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """All requirements of a baseline against all evidence.

    Attributes:
        baseline: its id and revision, as records cite it.
        rows: in the order of the baseline.
        risk_controls: in the order of the baseline.
        orphans: evidence for requirements that the baseline does not have.
        untraced: names of judgements that are evidence for no requirement, each after its test.
    """

    baseline: str
    rows: tuple[RequirementRow, ...]
    risk_controls: tuple[RiskControlRow, ...]
    orphans: tuple[Cell, ...]
    untraced: tuple[str, ...]

    @classmethod
    def of(cls, requirements: Requirements, runs: Iterable[RunEvidence]) -> Self:
        """Hold the evidence of one run or several against a baseline."""
        newest = _newest(sorted(runs, key=lambda run: run.order))
        cells = [_cell(requirements, run, test, planned, cited) for run, test, planned, cited in _bound(newest)]
        known: dict[str, list[Cell]] = {one.id: [] for one in requirements.requirement}
        for cell in cells:
            known.get(cell.requirement.id, []).append(cell)
        rows = tuple(_row(one, known[one.id]) for one in requirements.requirement)
        states = {row.requirement.id: row.state for row in rows}
        return cls(
            baseline=f"{requirements.baseline.id}@{requirements.baseline.revision}",
            rows=rows,
            risk_controls=tuple(
                _risk_control(control.id, control.hazard, requirements, states) for control in requirements.risk_control
            ),
            orphans=tuple(cell for cell in cells if cell.requirement.id not in known),
            untraced=tuple(
                f"{test.node}: {planned.name}"
                for _, test in newest
                for planned in test.planned
                if not planned.requirements
            ),
        )

    @property
    def state(self) -> RequirementState:
        """Return the worst state of all requirements and orphans."""
        return worst_state([*(row.state for row in self.rows), *(cell.state for cell in self.orphans)])

    @property
    def unsettled(self) -> tuple[RequirementRow, ...]:
        """Return the requirements that are neither passed nor out of question."""
        return tuple(row for row in self.rows if not row.state.is_settled)

    def counts(self) -> dict[RequirementState, int]:
        """Return how many requirements are in each state."""
        return {state: sum(row.state is state for row in self.rows) for state in RequirementState}

    def of_test(self, node: str) -> tuple[Cell, ...]:
        """Return the matrix the other way round: what one test is evidence for."""
        cells = [cell for row in self.rows for cell in row.cells] + list(self.orphans)
        return tuple(cell for cell in cells if cell.test == node)


def _newest(runs: Sequence[RunEvidence]) -> list[tuple[RunEvidence, TestEvidence]]:
    """Return each test of each variant from the newest run in which it ran; else from the newest that knows it."""
    found: dict[tuple[tuple[str, str], str], tuple[RunEvidence, TestEvidence]] = {}
    for run in runs:
        for test in run.tests:
            key = (run.variant, test.node)
            ran_before = key in found and found[key][1].execution is Execution.RAN
            if test.execution is Execution.RAN or not ran_before:
                found[key] = (run, test)
    return list(found.values())


def _bound(
    tests: Iterable[tuple[RunEvidence, TestEvidence]],
) -> Iterable[tuple[RunEvidence, TestEvidence, PlannedJudgement, CitedRequirement]]:
    for run, test in tests:
        for planned in test.planned:
            for cited in planned.requirements:
                yield run, test, planned, cited


def _cell(
    requirements: Requirements,
    run: RunEvidence,
    test: TestEvidence,
    planned: PlannedJudgement,
    cited: CitedRequirement,
) -> Cell:
    state, reason = _state(test, planned)
    if state is RequirementState.PASS and run.troubles:
        state, reason = RequirementState.BLOCKED, f"the run itself does not pass: {run.troubles[0]}"
    if planned.judgements:
        state, reason = _held_against(requirements, cited, state, reason)
    return Cell(
        requirement=cited,
        test=test.node,
        judgement=planned.name,
        state=state,
        reason=reason,
        judgement_ids=planned.judgements,
        run_id=run.run_id,
        profile=run.profile,
        firmware=run.firmware,
        simulated=run.simulated,
    )


def _state(test: TestEvidence, planned: PlannedJudgement) -> tuple[RequirementState, str]:
    if test.execution is Execution.NOT_APPLICABLE:
        return RequirementState.NOT_APPLICABLE, test.reason
    if test.execution is not Execution.RAN:
        return RequirementState.NOT_RUN, test.reason or str(test.execution)
    if planned.verdict is not Verdict.UNSET:
        return RequirementState.of(planned.verdict), ""
    undecided = RequirementState.INCONCLUSIVE if test.verdict is Verdict.INCONCLUSIVE else RequirementState.BLOCKED
    return undecided, f"declared and not judged: {test.reason or 'the test ended first'}"


def _held_against(
    requirements: Requirements, cited: CitedRequirement, state: RequirementState, reason: str
) -> tuple[RequirementState, str]:
    """Return the state of a judgement as evidence for what the baseline says now."""
    present = next((one for one in requirements.requirement if one.id == cited.id), None)
    if present is None:
        return RequirementState.ORPHAN, f"the baseline has no {cited.id}"
    if present.revision != cited.revision:
        return RequirementState.STALE, f"judged by revision {cited.revision}, the baseline has {present.revision}"
    if cited.text_sha256 != present.text_sha256:
        return RequirementState.STALE, "its text was changed since, under the same revision"
    return state, reason


def _row(requirement: Requirement, cells: Sequence[Cell]) -> RequirementRow:
    return RequirementRow(requirement, worst_state(cell.state for cell in cells), tuple(cells))


def _risk_control(
    control_id: str, hazard: str, requirements: Requirements, states: dict[str, RequirementState]
) -> RiskControlRow:
    controlling = [one.id for one in requirements.controlling(control_id)]
    return RiskControlRow(control_id, hazard, worst_state(states[one] for one in controlling), tuple(controlling))
