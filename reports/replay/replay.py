# SPDX-License-Identifier: Apache-2.0
"""A stored run judged once more, old and new side by side.

Without another profile or rule it is today's code that judges: every verdict, U, window and latency is made again from
the journal, and what comes out otherwise than it was recorded is told. With another profile the limits that a test
declares are taken from that; with another rule U counts as that says. The record itself is never touched.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.journal.lines import Judgement
from bench.recorded import Contradiction, RecordedRun, RecordedTest, contradictions
from bench.run import refuse_changed_inputs
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault, PlanError
from metrology.verdict import YES_OR_NO, DecisionRule, Limits, Verdict, decide, worst
from reports.replay.corrections_today import corrections_today
from reports.replay.declared_limits import Declarations, DeclaredLimits

MADE_BY_THE_TEST = "its limits are made by the test, and not by the profile alone"
NOT_DECLARED = "the plan of today declares no such judgement, or with no limits"
_JUDGED = ("pump: judge: ", "bench: judge: ")
"""How the reason of a test begins that ended as its judgements did."""
_RULES = {rule.words: rule for rule in DecisionRule}


@dataclass(frozen=True)
class ReplayedJudgement:
    """One judgement, old and new.

    Attributes:
        node: the test.
        judged: as it was recorded.
        lower, upper: the limits of the replay.
        verdict: of the replay.
        rule: of the replay.
        remark: why the old limits stand; empty where the new ones were taken.
    """

    node: str
    judged: Judgement
    lower: float | None
    upper: float | None
    verdict: Verdict
    rule: str
    remark: str = ""

    @property
    def turned(self) -> bool:
        """Tell whether the verdict is another."""
        return self.verdict is not self.judged.verdict

    @property
    def has_other_limits(self) -> bool:
        """Tell whether the limits are others."""
        return (self.lower, self.upper) != (self.judged.lower, self.judged.upper)


@dataclass(frozen=True)
class Replay:
    """A run judged once more.

    Attributes:
        judgements: each, in the order of the run.
        tests: of each test the verdict then and now; what a test ended with beside its judgements stays.
        differences: what today's code makes otherwise of the record as it stands.
        remarks: which corrections of the lab's own the volumes hold, and whether they could be asked again.
    """

    judgements: tuple[ReplayedJudgement, ...]
    tests: tuple[tuple[str, Verdict, Verdict], ...]
    differences: tuple[Contradiction, ...]
    remarks: tuple[str, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, Verdict]:
        """Return the worst verdict of all tests, then and now."""
        return worst(then for _, then, _ in self.tests), worst(now for _, _, now in self.tests)


def replayed(folder: Path, declarations: Declarations | None = None, rule: DecisionRule | None = None) -> Replay:
    """Judge a stored run once more.

    Args:
        folder: of the run.
        declarations: limits that tests declare by another profile; None leaves the recorded ones.
        rule: another decision rule; None leaves the recorded one.

    Raises:
        BenchFault: the journal cannot be read, holds no test, or an input is not what the run began with.
        PlanError: limits that a plan declares are none.
    """
    refuse_changed_inputs(folder)
    recorded = RecordedRun.read(folder / JOURNAL)
    if not recorded.tests:
        seen = "; ".join(recorded.troubles) or "no test began in it"
        raise BenchFault(
            f"run folder {folder}", "judge it again", seen, "name the folder of a run that tested something"
        )
    differences = tuple(one for _, one in contradictions(folder, recorded))
    today = corrections_today(folder / JOURNAL)
    again = judged_once_more(recorded.tests, declarations, rule)
    return Replay(*again, (*differences, *today.differences), tuple(today.remarks))


def judged_once_more(
    of_run: Iterable[RecordedTest], declarations: Declarations | None, rule: DecisionRule | None
) -> tuple[tuple[ReplayedJudgement, ...], tuple[tuple[str, Verdict, Verdict], ...]]:
    """Return the judgements of recorded tests, and of each test the verdict then and now; arguments as above."""
    judgements, tests = list[ReplayedJudgement](), list[tuple[str, Verdict, Verdict]]()
    for test in of_run:
        of_test = [_again(test, one, declarations, rule) for one in test.judgements]
        judgements += of_test
        tests.append((test.started.node, test.verdict, _verdict_now(test, of_test)))
    return tuple(judgements), tuple(tests)


def _again(
    test: RecordedTest, judged: Judgement, declarations: Declarations | None, rule: DecisionRule | None
) -> ReplayedJudgement:
    node, limits, remark = test.started.node, (judged.lower, judged.upper), ""
    if judged.rule == YES_OR_NO or judged.rule not in _RULES:
        return ReplayedJudgement(node, judged, *limits, judged.verdict, judged.rule)
    if declarations is not None:
        found = _limits(test, judged, declarations)
        limits, remark = (found, "") if not isinstance(found, str) else (limits, found)
    by = rule or _RULES[judged.rule]
    verdict = _decided(judged, limits, by)
    return ReplayedJudgement(node, judged, *limits, verdict, by.words, remark)


def _limits(
    test: RecordedTest, judged: Judgement, declarations: Declarations
) -> tuple[float | None, float | None] | str:
    """Return the limits by other declarations, or why there are none."""
    then = next((one for one in test.declared if one.name == judged.declared), None)
    now = declarations.get((test.started.node, judged.declared))
    if then is None or now is None:
        return NOT_DECLARED
    found = now.in_place_of(DeclaredLimits.of(then), judged)
    return MADE_BY_THE_TEST if found is None else found


def _decided(judged: Judgement, limits: tuple[float | None, float | None], rule: DecisionRule) -> Verdict:
    try:
        allowed = Limits(*limits, judged.unit, judged.limits_source)
    except PlanError as odd:
        raise PlanError(f"judgement {judged.id}", "judge again", odd.seen, "use another profile") from odd
    value, expanded = (math.nan if one is None else one for one in (judged.value, judged.expanded_uncertainty))
    return decide(value, expanded, allowed, rule, qualified=bool(judged.qualifiers), worst=judged.worst_of_many)


def _verdict_now(test: RecordedTest, judgements: list[ReplayedJudgement]) -> Verdict:
    """Return what a test would have ended with: what did not come of its judgements, such as BLOCKED, stays."""
    now = worst(one.verdict for one in judgements)
    by_judgements = test.ended.verdict is Verdict.PASS or test.ended.reason.startswith(_JUDGED)
    return now if by_judgements and not test.distrusted else worst((test.verdict, now))
