# SPDX-License-Identifier: Apache-2.0
"""An alarm log after more alarms than it has lines: what is right, and each way of being wrong, in words."""

from dataclasses import replace

import pytest

from bench.account import PumpLogs
from bench.infusion.alarm_log_rounds import SeenAlarm, log_faults
from instruments.pump import Alarm, AlarmEntry

LINES, BEFORE, CAME = 16, 3, 20
SEEN = [SeenAlarm(Alarm.DISCONNECT, 100.0 * number, 100.0 * number + 30.0) for number in range(1, CAME + 1)]


def line(number: int, alarm: Alarm = Alarm.DISCONNECT, came: int | None = None) -> AlarmEntry:
    which = number - BEFORE + 1 if came is None else came
    return AlarmEntry(number, alarm, 100.0 * which + 10.0, 100.0 * which + 60.0)


GOOD = PumpLogs(
    device_clock_s=5000.0,
    alarm_log_count=BEFORE + CAME,
    bolus_log_count=0,
    alarms=tuple(line(number) for number in range(BEFORE + CAME - LINES, BEFORE + CAME)),
    boluses=(),
)


def told(logs: PumpLogs) -> list[str]:
    return log_faults(logs, SEEN, BEFORE, LINES)


def test_the_newest_lines_in_order_and_the_count_of_all_are_right() -> None:
    assert told(GOOD) == []
    longer = replace(GOOD, alarms=tuple(line(number) for number in range(BEFORE, BEFORE + CAME)))
    assert told(longer) == []  # a log may hold more than it promises


@pytest.mark.parametrize(
    ("logs", "first"),
    [
        (replace(GOOD, trouble="pump: read alarm_log: entry 12 is empty"), "pump: read alarm_log: entry 12 is empty"),
        (replace(GOOD, alarm_log_count=BEFORE + CAME + 1), "20 alarms came, its count rose by 21"),
        (replace(GOOD, alarms=GOOD.alarms[4:]), "it holds 12 lines, 16 are due"),
        (
            replace(GOOD, alarms=(*GOOD.alarms[:-1], line(22, came=4))),
            "line 22 tells disconnect at 410.0 s, the disconnect alarm came between 2000.0 and 2030.0 s",
        ),
        (
            replace(GOOD, alarms=(*GOOD.alarms[:-1], line(22, Alarm.STALL))),
            "line 22 tells stall at 2010.0 s, the disconnect alarm came between 2000.0 and 2030.0 s",
        ),
    ],
)
def test_a_wrong_log_is_told(logs: PumpLogs, first: str) -> None:
    assert told(logs)[0] == first


def test_two_lines_that_changed_places_are_both_told() -> None:
    swapped = (*GOOD.alarms[:-2], replace(GOOD.alarms[-1], number=21), replace(GOOD.alarms[-2], number=22))
    assert len(told(replace(GOOD, alarms=swapped))) == 2


def test_a_line_of_another_kind_than_the_alarm_that_came_is_told() -> None:
    mixed = [replace(one, alarm=Alarm.MEMORY) if number % 3 else one for number, one in enumerate(SEEN)]
    kinds = [mixed[entry.number - BEFORE].alarm for entry in GOOD.alarms]
    right = tuple(replace(entry, alarm=kind) for entry, kind in zip(GOOD.alarms, kinds, strict=True))
    assert log_faults(replace(GOOD, alarms=right), mixed, BEFORE, LINES) == []
    assert len(log_faults(GOOD, mixed, BEFORE, LINES)) == kinds.count(Alarm.MEMORY)
