# SPDX-License-Identifier: Apache-2.0
"""The trace matrix as data: in `summary.json` for one run, from `pumpbench trace --json` for several."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from bench.trace import Cell, Execution, Matrix, RequirementRow, RequirementState, RiskControlRow, RunEvidence
from groundfloor.exit_code import ExitCode
from groundfloor.readable_json import readable_json
from reports.left_out_cells import LeftOutCells, folded, places_of, unfolded


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class CellRecord(_Record):
    """One planned judgement as evidence for one requirement.

    Attributes:
        requirement: as it was cited, such as `DEL-001@1`.
        test: node id.
        judgement: the declared name.
        state: what is known.
        reason: why there is no verdict, or why the verdict does not count.
        judgements: ids of the judgements behind it, in the journal of the run.
        run: where it was judged.
        profile, firmware: what it is about.
        simulated: whether a twin was judged.
    """

    requirement: str
    test: str
    judgement: str
    state: RequirementState
    reason: str
    judgements: tuple[str, ...]
    run: str
    profile: str
    firmware: str
    simulated: bool

    @classmethod
    def of(cls, cell: Cell) -> Self:
        """Return a cell of the matrix."""
        return cls(
            requirement=cell.requirement.label,
            test=cell.test,
            judgement=cell.judgement,
            state=cell.state,
            reason=cell.reason,
            judgements=cell.judgement_ids,
            run=cell.run_id,
            profile=cell.profile,
            firmware=cell.firmware,
            simulated=cell.simulated,
        )


class RequirementRecord(_Record):
    """One requirement of the baseline, and all that is known about it.

    Attributes:
        id, revision, text, text_sha256, risk_controls: as the baseline has it.
        state: as good as the worst of its cells.
        cells: planned judgements.
        left_out: further cells, of tests that did not run, as a file has them; once it is read they are cells like any.
    """

    id: str
    revision: int
    text: str
    text_sha256: str
    risk_controls: tuple[str, ...]
    state: RequirementState
    cells: tuple[CellRecord, ...]
    left_out: tuple[LeftOutCells, ...] = ()

    @property
    def label(self) -> str:
        """Return id and revision, as records cite it: `DEL-001@1`."""
        return f"{self.id}@{self.revision}"

    @classmethod
    def of(cls, row: RequirementRow) -> Self:
        """Return a row of the matrix."""
        one = row.requirement
        return cls(
            id=one.id,
            revision=one.revision,
            text=one.text,
            text_sha256=one.text_sha256,
            risk_controls=one.risk_controls,
            state=row.state,
            cells=tuple(map(CellRecord.of, row.cells)),
        )


class RiskControlRecord(_Record):
    """One risk control, as good as the worst of its requirements."""

    id: str
    hazard: str
    state: RequirementState
    requirements: tuple[str, ...]

    @classmethod
    def of(cls, row: RiskControlRow) -> Self:
        """Return a row of the matrix."""
        return cls(id=row.id, hazard=row.hazard, state=row.state, requirements=row.requirements)


class TestOutRecord(_Record):
    """A test of the plan that did not run, and why.

    Attributes:
        test: node id.
        run: which left it out.
        execution: `not run`, `left out` or `not applicable`.
        reason: in a sentence.
    """

    __test__ = False  # pytest takes classes of such names for tests

    test: str
    run: str
    execution: Execution
    reason: str


class TraceRecord(_Record):
    """All requirements of a baseline against the evidence of one run or several.

    Attributes:
        baseline: its id and revision.
        state: the worst of all requirements.
        counts: how many requirements are in each state.
        requirements, risk_controls: in the order of the baseline.
        orphans: evidence for requirements that the baseline does not have.
        untraced: judgements that are evidence for no requirement, each after its test.
        left_out: tests that did not run.
    """

    baseline: str
    state: RequirementState
    counts: dict[str, int]
    requirements: tuple[RequirementRecord, ...]
    risk_controls: tuple[RiskControlRecord, ...]
    orphans: tuple[CellRecord, ...]
    untraced: tuple[str, ...]
    left_out: tuple[TestOutRecord, ...]

    @model_validator(mode="before")
    @classmethod
    def _all_cells(cls, content: Any) -> Any:
        """Make the cells again that a file has as groups."""
        rows = content.get("requirements", ()) if isinstance(content, dict) else ()
        return unfolded(content) if any(isinstance(one, dict) and one.get("left_out") for one in rows) else content

    @classmethod
    def of(cls, matrix: Matrix, runs: Iterable[RunEvidence]) -> Self:
        """Return the matrix of these runs, with the tests that did not run in any of them."""
        known = list(runs)
        ran = {(run.variant, test.node) for run in known for test in run.tests if test.execution is Execution.RAN}
        out = [
            TestOutRecord(test=test.node, run=run.run_id, execution=test.execution, reason=test.reason)
            for run in known
            for test in run.tests
            if (run.variant, test.node) not in ran
        ]
        made = cls(
            baseline=matrix.baseline,
            state=matrix.state,
            counts={state.value: count for state, count in matrix.counts().items()},
            requirements=tuple(map(RequirementRecord.of, matrix.rows)),
            risk_controls=tuple(map(RiskControlRecord.of, matrix.risk_controls)),
            orphans=tuple(map(CellRecord.of, matrix.orphans)),
            untraced=matrix.untraced,
            left_out=tuple(out),
        )
        return made._in_the_order_of_a_file()

    def folded(self) -> Self:
        """Return it as a file has it: the cells of tests that were left out are groups."""
        places = places_of(self.left_out)
        rows = []
        for row in self.requirements:
            kept, groups = folded(row.cells, places)
            rows.append(row.model_copy(update={"cells": kept, "left_out": tuple(group for group, _ in groups)}))
        return self.model_copy(update={"requirements": tuple(rows)})

    def _in_the_order_of_a_file(self) -> Self:
        """Return it with its cells as they are read back: those of tests left out behind the others."""
        if not self.left_out:
            return self
        places = places_of(self.left_out)
        rows = []
        for row in self.requirements:
            kept, groups = folded(row.cells, places)
            rows.append(row.model_copy(update={"cells": (*kept, *(cell for _, own in groups for cell in own))}))
        return self.model_copy(update={"requirements": tuple(rows)})

    @property
    def unsettled(self) -> tuple[RequirementRecord, ...]:
        """Return the requirements that are neither passed nor out of question."""
        return tuple(one for one in self.requirements if not one.state.is_settled)

    @property
    def cells(self) -> tuple[CellRecord, ...]:
        """Return all evidence, that for requirements which the baseline does not have included."""
        return (*(cell for one in self.requirements for cell in one.cells), *self.orphans)

    @property
    def exit_code(self) -> ExitCode:
        """Return 0 if every requirement passed or is out of question, 1 if any failed, else 3."""
        if self.state is RequirementState.FAIL:
            return ExitCode.FAILED
        return ExitCode.PASSED if self.state.is_settled else ExitCode.NOT_TESTED

    def to_json(self, deviations: Mapping[str, Sequence[str]]) -> str:
        """Return it as JSON with sorted keys.

        Args:
            deviations: by run, what its bench left out or let pass, a sentence each.
        """
        content = {**self.model_dump(mode="json"), "deviations": {run: list(told) for run, told in deviations.items()}}
        return readable_json(content, sort_keys=True)
