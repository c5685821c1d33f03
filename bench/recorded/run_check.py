# SPDX-License-Identifier: Apache-2.0
"""The whole journal held against itself: whatever is shown of a run must follow from what it holds.

The chain of hashes shows that a line was changed; whoever knows how can make the chain anew. So every verdict is made
again: values from the marks, U from the budget, the verdict from value, U, limits and rule, a test's end from its
judgements, and its declarations from the list of tests and the baseline that the run keeps. What is changed the same
way everywhere, samples and marks included, only a signature shows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.collected_tests import CollectedTests
from bench.journal import JournalLine, read_lines
from bench.journal.lines import InfusionStarted, Judgement, JudgementDeclared, Mark, TestStarted, Volume
from bench.recorded.check_of_test import check_test
from bench.recorded.contradiction import Contradiction
from bench.recorded.judgement_check import check_judgement
from bench.recorded.recorded_run import RecordedRun
from bench.recorded.window_check import WindowCheck
from bench.trace import Requirements
from groundfloor.errors import BenchFault

SHOWN = 3
"""Contradictions told in full; one change often makes several."""
NEXT = "it was changed after the run: use another copy"


def refuse_contradictions(
    journal: Path, recorded: RecordedRun, collected: CollectedTests | None, baseline: Requirements | None
) -> None:
    """Raise if a journal says something that does not follow from it.

    Args:
        journal: the file.
        recorded: the same, read already.
        collected: what was to run; None where that is missing.
        baseline: the requirements that the run keeps; None where it keeps none.

    Raises:
        BenchFault: it does; line, id, what is recorded and what follows are named.
    """
    found = [
        *_in_lines(journal),
        *((recorded.line_of.get(one.id, 0), one) for one in _in_tests(recorded, collected, baseline)),
    ]
    if not found:
        return
    told = [f"line {number}, {one}" if number else str(one) for number, one in found[:SHOWN]]
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    raise BenchFault(f"journal {journal}", "make its verdicts again", "; ".join([*told, *more]), NEXT)


def _in_lines(journal: Path) -> Iterator[tuple[int, Contradiction]]:
    windows, counted = WindowCheck(), _IdsCounted()
    for line in read_lines(journal):
        for one in (*counted.take(line), *windows.take(line)):
            yield line.seq + 1, one
        if isinstance(judgement := line.body, Judgement):
            for one in check_judgement(judgement):
                yield line.seq + 1, one


class _IdsCounted:
    """Ids count up by one from line to line; where one is missing a line was taken out."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def take(self, line: JournalLine) -> Iterator[Contradiction]:
        match line.body:
            case TestStarted(id=own) | Judgement(id=own) | JudgementDeclared(id=own) | Volume(id=own) | Mark(id=own):
                yield from self._count(own)
            case InfusionStarted(infusion=own):
                yield from self._count(own)

    def _count(self, own: str) -> Iterator[Contradiction]:
        prefix = own.partition("-")[0]
        self._counts[prefix] += 1
        follows = f"{prefix}-{self._counts[prefix]:04d}"
        if own and own != follows:
            yield Contradiction(own, own, f"{follows}: a line before it is missing")
            self._counts[prefix] = int(number) if (number := own.partition("-")[2]).isdecimal() else 0


def _in_tests(
    recorded: RecordedRun, collected: CollectedTests | None, baseline: Requirements | None
) -> Iterator[Contradiction]:
    judges: Mapping[str, object] = collected.judges if collected is not None else {}
    for test in recorded.tests:
        node = test.started.node
        yield from check_test(test, collected.judges[node] if collected and node in judges else None, baseline)
    yield from _never_started(recorded, collected)


def _never_started(recorded: RecordedRun, collected: CollectedTests | None) -> Iterator[Contradiction]:
    """A session that ended well has run all that it collected."""
    begun = {test.started.node for test in recorded.tests}
    missing = [node for node in (collected.tests if collected is not None else ()) if node not in begun]
    if recorded.reason == "ok" and missing:
        yield Contradiction(missing[0], "no test of this name", "one: the run ended well, and it was collected")
