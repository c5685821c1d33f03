# SPDX-License-Identifier: Apache-2.0
"""Lines of the pump's logs that say something else than they said when the infusion before this one was over.

A log is history: what a line told once it must tell for as long as the ring holds it. Only an end that was still to
come may be added.
"""

from collections.abc import Iterator

from bench.account.pump_logs import PumpLogs
from instruments.pump import AlarmEntry, BolusEntry

DIGIT_S = 0.011
"""Logs count hundredths of a second."""
DIGIT_UL = 0.002
"""And thousandths of a microlitre."""


def changed_alarm_lines(before: PumpLogs, now: PumpLogs) -> Iterator[str]:
    """Yield a phrase for each line of the alarm log that says something else now."""
    was = {one.number: one for one in before.alarms}
    for entry in now.alarms:
        if (then := was.get(entry.number)) is not None and not _same_alarm(then, entry):
            yield _told("alarm", entry.number, _alarm(then), _alarm(entry))


def changed_bolus_lines(before: PumpLogs, now: PumpLogs) -> Iterator[str]:
    """Yield a phrase for each line of the bolus log that says something else now."""
    was = {one.number: one for one in before.boluses}
    for entry in now.boluses:
        if (then := was.get(entry.number)) is not None and not _same_bolus(then, entry):
            yield _told("bolus", entry.number, _bolus(then), _bolus(entry))


def _told(log: str, number: int, then: str, now: str) -> str:
    return f"line {number} of the {log} log told {then} after the infusion before, now {now}"


def _same_alarm(then: AlarmEntry, now: AlarmEntry) -> bool:
    if then.alarm is not now.alarm or abs(then.onset_s - now.onset_s) > DIGIT_S:
        return False
    if then.cleared_s is None:
        return True
    return now.cleared_s is not None and abs(then.cleared_s - now.cleared_s) <= DIGIT_S


def _same_bolus(then: BolusEntry, now: BolusEntry) -> bool:
    same_time, same_volume = (
        abs(then.requested_s - now.requested_s) <= DIGIT_S,
        abs(then.volume_ul - now.volume_ul) <= DIGIT_UL,
    )
    return then.outcome is now.outcome and same_time and same_volume


def _alarm(one: AlarmEntry) -> str:
    ended = "standing" if one.cleared_s is None else f"to {one.cleared_s:.2f} s"
    return f"{one.alarm} from {one.onset_s:.2f} s, {ended}"


def _bolus(one: BolusEntry) -> str:
    return f"{one.outcome} at {one.requested_s:.2f} s, {one.volume_ul:.3f} µL"
