# SPDX-License-Identifier: Apache-2.0
"""A run as one looks at it from outside: its journal, those of chapters that are under way, and what is still to come.

Everything is read and nothing is locked, so that a run cannot tell whether somebody looks on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from bench.bench_file import BenchFile
from bench.collected_tests import CollectedTests
from bench.journal import JournalFollower, JournalLine
from bench.journal.lines import TestEnded
from bench.profile import Profile
from bench.run.chapter_journals import chapter_of, left_chapters
from bench.run_folder import BENCH_FILE, COLLECTED, JOURNAL, PROFILE
from bench.run_process import seems_to_go_on
from groundfloor.errors import BenchFault, PlanError
from groundfloor.wall_clock import monotonic_s, utc_now
from metrology.verdict import Verdict
from reports.watch.journal_progress import JournalProgress, WatchedTest
from reports.watch.live_volume import Foretells, foretold_by
from reports.watch.time_left import TimeLeft

LOOKED_LONG_ENOUGH_S = 20.0
_BEGAN = re.compile(r"\d{8}T\d{6}Z")


class RunState(StrEnum):
    """Whether a run goes on."""

    NOT_THERE = "not there yet"
    BEGINS = "begins"
    GOES_ON = "goes on"
    PAUSED = "paused"
    ENDED = "ended"
    CUT_SHORT = "cut short"


@dataclass
class _Followed:
    follower: JournalFollower
    progress: JournalProgress = field(default_factory=JournalProgress)


class WatchedRun:
    """A run that goes on, or is over.

    Args:
        folder: of the run; it need not be there yet.
        foretell: whether tolerance and U of what is delivered are asked for, which takes a moment each time.

    Attributes:
        planned_s: bench time of tests by node id, as far as it is known before they run.
    """

    def __init__(self, folder: Path, *, foretell: bool = True) -> None:
        self.folder = folder
        self.planned_s: Mapping[str, float] = {}
        self._main = _Followed(JournalFollower(folder / JOURNAL))
        self._chapters: dict[Path, _Followed] = {}
        self._collected: CollectedTests | None = None
        self._planned_chapters = 0
        self._file: BenchFile | None = None
        self._profile: Profile | None = None
        self._foretells: Foretells = lambda _rate, _duration: None
        self._foretell = foretell
        self._seen_dead = 0
        self._first_look: tuple[float, float] | None = None

    def look(self) -> tuple[str, ...]:
        """Read what is new; return what of it deserves a line of its own.

        Raises:
            BenchFault: the journal is broken, or cannot be read.
        """
        alive = seems_to_go_on(self.folder)  # before the journal is read: what ends in between has written its end
        self._read_inputs()
        told = [*self._read(self._main, "")]
        present = tuple(left_chapters(self.folder))
        for folder in present:
            followed = self._chapters.setdefault(folder, _Followed(JournalFollower(folder / JOURNAL)))
            told += self._read_chapter(followed, chapter_of(folder))
        self._chapters = {folder: self._chapters[folder] for folder in present}
        self._seen_dead = 0 if alive else self._seen_dead + 1
        if self._first_look is None and self.bench_time_s > 0:
            self._first_look = (monotonic_s(), self.bench_time_s)
        return tuple(told)

    def _read(self, followed: _Followed, chapter: str) -> Iterator[str]:
        for line in followed.follower.new_lines():
            joined = followed is self._main and self._by_chapter and not self._is_news(line)
            told = followed.progress.follow(line)
            if told and not joined:
                test = followed.progress.test
                name = chapter or (test.chapter if test is not None else "")
                yield f"{name}: {told}" if name else told

    def _is_news(self, line: JournalLine) -> bool:
        """Tell whether a line that a chapter was joined with tells what the chapter's own journal did not tell us."""
        if line.kind != TestEnded.kind:
            return False
        test = self._tests.get(str(line.data.get("node", "")))
        return test is None or test.verdict is None

    def _read_chapter(self, followed: _Followed, chapter: str) -> list[str]:
        try:
            return [*self._read(followed, chapter)]
        except BenchFault:  # it was joined and taken away in this moment; what it held stands in the run's journal
            return []

    def _read_inputs(self) -> None:
        if self._collected is None and (self.folder / COLLECTED).is_file():
            self._collected = CollectedTests.read(self.folder / COLLECTED)
            self._planned_chapters = len({node.partition("::")[0] for node in self.nodes})
        if self._file is None and (self.folder / BENCH_FILE).is_file() and (self.folder / PROFILE).is_file():
            try:
                self._profile = Profile.load(self.folder / PROFILE)
                self._file = BenchFile.load(self.folder / BENCH_FILE)
                if self._foretell:
                    self._foretells = foretold_by(self._file, self._profile)
            except (PlanError, BenchFault, OSError):  # it is being written, or of another version
                self._file = None

    # --- what there is to see -----------------------------------------------------------------------------------------

    @property
    def state(self) -> RunState:
        """Return whether it goes on."""
        main = self._main.progress
        if main.end is not None or main.recovered:
            return RunState.ENDED if main.end is not None else RunState.CUT_SHORT
        if not self.folder.is_dir():
            return RunState.NOT_THERE
        if self._seen_dead > 1:  # looked at twice: a run writes its end before its process says that it is gone
            return RunState.CUT_SHORT if main.lines else RunState.NOT_THERE
        if any(one.paused for one in self._progresses):
            return RunState.PAUSED
        return RunState.GOES_ON if main.lines or self._chapters else RunState.BEGINS

    @property
    def over(self) -> bool:
        """Tell whether nothing more is going to come."""
        return self.state in (RunState.ENDED, RunState.CUT_SHORT)

    @property
    def reason(self) -> str:
        """Return why it ended, with what is wrong with the run as a whole; empty while it goes on."""
        end = self._main.progress.end
        return "" if end is None else "; ".join([end.reason, *end.troubles])

    @property
    def torn_tail(self) -> str:
        """Return half a last line of the journal."""
        return self._main.follower.torn_tail

    @property
    def simulated(self) -> bool:
        """Tell whether any evidence comes from a twin."""
        started = [one for progress in self._progresses for one in progress.started]
        return any(one.simulated for one in started) or (self._file is not None and self._file.simulated)

    @property
    def profile_name(self) -> str:
        """Return the name of the profile; empty where it is not known yet."""
        return self._profile.name if self._profile is not None else ""

    @property
    def profile_title(self) -> str:
        """Return what people call the pump; empty where it is not known yet."""
        return self._profile.title if self._profile is not None else ""

    @property
    def nodes(self) -> tuple[str, ...]:
        """Return the node ids of the tests that were going to run; empty where that is not known yet."""
        return self._collected.tests if self._collected is not None else ()

    @property
    def own_root(self) -> str | None:
        """Return the folder that node ids are told from; None for the bench's own plans."""
        return self._collected.root if self._collected is not None else None

    @property
    def ended(self) -> tuple[WatchedTest, ...]:
        """Return the tests that are over."""
        return tuple(test for test in self._tests.values() if test.verdict is not None)

    @property
    def to_come(self) -> tuple[str, ...]:
        """Return the node ids of tests that have not begun."""
        tests = self._tests
        return tuple(node for node in self.nodes if node not in tests)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Return how many tests ended with each verdict."""
        verdicts = [test.verdict for test in self.ended]
        return {one: verdicts.count(one) for one in Verdict if one in verdicts}

    @property
    def running(self) -> tuple[JournalProgress, ...]:
        """Return the journals in which a test is under way; of one that is being joined the chapter's own counts."""
        if self.over:
            return ()
        live = [one.progress for one in self._chapters.values() if one.progress.test is not None]
        own = self._main.progress
        return tuple(live) if live or self._by_chapter or own.test is None else (own,)

    @property
    def alarms(self) -> tuple[str, ...]:
        """Return what is told of each alarm, in the order of the journals."""
        return tuple({key: title for one in self._progresses for key, title in one.alarms.items()}.values())

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return what is told of each gap."""
        return tuple({key: title for one in self._progresses for key, title in one.gaps.items()}.values())

    @property
    def prompt(self) -> str:
        """Return what a person is asked to do now."""
        return "" if self.over else next((one.prompt for one in self._progresses if one.prompt), "")

    @property
    def foretells(self) -> Foretells:
        """Return what foretells tolerance and U on this bench."""
        return self._foretells

    @property
    def bench_time_s(self) -> float:
        """Return how much bench time went by, that of chapters with twins of their own together."""
        taken = sum(test.took_s or 0.0 for test in self.ended)
        return taken + sum(one.t_s - one.test.started_s for one in self.running if one.test is not None)

    def time_left(self) -> TimeLeft:
        """Return how long it is still going to take."""
        under_way = [(one.test, one.t_s - one.test.started_s) for one in self.running if one.test is not None]
        took_s = [test.took_s for test in self.ended if test.took_s is not None]
        return TimeLeft.of(self.to_come, under_way, took_s, self.planned_s, self._speed(), self._checks_s())

    def _checks_s(self) -> float:
        """Return the bench time of pre- and post-flights to come; each chapter with a twin of its own has both."""
        if self._file is None:
            return 0.0
        benches = self._planned_chapters if self._by_chapter else 1
        progresses = self._progresses
        before = max(0, benches - sum(one.opened for one in progresses))
        over = sum(one.end is not None for one in progresses)
        preflight = self._file.preflight
        before_s = preflight.settle_s + self._file.evaporation.blank_s
        return before * before_s + max(0, benches - over) * preflight.postflight_blank_s

    def _speed(self) -> float | None:
        """Return how many seconds of bench time go by in one of the wall clock."""
        started = next((one.started[0] for one in self._progresses if one.started), None)
        if started is not None and started.clock.mode == "real":
            return float(max(1, len(self.running)))
        if started is not None and started.clock.mode == "scaled" and started.clock.speed:
            return started.clock.speed * max(1, len(self.running))
        if self._first_look is not None:
            since_s, done_s = monotonic_s() - self._first_look[0], self.bench_time_s - self._first_look[1]
            if since_s >= LOOKED_LONG_ENOUGH_S and done_s > 0:
                return done_s / since_s
        return self._speed_since_the_start()

    def _speed_since_the_start(self) -> float | None:
        found = _BEGAN.match(self.folder.name)
        if found is None:
            return None
        began = datetime.strptime(found.group(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        gone_s = (utc_now() - began).total_seconds()
        return self.bench_time_s / gone_s if gone_s > 0 and self.bench_time_s > 0 else None

    @property
    def _progresses(self) -> tuple[JournalProgress, ...]:
        return (self._main.progress, *(one.progress for one in self._chapters.values()))

    @property
    def _by_chapter(self) -> bool:
        """Tell whether each chapter has a journal of its own until it is joined."""
        several = self._planned_chapters > 1  # a run of one chapter has a twin of that name, and one journal
        return bool(self._chapters) or (several and any(one.occasion for one in self._main.progress.started))

    @property
    def _tests(self) -> Mapping[str, WatchedTest]:
        tests = dict(self._main.progress.tests)
        for chapter in self._chapters.values():
            for node, test in chapter.progress.tests.items():
                if tests.get(node) is None or tests[node].verdict is None:
                    tests[node] = test
        return tests
