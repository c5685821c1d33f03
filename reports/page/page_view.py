# SPDX-License-Identifier: Apache-2.0
"""All that the page shows of a run."""

from dataclasses import dataclass, field
from functools import cached_property

from bench.profile import Profile
from reports.audit import Anomaly, AuditRecord
from reports.frozen import ProtocolRecord
from reports.page.bench_check import BenchCheck
from reports.page.matrix_view import MatrixView
from reports.page.recorded_judgement import RecordedJudgement
from reports.page.recorded_test import WORST_FIRST, RecordedTest
from reports.page.subject import Code, Input, Instrument

MOST_IN_FULL, LEAST_NEAREST = 250, 10
"""So many tests are told of in full, the shipped protocol among them; more only where they did not pass.

So many of those that passed in any case.
"""


@dataclass(frozen=True)
class LeftOut:
    """A test that was not chosen, or does not apply to this pump.

    Attributes:
        node: pytest's node id.
        reason: why.
    """

    node: str
    reason: str


@dataclass(frozen=True)
class PageView:
    """A run.

    Attributes:
        run_id: which.
        title: what people call the pump model.
        verdict: over all.
        counts: tests by verdict, and `NOT_RUN`.
        simulated: whether any evidence comes from a twin; None when that is not known.
        aborted: whether the journal has no end.
        reason: why the run ended.
        started_utc, ended_utc: when it began and ended, as text; empty where no bench told the time, or several did.
        duration_s: bench time, that of all its benches together.
        benches: how many there were: where each chapter has a twin of its own, bench time begins anew with each.
        clock: how bench time passed.
        profile: name of the pump's profile.
        liquid: what was weighed.
        seed: of the twin.
        defects: what was wrong with the twin on purpose.
        decision_rule: by which values were judged.
        pump: the device under test; None where it could not be identified.
        instruments: what it was tested with.
        code: what tested it.
        inputs: the files that the run used.
        matrix: requirements against judgements.
        tests: in the order they ran.
        preflight, postflight: how the bench was before and after.
        not_run: node ids of tests that were collected and never began.
        invalid: where what ran is not what was collected, a sentence each.
        anomalies: what somebody has to decide about, with what was decided.
        protocol: the run against its frozen protocol; None where none was frozen.
        audit: the trail of these decisions in short; None where there is none.
        left_out: tests that were not chosen or do not apply; None where the record does not say.
        deviations: what the bench left out because its file says so.
        troubles: what is wrong with the run itself.
        remarks: what a reader must know of this record.
        kept_profile: what the pump promises, as the run keeps it; None where it keeps none that is read today.
        operator: who watched over the run; empty where nobody was named.
    """

    run_id: str
    title: str
    verdict: str
    counts: dict[str, int]
    simulated: bool | None
    aborted: bool
    reason: str
    started_utc: str
    ended_utc: str
    duration_s: float
    benches: int
    clock: str
    profile: str
    liquid: str
    seed: int | None
    defects: tuple[str, ...]
    decision_rule: str
    pump: Instrument | None
    instruments: tuple[Instrument, ...]
    code: Code
    inputs: tuple[Input, ...]
    matrix: MatrixView
    tests: tuple[RecordedTest, ...]
    preflight: tuple[BenchCheck, ...]
    postflight: tuple[BenchCheck, ...]
    not_run: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    audit: AuditRecord | None = None
    protocol: ProtocolRecord | None = None
    left_out: tuple[LeftOut, ...] | None = None
    deviations: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=())
    kept_profile: Profile | None = None
    operator: str = ""

    @cached_property
    def judgements(self) -> tuple[RecordedJudgement, ...]:
        """Return all judgements in the order of the journal."""
        return tuple(one for test in self.tests for one in test.judgements)

    @cached_property
    def anomaly_of(self) -> dict[str, Anomaly]:
        """Return the anomalies by the id of the judgement or test that they are about."""
        return {one.id.removeprefix("A-"): one for one in self.anomalies}

    @cached_property
    def open_tests(self) -> tuple[RecordedTest, ...]:
        """Return the tests that did not pass, or hold a judgement that did not; the FAILs first."""
        found = [test for test in self.tests if test.verdict != "PASS" or test.open_judgements]
        return tuple(sorted(found, key=lambda test: WORST_FIRST.index(test.verdict)))

    @cached_property
    def in_full(self) -> frozenset[str]:
        """Return the anchors of the tests whose pictures and budgets stand in page and PDF.

        Of few tests these are all. Of many they are those that did not pass, and of the others those that came nearest
        to their limits.
        """
        if len(self.tests) <= MOST_IN_FULL:
            return frozenset(test.anchor for test in self.tests)
        wanted = {test.anchor for test in self.open_tests}
        passed = sorted((test for test in self.tests if test.anchor not in wanted), key=lambda test: -test.used_percent)
        room = max(MOST_IN_FULL - len(wanted), LEAST_NEAREST)
        return frozenset({*wanted, *(test.anchor for test in passed[:room])})

    @property
    def tests_in_full(self) -> tuple[RecordedTest, ...]:
        """Return the tests of `in_full` in the order they ran."""
        return tuple(test for test in self.tests if test.anchor in self.in_full)

    @property
    def tests_in_brief(self) -> tuple[RecordedTest, ...]:
        """Return the other tests: all of them passed."""
        return tuple(test for test in self.tests if test.anchor not in self.in_full)

    @cached_property
    def nearest(self) -> RecordedJudgement | None:
        """Return the judgement that used up most of what is allowed."""
        judged = [(one.deviation.used_percent, one) for one in self.judgements if one.deviation is not None]
        return max(judged, key=lambda pair: pair[0])[1] if judged else None

    @cached_property
    def bench_not_whole(self) -> tuple[BenchCheck, ...]:
        """Return the checks before and after that are not OK."""
        return tuple(one for one in (*self.preflight, *self.postflight) if one.state != "OK")
