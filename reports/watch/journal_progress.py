# SPDX-License-Identifier: Apache-2.0
"""How far one journal has come: that of a run, or of a chapter that is not joined to it yet."""

from dataclasses import dataclass, field

from bench.journal import JournalLine
from bench.journal.lines import (
    AlarmLogged,
    BenchOpened,
    ComputerSlept,
    Continued,
    Event,
    Gap,
    InfusionEnded,
    InfusionStarted,
    Judgement,
    Line,
    Paused,
    RunEnded,
    RunRecovered,
    RunStarted,
    Sample,
    Step,
    TestEnded,
    TestStarted,
)
from bench.journal.lines.activity import WaitBegun
from groundfloor.errors import BenchFault
from metrology.verdict import Verdict

ASKED, ANSWERED = "operator-asked", ("operator-answered", "operator-silent")


@dataclass
class WatchedTest:
    """A test that has begun.

    Attributes:
        node: pytest's node id.
        title: from its docstring.
        chapter: of the protocol.
        started_s: bench time.
        verdict: None while it runs.
        took_s: bench time; None while it runs.
    """

    node: str
    title: str
    chapter: str
    started_s: float
    verdict: Verdict | None = None
    took_s: float | None = None


@dataclass
class JournalProgress:
    """What the lines of a journal tell up to now.

    Attributes:
        t_s: bench time of the last line.
        lines: how many there were.
        tests: by node id.
        test: the one that runs; None between tests.
        step: the title of the present phase.
        horizon_s: until when the present wait goes; None where none does.
        infusion: name of the one that runs; empty for none.
        infusion_started_s: when it began.
        sample: the newest; None before it.
        value: the newest judgement of a measured value.
        alarms, gaps: what is told of each, by test and bench time, so that one that is read in two journals is one.
        prompt: what a person is asked to do now; empty for nothing.
        paused: whether somebody asked the run to wait.
        started: what the bench was found to be; one for each chapter with a twin of its own.
        opened: how many benches have passed their pre-flight.
        end: the last line; None while there is none.
        recovered: a later start closed it, because its process was gone.
    """

    t_s: float = 0.0
    lines: int = 0
    tests: dict[str, WatchedTest] = field(default_factory=dict)
    test: WatchedTest | None = None
    step: str = ""
    horizon_s: float | None = None
    infusion: str = ""
    infusion_started_s: float = 0.0
    sample: Sample | None = None
    value: Judgement | None = None
    alarms: dict[tuple[str, float, str], str] = field(default_factory=dict)
    gaps: dict[tuple[str, float, str], str] = field(default_factory=dict)
    prompt: str = ""
    paused: bool = False
    started: list[RunStarted] = field(default_factory=list)
    opened: int = 0
    end: RunEnded | None = None
    recovered: bool = False

    def follow(self, line: JournalLine) -> str:
        """Take in a line that was read; return what a person should be told of it, empty for nothing."""
        try:
            body = line.body
        except BenchFault:  # a line that another version wrote otherwise keeps nobody from looking on
            return ""
        return self.take(body, line.t_s)

    def take(self, body: Line, t_s: float) -> str:
        """Take in what a line says; return what a person should be told of it in a line of its own."""
        self.t_s = max(self.t_s, t_s)
        self.lines += 1
        if isinstance(body, Sample):
            self.sample = body
            return ""
        return self._of_test(body, t_s) or self._of_run(body)

    def _of_test(self, body: Line, t_s: float) -> str:
        match body:
            case TestStarted(node=node, title=title, chapter=chapter):
                self.test = self.tests[node] = WatchedTest(node, title, chapter, t_s)
                self.step = ""
                return f"begins: {title}"
            case TestEnded():
                return self._ended(body, t_s)
            case InfusionStarted(name=name):
                self.infusion, self.infusion_started_s = name, t_s
                self.sample = None
            case InfusionEnded():
                self.infusion, self.horizon_s = "", None
            case Step(title=title):
                self.step = title
                return title
            case WaitBegun(result=until):
                self.horizon_s = until.until_s
            case Judgement() if body.value is not None and body.expanded_uncertainty is not None:
                self.value = body
            case Event():
                return self._event(body, t_s)
        return ""

    def _ended(self, body: TestEnded, t_s: float) -> str:
        test = self.tests.setdefault(body.node, WatchedTest(body.node, body.node, "", t_s))
        test.verdict, test.took_s = body.verdict, max(0.0, t_s - test.started_s)
        self.test, self.step, self.horizon_s = None, "", None
        reason = "" if body.verdict is Verdict.PASS else f": {body.reason}"
        return f"{body.verdict.name}: {test.title}{reason}"

    def _event(self, body: Event, t_s: float) -> str:
        key = (body.test, t_s, body.title)
        match body:
            case AlarmLogged():
                self.alarms[key] = body.title
                return body.title
            case Gap() | ComputerSlept():
                self.gaps[key] = body.title
                return body.title
            case Paused() | Continued():
                self.paused = isinstance(body, Paused)
                return body.title
        if body.what == ASKED:
            self.prompt = body.title
            return body.title
        if body.what in ANSWERED:
            self.prompt = ""
            return body.title
        return ""

    def _of_run(self, body: Line) -> str:
        match body:
            case RunStarted(trouble=trouble):
                self.started.append(body)
                return trouble or ""
            case BenchOpened():
                self.opened += 1
            case RunEnded():
                self.end = body
            case RunRecovered():
                self.recovered = True
        return ""
