# SPDX-License-Identifier: Apache-2.0
"""A run as its journal has it: its tests with what they declared, what they judged and how they ended.

This is the one reading of a journal that summary, trace matrix and checks share, so that they cannot differ in what
they take for a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from bench.journal import JournalLine, read_lines
from bench.journal.lines import (
    BalanceDistrusted,
    Deviation,
    JournalContinued,
    JournalOpened,
    JudgedAgain,
    Judgement,
    JudgementDeclared,
    RunEnded,
    RunStarted,
    Sample,
    TestEnded,
    TestStarted,
)
from bench.recorded.bench_time import BenchTime
from metrology.verdict import Verdict, worst

UNFINISHED = "the run ended before this test did"
JUDGED_A_FAILURE = "pump: judge: "
"""How the reason of a test begins that failed by its judgements, and by nothing else."""
WORKER_DIED = "the worker of chapter "
"""How the reason of a test begins that was given an end because the process died that would have told it."""


@dataclass(frozen=True)
class RecordedTest:
    """One test that began.

    Attributes:
        started: its first line.
        started_s: bench time of that.
        declared: what it said it would judge.
        judgements: what it judged.
        ended: its last line; of a test that was cut short one that says so.
        ended_s: bench time of its last line; None where it was cut short.
        distrusted: by id of a judgement that counts no more, what it is now.
        distrust: why it counts no more, a sentence.
    """

    started: TestStarted
    started_s: float
    declared: tuple[JudgementDeclared, ...]
    judgements: tuple[Judgement, ...]
    ended: TestEnded
    ended_s: float | None
    distrusted: Mapping[str, Verdict] = field(default_factory=dict)
    distrust: str = ""

    @property
    def verdict(self) -> Verdict:
        """Return the worst of its end and its judgements; UNSET where it passed and judged nothing."""
        judged = worst(self.verdict_of(one) for one in self.judgements)
        return judged if self.fails_by_distrusted(judged) else worst((self.ended.verdict, judged))

    @property
    def is_lost(self) -> bool:
        """Tell whether its end was written for it, because its worker died: it has no result of its own."""
        return self.ended.verdict is Verdict.BLOCKED and self.ended.reason.startswith(WORKER_DIED)

    def verdict_of(self, judgement: Judgement) -> Verdict:
        """Return what a judgement is at the end of the run."""
        return self.distrusted.get(judgement.id, judgement.verdict)

    def fails_by_distrusted(self, judged: Verdict) -> bool:
        """Tell whether it ended as a failure by nothing but judgements that count no more."""
        failed = self.ended.verdict is Verdict.FAIL and judged is not Verdict.FAIL
        return failed and bool(self.distrusted) and self.ended.reason.startswith(JUDGED_A_FAILURE)

    def judged_as(self, name: str) -> tuple[Judgement, ...]:
        """Return the judgements that were made under a declared name."""
        return tuple(one for one in self.judgements if one.declared == name)

    @property
    def undeclared(self) -> tuple[Judgement, ...]:
        """Return the judgements that nothing declared."""
        names = {one.name for one in self.declared}
        return tuple(one for one in self.judgements if one.declared not in names)


def missing_of(declared: JudgementDeclared, judgements: tuple[Judgement, ...]) -> int:
    """Return how many judgements are missing of what was declared."""
    wanted = 1 if declared.times is None else declared.times
    return max(0, wanted - len(judgements))


@dataclass(frozen=True)
class RecordedRun:
    """A whole run.

    Attributes:
        opened: the journal's first line; None in journals of older formats.
        started: what the run says of itself; None when it never came to that.
        tests: in the order they began.
        aborted: whether the journal has no end.
        reason: why the run ended.
        troubles: what is wrong with the journal or the run, a sentence each; any of it keeps the run from passing.
        deviations: what the bench left out because its file says so, a sentence each.
        judged_again: by id of a judgement, its verdict with both blanks, where that is another.
        line_of: by id of a test or a judgement, the number of the line, counted from 1; of `T-0001 ended` too.
        bench_time_s: how much bench time it took, that of all its benches together.
    """

    opened: JournalOpened | None
    started: RunStarted | None
    tests: tuple[RecordedTest, ...]
    aborted: bool
    reason: str
    troubles: tuple[str, ...]
    deviations: tuple[str, ...]
    judged_again: Mapping[str, Verdict]
    line_of: Mapping[str, int]
    bench_time_s: float = 0.0

    @classmethod
    def read(cls, journal: Path) -> Self:
        """Read a journal to its end.

        Raises:
            BenchFault: it cannot be read, was changed, or another version wrote it.
        """
        reader, bench_time = _Reader(), BenchTime()
        lines = read_lines(journal)
        for line in lines:
            bench_time.take(line.kind, line.t_s)
            if line.kind != Sample.kind:
                reader.take(line)
        if lines.torn_tail:
            left = f"{len(lines.torn_tail)} characters of it are left"
            reader.troubles.append(f"the journal's last line was not written to its end: {left}")
        reader.conclude()
        return cls(
            opened=reader.opened,
            started=reader.started,
            tests=tuple(reader.tests_at_the_end()),
            aborted=reader.end_reason is None,
            reason=reader.end_reason or "",
            troubles=tuple(dict.fromkeys(reader.troubles)),
            deviations=tuple(dict.fromkeys(reader.deviations)),
            judged_again=reader.judged_again,
            line_of=reader.line_of,
            bench_time_s=bench_time.total_s,
        )

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Return all judgements of its tests."""
        return tuple(one for test in self.tests for one in test.judgements)


@dataclass
class _OpenTest:
    started: TestStarted
    started_s: float
    declared: list[JudgementDeclared] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)

    def close(self, ended: TestEnded, ended_s: float | None) -> RecordedTest:
        declared, judgements = tuple(self.declared), tuple(self.judgements)
        return RecordedTest(self.started, self.started_s, declared, judgements, ended, ended_s)


@dataclass
class _Reader:
    """Takes a journal's lines one by one."""

    opened: JournalOpened | None = None
    started: RunStarted | None = None
    tests: list[RecordedTest] = field(default_factory=list)
    test: _OpenTest | None = None
    end_reason: str | None = None
    troubles: list[str] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)
    judged_again: dict[str, Verdict] = field(default_factory=dict)
    line_of: dict[str, int] = field(default_factory=dict)
    distrusted: dict[str, Verdict] = field(default_factory=dict)
    distrust: dict[str, str] = field(default_factory=dict)

    def take(self, line: JournalLine) -> None:
        match line.body:
            case JournalOpened() as opened:
                self.opened = opened
            case RunStarted() as begun:
                if self.started is None or self.started.trouble is not None:  # where there are several, one that tells
                    self.started = begun
            case TestStarted() | TestEnded() | Judgement() | JudgementDeclared():
                self._take_of_test(line)
            case Deviation(title=title):
                self.deviations.append(title)
            case JudgedAgain(moved=moved):
                self.judged_again |= self._verdicts({one.id: one.second for one in moved})
            case BalanceDistrusted(reason=reason, moved=moved):
                found = self._verdicts({one.id: one.second for one in moved})
                self.distrusted |= found
                self.distrust |= dict.fromkeys(found, reason)
            case JournalContinued(reason=reason):
                self.troubles.append(reason)
            case RunEnded(reason=reason, troubles=troubles):
                self.end_reason = reason
                self.troubles += troubles

    def _take_of_test(self, line: JournalLine) -> None:
        match line.body:
            case TestStarted() as begun:
                self._close_unfinished()
                self.test = _OpenTest(begun, line.t_s)
                self.line_of[begun.id] = line.seq + 1
            case JudgementDeclared() as declared if self.test is not None:
                self.test.declared.append(declared)
                self.line_of[declared.id] = line.seq + 1
            case Judgement() as judgement:
                self.line_of[judgement.id] = line.seq + 1
                self._take_judgement(judgement)
            case TestEnded() as end:
                self.line_of[f"{end.id} ended"] = line.seq + 1
                self._end_test(end, line.t_s)

    def _verdicts(self, words: Mapping[str, str]) -> Mapping[str, Verdict]:
        verdicts = {one.value: one for one in Verdict}
        for own, word in words.items():
            if word not in verdicts:
                self.troubles.append(f"{own} was judged again with {word!r}, which is no verdict")
        return {own: verdicts[word] for own, word in words.items() if word in verdicts}

    def tests_at_the_end(self) -> list[RecordedTest]:
        """Return the tests with what became of their judgements after the last of them."""
        return [self._at_the_end(test) for test in self.tests]

    def _at_the_end(self, test: RecordedTest) -> RecordedTest:
        own = {one.id: self.distrusted[one.id] for one in test.judgements if one.id in self.distrusted}
        why = "; ".join(dict.fromkeys(self.distrust[one] for one in own))
        return replace(test, distrusted=own, distrust=why) if own else test

    def _take_judgement(self, judgement: Judgement) -> None:
        if self.test is None:
            self.troubles.append(f"{judgement.name} was judged outside any test ({judgement.verdict.name})")
        else:
            self.test.judgements.append(judgement)

    def _end_test(self, end: TestEnded, t_s: float) -> None:
        if self.test is None or self.test.started.node != end.node:
            self.troubles.append(f"{end.node} ended but had not started")
            return
        self.tests.append(self.test.close(end, t_s))
        self.test = None

    def _close_unfinished(self) -> None:
        if self.test is not None:
            node, own = self.test.started.node, self.test.started.id
            end = TestEnded(id=own, node=node, verdict=Verdict.BLOCKED, reason=UNFINISHED)
            self.tests.append(self.test.close(end, None))
            self.test = None

    def conclude(self) -> None:
        self._close_unfinished()
        if self.started is None:
            self.troubles.append("no bench was opened: the journal has no run-started line")
        elif self.started.trouble is not None:
            self.troubles.append(self.started.trouble)
        if self.end_reason is None:
            self.troubles.append("the run was aborted: its journal has no end")
