# SPDX-License-Identifier: Apache-2.0
"""Sampling: one consistent snapshot of every device at each planned instant, straight into the journal.

Only the last sample is kept in memory, so that a month costs no more of it than a minute; evidence is computed later
from what the journal holds.
"""

import math
from collections.abc import Callable

from bench.bench import Bench
from bench.journal import Journal, JournalLine, lines
from bench.retrying_reader import TimedReading
from bench.sampling.gaps import DEFAULT_INTERVALS, Gaps
from bench.sampling.sample import Sample
from bench.sampling.snapshot import Devices, Snapshot, beat
from bench.scheduler import PeriodicTask
from groundfloor.errors import BenchFault, NoAnswer, PumpFailure
from groundfloor.notifier import Notifier

WATER_UL_PER_G = 1000.0
CLOSE_INTERVAL_S = 10.0
SECOND_LOOK_S = 1.0
EACH_SECOND_FOR_S = 60.0
"""After a gain of mass that is none of the usual ones: pressure tells for half a minute whose it was."""
CLOSE_FOR_S = 120.0
"""After a start or a stop, where the flow changes and a late pump shows."""


class Sampling:
    """The regular samples of one infusion.

    Attributes:
        first_mass_g: the mass that the infusion began with, for the live figure.
        gaps: the planned samples that could not be taken.
        previous_s: bench time of the sample before the newest.
        samples: tells of each sample, after it is in the journal; what a subscriber raises ends the wait.
        unread: from when to when nobody was to read pump and balance, bench time.
        recalled: tells of each sample that is taken from the journal.
        kept: tells of each sample of either sort, the first one too.
    """

    def __init__(
        self,
        bench: Bench,
        journal: Journal,
        infusion: str,
        interval_s: float,
        expected_ul: Callable[[float], float],
    ) -> None:
        self.gaps = Gaps(journal, infusion, bench.file.limits.longest_gap_s or DEFAULT_INTERVALS * interval_s)
        self._interval_s = interval_s
        self._bench = bench
        self._journal = journal
        self._infusion = infusion
        self._expected_ul = expected_ul
        self.samples: Notifier[Sample] = Notifier()
        self.recalled: Notifier[Sample] = Notifier()
        self.kept: Notifier[Sample] = Notifier()
        self.first_mass_g = math.nan
        self.previous_s = 0.0
        self._last: Sample | None = None
        self._task: PeriodicTask | None = None
        self._close_task: PeriodicTask | None = None
        self._second_task: PeriodicTask | None = None
        self._each_second_task: PeriodicTask | None = None
        self._close_until_s = self._each_second_until_s = 0.0
        self._left_out = 0
        self._unread_until_s = 0.0
        self.unread: list[tuple[float, float]] = []

    @property
    def has_sampled(self) -> bool:
        """Tell whether a sample was taken yet."""
        return self._last is not None

    @property
    def last(self) -> Sample:
        """Return the newest sample.

        Raises:
            BenchFault: none was taken yet.
        """
        if self._last is None:
            raise BenchFault("bench", "look at the newest sample", "none was taken yet")
        return self._last

    def begin(self) -> float:
        """Weigh what the infusion begins with, take the first sample, and return the mass in g."""
        self.first_mass_g = self._bench.reader.read(self._bench.balance.read_mass_g).observed.mass_g
        self._write(self._bench.clock.now_s(), self._bench.reader.read(lambda: Snapshot.at(self._bench)))
        return self.first_mass_g

    def start(self, from_s: float) -> None:
        """Take a sample at `from_s` and then at each interval, as bench time passes; what is past is left out."""
        if self.gaps.open is None:  # one that an interruption of the run left open ends with the first new sample
            self.gaps.sampled(self.last.actual_s)
        self._task = self._bench.scheduler.every(self._interval_s, self._on_time, from_s)

    def stop(self) -> None:
        """End the regular samples."""
        for task in (self._task, self._close_task, self._second_task, self._each_second_task):
            if task is not None:
                task.stop()

    def leave_unread(self, from_s: float, until_s: float) -> None:
        """Read neither pump nor balance between two bench times; the rig's watchdog is kept alive."""
        self._unread_until_s = until_s
        self.unread.append((from_s, until_s))

    def watch_closely(self) -> None:
        """Take more samples for two minutes: a command was given, and what follows it comes soon."""
        if self._interval_s > CLOSE_INTERVAL_S and self._task is not None:
            from_s = self._bench.clock.now_s() + CLOSE_INTERVAL_S
            self._close_until_s = from_s + CLOSE_FOR_S
            if self._close_task is not None:
                self._close_task.stop()
            self._close_task = self._bench.scheduler.every(CLOSE_INTERVAL_S, self._on_close_time, from_s)

    def look_again(self) -> None:
        """Take one more sample in a second: what the newest shows is to be seen twice, or seen to be gone."""
        if self._task is not None and self._interval_s > SECOND_LOOK_S:
            from_s = self._bench.clock.now_s() + SECOND_LOOK_S
            self._second_task = self._bench.scheduler.every(SECOND_LOOK_S, self._on_second_look, from_s)

    @property
    def looks_each_second(self) -> bool:
        """Tell whether a minute of samples each second is under way."""
        return self._each_second_task is not None and not self._each_second_task.stopped

    def look_each_second(self) -> None:
        """Take a sample each second for a minute."""
        if self._task is not None and self._interval_s > SECOND_LOOK_S:
            from_s = self._bench.clock.now_s() + SECOND_LOOK_S
            self._each_second_until_s = from_s + EACH_SECOND_FOR_S
            self._each_second_task = self._bench.scheduler.every(SECOND_LOOK_S, self._on_each_second, from_s)

    def _on_second_look(self, planned_s: float) -> None:
        if self._second_task is not None:
            self._second_task.stop()
        self._take_one_more(planned_s, SECOND_LOOK_S)

    def _on_close_time(self, planned_s: float) -> None:
        self._take_until(self._close_until_s, self._close_task, planned_s, CLOSE_INTERVAL_S)

    def _on_each_second(self, planned_s: float) -> None:
        self._take_until(self._each_second_until_s, self._each_second_task, planned_s, SECOND_LOOK_S)

    def _take_until(self, until_s: float, task: PeriodicTask | None, planned_s: float, interval_s: float) -> None:
        if planned_s >= until_s and task is not None:
            task.stop()
        elif self.last.actual_s < planned_s:  # else a regular one was due at the same instant
            self._take_one_more(planned_s, interval_s)

    def _take_one_more(self, planned_s: float, within_s: float) -> None:
        try:
            reading = self._bench.reader.read(lambda: Snapshot.at(self._bench), planned_s + within_s)
        except NoAnswer:
            return  # the regular samples tell of a wire that is dead
        self._show(planned_s, reading)

    def _on_time(self, planned_s: float) -> None:
        self._account_for_lateness(planned_s)
        until_s, unread = planned_s + self._interval_s, planned_s < self._unread_until_s
        try:
            if unread:
                at_s = self._keep_alive(until_s)
            else:
                reading = self._bench.reader.read(lambda: Snapshot.with_heartbeat(self._bench), until_s)
                at_s = reading.at_s
        except NoAnswer as fault:
            self.gaps.missed(planned_s, fault)
            return
        if not unread:
            self._show(planned_s, reading)
        self.gaps.sampled(at_s)

    def _keep_alive(self, until_s: float) -> float:
        """Give the rig's watchdog its heartbeat, see that it has not tripped, and return when.

        Raises:
            BenchFault: it has.
        """
        reading = self._bench.reader.read(lambda: beat(self._bench.rig), until_s)
        if reading.observed.watchdog_tripped:
            self._bench.keep_lease()
            raise self._tripped()
        return reading.at_s

    def _account_for_lateness(self, planned_s: float) -> None:
        """Count the planned samples that were left out because the one before took too long."""
        missed = self._task.missed if self._task is not None else 0
        if missed > self._left_out:
            self.gaps.left_out(planned_s, missed - self._left_out)
            self._left_out = missed

    def take(self, planned_s: float, look: Callable[[Devices], Snapshot] = Snapshot.at) -> Sample:
        """Take one sample, write it to the journal and tell those who watch.

        Args:
            planned_s: when it was due.
            look: how the devices are looked at; `Snapshot.with_heartbeat` gives the watchdog its heartbeat as well.

        Raises:
            BenchFault: a device does not answer, or the rig's watchdog has tripped.
        """
        return self._show(planned_s, self._bench.reader.read(lambda: look(self._bench)))

    def _show(self, planned_s: float, reading: TimedReading[Snapshot]) -> Sample:
        sample = self._write(planned_s, reading)
        if (fault := self._watch(sample)) is not None:
            self._bench.keep_lease()  # whoever took the bench from us made the rig safe: that is what is to be told
            raise fault
        return sample

    def _watch(self, sample: Sample) -> BenchFault | PumpFailure | None:
        if sample.rig.watchdog_tripped:
            return self._tripped()
        try:
            self.samples.notify(sample)
        except (BenchFault, PumpFailure) as fault:
            return fault
        return None

    def _tripped(self) -> BenchFault:
        seen = "its watchdog tripped: it heard no heartbeat and went to its safe state"
        next_step = "find out what held the bench up, then start over"
        if (slept := self._bench.scheduler.last_sleep) is not None:
            seen, next_step = f"{seen}; {slept}", "keep the computer of the bench from sleeping, then start over"
        return BenchFault("rig", "watch", seen, next_step)

    def _write(self, planned_s: float, reading: TimedReading[Snapshot]) -> Sample:
        actual_s = reading.at_s
        pump, rig, mass = reading.observed.pump, reading.observed.rig, reading.observed.mass
        sample = Sample(
            planned_s=planned_s,
            actual_s=actual_s,
            pump=pump,
            rig=rig,
            mass=mass,
            expected_ul=self._expected_ul(pump.device_clock_s),
            weighed_ul=(mass.mass_g - self.first_mass_g) * WATER_UL_PER_G,
        ).as_recorded()
        self._journal.sample(sample.actual_s, infusion=self._infusion, **sample.as_dict())
        self._keep(sample)
        return sample

    def recall(self, line: JournalLine) -> None:
        """Take a sample from the journal, as if it had just been taken."""
        if not isinstance(line.body, lines.Sample):
            return
        sample = Sample.of_line(line.t_s, line.body)
        self._keep(sample)
        self.recalled.notify(sample)

    def _keep(self, sample: Sample) -> None:
        self.previous_s = sample.actual_s if self._last is None else self._last.actual_s
        self._last = sample
        self.kept.notify(sample)

    def bench_s(self, device_clock_s: float) -> float:
        """Return the bench time of an instant of the pump's clock, by the newest sample's pair of clocks."""
        return self.last.actual_s + (device_clock_s - self.last.pump.device_clock_s)

    def device_s(self, bench_s: float) -> float:
        """Return the pump's clock at a bench time, by the newest sample's pair of clocks."""
        return self.last.pump.device_clock_s + (bench_s - self.last.actual_s)
