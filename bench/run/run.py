# SPDX-License-Identifier: Apache-2.0
"""A run: one execution of a selection of tests on one bench with one pump, kept in one folder."""

from dataclasses import dataclass, field
from typing import Self

from bench.account.pump_logs import PumpLogs
from bench.bench import Bench
from bench.injectors import Injectors
from bench.journal import Activities, Journal
from bench.preflight import Preflight
from bench.profile import Profile
from bench.run.assessment import Assessment
from bench.sampling import ClockComparison
from groundfloor.errors import PumpFailure
from metrology.gravimetry import Evaporation, Repeatability
from metrology.verdict import required


@dataclass
class Run:
    """What the tests of one run share.

    Attributes:
        bench: the open bench.
        profile: what the pump promises.
        journal: where everything is written.
        activities: does what tests do on the bench, and writes down what came of it.
        assessment: the judgements of the test that runs now.
        recalled_evaporation: what a resumed run measured before it was interrupted.
        recalled_repeatability: the same of the balance's repeatability.
        recalled_clocks: the same of the pump's clock against the bench's.
        lot: what this run draws by lot is made of it; its id.
        logs_read: the pump's logs as they were after the last infusion; None before the first.
        clock_seen: bench time, the pump's clock and the wall clock at the newest sample; None before the first.
        injectors: moves the rig's injectors, and knows what stands.
        preflight: what the bench was like before the first infusion.
    """

    bench: Bench
    profile: Profile
    journal: Journal
    activities: Activities
    assessment: Assessment
    recalled_evaporation: Evaporation | None = None
    recalled_repeatability: Repeatability | None = None
    recalled_clocks: ClockComparison | None = None
    lot: str = ""
    logs_read: PumpLogs | None = None
    clock_seen: tuple[float, float, float] | None = None
    injectors: Injectors = field(init=False)
    preflight: Preflight = field(init=False)

    @classmethod
    def of(cls, name: str, bench: Bench, profile: Profile, journal: Journal) -> Self:
        """Return a run for a script or a notebook: what `name` judges is assessed as one test."""
        activities = Activities(journal)
        return cls(bench, profile, journal, activities, Assessment(name, activities))

    def __post_init__(self) -> None:
        self.injectors = Injectors(self.bench, self.activities)
        self.preflight = Preflight(
            self.bench,
            lambda what, told: self.journal.write("event", what=what, **told),
            self.profile.catheter.time_constant_s,
            self.profile.catheter.pressure_error_max_kpa.value,
            self.profile.without,
        )

    def evaporation(self) -> Evaporation:
        """Return how fast the vessel loses mass with the pump stopped; measured once, before the first infusion.

        Raises:
            BenchFault: the bench does not pass its pre-flight, which is made now if nobody asked for it before.
        """
        self.make_ready()
        return self.preflight.evaporation()

    @property
    def clocks(self) -> ClockComparison | None:
        """Return the pump's clock and the bench's as they were at the ends of the run's blank; None without a blank."""
        return self.preflight.clocks or self.recalled_clocks

    def repeatability(self) -> Repeatability:
        """Return how well the balance repeats on this day, as the pre-flight found it.

        Raises:
            BenchFault: the bench does not pass its pre-flight, which is made now if nobody asked for it before.
        """
        self.make_ready()
        return self.preflight.repeatability(self.recalled_repeatability)

    def make_ready(self) -> None:
        """Make the pre-flight if it was not made yet; a resumed run keeps its tare and its blank.

        Raises:
            BenchFault: the bench cannot test; everything that is wrong is named.
            PumpFailure: the pump keeps the bench from testing it, which is judged.
        """
        try:
            if self.recalled_evaporation is None:
                self.preflight.require()
            else:
                self.preflight.require_after_interruption(self.recalled_evaporation)
        except PumpFailure:
            for one in self.preflight.against_pump:
                if one.against_pump is not None:
                    name = f"before the first infusion: {one.against_pump.words}"
                    judgement = required(name, False, one.seen, one.against_pump.words)
                    self.assessment.add_standing(one.against_pump, judgement)
            raise
