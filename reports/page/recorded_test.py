# SPDX-License-Identifier: Apache-2.0
"""A test as the page shows it: its protocol, what it judged, and what happened meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from reports.page.brief_budgets import BriefBudgets
from reports.page.brief_group import BriefGroup
from reports.page.infusion_chart import InfusionChart
from reports.page.recorded_judgement import RecordedBudget, RecordedJudgement

WORST_FIRST = ("FAIL", "BLOCKED", "INCONCLUSIVE", "UNSET", "PASS")


@dataclass(frozen=True)
class Paragraph:
    """A part of a protocol, such as its purpose; the heading is empty for plain text."""

    heading: str
    text: str


@dataclass(frozen=True)
class Happening:
    """A step of the protocol, or what happened in it.

    Attributes:
        after_s: since the test began.
        kind: "step", or the kind of event.
        title: in words.
    """

    after_s: float
    kind: str
    title: str


@dataclass(frozen=True)
class RecordedTest:
    """A test that ran.

    Attributes:
        anchor: its place in the page.
        node: pytest's node id.
        title: what it shows.
        chapter: of the protocol.
        verdict: how it ended.
        reason: why it did not pass.
        protocol: purpose, method, acceptance.
        requirements: labels such as `DEL-001@1`.
        risk_controls: ids.
        started_s: how much bench time the run had taken when it began.
        duration_s: None when the run ended first.
        judgements: in the order of the journal.
        budgets: of those.
        course: what happened.
        charts: one an infusion.
    """

    anchor: str
    node: str
    title: str
    chapter: str
    verdict: str
    reason: str
    protocol: tuple[Paragraph, ...]
    requirements: tuple[str, ...]
    risk_controls: tuple[str, ...]
    started_s: float
    duration_s: float | None
    judgements: tuple[RecordedJudgement, ...]
    budgets: tuple[RecordedBudget, ...]
    course: tuple[Happening, ...]
    charts: tuple[InfusionChart, ...]

    @cached_property
    def in_full(self) -> tuple[RecordedJudgement, ...]:
        """Return what is shown in full.

        It is what did not pass, what has spoilt evidence, what a plan asked for, and of each kind that every infusion
        judges the one that uses up most of its limits.
        """
        return tuple(one for one in self.judgements if not _passed_unasked(one) or one.id in self._closest)

    @property
    def in_brief(self) -> tuple[BriefGroup, ...]:
        """Return the judgements that are shown in a line each."""
        full = {one.id for one in self.in_full}
        return BriefGroup.all_of(one for one in self.judgements if one.id not in full)

    @property
    def full_budgets(self) -> tuple[RecordedBudget, ...]:
        """Return the budgets that are shown in full: of what the plan asked for, is open, or is the closest of all."""
        return tuple(self._budgets(in_full=True))

    @property
    def brief_budgets(self) -> tuple[BriefBudgets, ...]:
        """Return the other budgets, a line each."""
        return BriefBudgets.all_of(self._budgets(in_full=False))

    def _budgets(self, *, in_full: bool) -> Iterator[RecordedBudget]:
        closest = max(filter(_passed_unasked, self.judgements), key=_used, default=None)
        full = {one.id for one in self.judgements if not _passed_unasked(one) or one is closest}
        return (one for one in self.budgets if full.isdisjoint(one.judgement_ids) is not in_full)

    @cached_property
    def _closest(self) -> frozenset[str]:
        """Return the ids of what passed and uses up most of its limits, one of each kind that every infusion judges."""
        passed = [one for one in self.judgements if _passed_unasked(one) and one.deviation is not None]
        kinds = {one.standing for one in passed}
        return frozenset(max((one for one in passed if one.standing == kind), key=_used).id for kind in kinds)

    @property
    def open_judgements(self) -> tuple[RecordedJudgement, ...]:
        """Return those that did not pass: the gravest verdict first, then by how much of their limits they use up."""
        found = [one for one in self.judgements if one.verdict != "PASS"]
        return tuple(sorted(found, key=lambda one: (WORST_FIRST.index(one.verdict), -_used(one))))

    @cached_property
    def used_percent(self) -> float:
        """Return how much of its limits the judgement uses up that comes nearest to them; −1 where none has any."""
        return -1.0 if self.nearest is None else _used(self.nearest)

    @cached_property
    def nearest(self) -> RecordedJudgement | None:
        """Return the judgement that uses up most of its limits; None where none has any."""
        judged = [one for one in self.judgements if one.deviation is not None]
        return max(judged, key=_used, default=None)

    @property
    def deciding(self) -> RecordedJudgement | None:
        """Return the judgement that speaks for the verdict: of the worst ones that which uses up most of its limits."""
        worst = next((one for one in WORST_FIRST if any(j.verdict == one for j in self.judgements)), "")
        return max((one for one in self.judgements if one.verdict == worst), key=_used, default=None)


def _passed_unasked(judgement: RecordedJudgement) -> bool:
    return bool(judgement.standing) and judgement.verdict == "PASS" and not judgement.qualifiers


def _used(judgement: RecordedJudgement) -> float:
    return -1.0 if judgement.deviation is None else judgement.deviation.used_percent
