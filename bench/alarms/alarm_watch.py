# SPDX-License-Identifier: Apache-2.0
"""The alarm watch: every alarm that the pump logs during an infusion, and between which two snapshots it came up.

An alarm that nobody expected is a failure of its own, so every minute without a fault is a nuisance-alarm test.
"""

from bench.alarms.logged_alarm import LoggedAlarm
from bench.bench import Bench
from bench.journal import Journal, JournalLine
from bench.journal.lines import AlarmLogged
from bench.sampling import Sample, Sampling
from instruments.pump import Alarm, AlarmEntry


class AlarmWatch:
    """Follows the pump's alarm log from sample to sample.

    Attributes:
        alarms: those since the infusion began, oldest first.
    """

    def __init__(self, bench: Bench, sampling: Sampling, journal: Journal) -> None:
        self.alarms: list[LoggedAlarm] = []
        self._bench = bench
        self._sampling = sampling
        self._journal = journal
        self._count = 0
        sampling.samples.subscribe(self._on_sample)

    def begin(self, alarm_log_count: int) -> None:
        """Begin to count after the `alarm_log_count` alarms that are in the log already."""
        self._count = alarm_log_count

    def _on_sample(self, sample: Sample) -> None:
        self._read(sample.pump.alarm_log_count, self._sampling.previous_s, sample.actual_s)

    def read_once_more(self) -> int:
        """Look at the log when the pump has stopped: the last alarm is in no sample. Return how many it holds."""
        reading = self._bench.reader.read(self._bench.pump.read)
        self._read(reading.observed.alarm_log_count, self._sampling.last.actual_s, reading.at_s)
        return self._count

    def _read(self, count: int, after_s: float, by_s: float) -> None:
        if count == self._count:
            return
        log = self._bench.reader.read(lambda: self._bench.pump.alarm_log(since=self._count))
        for entry in log.observed:
            alarm = LoggedAlarm(entry, self._sampling.bench_s(entry.onset_s), after_s, by_s)
            self.alarms.append(alarm)
            self._journal.write(
                "event",
                what="alarm",
                title=f"{entry.alarm} alarm",
                alarm=entry.alarm,
                number=entry.number,
                device_onset_s=entry.onset_s,
                onset_s=round(alarm.onset_s, 3),
                seen_after_s=round(alarm.after_s, 3),
                seen_by_s=round(alarm.by_s, 3),
            )
        self._count = count

    def recall(self, line: JournalLine) -> None:
        """Take an alarm from the journal, as if it had just come up."""
        logged = line.body
        if not isinstance(logged, AlarmLogged):
            return
        entry = AlarmEntry(logged.number, Alarm(logged.alarm), logged.device_onset_s, None)
        self.alarms.append(LoggedAlarm(entry, logged.onset_s, logged.seen_after_s, logged.seen_by_s))
        self._count = max(self._count, logged.number + 1)

    def numbered(self, number: int) -> LoggedAlarm:
        """Return the alarm with this number in the log.

        Raises:
            StopIteration: the log that was read holds none.
        """
        return next(one for one in self.alarms if one.entry.number == number)

    def find(self, alarm: Alarm, since_s: float) -> LoggedAlarm | None:
        """Return the first `alarm` that was observed at or after bench time `since_s`, if there is one."""
        return next((one for one in self.alarms if one.entry.alarm is alarm and one.by_s >= since_s), None)

    @property
    def unexpected(self) -> list[LoggedAlarm]:
        """Return the alarms that no cause accounts for."""
        return [alarm for alarm in self.alarms if alarm.cause is None]
