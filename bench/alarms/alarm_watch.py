# SPDX-License-Identifier: Apache-2.0
"""The alarm watch: every alarm that the pump logs during an infusion, and between which two looks it was first seen.

An alarm that nobody expected is a failure of its own, so every minute without a fault is a nuisance-alarm test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.bench import Bench
from bench.journal import Journal, JournalLine
from bench.sampling import Sample, Sampling
from instruments.pump import Alarm, AlarmEntry


@dataclass
class SeenAlarm:
    """One alarm of the pump's log.

    Attributes:
        entry: the log line, in the pump's own clock.
        onset_s: bench time of the onset that the log claims.
        after_s, by_s: the looks between which the alarm came up, by the bench's own eyes.
        expected: whether a confirmed fault accounts for it.
    """

    entry: AlarmEntry
    onset_s: float
    after_s: float
    by_s: float
    expected: bool = False


class AlarmWatch:
    """Follows the pump's alarm log from sample to sample.

    Attributes:
        seen: the alarms since the infusion began, oldest first.
    """

    def __init__(self, bench: Bench, sampling: Sampling, journal: Journal) -> None:
        self.seen: list[SeenAlarm] = []
        self._bench = bench
        self._sampling = sampling
        self._journal = journal
        self._count = 0
        sampling.watchers.append(self._on_sample)

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
            alarm = SeenAlarm(entry, self._sampling.bench_s(entry.onset_s), after_s, by_s)
            self.seen.append(alarm)
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
        """Take an alarm from the journal, as if it had just been seen."""
        data: Mapping[str, Any] = line.data
        number, onset_s = data["number"], data["device_onset_s"]
        entry = AlarmEntry(number, Alarm(data["alarm"]), onset_s, None)
        self.seen.append(SeenAlarm(entry, data["onset_s"], data["seen_after_s"], data["seen_by_s"]))
        self._count = max(self._count, number + 1)

    def numbered(self, number: int) -> SeenAlarm:
        """Return the alarm with this number in the log.

        Raises:
            StopIteration: it was not seen.
        """
        return next(one for one in self.seen if one.entry.number == number)

    def find(self, alarm: Alarm, since_s: float) -> SeenAlarm | None:
        """Return the first `alarm` that was seen after bench time `since_s`, if there is one."""
        return next((one for one in self.seen if one.entry.alarm is alarm and one.by_s >= since_s), None)

    @property
    def unexpected(self) -> list[SeenAlarm]:
        """Return the alarms that no confirmed fault accounts for."""
        return [alarm for alarm in self.seen if not alarm.expected]
