# SPDX-License-Identifier: Apache-2.0
"""Joins journals of parts of a run into the journal of the whole: the same lines, in one chain, with ids counted on.

A part counts its ids from 1, as it cannot know what comes before it. Here each of them is moved on by what the parts
before it have used, so that the whole is what one session would have written. Bench time stays as it is: it belongs to
the bench of that part, and begins anew with each `run-started`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bench.journal.journal import Journal
from bench.journal.journal_reader import read_lines
from bench.journal.lines import (
    BalanceDistrusted,
    JournalOpened,
    JudgedAgain,
    Judgement,
    JudgementDeclared,
    Line,
    Resumed,
    RunEnded,
    RunRecovered,
    RunStarted,
    Sample,
    TestEnded,
    TestStarted,
)

_IDS = ("id", "test", "infusion", "window", "start_mark", "end_mark")
"""Fields of lines that hold an id."""


_OF_THE_WHOLE = frozenset({Resumed.kind, RunRecovered.kind})
"""Kinds of lines that no part has."""


@dataclass
class Joined:
    """What the journal of a part held.

    Attributes:
        end: its last line; None where it has none, because its process died.
        started: whether its bench was asked for.
        ended: node ids of the tests that are over.
        open_test: node id of the test that was under way at its end; empty for none.
        declared: the names of what that test was going to judge, as far as it had said so.
        judged: how many judgements it had made.
        last_s: bench time of its last line.
        torn: what is left of a last line that was not written to its end.
        moved: by id in the part, the id in the whole.
    """

    end: RunEnded | None = None
    started: bool = False
    ended: set[str] = field(default_factory=set)
    open_test: str = ""
    declared: set[str] = field(default_factory=set)
    judged: int = 0
    last_s: float = 0.0
    torn: str = ""
    moved: dict[str, str] = field(default_factory=dict)

    def take(self, t_s: float, line: Line) -> None:
        """Take the next line."""
        self.last_s = t_s
        match line:
            case RunStarted():
                self.started = True
            case TestStarted(node=node):
                self.open_test, self.judged, self.declared = node, 0, set()
            case JudgementDeclared(name=name):
                self.declared.add(name)
            case Judgement():
                self.judged += 1
            case TestEnded(node=node):
                self.ended.add(node)
                self.open_test = ""
            case RunEnded():
                self.end = line


class JournalJoin:
    """Joins parts, in the order in which they are given.

    Args:
        journal: the open journal of the whole.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._used: Counter[str] = Counter()
        journal.written.subscribe(lambda entry: self._count(entry.body))

    def follow(self, journal: Path, part: Path) -> int:
        """Count on from the ids that the journal of the whole holds already, up to the part that is joined next.

        Returns:
            How many lines of that part stand there already: joining it was broken off.
        """
        first, already, begun = _first_test(part), 0, False
        for line in read_lines(journal):
            if line.kind in _OF_THE_WHOLE:
                continue
            begun = begun or (first != "" and isinstance(test := line.body, TestStarted) and test.node == first)
            already += begun
            if not begun and line.kind != Sample.kind:
                self._count(line.body)
        return already

    def _count(self, line: Line) -> None:
        if isinstance(line, Sample):
            return
        for own in _ids_in(line):
            prefix, _, number = own.partition("-")
            self._used[prefix] = max(self._used[prefix], int(number))

    def carry(self, part: Path, already: int = 0) -> Joined:
        """Append the lines of a part, without the first and the last, which are the whole's to say.

        Args:
            part: its journal.
            already: how many of these lines an earlier try has appended.

        Raises:
            BenchFault: the part cannot be read, or was changed.
            JournalLost: the disk takes no more.
        """
        joined, used, lines = Joined(), self._used.copy(), read_lines(part)
        for line in lines:
            body = line.body
            if isinstance(body, JournalOpened):
                continue
            joined.take(line.t_s, body)
            if isinstance(body, RunEnded):
                continue
            moved = self._moved(body, used, joined.moved)
            if already > 0:
                already -= 1
                self._count(moved)
            else:
                self._journal.carry(line.t_s, moved)
        joined.torn = lines.torn_tail
        return joined

    def _moved(self, line: Line, used: Counter[str], known: dict[str, str]) -> Line:
        """Return a line with the ids of the whole."""
        if isinstance(line, Sample):
            return msgspec.structs.replace(line, infusion=known[line.infusion])
        for own in _ids_in(line):
            if own not in known:
                prefix, _, number = own.partition("-")
                known[own] = f"{prefix}-{used[prefix] + int(number):04d}"
        changed: dict[str, Any] = {name: known[own] for name in _id_fields(type(line)) if (own := getattr(line, name))}
        if isinstance(line, JudgedAgain | BalanceDistrusted):
            changed["moved"] = tuple(msgspec.structs.replace(one, id=known.get(one.id, one.id)) for one in line.moved)
        return msgspec.structs.replace(line, **changed) if changed else line


def _first_test(part: Path) -> str:
    """Return the node id of the test that a part begins with; empty where it begins with none."""
    begun = (line.body for line in read_lines(part) if line.kind == TestStarted.kind)
    first = next(begun, None)
    return first.node if isinstance(first, TestStarted) else ""


@cache
def _id_fields(model: type[Line]) -> tuple[str, ...]:
    return tuple(name for name in _IDS if name in model.__struct_fields__)


def _ids_in(line: Line) -> Iterator[str]:
    yield from filter(None, (getattr(line, name) for name in _id_fields(type(line))))
