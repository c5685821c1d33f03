# SPDX-License-Identifier: Apache-2.0
"""The alarms of one infusion as the pump's log tells them, and when each of them must have ended.

An alarm that latches ends when it is acknowledged, that of a low reservoir also when the pump is refilled: the bench
knows when that was, whatever the log says. The log is a ring: what it has overwritten by the end was read in the
infusion, when it came.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.sample_table import Column, Truths
from instruments.pump import Alarm, AlarmEntry, Command

ENDS = (Command.ACKNOWLEDGE, Command.REFILL_DONE)
"""What ends an alarm that latches; a refill ends that of a low reservoir alone."""


@dataclass(frozen=True)
class KnownAlarm:
    """One line of the log, by the pump's clock.

    Attributes:
        number: of the line.
        alarm: which.
        onset_s: when it came by the log.
        came_s: when it must have come: the same, but not outside the samples between which the log grew.
        cleared_s: when it went by the log; infinite while it stood.
        ended_s: when it must have gone, by the commands; where it does not latch, what the log says.
        end_is_known: whether the log was read at the end; False for a line that was overwritten by then.
    """

    number: int
    alarm: Alarm
    onset_s: float
    came_s: float
    cleared_s: float
    ended_s: float
    end_is_known: bool = True


def known_alarms(record: InfusionRecord) -> tuple[KnownAlarm, ...]:
    """Return every line of the log, oldest first, those from before the infusion too."""
    samples, logs = record.samples, record.logs
    seen_s = {one.entry.number: (samples.device_s(one.after_s), samples.device_s(one.by_s)) for one in record.alarms}
    first_read = {one.entry.number: _known(record, one.entry, seen_s, end_is_known=False) for one in record.alarms}
    last_read = {one.number: _known(record, one, seen_s) for one in logs.alarms} if logs is not None else {}
    known = {**first_read, **last_read}
    return tuple(known[number] for number in sorted(known))


def _known(
    record: InfusionRecord,
    entry: AlarmEntry,
    seen_s: Mapping[int, tuple[float, float]],
    *,
    end_is_known: bool = True,
) -> KnownAlarm:
    after_s, by_s = seen_s.get(entry.number, (-math.inf, math.inf))
    came_s = min(max(entry.onset_s, after_s), by_s)
    told_s = ends_s(record) if entry.alarm is Alarm.LOW_RESERVOIR else acknowledged_s(record)
    ended_s = min((at_s for at_s in told_s if at_s >= came_s), default=math.inf)
    cleared_s = math.inf if entry.cleared_s is None else entry.cleared_s
    if not end_is_known:
        cleared_s = ended_s
    elif not record.profile.alarms[entry.alarm].latches.value or cleared_s <= _first_s(record):
        ended_s = cleared_s
    return KnownAlarm(entry.number, entry.alarm, entry.onset_s, came_s, cleared_s, ended_s, end_is_known)


def _first_s(record: InfusionRecord) -> float:
    return float(record.samples.device_clock_s[0])


def ends_s(record: InfusionRecord) -> tuple[float, ...]:
    """Return the pump's clock just after each command that ends alarms."""
    return tuple(one.device_clock_s for one in record.commands if one.command in ENDS and one.accepted)


def acknowledged_s(record: InfusionRecord) -> tuple[float, ...]:
    """Return the pump's clock just after each accepted acknowledge."""
    given = (one for one in record.commands if one.command is Command.ACKNOWLEDGE and one.accepted)
    return tuple(one.device_clock_s for one in given)


def standing(lines: Sequence[KnownAlarm], alarm: Alarm, clock_s: Column) -> Truths:
    """Tell of each instant of the pump's clock whether `alarm` stands by the log."""
    stands: Truths = np.zeros(len(clock_s), dtype=np.bool_)
    for line in lines:
        if line.alarm is alarm:
            stands |= (clock_s >= line.onset_s) & (clock_s < line.cleared_s)
    return stands


def should_stand(lines: Sequence[KnownAlarm], alarm: Alarm, clock_s: Column) -> Truths:
    """Tell of each instant of the pump's clock whether `alarm` stands by its onsets and by the commands."""
    stands: Truths = np.zeros(len(clock_s), dtype=np.bool_)
    for line in lines:
        if line.alarm is alarm:
            stands |= (clock_s >= line.came_s) & (clock_s < line.ended_s)
    return stands


def near_an_edge(lines: Sequence[KnownAlarm], alarm: Alarm, clock_s: Column, slack_s: float) -> Truths:
    """Tell of each instant whether `alarm` came or went within the slack around it."""
    near: Truths = np.zeros(len(clock_s), dtype=np.bool_)
    for line in lines:
        if line.alarm is alarm:
            for edge_s in (line.onset_s, line.came_s, line.cleared_s, line.ended_s):
                near |= np.abs(clock_s - edge_s) <= slack_s
    return near
