# SPDX-License-Identifier: Apache-2.0
"""The pump's alarm log: a ring of the last sixteen alarms, a running count, and which alarms stand."""

from dataclasses import dataclass

from instruments.pump import Alarm

RING_LENGTH = 16


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
    """Logs alarms and knows which of them stand."""

    def __init__(self) -> None:
        self.count = 0
        self.ring = [AlarmRecord() for _ in range(RING_LENGTH)]
        self.standing: frozenset[Alarm] = frozenset()

    def sound(self, alarm: Alarm, clock_s: float) -> None:
        """Log `alarm` as standing from `clock_s` on; an alarm that stands already is not logged again."""
        if alarm in self.standing:
            return
        self.ring[self.count % RING_LENGTH] = AlarmRecord(alarm, clock_s)
        self.count += 1
        self.standing |= {alarm}

    def clear(self, alarm: Alarm, clock_s: float) -> None:
        """Log that `alarm` no longer stands."""
        for record in self.ring:
            if record.alarm is alarm and not record.cleared_s:
                record.cleared_s = clock_s
        self.standing -= {alarm}
