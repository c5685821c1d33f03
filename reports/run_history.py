# SPDX-License-Identifier: Apache-2.0
"""What a journal tells of a run, test by test, with whatever is missing at its end made plain.

A verdict gets worse here, not better: a test that ended as passed but holds a judgement that did not pass takes the
worst of its judgements, and one that judged nothing has shown nothing. Only a FAIL that rests on a balance which turned
out to be wrong is none any more, as a PASS is none; the first verdict is told beside the second.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.recorded import RecordedRun, RecordedTest
from metrology.verdict import Verdict
from reports.entry import Entry, MeasuredValue
from reports.run_info import RunInfo

NOTHING_JUDGED = "the test ended without a single judgement"


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
    def of(cls, recorded: RecordedRun) -> Self:
        """Return the history of a run that was read from its journal."""
        return cls(
            run=RunInfo.of(recorded.started) if recorded.started is not None else None,
            entries=tuple(_entry(test) for test in recorded.tests),
            aborted=recorded.aborted,
            reason=recorded.reason,
            troubles=recorded.troubles,
            deviations=recorded.deviations,
        )

    @classmethod
    def read(cls, journal: Path) -> Self:
        """Read a journal to its end.

        Raises:
            BenchFault: it cannot be read, was changed, or another version wrote it.
        """
        return cls.of(RecordedRun.read(journal))


def _entry(test: RecordedTest) -> Entry:
    at_the_end, end = test.distrusted, test.ended
    values = tuple(MeasuredValue.of(one, at_the_end.get(one.id), test.distrust) for one in test.judgements)
    verdict, reason = test.verdict, end.reason
    if verdict is Verdict.UNSET:
        verdict, reason = Verdict.INCONCLUSIVE, end.reason or NOTHING_JUDGED
    elif test.distrusted and verdict is not end.verdict:
        reason = f"{test.distrust}; at first it was {end.verdict}: {end.reason}"
    elif verdict is not end.verdict:
        reason = "; ".join(value.reason for value in values if value.verdict is verdict)
    return Entry(
        node=test.started.node,
        title=test.started.title,
        chapter=test.started.chapter,
        requirements=tuple(one.label for one in test.started.requirements),
        risk_controls=test.started.risk_controls,
        verdict=verdict,
        reason=reason,
        values=values,
        started_s=test.started_s if end.started_s is None else end.started_s,
        ended_s=test.ended_s if end.ended_s is None else end.ended_s,
    )
