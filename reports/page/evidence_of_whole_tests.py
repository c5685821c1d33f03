# SPDX-License-Identifier: Apache-2.0
"""Evidence of records that tie judgements to tests, not to requirements."""

from collections.abc import Iterable

from bench.collected_tests import CollectedTests, JudgementToCome
from bench.journal.lines import RequirementReference
from bench.trace import CitedRequirement, Execution, PlannedJudgement, Requirements, RunEvidence, TestEvidence
from metrology.verdict import Verdict, worst
from reports.page.journal_of_page import JournalOfPage, RecordedCourse
from reports.summary import Summary

WHOLE_TEST = "the test as a whole"


class EvidenceOfWholeTests:
    """Makes evidence of a record in which no judgement names requirements: those of its test stand for it.

    A text of which it keeps no hash counts as unchanged.
    """

    def __init__(self, requirements: Requirements) -> None:
        self._present = {one.id: one for one in requirements.requirement}

    def of(self, summary: Summary, journal: JournalOfPage, collected: CollectedTests | None) -> RunEvidence:
        """Return the evidence of a run; `collected` tells what was to run, where the record keeps it."""
        run = summary.run
        ran = [
            TestEvidence(entry.node, Execution.RAN, entry.reason, entry.verdict, self._judged(entry.verdict, recorded))
            for entry, recorded in zip(summary.tests, journal.tests, strict=False)
        ]
        judges = collected.judges if collected is not None else {}
        waiting = [
            TestEvidence(node, Execution.NOT_RUN, "the run ended first", Verdict.UNSET, self._to_come(judges.get(node)))
            for node in summary.not_run
        ]
        left_out = [
            TestEvidence(
                one.node,
                Execution.LEFT_OUT if one.applicable else Execution.NOT_APPLICABLE,
                one.reason,
                Verdict.UNSET,
                self._to_come(one.judges),
            )
            for one in (collected.left_out if collected is not None else ())
        ]
        return RunEvidence(
            run_id=run.run_id if run is not None else "",
            order="",
            profile=run.profile if run is not None else "",
            firmware=run.pump.firmware_version if run is not None and run.pump is not None else "",
            simulated=bool(summary.simulated),
            tests=(*ran, *waiting, *left_out),
        )

    def _judged(self, verdict: Verdict, test: RecordedCourse) -> tuple[PlannedJudgement, ...]:
        """Return what a test judged; where its end is worse, the test as a whole stands for what is missing."""
        cited = self._cited(test.requirements)
        planned = [PlannedJudgement(one.name, cited, one.verdict, (own,)) for own, one in test.judged]
        if worst(one.verdict for one in planned) is not verdict:
            planned.append(PlannedJudgement(WHOLE_TEST, cited, verdict))
        return tuple(planned)

    def _cited(self, references: Iterable[RequirementReference]) -> tuple[CitedRequirement, ...]:
        return tuple(
            CitedRequirement(one.id, one.revision or 0, one.text_sha256 or self._text_sha256(one.id))
            for one in references
        )

    def _to_come(self, judges: Iterable[JudgementToCome] | None) -> tuple[PlannedJudgement, ...]:
        return tuple(
            PlannedJudgement(one.name, tuple(map(self._as_it_is, one.requirements)), Verdict.UNSET)
            for one in judges or ()
        )

    def _as_it_is(self, requirement_id: str) -> CitedRequirement:
        present = self._present.get(requirement_id)
        return CitedRequirement(
            requirement_id, present.revision if present is not None else 0, self._text_sha256(requirement_id)
        )

    def _text_sha256(self, requirement_id: str) -> str:
        present = self._present.get(requirement_id)
        return present.text_sha256 if present is not None else ""
