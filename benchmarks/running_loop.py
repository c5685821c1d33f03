# SPDX-License-Identifier: Apache-2.0
"""The running loop of an infusion, opened up so that one sample of it can be taken and timed at will.

Built of the bench's own parts, against a twin in a process of its own. The pump runs; time stands still, so that the
twin's work between two samples is on nobody's account.
"""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from bench.alarms import AlarmWatch
from bench.bench import Bench
from bench.journal import Journal
from bench.sampling import AmbientWatch, Sampling
from bench.sampling.snapshot import Snapshot
from bench.simulated_bench import simulated_bench
from bench.therapy import Continuous, RunningSchedule
from instruments.pump import Command
from instruments.simulated.wires.twin_addresses import TwinAddresses

INTERVAL_S = 30.0
RATE_UL_PER_H = 41.7
LOW_RESERVOIR_UL = 2000.0
WARM_UP_S = 600.0

WATCHDOG_S = 900
"""Longer than the warm-up, in which no heartbeat is sent; nobody measures how soon it trips."""


class RunningLoop:
    """One bench with its journal, infusing.

    Attributes:
        bench: the open bench.
        journal: a real file, in a temporary folder of its own.
    """

    def __init__(self, twin: TwinAddresses) -> None:
        self._twin = twin

    def __enter__(self) -> Self:
        """Open the bench, program and start the pump."""
        with ExitStack() as ends:
            self.bench = Bench.open(simulated_bench(self._twin))
            ends.callback(self.bench.close)
            self.journal = Journal(
                Path(ends.enter_context(TemporaryDirectory())) / "journal.jsonl", self.bench.clock.now_s
            )
            ends.callback(self.journal.close)
            self._sampling = self._start()
            self.bench.scheduler.pass_for(WARM_UP_S)
            self._now_s = self.bench.clock.now_s()
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the pump and let everything go."""
        with self._ends:
            self.bench.safe_state.enter()

    def sample(self) -> None:
        """Take one sample as an infusion does: heartbeat, all devices, journal, watchers."""
        self._sampling.take(self._now_s, Snapshot.with_heartbeat)

    def _start(self) -> Sampling:
        bench, schedule = self.bench, RunningSchedule(Continuous(RATE_UL_PER_H))
        bench.pump.load(schedule.therapy.program(LOW_RESERVOIR_UL))
        bench.rig.arm_watchdog(WATCHDOG_S)
        bench.pump.command(Command.START)
        schedule.start(bench.pump.read().device_clock_s)
        self.journal.write("infusion-started", infusion="benchmark")
        sampling = Sampling(bench, self.journal, "benchmark", INTERVAL_S, schedule.since_beginning_ul)
        AlarmWatch(bench, sampling, self.journal)
        sampling.begin()
        sampling.samples.subscribe(AmbientWatch(bench.file.ambient, "benchmark", self.journal).on_sample)
        return sampling
