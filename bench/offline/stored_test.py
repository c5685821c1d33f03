# SPDX-License-Identifier: Apache-2.0
"""Where the tests of a journal stand, and on which opening of the bench each was run."""

from dataclasses import dataclass, field
from pathlib import Path

from bench.journal import JournalLine, read_lines
from bench.journal.lines import (
    BenchOpened,
    BlankMeasured,
    Judgement,
    Listening,
    RepeatabilityFound,
    RunStarted,
    Sample,
    TestEnded,
    TestStarted,
)


@dataclass
class Occasion:
    """One opening of the bench: where each chapter has a twin of its own, one for each.

    Attributes:
        begun: what the bench was found to be.
        blank, repeatability: of its pre-flight; None where it was not made.
        abilities: of its rig; None where an older journal does not tell them.
        heard: whether its microphone was asked.
    """

    begun: RunStarted
    blank: BlankMeasured | None = None
    repeatability: RepeatabilityFound | None = None
    abilities: tuple[str, ...] | None = None
    heard: bool = False


@dataclass
class StoredTest:
    """A test in a journal.

    Attributes:
        node: pytest's node id.
        from_offset, to_offset: where its lines stand, its first and its last left out.
        judged: ids of its judgements.
        occasion: the bench that it ran on; None where none was opened.
    """

    node: str
    from_offset: int
    to_offset: int = 0
    judged: list[str] = field(default_factory=list)
    occasion: Occasion | None = None


def stored_tests(journal: Path) -> tuple[StoredTest, ...]:
    """Return the tests of a journal in their order.

    Raises:
        BenchFault: it cannot be read.
    """
    index = _Index()
    for line in read_lines(journal):
        index.take(line)
    return tuple(index.tests)


class _Index:
    def __init__(self) -> None:
        self.tests: list[StoredTest] = []
        self._open: StoredTest | None = None
        self._occasion: Occasion | None = None

    def take(self, line: JournalLine) -> None:
        if line.kind != Sample.kind:
            self._take_of_test(line)
            if self._occasion is not None:
                _take_of_bench(self._occasion, line)
        if self._open is not None:
            self._open.to_offset = line.end_offset

    def _take_of_test(self, line: JournalLine) -> None:
        match line.body:
            case TestStarted(node=node):
                self._open = StoredTest(node, line.end_offset, line.end_offset, occasion=self._occasion)
                self.tests.append(self._open)
            case TestEnded():
                self._open = None
            case RunStarted() as begun:
                self._occasion = Occasion(begun)
                if self._open is not None:
                    self._open.occasion = self._occasion
            case Judgement(id=own) if self._open is not None:
                self._open.judged.append(own)


def _take_of_bench(occasion: Occasion, line: JournalLine) -> None:
    match line.body:
        case BlankMeasured() as blank if line.what == "blank":
            occasion.blank = blank
        case RepeatabilityFound() as found:
            occasion.repeatability = found
        case BenchOpened(abilities=abilities):
            occasion.abilities = abilities
        case Listening():
            occasion.heard = True
