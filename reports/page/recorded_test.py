# SPDX-License-Identifier: Apache-2.0
"""A test as the page shows it: its protocol, what it judged, and what happened meanwhile."""

from dataclasses import dataclass

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
        started_s: bench time.
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

    @property
    def open_judgements(self) -> tuple[RecordedJudgement, ...]:
        """Return those that did not pass: the gravest verdict first, then by how much of their limits they use up."""
        found = [one for one in self.judgements if one.verdict != "PASS"]
        return tuple(sorted(found, key=lambda one: (WORST_FIRST.index(one.verdict), -_used(one))))

    @property
    def deciding(self) -> RecordedJudgement | None:
        """Return the judgement that speaks for the verdict: of the worst ones that which uses up most of its limits."""
        worst = next((one for one in WORST_FIRST if any(j.verdict == one for j in self.judgements)), "")
        return max((one for one in self.judgements if one.verdict == worst), key=_used, default=None)


def _used(judgement: RecordedJudgement) -> float:
    return -1.0 if judgement.deviation is None else judgement.deviation.used_percent
