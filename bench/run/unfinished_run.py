# SPDX-License-Identifier: Apache-2.0
"""What the journal of a run that was cut short says about where to go on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench.journal import JournalLine, lines, read_lines
from bench.sampling import ClockComparison, Sample
from groundfloor.errors import BenchFault, PlanError
from metrology.gravimetry import Evaporation, Repeatability


@dataclass
class UnfinishedRun:
    """A run that has no end yet.

    Attributes:
        journal: its journal.
        ended: node ids of the tests that are over.
        open_test: node id of the test that was under way; empty when none was.
        open_offset: where in the journal that test begins.
        replay_offset: from where on its activities are replayed.
        last_s: bench time of the last line.
        last_sample: the newest sample of all.
        evaporation: of the blank before the first infusion.
        clocks: the pump's against the bench's at the ends of that blank.
        repeatability: of the balance, as the pre-flight found it; as the blank shows it, if the run got no further.
        checked: what the checks of the pre-flight found, by their names; those without a figure are left out.
        started: the journal says on which bench, with which instruments.
        own_twin: the run had started a twin of its own, which ended with it.
    """

    journal: Path
    ended: set[str] = field(default_factory=set)
    open_test: str = ""
    open_offset: int = 0
    replay_offset: int = 0
    last_s: float = 0.0
    last_sample: Sample | None = None
    evaporation: Evaporation | None = None
    clocks: ClockComparison | None = None
    repeatability: Repeatability | None = None
    checked: dict[str, float] = field(default_factory=dict)
    started: bool = False
    own_twin: bool = False
    finished: bool = False

    @classmethod
    def read(cls, journal: Path) -> "UnfinishedRun":
        """Read a journal to its end.

        Raises:
            BenchFault: it cannot be read or was changed.
            PlanError: the run has an end already.
        """
        run = cls(journal)
        for line in read_lines(journal):
            try:
                run._take(line)
            except ValueError as odd:  # a word that no pump of today says
                seen = f"line {line.seq}, {line.kind}: {odd!r}"
                raise BenchFault(f"journal {journal}", "resume", seen, "resume with the version that wrote it") from odd
        if run.finished:
            raise PlanError(f"run {journal.parent}", "resume", "it ended in order", "start a new run")
        return run

    def past(self, end_offset: int) -> Iterator[JournalLine]:
        """Return the lines of the open test, as far as `end_offset`."""
        return read_lines(self.journal, self.replay_offset, end_offset)

    def bench_s(self, device_clock_s: float) -> float:
        """Return the bench time that goes with the pump's clock now: bench time went on while nobody counted it."""
        if self.last_sample is None:
            return self.last_s
        gone_s = device_clock_s - self.last_sample.pump.device_clock_s
        return max(self.last_s, self.last_sample.actual_s + gone_s)

    def _take(self, line: JournalLine) -> None:
        self.last_s = max(self.last_s, line.t_s)
        match line.body:
            case lines.Sample() as sample:
                self.last_sample = Sample.of_line(line.t_s, sample)
            case lines.RunStarted(own_twin=own_twin):
                self.started, self.own_twin = True, own_twin
            case lines.TestStarted(node=node):
                self.open_test, self.open_offset = node, line.offset
                self.replay_offset = line.end_offset
            case lines.TestEnded(node=node):
                self.ended.add(node)
                self.open_test = ""
            case lines.BlankMeasured() as blank if line.what == "blank":
                self.evaporation = blank.evaporation()
                self.clocks = ClockComparison.from_dict(msgspec.to_builtins(blank.clocks))
                self.repeatability = Repeatability.from_readings(blank.times_s, blank.masses_g)
            case lines.CheckMade(check=check, value=float(value)) if line.what == "preflight":
                self.checked[check] = value
            case lines.RepeatabilityFound(standard_deviation_mg=deviation_mg, dof=dof):
                self.repeatability = Repeatability(deviation_mg, dof)
            case lines.RunEnded():
                self.finished = True
            case lines.Resumed():
                self.finished = False
