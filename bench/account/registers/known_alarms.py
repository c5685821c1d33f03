# SPDX-License-Identifier: Apache-2.0
"""The alarms of one infusion as the pump's log tells them, with their ends, and those from before that still stood.

The log is a ring: what it has overwritten by the end was read in the infusion, when it came. Its end is then not known,
and taken for the first acknowledge after it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.sample_table import Column, Truths
from instruments.pump import Alarm, Command


@dataclass(frozen=True)
class KnownAlarm:
    """One line of the log, by the pump's clock.

    Attributes:
        number: of the line.
        alarm: which.
        onset_s: when it came.
        cleared_s: when it went; infinite while it stood.
        end_is_known: whether the log tells that it went or stood; False where the line was overwritten.
    """

    number: int
    alarm: Alarm
    onset_s: float
    cleared_s: float
    end_is_known: bool = True


def known_alarms(record: InfusionRecord) -> tuple[KnownAlarm, ...]:
    """Return every line of the log, oldest first, those from before the infusion too."""
    known = {}
    for one in record.alarms:
        entry = one.entry
        cleared_s = min((at_s for at_s in acknowledged_s(record) if at_s >= entry.onset_s), default=math.inf)
        known[entry.number] = KnownAlarm(entry.number, entry.alarm, entry.onset_s, cleared_s, end_is_known=False)
    for entry in record.logs.alarms if record.logs is not None else ():
        cleared_s = math.inf if entry.cleared_s is None else entry.cleared_s
        known[entry.number] = KnownAlarm(entry.number, entry.alarm, entry.onset_s, cleared_s)
    return tuple(known[number] for number in sorted(known))


def acknowledged_s(record: InfusionRecord) -> tuple[float, ...]:
    """Return the pump's clock just after each accepted acknowledge."""
    given = (one for one in record.commands if one.command is Command.ACKNOWLEDGE and one.accepted)
    return tuple(one.device_clock_s for one in given)


def standing(lines: Sequence[KnownAlarm], alarm: Alarm, clock_s: Column) -> Truths:
    """Tell of each instant of the pump's clock whether `alarm` stands by the log."""
    stands = np.zeros(len(clock_s), dtype=np.bool_)
    for line in lines:
        if line.alarm is alarm:
            stands |= (clock_s >= line.onset_s) & (clock_s < line.cleared_s)
    return stands


def near_an_edge(lines: Sequence[KnownAlarm], alarm: Alarm, clock_s: Column, slack_s: float) -> Truths:
    """Tell of each instant whether `alarm` came or went within the slack around it."""
    near = np.zeros(len(clock_s), dtype=np.bool_)
    for line in lines:
        if line.alarm is alarm:
            for edge_s in (line.onset_s, line.cleared_s):
                near |= np.abs(clock_s - edge_s) <= slack_s
    return near
