# SPDX-License-Identifier: Apache-2.0
"""A line of a pump's log is history: after a later infusion it still says what it said."""

from dataclasses import replace

import pytest

from bench.account import PumpLogs
from bench.account.changed_lines import changed_alarm_lines, changed_bolus_lines
from instruments.pump import Alarm, AlarmEntry, BolusEntry, CommandResult

ENDED = AlarmEntry(3, Alarm.OCCLUSION, 1000.0, 1600.0)
STANDS = AlarmEntry(4, Alarm.LOW_RESERVOIR, 2000.0, None)
GIVEN = BolusEntry(7, 5000.0, CommandResult.ACCEPTED, 20.0)
REFUSED = BolusEntry(8, 5300.0, CommandResult.LOCKOUT, 0.0)
BEFORE = PumpLogs(9000.0, 5, 9, (ENDED, STANDS), (GIVEN, REFUSED))


def alarms_now(*entries: AlarmEntry) -> list[str]:
    return list(changed_alarm_lines(BEFORE, replace(BEFORE, alarms=entries)))


def boluses_now(*entries: BolusEntry) -> list[str]:
    return list(changed_bolus_lines(BEFORE, replace(BEFORE, boluses=entries)))


def test_lines_that_stayed_an_end_that_came_and_lines_that_are_new_or_overwritten_are_right() -> None:
    new = AlarmEntry(5, Alarm.OCCLUSION, 9500.0, None)
    assert alarms_now(ENDED, replace(STANDS, cleared_s=9100.0), new) == []
    assert alarms_now(new) == []
    assert boluses_now(GIVEN, REFUSED, replace(GIVEN, number=9, requested_s=9400.0)) == []


@pytest.mark.parametrize(
    "now",
    [
        replace(ENDED, onset_s=1600.0),
        replace(ENDED, cleared_s=2200.0),
        replace(ENDED, cleared_s=None),
        replace(ENDED, alarm=Alarm.MEMORY),
        replace(STANDS, onset_s=1990.0),
    ],
)
def test_an_alarm_that_is_told_otherwise_later_is_told(now: AlarmEntry) -> None:
    (told,) = alarms_now(now)
    assert told.startswith(f"line {now.number} of the alarm log told ")


@pytest.mark.parametrize(
    "now",
    [
        replace(GIVEN, volume_ul=25.0),
        replace(GIVEN, requested_s=5600.0),
        replace(REFUSED, outcome=CommandResult.DAILY_MAXIMUM),
    ],
)
def test_a_bolus_that_is_told_otherwise_later_is_told(now: BolusEntry) -> None:
    (told,) = boluses_now(now)
    assert told.startswith(f"line {now.number} of the bolus log told ")
