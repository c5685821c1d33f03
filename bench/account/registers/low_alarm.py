# SPDX-License-Identifier: Apache-2.0
"""An alarm that stands while a register is low: below its level, above it not, and again after it was acknowledged.

A register that was low when the infusion began may have had its alarm before, and somebody may have acknowledged it
then. The pump's log tells, where it holds every line since the pump was made.
"""

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.register_check import RegisterCheck
from bench.account.registers.stretches import stretches
from bench.account.sample_table import Column
from instruments.pump import Alarm, Command


def check_low_alarm(
    record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck, alarm: Alarm, value: Column, level: float
) -> None:
    """Hold the bit of `alarm` against the register that it watches.

    Args:
        record: the infusion.
        course: what the pump should have done in it.
        check: takes what is wrong.
        alarm: which; nothing is checked where the profile does not promise it.
        value: the register, of each sample.
        level: at and under it the alarm stands.
    """
    promised = record.profile.alarms[alarm]
    if promised.latency_max_s is None:
        return
    stands, is_low = record.samples.with_alarm(alarm), value <= level
    early = f"the {alarm} alarm stands at {{:g}}, its level is {level:g}"
    check.samples(stands & ~is_low, lambda place: early.format(value[place]))
    clock_s = record.samples.device_clock_s
    due_s = np.full(len(value), np.inf)
    within_s = promised.latency_max_s.value + course.slack_s
    for first, last in stretches(is_low & (course.total_ul_per_h(clock_s) > 0)):
        due_s[first:last] = _due_s(
            record, alarm, float(clock_s[first]), first == 0 or bool(is_low[first - 1]), within_s
        )
    late = f"it shows {{:g}} and the {alarm} alarm does not stand, its level is {level:g}"
    check.samples(~stands & (clock_s > due_s), lambda place: late.format(value[place]))


def _due_s(record: InfusionRecord, alarm: Alarm, low_from_s: float, was_low: bool, within_s: float) -> float:
    """Return the instant from which on the alarm has to stand, in a stretch of low samples of a running pump."""
    again = record.profile.alarms[alarm].sounds_again
    told_s = [one.device_clock_s for one in record.commands if one.command is Command.ACKNOWLEDGE and one.accepted]
    acknowledged_s = [at_s for at_s in told_s if at_s >= low_from_s - within_s]
    if again is not None and again.value:
        return max((low_from_s, *acknowledged_s)) + within_s
    if acknowledged_s or (was_low and not _never_logged(record, alarm)):
        return float("inf")
    return low_from_s + within_s


def _never_logged(record: InfusionRecord, alarm: Alarm) -> bool:
    """Tell whether the log holds every line since the pump was made, and none of them is this alarm's."""
    logs = record.logs
    if logs is None or logs.trouble or len(logs.alarms) != logs.alarm_log_count:
        return False
    return all(entry.alarm is not alarm for entry in logs.alarms)
