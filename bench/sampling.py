# SPDX-License-Identifier: Apache-2.0
"""Sampling: one consistent look at every device at each planned instant, straight into the journal.

Only the last sample is kept in memory, so that a month costs no more of it than a minute; evidence is computed later
from what the journal holds.
"""

from collections.abc import Callable

from bench.bench import Bench
from bench.journal import Journal
from bench.pace import Beat
from bench.sample import Sample
from instruments.errors import BenchFault

WATER_UL_PER_G = 1000.0


class Sampling:
    """The regular samples of one infusion.

    Attributes:
        last: the newest sample.
        previous_s: bench time of the sample before it.
        watchers: called with each sample, after it is in the journal.
    """

    def __init__(self, bench: Bench, journal: Journal, infusion: str, expected_ul: Callable[[float], float]) -> None:
        self._bench = bench
        self._journal = journal
        self._infusion = infusion
        self._expected_ul = expected_ul
        self.watchers: list[Callable[[Sample], None]] = []
        self._beat: Beat | None = None
        self._first_mass_g = bench.balance.read_mass_g().mass_g
        self.previous_s = bench.clock.now_s()
        self.last = self._look(self.previous_s)

    def start(self, interval_s: float) -> None:
        """Take a sample now and each `interval_s` from now on, as the bench's time passes."""
        self._beat = self._bench.pace.every(interval_s, self._on_time)

    def stop(self) -> None:
        """End the regular samples."""
        if self._beat is not None:
            self._beat.stop()

    @property
    def missed(self) -> int:
        """Return how many planned samples were left out because the one before took too long."""
        return self._beat.missed if self._beat is not None else 0

    def _on_time(self, planned_s: float) -> None:
        self._bench.rig.beat()
        self.take(planned_s)

    def take(self, planned_s: float) -> Sample:
        """Take one sample, write it to the journal and show it to the watchers.

        Raises:
            BenchFault: a device does not answer, or the rig's watchdog has tripped.
        """
        sample = self._look(planned_s)
        self.previous_s = self.last.actual_s
        self.last = sample
        if sample.rig.watchdog_tripped:
            seen = "its watchdog tripped: it heard no heartbeat and went to its safe state"
            raise BenchFault("rig", "watch", seen, "find out what held the bench up, then start over")
        for watch in self.watchers:
            watch(sample)
        return sample

    def _look(self, planned_s: float) -> Sample:
        bench = self._bench
        actual_s = bench.clock.now_s()
        pump = bench.pump.read()
        rig = bench.rig.read()
        mass = bench.balance.read_mass_g()
        sample = Sample(
            planned_s=planned_s,
            actual_s=actual_s,
            pump=pump,
            rig=rig,
            mass=mass,
            expected_ul=self._expected_ul(pump.device_clock_s),
            delivered_ul=(mass.mass_g - self._first_mass_g) * WATER_UL_PER_G,
        )
        self._journal.sample(infusion=self._infusion, **sample.as_dict())
        return sample

    def bench_s(self, device_clock_s: float) -> float:
        """Return the bench time of an instant of the pump's clock, by the newest sample's pair of clocks."""
        return self.last.actual_s + (device_clock_s - self.last.pump.device_clock_s)

    def device_s(self, bench_s: float) -> float:
        """Return the pump's clock at a bench time, by the newest sample's pair of clocks."""
        return self.last.pump.device_clock_s + (bench_s - self.last.actual_s)
