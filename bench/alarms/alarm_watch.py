# SPDX-License-Identifier: Apache-2.0
"""The alarm watch: every alarm of the pump during an infusion, and between which two snapshots it came up.

An alarm that nobody expected is a failure of its own, so every minute without a fault is a nuisance-alarm test. One
that came and went between two samples is in the log, and its count tells. Whenever the count changes the whole log is
read: a line that was read before must still say the same. A count that falls, and a line that changes, are the pump's
failure, which whoever examines the infusion finds; the watch goes on.

Of a pump that keeps no log the bits in each snapshot tell, and nothing of an alarm that came and went between two.
"""

from collections.abc import Callable, Collection, Iterable

from bench.alarms.logged_alarm import LoggedAlarm
from bench.bench import Bench
from bench.journal import Journal, JournalLine
from bench.journal.lines import AlarmLogChanged, AlarmLogged
from bench.sampling import Sample, Sampling
from groundfloor.errors import PumpFailure
from instruments.pump import Alarm, AlarmEntry

SECONDS_PER_HOUR = 3600.0
DIGITS = 6
"""Decimals of an instant, as samples have them."""


class AlarmWatch:
    """Follows the pump's alarm log from sample to sample.

    Attributes:
        alarms: those since the infusion began, oldest first.
        changes: lines of the log that said something else when they were read again, a phrase each.
    """

    def __init__(self, bench: Bench, sampling: Sampling, journal: Journal, *, keeps_log: bool = True) -> None:
        self.alarms: list[LoggedAlarm] = []
        self.changes: list[str] = []
        self._bench = bench
        self._sampling = sampling
        self._journal = journal
        self._count = 0
        self._keeps_log = keeps_log
        self._before: frozenset[Alarm] = frozenset()
        self._now: frozenset[Alarm] = frozenset()
        sampling.kept.subscribe(self._keep_bits)
        sampling.samples.subscribe(self._on_sample)

    def begin(self, alarm_log_count: int) -> None:
        """Begin to count after the `alarm_log_count` alarms that are in the log already."""
        self._count = alarm_log_count

    def _keep_bits(self, sample: Sample) -> None:
        """Remember the bits of the newest two samples, be they new or from the journal."""
        self._before, self._now = self._now, sample.pump.alarms

    def _on_sample(self, sample: Sample) -> None:
        if not self._keeps_log:
            self._see(sample.pump.alarms - self._before, self._sampling.previous_s, sample.actual_s)
            return
        self._read(sample.pump.alarm_log_count, self._sampling.previous_s, sample.actual_s)

    def read_once_more(self) -> int:
        """Look at the log when the pump has stopped: the last alarm is in no sample. Return how many it holds."""
        reading = self._bench.reader.read(self._bench.pump.read)
        if not self._keeps_log:
            self._see(reading.observed.alarms - self._now, self._sampling.last.actual_s, reading.at_s)
            return self._count
        self._read(reading.observed.alarm_log_count, self._sampling.last.actual_s, reading.at_s)
        return self._count

    def _read(self, count: int, after_s: float, by_s: float) -> None:
        if count == self._count:
            return
        try:
            log = self._bench.reader.read(self._bench.pump.alarm_log)
        except PumpFailure:
            return  # a log with a hole: the next sample asks again, and the account of the infusion tells
        known = {one.entry.number: one.entry for one in self.alarms}
        for entry in log.observed:
            if entry.number >= self._count:
                self._take(entry, after_s, by_s)
            elif entry.number in known:
                self._compare(known[entry.number], entry)
        self._count = count

    def _see(self, alarms: Iterable[Alarm], after_s: float, by_s: float) -> None:
        """Take alarms whose bits came up between two snapshots, in the order of their names."""
        for alarm in sorted(alarms):
            middle_s = (after_s + by_s) / 2
            entry = AlarmEntry(self._count, alarm, self._sampling.device_s(middle_s), None)
            self._note(
                LoggedAlarm(entry, round(middle_s, DIGITS), round(after_s, DIGITS), round(by_s, DIGITS), by_bits=True)
            )
            self._count += 1

    def _take(self, entry: AlarmEntry, after_s: float, by_s: float) -> None:
        onset_s = round(self._sampling.bench_s(entry.onset_s), DIGITS)
        self._note(LoggedAlarm(entry, onset_s, round(after_s, DIGITS), round(by_s, DIGITS)))

    def _note(self, alarm: LoggedAlarm) -> None:
        entry = alarm.entry
        self.alarms.append(alarm)
        self._journal.write(
            "event",
            what="alarm",
            title=f"{entry.alarm} alarm",
            alarm=entry.alarm,
            number=entry.number,
            device_onset_s=entry.onset_s,
            onset_s=alarm.onset_s,
            seen_after_s=alarm.after_s,
            seen_by_s=alarm.by_s,
        )

    def _compare(self, first: AlarmEntry, now: AlarmEntry) -> None:
        """Hold a line that was read before against what it says now; its end may have come meanwhile."""
        if (first.alarm, first.onset_s) == (now.alarm, now.onset_s):
            return
        change = (
            f"line {now.number} of the alarm log told {first.alarm} at {first.onset_s:.2f} s of its clock, later "
            f"{now.alarm} at {now.onset_s:.2f} s"
        )
        if change not in self.changes:
            self.changes.append(change)
            self._journal.write("event", what="alarm-log-changed", title=change, number=now.number)

    def recall(self, line: JournalLine) -> None:
        """Take an alarm from the journal, as if it had just come up."""
        logged = line.body
        if isinstance(logged, AlarmLogChanged):
            self.changes.append(logged.title)
        if not isinstance(logged, AlarmLogged):
            return
        entry = AlarmEntry(logged.number, Alarm(logged.alarm), logged.device_onset_s, None)
        by_bits = not self._keeps_log
        alarm = LoggedAlarm(entry, logged.onset_s, logged.seen_after_s, logged.seen_by_s, by_bits=by_bits)
        self.alarms.append(alarm)
        self._count = max(self._count, logged.number + 1)

    def numbered(self, number: int) -> LoggedAlarm:
        """Return the alarm with this number in the log.

        Raises:
            StopIteration: the log that was read holds none.
        """
        return next(one for one in reversed(self.alarms) if one.entry.number == number)

    def find(self, alarm: Alarm, since_s: float) -> LoggedAlarm | None:
        """Return the first `alarm` that was observed at or after bench time `since_s`, if there is one."""
        return next((one for one in self.alarms if one.entry.alarm is alarm and one.by_s >= since_s), None)

    def half_widths_ul(
        self, stops: Collection[Alarm], rate_ul_per_h: Callable[[float], float]
    ) -> list[tuple[float, float]]:
        """Return how much volume is uncertain because an alarm was seen by its bits alone, each after a bench time.

        A pump that an alarm stopped did so at some instant between two snapshots.

        Args:
            stops: the alarms that may stop the pump.
            rate_ul_per_h: the scheduled rate by the pump's clock.
        """
        return [
            (one.after_s, (one.by_s - one.after_s) / 2 * rate_ul_per_h(one.entry.onset_s) / SECONDS_PER_HOUR)
            for one in self.alarms
            if one.by_bits and one.entry.alarm in stops
        ]

    @property
    def unexpected(self) -> list[LoggedAlarm]:
        """Return the alarms that no cause accounts for."""
        return [alarm for alarm in self.alarms if alarm.cause is None]
