# SPDX-License-Identifier: Apache-2.0
"""The pump's own logs, read when an infusion is over: with the ends of its alarms and the volumes of its boluses."""

from dataclasses import dataclass

from instruments.pump import AlarmEntry, BolusEntry


@dataclass(frozen=True)
class PumpLogs:
    """Both logs as one reading found them, as far back as their rings reach.

    Attributes:
        device_clock_s: the pump's clock at the reading.
        alarm_log_count, bolus_log_count: lines that the pump then said it had written in its life.
        alarms: lines of the alarm log, oldest first; those from before the infusion too.
        boluses: lines of the bolus log, oldest first; those from before the infusion too.
        trouble: what of the alarm log could not be read because of the pump; empty where all could.
        bolus_trouble: the same of the bolus log.
        changes: lines of the alarm log that were not the same when they were read again, a phrase each.
        bolus_changes: the same of the bolus log.
    """

    device_clock_s: float
    alarm_log_count: int
    bolus_log_count: int
    alarms: tuple[AlarmEntry, ...]
    boluses: tuple[BolusEntry, ...]
    trouble: str = ""
    bolus_trouble: str = ""
    changes: tuple[str, ...] = ()
    bolus_changes: tuple[str, ...] = ()
