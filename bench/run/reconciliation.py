# SPDX-License-Identifier: Apache-2.0
"""What was collected against what ran: each test that was to run has a result, and each result was to be.

A result that is missing, or that nobody asked for, makes the run INVALID whatever the other verdicts say: what it
would have said nobody knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.collected_tests import CollectedTests
from bench.recorded import RecordedRun
from bench.run_folder import COLLECTED

NEVER_STARTED = "no result: it was collected and never started"
CUT_SHORT = "no result: it started, and the run ended before it did"
NOT_COLLECTED = "a result of a test that was not collected"
NO_LIST = "it is missing: nobody can tell whether all tests ran"


@dataclass(frozen=True)
class Unreconciled:
    """Something that was collected and has no result, or has one and was not collected.

    Attributes:
        node: pytest's node id of a test, or the file that could not be collected.
        why: a sentence.
    """

    node: str
    why: str

    def __str__(self) -> str:
        return f"{self.node}: {self.why}"


def unreconciled(collected: CollectedTests | None, recorded: RecordedRun) -> tuple[Unreconciled, ...]:
    """Return what makes a run INVALID, in the order in which it was collected; nothing of a run that reconciles.

    Args:
        collected: what was to run; None where that list is gone.
        recorded: what the journal has.
    """
    if collected is None:
        return (Unreconciled(COLLECTED, NO_LIST),)
    return tuple(_gaps(collected, recorded))


def _gaps(collected: CollectedTests, recorded: RecordedRun) -> Iterator[Unreconciled]:
    for one in collected.not_collected:
        yield Unreconciled(one.node, f"its tests could not be collected: {one.why}")
    begun = {test.started.node: test for test in recorded.tests}
    for node in dict.fromkeys(collected.tests):
        test = begun.get(node)
        if test is None:
            yield Unreconciled(node, NEVER_STARTED)
        elif test.ended_s is None:
            yield Unreconciled(node, CUT_SHORT)
        elif test.is_lost:
            yield Unreconciled(node, f"no result: {test.ended.reason}")
    for node in sorted(begun.keys() - set(collected.tests)):
        yield Unreconciled(node, NOT_COLLECTED)
