# SPDX-License-Identifier: Apache-2.0
"""From a run folder to what the run is evidence for: each planned judgement with what came of it, or why nothing did.

The journal says what was declared and judged; `collected.json` says what else the plan held, and why it did not run.
What was judged undeclared, by a script or by an older version, is evidence for no requirement.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bench.collected_tests import CollectedTests, JudgementToCome
from bench.journal.lines import Judgement, JudgementDeclared, RequirementReference, RunStarted
from bench.recorded import RecordedRun, RecordedTest, missing_of
from bench.run.reconciliation import Unreconciled, unreconciled
from bench.run_folder import COLLECTED, JOURNAL, REQUIREMENTS
from bench.trace import CitedRequirement, Execution, PlannedJudgement, Requirements, RunEvidence, TestEvidence
from metrology.verdict import Verdict, worst

NEVER_STARTED = "collected, never started"
NOT_IDENTIFIED = "not identified"
_BEGUN = re.compile(r"\d{8}T\d{6}Z")


def read_run_evidence(folder: Path) -> RunEvidence:
    """Return what the run in a folder is evidence for.

    Raises:
        BenchFault: its journal or its list of tests cannot be read.
        PlanError: the requirements that it keeps are no baseline.
    """
    return run_evidence(folder, RecordedRun.read(folder / JOURNAL))


def run_evidence(folder: Path, recorded: RecordedRun) -> RunEvidence:
    """Return the same of a run that was read already."""
    collected, troubles, invalid = collected_of(folder, recorded)
    begun = recorded.started
    return RunEvidence(
        run_id=folder.resolve().name,
        order=_order(folder, begun),
        profile=begun.profile if begun is not None else NOT_IDENTIFIED,
        firmware=begun.pump.firmware_version if begun is not None and begun.pump is not None else NOT_IDENTIFIED,
        simulated=begun is None or begun.simulated,
        tests=tuple(_tests(recorded, collected, kept_requirements(folder))),
        troubles=(*troubles, *(f"it is INVALID: {one}" for one in invalid)),
    )


def collected_of(
    folder: Path, recorded: RecordedRun
) -> tuple[CollectedTests, tuple[str, ...], tuple[Unreconciled, ...]]:
    """Return what was to run, all troubles of the run, also those that show only when the two are compared, and gaps.

    Raises:
        BenchFault: the list is not what a run writes.
    """
    try:
        collected = CollectedTests.read(folder / COLLECTED)
    except FileNotFoundError:
        missing = f"{COLLECTED} is missing: nobody can tell whether all tests ran"
        return CollectedTests(), (*recorded.troubles, missing), unreconciled(None, recorded)
    strangers = sorted({test.started.node for test in recorded.tests} - set(collected.tests))
    troubles = (*recorded.troubles, *(f"{node} ran but was not collected" for node in strangers))
    return collected, troubles, unreconciled(collected, recorded)


def kept_requirements(folder: Path) -> Requirements | None:
    """Return the baseline that a run keeps; None where it keeps none.

    Raises:
        PlanError: it is no baseline.
    """
    path = folder / REQUIREMENTS
    return Requirements.load(path) if path.is_file() else None


def _order(folder: Path, begun: RunStarted | None) -> str:
    """Return the instant at which a run began; a stepped clock's is always the same, so its folder says it."""
    name = folder.resolve().name
    if begun is not None and begun.clock.mode != "stepped" and begun.epoch_utc is not None:
        try:
            return f"{datetime.fromisoformat(begun.epoch_utc):%Y%m%dT%H%M%SZ} {name}"
        except ValueError:  # not written by a bench; the folder's name is the next best
            pass
    found = _BEGUN.match(name)
    return f"{found.group() if found else ''} {name}"


def _tests(
    recorded: RecordedRun, collected: CollectedTests, requirements: Requirements | None
) -> Iterator[TestEvidence]:
    known = {one.id: one for one in requirements.requirement} if requirements is not None else {}
    baseline = {name: CitedRequirement(name, one.revision, one.text_sha256) for name, one in known.items()}
    to_come = _ToCome(baseline)
    begun = {test.started.node for test in recorded.tests}
    for test in recorded.tests:
        planned = tuple(_judged(test, recorded.judged_again, collected.judges.get(test.started.node, ()), to_come))
        verdict = worst((test.verdict, *(one.verdict for one in planned)))
        yield TestEvidence(test.started.node, Execution.RAN, test.ended.reason, verdict, planned)
    for node in dict.fromkeys(collected.tests):
        if node not in begun:
            to_be = to_come.of(collected.judges.get(node, ()))
            yield TestEvidence(node, Execution.NOT_RUN, NEVER_STARTED, Verdict.UNSET, to_be)
    for left in collected.left_out:
        execution = Execution.LEFT_OUT if left.applicable else Execution.NOT_APPLICABLE
        yield TestEvidence(left.node, execution, left.reason, Verdict.UNSET, to_come.of(left.judges))


def _judged(
    test: RecordedTest,
    judged_again: Mapping[str, Verdict],
    judges: Iterable[JudgementToCome],
    to_come: "_ToCome",
) -> Iterator[PlannedJudgement]:
    for declared in test.declared:
        yield _outcome(test, declared, judged_again)
    declared_names = {one.name for one in test.declared}
    yield from to_come.of(one for one in judges if one.name not in declared_names)
    for one in test.undeclared:
        name, verdict = one.declared or one.name, _at_the_end(test, one, judged_again)
        yield PlannedJudgement(name, (), verdict, (one.id,))


def _outcome(test: RecordedTest, declared: JudgementDeclared, judged_again: Mapping[str, Verdict]) -> PlannedJudgement:
    """Return the worst of what was judged under a name; a PASS only if nothing of it is missing."""
    judgements = test.judged_as(declared.name)
    verdicts = [_at_the_end(test, one, judged_again) for one in judgements]
    missing = [Verdict.UNSET] if missing_of(declared, judgements) else []
    ids = tuple(one.id for one in judgements)
    return PlannedJudgement(declared.name, tuple(map(_cited, declared.requirements)), worst(verdicts + missing), ids)


def _at_the_end(test: RecordedTest, judgement: Judgement, judged_again: Mapping[str, Verdict]) -> Verdict:
    """Return what a judgement is when the run is over: judged again it only gets worse, distrusted it is another."""
    verdict = test.verdict_of(judgement)
    if judgement.id in test.distrusted:
        return verdict
    return worst((verdict, judged_again.get(judgement.id, verdict)))


class _ToCome:
    """What tests that did not run would have judged: most of them plan the same, of which each is made once."""

    def __init__(self, baseline: Mapping[str, CitedRequirement]) -> None:
        self._baseline = baseline
        self._known: dict[JudgementToCome, PlannedJudgement] = {}

    def of(self, judges: Iterable[JudgementToCome]) -> tuple[PlannedJudgement, ...]:
        """Return the same as planned judgements without a verdict."""
        known = self._known
        return tuple([known.get(one) or self._made(one) for one in judges])

    def _made(self, one: JudgementToCome) -> PlannedJudgement:
        cited = tuple(self._baseline.get(name, CitedRequirement(name, 0, "")) for name in one.requirements)
        return self._known.setdefault(one, PlannedJudgement(one.name, cited, Verdict.UNSET))


def _cited(reference: RequirementReference) -> CitedRequirement:
    return CitedRequirement(reference.id, reference.revision or 0, reference.text_sha256)
