# SPDX-License-Identifier: Apache-2.0
"""The pump's alarm log: a ring of the last sixteen alarms, a running count, and which alarms stand."""

from dataclasses import dataclass

from instruments.pump import Alarm
from instruments.simulated.specimen.alarm_faults import AlarmFaults

RING_LENGTH = 16
_ANOTHER = {alarm: Alarm.STALL if alarm is Alarm.MEMORY else Alarm.MEMORY for alarm in Alarm}
"""Which bit a bad pump sets for an alarm."""


@dataclass
class AlarmRecord:
    """One line of the log, in seconds of the device clock.

    `alarm` is None in a line that was never used; `cleared_s` is 0 while the alarm stands.
    """

    alarm: Alarm | None = None
    onset_s: float = 0.0
    cleared_s: float = 0.0

    @property
    def code(self) -> str:
        """Return the name of the alarm as the register map spells it."""
        return self.alarm.value if self.alarm else "none"


class AlarmLog:
    """Logs alarms and knows which of them stand.

    Attributes:
        count: lines since the pump was made.
        ring: the last of them.
        standing: which alarms stand.
        shown: which alarms the alarm bits show; those that stand, in a good pump.
    """

    def __init__(self, faults: AlarmFaults) -> None:
        self._faults = faults
        self._were_shown: frozenset[Alarm] = frozenset()
        self._untold: list[tuple[AlarmRecord, float]] = []
        self._asked = 0
        self._before: Alarm | None = None
        self.count = 0
        self.ring = [AlarmRecord() for _ in range(RING_LENGTH)]
        self.standing: frozenset[Alarm] = frozenset()
        if faults.lost_entry:
            self._enter(AlarmRecord())

    def sound(self, alarm: Alarm, clock_s: float, *, logged: bool = True) -> None:
        """Log `alarm` as standing from `clock_s` on; an alarm that stands already is not logged again.

        Args:
            alarm: which.
            clock_s: since when, by the device clock.
            logged: whether it gets a line, as any gets in a good pump.
        """
        if alarm in self.standing:
            return
        self.standing |= {alarm}
        self._were_shown |= {alarm}
        if self._faults.logged and logged:
            told = self._before if self._tells_the_one_before else alarm
            self._before = alarm
            full_and_bad = self._faults.full_log_repeats and self.count >= RING_LENGTH
            for _ in range(2 if self._faults.logged_twice or full_and_bad else 1):
                self._enter(AlarmRecord(told, clock_s + self._faults.onset_off_s))

    def clear(self, alarm: Alarm, clock_s: float) -> None:
        """Log that `alarm` no longer stands."""
        for record in self.ring:
            if record.alarm is alarm and not record.cleared_s and self._logs_end_of(alarm):
                self._end(record, clock_s)
        self.standing -= {alarm}

    def interrogated(self) -> None:
        """Take note of an interrogation; a bad log tells what it has kept back when it was asked often enough."""
        self._asked += 1
        if self._asked >= self._faults.stall_end_untold:
            for record, clock_s in self._untold:
                record.cleared_s = clock_s
            self._untold.clear()

    def empty(self) -> None:
        """Forget every line, as a bad pump does."""
        self.count = 0
        self.ring[:] = [AlarmRecord() for _ in range(RING_LENGTH)]

    def program_loaded(self) -> None:
        """Take note that a program was loaded, which changes nothing of a good log."""
        off_s = self._faults.redated_s
        for record in self.ring if off_s else ():
            record.onset_s += off_s
            record.cleared_s += off_s if record.cleared_s else 0.0

    @property
    def shown(self) -> frozenset[Alarm]:
        """Return what the alarm bits show."""
        if not self._faults.bit_set:
            return frozenset()
        shown = self._were_shown if self._faults.bit_stays else self.standing
        return frozenset(_ANOTHER[alarm] for alarm in shown) if self._faults.bit_of_another else shown

    @property
    def _tells_the_one_before(self) -> bool:
        after = self._faults.wrong_kind_after
        return 0 < after <= self.count and self._before is not None

    def _end(self, record: AlarmRecord, clock_s: float) -> None:
        if record.alarm is Alarm.STALL and self._faults.stall_end_untold:
            self._untold.append((record, clock_s))
            self._asked = 0
        else:
            record.cleared_s = clock_s

    def _logs_end_of(self, alarm: Alarm) -> bool:
        return self._faults.end_logged and (alarm is not Alarm.STALL or self._faults.stall_end_logged)

    def _enter(self, record: AlarmRecord) -> None:
        place = self.count % (self._faults.log_lines or RING_LENGTH)
        if self._faults.full_log_stands and self.count >= RING_LENGTH:
            self.count += 1
            return
        if self._faults.wrong_order and self.count:
            before = (self.count - 1) % RING_LENGTH
            self.ring[place], place = self.ring[before], before
        self.ring[place] = record
        self.count += 1
