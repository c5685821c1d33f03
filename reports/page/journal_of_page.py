# SPDX-License-Identifier: Apache-2.0
"""What the page takes of a journal. This is the only file of the page that knows how a journal is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bench.journal import Entry as JournalEntry
from bench.journal import SampleColumns
from bench.journal.lines import (
    BalanceDistrusted,
    CheckMade,
    CheckRepeated,
    Event,
    InfusionStarted,
    JournalOpened,
    JudgedAgain,
    Judgement,
    JudgementDeclared,
    Line,
    LineOfTest,
    RepeatabilityFound,
    RequirementReference,
    RunStarted,
    Sample,
    Step,
    TestStarted,
    Volume,
)
from bench.recorded import BenchTime
from metrology.verdict import Verdict
from reports.entry import MeasuredValue
from reports.judged_window import JudgedWindows
from reports.page.bench_check import BenchCheck
from reports.page.recorded_test import Happening

JUDGEMENT_ID = re.compile(r"J-\d{1,9}")
OUTSIDE_THE_COURSE = frozenset({"mark", "preflight", "postflight"})
"""Events that other parts of the page tell of."""


@dataclass
class RecordedInfusion:
    """An infusion of a test: its samples, its events, the windows that were judged."""

    name: str
    columns: SampleColumns = field(default_factory=SampleColumns)
    events: list[JournalEntry] = field(default_factory=list)
    windows: JudgedWindows = field(default_factory=JudgedWindows)


@dataclass
class RecordedCourse:
    """What a journal holds of one test, in order.

    Attributes:
        started_s: when it began, on the clock of its bench.
        run_s: how much bench time the run had taken by then.
    """

    started_s: float
    run_s: float
    purpose: str
    requirements: tuple[RequirementReference, ...] = ()
    declared: list[JudgementDeclared] = field(default_factory=list)
    judged: list[tuple[str, Judgement]] = field(default_factory=list)
    course: list[Happening] = field(default_factory=list)
    infusions: dict[str, RecordedInfusion] = field(default_factory=dict)


@dataclass
class JournalOfPage:
    """What the page takes of a journal, line by line."""

    opened: JournalOpened | None = None
    tests: list[RecordedCourse] = field(default_factory=list)
    preflight: list[tuple[str, BenchCheck]] = field(default_factory=list)
    postflight: list[tuple[str, BenchCheck]] = field(default_factory=list)
    occasions: list[str] = field(default_factory=list)
    defects: tuple[str, ...] = ()
    repeatability: str = ""
    sensors: str = ""
    judged_again: list[str] = field(default_factory=list)
    judgements: int = 0
    bench_time: BenchTime = field(default_factory=BenchTime)
    distrusted: Mapping[str, Verdict] = field(default_factory=dict)

    def take(self, t_s: float, body: Line) -> None:
        """Take the next line of the journal."""
        self.bench_time.take(body.kind, t_s)
        match body:
            case JournalOpened():
                self.opened = body
            case RunStarted(defects=defects, occasion=occasion):
                self.defects = defects
                self.occasions.append(occasion)
            case TestStarted():
                self.tests.append(RecordedCourse(t_s, self.bench_time.total_s, body.purpose, body.requirements))
            case Sample() if self.tests:
                self._take_sample(t_s, body, self.tests[-1])
            case LineOfTest(test=test) if test and self.tests:
                self._take_of_test(t_s, body, self.tests[-1])
        if isinstance(body, Event):
            self._take_event(body)

    def _take_sample(self, t_s: float, sample: Sample, test: RecordedCourse) -> None:
        if sample.infusion in test.infusions:
            test.infusions[sample.infusion].columns.append(t_s, sample)

    def _take_event(self, event: Event) -> None:
        match event:
            case CheckRepeated():
                self.postflight.append((self._occasion, _check(event)))
            case CheckMade():
                self.preflight.append((self._occasion, _check(event)))
            case RepeatabilityFound(title=title):
                self.repeatability = title
            case JudgedAgain(title=title) | BalanceDistrusted(title=title):
                self.judged_again.append(title)

    @property
    def _occasion(self) -> str:
        return self.occasions[-1] if self.occasions else ""

    def named(self, checks: list[tuple[str, BenchCheck]]) -> tuple[BenchCheck, ...]:
        """Return checks, named after their chapter where each chapter had a bench of its own."""
        if len(self.occasions) < 2:
            return tuple(one for _, one in checks)
        return tuple(replace(one, name=f"{occasion}: {one.name}") for occasion, one in checks)

    def _take_of_test(self, t_s: float, body: LineOfTest, test: RecordedCourse) -> None:
        match body:
            case InfusionStarted():
                test.infusions[body.infusion] = RecordedInfusion(body.name)
            case Step():
                test.course.append(Happening(t_s - test.started_s, "step", body.title))
            case Event():
                if body.what not in OUTSIDE_THE_COURSE:
                    test.course.append(Happening(t_s - test.started_s, body.what, body.title))
                if body.infusion in test.infusions:
                    test.infusions[body.infusion].events.append(JournalEntry(t_s, body))
            case JudgementDeclared():
                test.declared.append(body)
            case Judgement():
                self._take_judgement(body, test)
            case Volume():
                self._take_volume(body, test)

    def _take_judgement(self, judgement: Judgement, test: RecordedCourse) -> None:
        self.judgements += 1
        own = judgement.id if JUDGEMENT_ID.fullmatch(judgement.id) else f"J-{self.judgements:04}"
        test.judged.append((own, judgement))
        if judgement.infusion in test.infusions:
            at_the_end = self.distrusted.get(judgement.id)
            test.infusions[judgement.infusion].windows.take_judgement(MeasuredValue.of(judgement, at_the_end))

    def _take_volume(self, volume: Volume, test: RecordedCourse) -> None:
        conditions = volume.conditions
        self.sensors = self.sensors or (
            f"temperature ± {conditions.temperature_half_width_c:.3g} °C, "
            f"air pressure ± {conditions.air_pressure_half_width_hpa:.3g} hPa, "
            f"humidity ± {conditions.humidity_half_width_percent:.3g} %"
        )
        if volume.infusion in test.infusions:
            test.infusions[volume.infusion].windows.take_volume(volume)


def _check(event: CheckMade) -> BenchCheck:
    return BenchCheck(event.check, event.state, event.seen, event.lower, event.upper, event.unit, event.next_step)
