# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of chapters: they are read, run on a good twin, and run on the bad pumps that they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from bench.acceptance import Standing
from bench.conformance.drivers import DriverFinding
from bench.conformance.outcome import Differs, NotTried
from bench.conformance.tried_check import tried_check
from bench.recorded import RecordedRun, RecordedTest
from bench.run_folder import COLLECTED, JOURNAL, RunFolder
from cli.command_alone import CommandEnd, command_alone
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.printable import one_line
from groundfloor.project import PROJECT_FILE, PROJECT_VARIABLE
from metrology.verdict import Verdict
from reports.page.protocol import protocol
from reports.protocol.planned_test import PARTS

OUT = "runs"
BAD_PUMP = "name one that it must find: ChapterPack(…, bad_pumps=('rate_bias=0.2',)), or --defect rate_bias=0.2"


class Runner(Protocol):
    """Runs `pumpbench` to its end."""

    def __call__(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str], limit_s: float
    ) -> CommandEnd:
        """Return how it ended."""
        ...


@dataclass(frozen=True)
class Chapters:
    """What is tried.

    Attributes:
        files: of the chapters.
        bad_pumps: defects of the twin, as `--defect` takes them, of which each test has to find one.
        profile: of the pump; empty for the usual one.
        project: a project file that knows them, as text; None to take the one of the present folder, or none.
        environment: what their process has besides.
        limit_s: for each of the runs.
    """

    files: tuple[Path, ...]
    bad_pumps: tuple[str, ...]
    profile: str = ""
    project: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    limit_s: float = 1800.0


def chapter_trials(asked: Chapters, run: Runner = command_alone) -> tuple[DriverFinding, ...]:
    """Try chapters: once on a good twin, and once on each bad pump that they name.

    Raises:
        PlanError: one of the files is not there.
    """
    for one in asked.files:
        if not one.is_file():
            raise PlanError(f"chapter {one}", "open", "there is no such file", "name a file test_….py")
    with TemporaryDirectory(prefix="pumpbench-") as folder:
        trial = _Trial(asked, run, Path(folder))
        return tuple(
            tried_check(*check)
            for check in (
                ("K-1", "it is imported, holds tests, and its requirements are known", trial.is_collected),
                ("K-2", "each test declares what it judges", trial.declares),
                ("K-3", f"each says its {', '.join(PARTS).lower()}", trial.reads_as_a_protocol),
                ("K-4", "a good pump passes, and all that was declared is judged", trial.good_passes),
                ("K-5", "each test finds a bad pump among those that are named", trial.finds_bad_pumps),
                ("K-6", "nothing is left open, running or lying about", trial.leaves_nothing),
            )
        )


@dataclass(frozen=True)
class _Made:
    """A run that is over; `folder` is None where it never came to that."""

    end: CommandEnd
    folder: Path | None
    lying: tuple[str, ...]

    @property
    def recorded(self) -> RecordedRun:
        if self.folder is None:
            raise NotTried("there was no run")
        return RecordedRun.read(self.folder / JOURNAL)


@dataclass
class _Trial:
    asked: Chapters
    run: Runner
    folder: Path
    _made: dict[str, _Made] = field(default_factory=dict)

    def is_collected(self) -> str:
        made = self._run("")
        if made.end.exit_code is None:
            raise Differs(f"a run of it had not ended after {self.asked.limit_s:g} s")
        if "collected 0 items" in made.end.printed and "error" not in made.end.printed.lower():
            raise Differs("it holds no test: a test is a function called test_…")
        if made.folder is None or not (made.folder / COLLECTED).is_file():
            raise Differs(_last_line(made.end.printed))
        collected = RunFolder(made.folder).collected_tests()
        if collected.not_collected:
            broken = collected.not_collected[0]
            raise Differs(f"{broken.node}: {broken.why}")
        if made.end.exit_code == ExitCode.WRONG_USE:
            raise Differs(_last_line(made.end.printed))
        if not collected.tests:
            left_out = [f"{_short(one.node)}: {one.reason}" for one in collected.left_out]
            raise Differs(f"no test of it runs: {'; '.join(left_out) or 'it holds none'}")
        return f"{len(collected.tests)} of {len(collected.tests) + len(collected.left_out)} tests run"

    def declares(self) -> str:
        silent = [_short(test.started.node) for test in self._good() if not _own(test)]
        if silent:
            raise Differs(f"{', '.join(silent)}: no @judges above it, so nothing that it finds counts")
        return f"{sum(len(_own(test)) for test in self._good())} judgements of its own"

    def reads_as_a_protocol(self) -> str:
        missing = {}
        for test in self._good():
            there = {one.heading for one in protocol(test.started.purpose) if one.text}
            if lacking := [part for part in PARTS if part not in there]:
                missing[_short(test.started.node)] = lacking
        if missing:
            told = "; ".join(f"{node} lacks {', '.join(parts)}" for node, parts in missing.items())
            raise Differs(f"{told}: write a paragraph 'Purpose: …' and so on into its docstring")
        return "in all of its docstrings"

    def good_passes(self) -> str:
        ended = [(test, test.verdict) for test in self._good()]
        bad = [
            f"{_short(test.started.node)} is {verdict}: {_why(test)}" for test, verdict in ended if verdict != "PASS"
        ]
        if bad:
            raise Differs("; ".join(bad))
        if (code := self._run("").end.exit_code) != ExitCode.PASSED:
            raise Differs(f"its tests pass, and the run ends with {code}: {_last_line(self._run('').end.printed)}")
        return f"{len(ended)} PASS"

    def finds_bad_pumps(self) -> str:
        nodes = [_short(test.started.node) for test in self._good()]
        if not self.asked.bad_pumps:
            raise Differs(f"no bad pump is named, so nobody knows whether it finds one: {BAD_PUMP}")
        found: dict[str, str] = {}
        for defect in self.asked.bad_pumps:
            for test in self._tests_of(self._run(defect), f"with {defect}"):
                if any(one.verdict is Verdict.FAIL and one.declared in _own(test) for one in test.judgements):
                    found.setdefault(_short(test.started.node), defect)
        if blind := [node for node in nodes if node not in found]:
            named = ", ".join(self.asked.bad_pumps)
            raise Differs(f"{', '.join(blind)}: no judgement of its own FAILs with {named}: {BAD_PUMP}")
        return "; ".join(f"{defect} reddens {_count(found, defect)}" for defect in dict.fromkeys(found.values()))

    def leaves_nothing(self) -> str:
        for defect, made in self._made.items():
            when = f"after the run with {defect}" if defect else "after the run"
            if made.end.left:
                raise Differs(f"{when} {len(made.end.left)} of its processes went on; they were ended")
            if made.lying:
                raise Differs(f"{when} there is {', '.join(made.lying)} beside the folder of runs")
        return f"after {len(self._made)} runs"

    def _good(self) -> tuple[RecordedTest, ...]:
        return self._tests_of(self._run(""), "without a defect")

    def _tests_of(self, made: _Made, when: str) -> tuple[RecordedTest, ...]:
        try:
            tests = made.recorded.tests
        except BenchFault as broken:
            raise NotTried(f"the run {when} has no journal: {broken.finding}") from broken
        if not tests:
            raise NotTried(f"no test ran {when}")
        return tests

    def _run(self, defect: str) -> _Made:
        """Run the chapters once with a defect, or without one, and keep what came of it."""
        if defect not in self._made:
            place = self.folder / f"run-{len(self._made)}"
            place.mkdir()
            environment = dict(self.asked.environment)
            if self.asked.project is not None:
                (place / PROJECT_FILE).write_text(self.asked.project, encoding="utf-8", newline="\n")
                environment[PROJECT_VARIABLE] = str(place / PROJECT_FILE)
            before = {one.name for one in place.iterdir()}
            end = self.run(self._words(defect), place, environment, self.asked.limit_s)
            lying = sorted({one.name for one in place.iterdir()} - before - {OUT})
            runs = place / OUT
            folders = [one for one in runs.iterdir() if (one / JOURNAL).is_file()] if runs.is_dir() else []
            self._made[defect] = _Made(end, folders[0] if folders else None, tuple(lying))
        return self._made[defect]

    def _words(self, defect: str) -> list[str]:
        words = ["run", "simulated", "--journal-only", "--out", OUT]
        words += ["--profile", self.asked.profile] if self.asked.profile else []
        words += ["--defect", defect] if defect else []
        return words if self.asked.project is not None else [*words, "--", *map(str, self.asked.files)]


def _own(test: RecordedTest) -> set[str]:
    """Return the names of what a test itself declares, and not what every infusion judges."""
    standing = {one.words for one in Standing}
    return {one.name for one in test.declared} - standing


def _why(test: RecordedTest) -> str:
    reasons = (test.ended.reason, *(one.reason for one in test.judgements), "it judges nothing")
    return one_line(next(one for one in reasons if one))


def _count(found: Mapping[str, str], defect: str) -> str:
    count = sum(one == defect for one in found.values())
    return "1 test" if count == 1 else f"{count} tests"


def _short(node: str) -> str:
    return node.rpartition("/")[2]


def _last_line(printed: str) -> str:
    """Return what a command said last; an error of ours is one line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    told = [line for line in lines if "Next: " in line or line.startswith(("ERROR", "E "))]
    return one_line((told or lines or ["it said nothing"])[-1], 400)
