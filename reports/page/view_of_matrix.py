# SPDX-License-Identifier: Apache-2.0
"""The matrix on the page: requirements and risk controls with the judgements that tell of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.collected_tests import CollectedTests
from bench.recorded import RecordedRun
from bench.run.run_evidence import read_run_evidence, run_evidence
from bench.trace import Matrix, Requirements
from groundfloor.errors import PlanError
from reports.page.evidence_of_whole_tests import EvidenceOfWholeTests
from reports.page.journal_of_page import JournalOfPage
from reports.page.matrix_view import MatrixView, RequirementRow, RiskControlRow, TracedJudgement
from reports.summary import Summary

NOT_BOUND = (
    "This record ties judgements to tests, not to requirements: in the matrix every judgement of a test counts for "
    "every requirement that the test names."
)


def view_of_matrix(
    path: Path,
    summary: Summary,
    journal: JournalOfPage,
    collected: CollectedTests | None,
    remarks: list[str],
    recorded: RecordedRun | None = None,
) -> MatrixView:
    """Return the matrix of a run by itself; what keeps it from being made or bound goes into `remarks`."""
    try:
        requirements = Requirements.load(path)
    except PlanError as refused:
        remarks.append(f"There is no matrix: {refused}")
        return MatrixView("", (), (), bound=False)
    bound = any(test.declared or any(one.requirements for _, one in test.judged) for test in journal.tests)
    bound = bound or (collected is not None and bool(collected.judges))
    if bound:
        evidence = read_run_evidence(path.parent) if recorded is None else run_evidence(path.parent, recorded)
    else:
        remarks.append(NOT_BOUND)
        evidence = EvidenceOfWholeTests(requirements).of(summary, journal, collected)
    matrix = Matrix.of(requirements, [evidence])
    anchors = {entry.node: f"test-{number}" for number, entry in enumerate(summary.tests, start=1)}
    return MatrixView(matrix.baseline, _requirement_rows(matrix, anchors), _risk_controls(matrix), bound)


def _requirement_rows(matrix: Matrix, anchors: Mapping[str, str]) -> tuple[RequirementRow, ...]:
    def traced(cells: Iterable[Any]) -> tuple[TracedJudgement, ...]:
        return tuple(
            TracedJudgement(
                cell.judgement_ids,
                cell.judgement,
                cell.state,
                cell.reason,
                cell.test,
                anchors.get(cell.test, ""),
            )
            for cell in cells
        )

    known = tuple(
        RequirementRow(
            row.requirement.id,
            row.requirement.revision,
            row.requirement.text,
            row.requirement.risk_controls,
            row.state,
            traced(row.cells),
        )
        for row in matrix.rows
    )
    ids = dict.fromkeys(cell.requirement.id for cell in matrix.orphans)
    orphans = (
        RequirementRow(one, None, "", (), "ORPHAN", traced(c for c in matrix.orphans if c.requirement.id == one))
        for one in ids
    )
    return (*known, *orphans)


def _risk_controls(matrix: Matrix) -> tuple[RiskControlRow, ...]:
    return tuple(RiskControlRow(one.id, one.hazard, one.state, one.requirements) for one in matrix.risk_controls)
