# SPDX-License-Identifier: Apache-2.0
"""What a journal tells of a run, test by test, with whatever is missing at its end made plain.

A verdict can only get worse here: a test that ended as passed but holds a judgement that did not pass takes the worst
of its judgements, and one that judged nothing has shown nothing.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bench.journal import JournalLine, read_lines
from bench.journal.lines import (
    Deviation,
    JournalContinued,
    Judgement,
    RunEnded,
    RunStarted,
    Sample,
    TestEnded,
    TestStarted,
)
from metrology.verdict import Verdict, worst
from reports.entry import Entry, MeasuredValue
from reports.run_info import RunInfo

UNFINISHED = "the run ended before this test did"
NOTHING_JUDGED = "the test ended without a single judgement"


@dataclass
class _OpenTest:
    started: TestStarted
    started_s: float
    values: list[MeasuredValue] = field(default_factory=list)

    def close(self, end: TestEnded, ended_s: float | None) -> Entry:
        judged = worst(value.verdict for value in self.values)
        verdict, reason = worst((end.verdict, judged)), end.reason
        if verdict is Verdict.UNSET:
            verdict, reason = Verdict.INCONCLUSIVE, end.reason or NOTHING_JUDGED
        elif verdict is not end.verdict:
            reason = "; ".join(value.reason for value in self.values if value.verdict is verdict)
        return Entry(
            node=self.started.node,
            title=self.started.title,
            chapter=self.started.chapter,
            requirements=tuple(one.label for one in self.started.requirements),
            risk_controls=self.started.risk_controls,
            verdict=verdict,
            reason=reason,
            values=tuple(self.values),
            started_s=self.started_s if end.started_s is None else end.started_s,
            ended_s=ended_s if end.ended_s is None else end.ended_s,
        )


@dataclass(frozen=True)
class RunHistory:
    """A run as its journal tells it.

    Attributes:
        run: the run's own words, None when it has none.
        entries: its tests in the order they started.
        aborted: whether the journal has no `run-ended`.
        reason: why the run ended.
        troubles: what is wrong with the journal or the run, a sentence each.
        deviations: what the bench left out because its file says so, a sentence each.
    """

    run: RunInfo | None
    entries: tuple[Entry, ...]
    aborted: bool
    reason: str
    troubles: tuple[str, ...]
    deviations: tuple[str, ...] = ()

    @classmethod
    def read(cls, journal: Path) -> Self:
        """Read a journal to its end.

        Raises:
            BenchFault: it cannot be read, was changed, or another version wrote it.
        """
        teller = _Teller()
        lines = read_lines(journal)
        for line in lines:
            if line.kind != Sample.kind:
                teller.take(line)
        if lines.torn_tail:
            told = f"{len(lines.torn_tail)} characters of it are left"
            teller.troubles.append(f"the journal's last line was not written to its end: {told}")
        return cls(teller.run, *teller.conclude(), tuple(dict.fromkeys(teller.deviations)))


@dataclass
class _Teller:
    """Takes a journal's lines one by one."""

    run: RunInfo | None = None
    entries: list[Entry] = field(default_factory=list)
    test: _OpenTest | None = None
    end_reason: str | None = None
    troubles: list[str] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)

    def take(self, line: JournalLine) -> None:
        match line.body:
            case RunStarted() as begun:
                self.run = RunInfo.of(begun)
            case TestStarted() as begun:
                self._close_unfinished()
                self.test = _OpenTest(begun, line.t_s)
            case Judgement() as judgement:
                self._take_judgement(judgement)
            case TestEnded() as end:
                self._end_test(end, line.t_s)
            case Deviation(title=title):
                self.deviations.append(title)
            case JournalContinued(reason=reason):
                self.troubles.append(reason)
            case RunEnded(reason=reason, troubles=troubles):
                self.end_reason = reason
                self.troubles += troubles

    def _take_judgement(self, judgement: Judgement) -> None:
        value = MeasuredValue.of(judgement)
        if self.test is None:
            self.troubles.append(f"{value.name} was judged outside any test ({value.verdict.name})")
        else:
            self.test.values.append(value)

    def _end_test(self, end: TestEnded, t_s: float) -> None:
        if self.test is None or self.test.started.node != end.node:
            self.troubles.append(f"{end.node} ended but had not started")
            return
        self.entries.append(self.test.close(end, t_s))
        self.test = None

    def _close_unfinished(self) -> None:
        if self.test is not None:
            end = TestEnded(node=self.test.started.node, verdict=Verdict.BLOCKED, reason=UNFINISHED)
            self.entries.append(self.test.close(end, None))
            self.test = None

    def conclude(self) -> tuple[tuple[Entry, ...], bool, str, tuple[str, ...]]:
        self._close_unfinished()
        aborted = self.end_reason is None
        if self.run is None:
            self.troubles.append("no bench was opened: the journal has no run-started line")
        elif self.run.trouble is not None:
            self.troubles.append(self.run.trouble)
        if aborted:
            self.troubles.append("the run was aborted: its journal has no end")
        return tuple(self.entries), aborted, self.end_reason or "", tuple(self.troubles)
