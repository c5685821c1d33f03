# SPDX-License-Identifier: Apache-2.0
"""The whole journal held against itself: whatever is shown of a run must follow from what it holds.

The chain of hashes shows that a line was changed; whoever knows how can make the chain anew. So every verdict is made
again: values from the marks, U from the budget, the verdict from value, U, limits and rule, a test's end from its
judgements, and its declarations from the list of tests and the baseline that the run keeps. What is changed the same
way everywhere, samples and marks included, only a signature shows.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.bench_file import BenchFile, widened_limits
from bench.collected_tests import CollectedTests
from bench.journal import WHOLE_RECORDS, JournalFormat, JournalLine, read_lines
from bench.journal.lines import InfusionStarted, Judgement, JudgementDeclared, Mark, TestStarted, Volume
from bench.profile import Profile
from bench.recorded.check_of_test import check_test
from bench.recorded.contradiction import Contradiction
from bench.recorded.distrust_check import DistrustCheck
from bench.recorded.judgement_check import check_judgement, without_sides
from bench.recorded.latency_check import LatencyCheck
from bench.recorded.recorded_run import RecordedRun
from bench.recorded.window_check import WindowCheck
from bench.run_folder import BENCH_FILE, COLLECTED, JOURNAL, PROFILE, REQUIREMENTS
from bench.trace import Requirements
from groundfloor.errors import BenchFault
from groundfloor.system.forked_work import ForkedWork
from metrology.verdict import Verdict

MANY_JUDGEMENTS = 1000
"""From so many on a second process saves more than it costs."""
SHOWN = 3
"""Contradictions told in full; one change often makes several."""
NEXT = "it was changed after the run: use another copy"


def refuse_contradictions(folder: Path, recorded: RecordedRun) -> None:
    """Raise if the journal in a run folder says something that does not follow from it.

    Args:
        folder: of the run, whose inputs are those that it began with.
        recorded: its journal, read already.

    Raises:
        BenchFault: it does; line, id, what is recorded and what follows are named.
        PlanError: an input that the run keeps is not what a run reads.
    """
    found = contradictions(folder, recorded)
    if found:
        raise BenchFault(f"journal {folder / JOURNAL}", "make its verdicts again", told(found), NEXT)


def contradictions(folder: Path, recorded: RecordedRun) -> list[tuple[int, Contradiction]]:
    """Return what does not follow in the journal of a run folder, each with the number of its line, 0 for none.

    Args:
        folder: of the run.
        recorded: its journal, read already.

    Raises:
        BenchFault: the journal, or the list of tests, is not what a run writes.
        PlanError: an input that the run keeps is not what a run reads.
    """
    judged = {one.id: one for test in recorded.tests for one in test.judgements}
    with ForkedWork(lambda: _in_judgements(judged, recorded), worth_it=len(judged) >= MANY_JUDGEMENTS) as others:
        found = list(_in_lines(folder / JOURNAL, judged))
        found += [(number, Contradiction(*words)) for number, *words in json.loads(others.result())]
    found.sort(key=lambda one: one[0])
    rest = (*_in_tests(folder, recorded), *_of_inputs(folder, recorded))
    return [*found, *((recorded.line_of.get(one.id, 0), one) for one in rest)]


def told(found: Sequence[tuple[int, Contradiction]]) -> str:
    """Return contradictions in words: the first ones in full, and how many there are."""
    first = [f"line {number}, {one}" if number else str(one) for number, one in found[:SHOWN]]
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return "; ".join([*first, *more])


def _in_judgements(judged: Mapping[str, Judgement], recorded: RecordedRun) -> bytes:
    """Return what does not follow from the figures of judgements: JSON of number of the line, id, recorded, follows."""
    found = [
        (recorded.line_of[own], one.id, one.recorded, one.follows)
        for own, judgement in judged.items()
        for one in check_judgement(judgement)
    ]
    return json.dumps(found).encode()


def _in_lines(journal: Path, looked_at: Mapping[str, Judgement]) -> Iterator[tuple[int, Contradiction]]:
    """Yield what does not follow line by line; the figures of judgements that are looked at elsewhere are left out."""
    windows, latencies, counted, distrust = WindowCheck(), LatencyCheck(), _IdsCounted(), DistrustCheck()
    lines = read_lines(journal)
    for line in lines:
        for one in (*counted.take(line), *windows.take(line), *latencies.take(line), *distrust.take(line)):
            yield line.seq + 1, one
        if isinstance(judgement := line.body, Judgement):
            sides = without_sides(judgement) if lines.version >= WHOLE_RECORDS else ()
            figures = () if looked_at.get(judgement.id) == judgement else check_judgement(judgement)
            for one in (*figures, *sides):
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


def _in_tests(folder: Path, recorded: RecordedRun) -> Iterator[Contradiction]:
    kept, listed = folder / REQUIREMENTS, folder / COLLECTED
    baseline = Requirements.load(kept) if kept.is_file() else None
    collected = CollectedTests.read(listed) if listed.is_file() else CollectedTests()
    for test in recorded.tests:
        yield from check_test(test, collected.judges.get(test.started.node), baseline)
    yield from _never_started(recorded, collected)


def _of_inputs(folder: Path, recorded: RecordedRun) -> Iterator[Contradiction]:
    """What the run says of itself in its first lines must be what the files say that it began with."""
    begun = recorded.started
    if begun is None:
        return
    said: dict[str, tuple[object, object]] = {}
    if (folder / PROFILE).is_file():
        profile = Profile.load(folder / PROFILE)
        said["profile"] = begun.profile, profile.name
        said["decision rule"] = begun.decision_rule, profile.decision_rule.words
    if (folder / BENCH_FILE).is_file():
        file = BenchFile.load(folder / BENCH_FILE)
        said["bench"] = begun.bench, file.bench.name
        said["simulated"] = begun.simulated or not file.simulated, True
        yield from _widened(recorded, file)
    for name, (recorded_as, follows) in said.items():
        if recorded_as != follows:
            yield Contradiction("run-started", f"{name} {recorded_as!r}", f"{follows!r} (the file that the run keeps)")
    rules = {one.rule for test in recorded.tests for one in test.declared}
    for rule in sorted(rules - {begun.decision_rule}):
        yield Contradiction("run-started", f"decision rule {begun.decision_rule!r}", f"{rule!r} (declared)")


def _widened(recorded: RecordedRun, file: BenchFile) -> Iterator[Contradiction]:
    """What the bench file lets pass beyond the shipped limits has to stand among the deviations."""
    if recorded.opened is None or JournalFormat.parse(recorded.opened.format) < WHOLE_RECORDS:
        return
    for one in widened_limits(file):
        if one not in recorded.deviations:
            yield Contradiction("run-started", "no deviation", f"{one!r} (the file that the run keeps)")


def _never_started(recorded: RecordedRun, collected: CollectedTests) -> Iterator[Contradiction]:
    """A session that ended well has run all that it collected; one in which a test failed holds that test."""
    begun = {test.started.node for test in recorded.tests}
    missing = [node for node in collected.tests if node not in begun]
    if recorded.reason == "ok" and missing:
        yield Contradiction(missing[0], "no test of this name", "one: the run ended well, and it was collected")
    if recorded.reason == "tests_failed" and all(test.ended.verdict is Verdict.PASS for test in recorded.tests):
        yield Contradiction("run-ended", "tests that all passed", "a test that did not: the session ended with one")
