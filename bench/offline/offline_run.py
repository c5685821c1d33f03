# SPDX-License-Identifier: Apache-2.0
"""A stored run whose tests are replayed one by one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import msgspec

from bench.acceptance import Declarations
from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.clock import ClockMode
from bench.injectors import Catheter
from bench.journal import Activities, Journal, JournalLine, read_lines
from bench.offline.as_found import AsFound
from bench.offline.made_again import MadeAgain
from bench.offline.not_recorded import NotRecorded
from bench.offline.offline_bench import offline_bench
from bench.offline.offline_journal import OfflineJournal
from bench.offline.recorded_clock import RecordedClock
from bench.offline.stored_test import Occasion, StoredTest, stored_tests
from bench.profile import Profile
from bench.run import Assessment, Run
from bench.run_folder import BENCH_FILE, JOURNAL, PROFILE
from bench.weighing import Blank
from metrology.gravimetry import Repeatability


class OfflineRun:
    """Gives the tests of a stored run what they asked of their bench.

    Args:
        folder: of the run, whose inputs are those that it began with.
        as_found: what a later calibration found of its balance; None judges by the certificate of then.

    Attributes:
        profile: what the pump promised.
        tests: by node id, in the order of the run.
        made: what came of it so far.

    Raises:
        BenchFault: the journal cannot be read.
        PlanError: bench file or profile are none.
    """

    def __init__(self, folder: Path, as_found: AsFound | None = None) -> None:
        self.profile = Profile.load(folder / PROFILE)
        self.tests: Mapping[str, StoredTest] = {one.node: one for one in stored_tests(folder / JOURNAL)}
        self.made = MadeAgain()
        self._journal_path = folder / JOURNAL
        self._as_found = as_found or AsFound()
        self._file = self._as_found.bench_file(BenchFile.load(folder / BENCH_FILE))
        self._journal = cast(Journal, OfflineJournal(lambda: self._activities.now_s()))
        self._activities = Activities(self._journal)
        self._activities.made_again.subscribe(lambda one: self._hold(*one))
        self._journal.written.subscribe(lambda entry: self.made.hold_mark(entry.body))
        self._occasion: Occasion | None = None
        self._test: StoredTest | None = None
        self._held: set[str] = set()
        self._bench: Bench | None = None
        self._run: Run | None = None
        self._catheter: Catheter | None = None

    def begin(self, node: str, declarations: Declarations | None) -> None:
        """Begin with a test: what it does from now on is replayed."""
        test = self._test = self.tests[node]
        if test.occasion is not self._occasion:
            self._occasion, self._bench, self._run = test.occasion, None, None
        assessment = self._assessment = Assessment(node, self._activities, declarations)
        if self._run is not None:
            self._run.assessment = assessment
        past = read_lines(self._journal_path, test.from_offset, test.to_offset)
        self._activities.replay(self._as_found.lines(past))
        assessment.declare()

    def end(self, why: str) -> None:
        """End the test; `why` is what is said of judgements that were not made again."""
        test, self._test = self._test, None
        for own in test.judged if test is not None else ():
            if own not in self._held:
                self.made.not_made[own] = why

    def _hold(self, line: JournalLine, made: Mapping[str, Any]) -> None:
        self.made.hold(line, made)
        self._held.add(str(getattr(line.body, "id", "")))

    def open_bench(self) -> Bench:
        """Return the bench, on which nothing is there.

        Raises:
            NotRecorded: none was opened in the run.
        """
        if self._bench is None:
            if self._occasion is None or self._occasion.begun.balance is None:
                raise NotRecorded("bench", "open", "in the run none was opened")
            self._bench = offline_bench(self._file, self._clock_of(self._occasion), self._occasion)
        return self._bench

    def _clock_of(self, occasion: Occasion) -> RecordedClock:
        begun = occasion.begun
        epoch = datetime.fromisoformat(begun.epoch_utc) if begun.epoch_utc else datetime(2000, 1, 1, tzinfo=UTC)
        mode = ClockMode(begun.clock.mode)
        speed = 0.0 if mode is ClockMode.STEPPED else float(begun.clock.speed or 1.0)
        return RecordedClock(mode, speed, self._activities.now_s, epoch)

    @property
    def run(self) -> Run:
        """Return what the tests share; raises as `open_bench`."""
        if self._run is None:
            bench, occasion = self.open_bench(), self._occasion
            lot = occasion.begun.run_id if occasion is not None else ""
            run = self._run = Run(bench, self.profile, self._journal, self._activities, self._assessment, lot=lot)
            self._catheter = Catheter(run.injectors)
            self._recall(run)
        return self._run

    def _recall(self, run: Run) -> None:
        occasion = self._occasion
        if occasion is None or occasion.blank is None or occasion.repeatability is None:
            raise NotRecorded("bench", "open", "in the run its pre-flight was not made to its end")
        blank, found = (
            Blank.from_dict(msgspec.to_builtins(self._as_found.blank(occasion.blank))),
            occasion.repeatability,
        )
        run.recalled_clocks = blank.clocks
        run.preflight.recall(blank.evaporation, Repeatability(found.standard_deviation_mg, found.dof))

    @property
    def catheter(self) -> Catheter:
        """Return the catheter of the bench; raises as `open_bench`."""
        _ = self.run
        if self._catheter is None:
            raise NotRecorded("bench", "open", "in the run none was opened")
        return self._catheter
