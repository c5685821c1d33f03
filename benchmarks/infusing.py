# SPDX-License-Identifier: Apache-2.0
"""A whole infusion on a stepped twin, put together as the fixtures do it, with its processes at hand to be measured."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.bench import Bench
from bench.infusion import Infusion
from bench.journal import Journal
from bench.profile import Profile
from bench.run import Run
from bench.simulated_bench import simulated_bench
from bench.therapy import Continuous
from benchmarks.process import Process
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions

PROFILES = Path(__file__).parents[1] / "test_plans" / "profiles"
INTERVAL_S = 30.0


@dataclass(frozen=True)
class Infusing:
    """What an infusion needs, and the two processes that do the work, on one core."""

    run: Run
    bench: Process
    twin: Process

    def infusion(self, rate_ul_per_h: float, interval_s: float = INTERVAL_S) -> Infusion:
        """Return an infusion; its blank has been measured."""
        run = self.run
        run.evaporation()
        return Infusion(run, Continuous(rate_ul_per_h), "benchmark", interval_s)

    def cpu_s(self) -> float:
        """Return the processor time of both so far."""
        return self.bench.cpu_s() + self.twin.cpu_s()


@contextmanager
def infusing() -> Iterator[Infusing]:
    """Open a bench on a new twin."""
    child = TwinChild(TwinOptions())
    with ExitStack() as ends:
        twin = ends.enter_context(child)
        bench = Bench.open(simulated_bench(twin))
        ends.callback(bench.close)
        journal = Journal(Path(ends.enter_context(TemporaryDirectory())) / "journal.jsonl", bench.clock.now_s)
        ends.callback(journal.close)
        profile = Profile.named(twin.model, PROFILES)
        run = Run.of("benchmark", bench, profile, journal)
        processes = Process(), Process(child.pid)
        for process in processes:
            process.pin()
        yield Infusing(run, *processes)
