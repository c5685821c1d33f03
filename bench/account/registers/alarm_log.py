# SPDX-License-Identifier: Apache-2.0
"""Does the alarm log hold every alarm once, in order, with the times at which it was seen, and nothing else?

The log is read when an alarm comes, and all of it again when the infusion is over: a line must say the same both times,
and after every later infusion of the run.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.pump_logs import PumpLogs
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.known_alarms import KnownAlarm, known_alarms
from bench.account.registers.register_check import RegisterCheck
from instruments.pump import Alarm

ROUNDING_S = 0.02
"""The log and the clock count hundredths."""
CLOCKS_AGREE_WITHIN_S = 1.0
"""Two clocks that are read one after the other may seem this far apart."""
READINGS = 2


def examine_alarm_log(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether the alarm log tells what was seen, and tells it again at the end."""
    check, samples = RegisterCheck(record, Standing.ALARM_LOG), record.samples
    if record.logs is None:
        check.doubt("the pump's log could not be read")
    elif len(samples):
        lines, slack_s = known_alarms(record), ExpectedCourse(record).slack_s
        since = [line for line in lines if line.number >= samples.alarm_log_count[0]]
        _reads_the_same(record, record.logs, check)
        _in_order(since, record.logs, check)
        _once_each(lines, since, check)
        _onsets(record, check)
        _count(record, since, check, slack_s)
        _every_bit(record, lines, check, slack_s)
        _ends(record, lines, since, check, slack_s)
    told = len(record.logs.alarms) if record.logs is not None else 0
    yield check.finding(f"{len(record.alarms)} alarms came in it, {told} lines were read at its end")


def _reads_the_same(record: InfusionRecord, logs: PumpLogs, check: RegisterCheck) -> None:
    if logs.trouble:
        check.fail(logs.trouble)
    for change in logs.changes:
        check.fail(change)
    at_the_end = {entry.number: entry for entry in logs.alarms}
    for one in record.alarms:
        entry = at_the_end.get(one.entry.number)
        if entry is None:
            continue  # overwritten in the ring, or lost with the count, which is found there
        if (entry.alarm, entry.onset_s) != (one.entry.alarm, one.entry.onset_s):
            check.fail(
                f"line {entry.number} told {one.entry.alarm} at {one.entry.onset_s:.2f} s of its clock, and at the end "
                f"{entry.alarm} at {entry.onset_s:.2f} s"
            )


def _in_order(since: list[KnownAlarm], logs: PumpLogs, check: RegisterCheck) -> None:
    for earlier, later in pairwise(since):
        if later.onset_s < earlier.onset_s:
            check.fail(
                f"line {later.number} tells an onset at {later.onset_s:.2f} s, before that of the line before it"
            )
    for line in since:
        if line.cleared_s < line.onset_s:
            check.fail(f"line {line.number} ends at {line.cleared_s:.2f} s, before its onset at {line.onset_s:.2f} s")
        latest_s = line.onset_s if math.isinf(line.cleared_s) else line.cleared_s
        if latest_s > logs.device_clock_s + ROUNDING_S:
            check.fail(
                f"line {line.number} tells of {latest_s:.2f} s, read at {logs.device_clock_s:.2f} s of its clock"
            )


def _once_each(lines: tuple[KnownAlarm, ...], since: list[KnownAlarm], check: RegisterCheck) -> None:
    for alarm in Alarm:
        for earlier, later in pairwise([line for line in lines if line.alarm is alarm]):
            if later in since and later.onset_s < earlier.ended_s - ROUNDING_S and earlier.end_is_known:
                check.fail(f"line {later.number} logs the {alarm} alarm of line {earlier.number} once more")


def _onsets(record: InfusionRecord, check: RegisterCheck) -> None:
    """The onset lies between the samples between which the log grew."""
    samples = record.samples
    slack_s = max(CLOCKS_AGREE_WITHIN_S, READINGS * record.clocks_half_width_s)
    for one in record.alarms:
        earliest_s, latest_s = samples.device_s(one.after_s) - slack_s, samples.device_s(one.by_s) + slack_s
        if not earliest_s <= one.entry.onset_s <= latest_s:
            check.fail(
                f"the {one.entry.alarm} alarm is logged at {one.entry.onset_s:.2f} s of its clock, seen between "
                f"{earliest_s:.2f} s and {latest_s:.2f} s"
            )


def _count(record: InfusionRecord, since: list[KnownAlarm], check: RegisterCheck, slack_s: float) -> None:
    """The count never falls, and at each sample it is that of the lines whose onset is past."""
    samples = record.samples
    count, clock_s = samples.alarm_log_count, samples.device_clock_s
    if record.before is not None and count[0] < record.before.alarm_log_count:
        check.fail(f"its count is {count[0]:.0f}, before the program was loaded {record.before.alarm_log_count}")
    highest = np.maximum.accumulate(count)
    check.samples(count < highest, lambda place: f"its count fell from {highest[place]:.0f} to {count[place]:.0f}")
    onsets_s = np.array(sorted(line.came_s for line in since))
    least = count[0] + np.searchsorted(onsets_s, clock_s - slack_s, side="right")
    most = count[0] + np.searchsorted(onsets_s, clock_s + slack_s, side="right")
    wrong = (count < least) | (count > most)
    check.samples(wrong, lambda place: f"its count is {count[place]:.0f}, by its lines it should be {least[place]:.0f}")


def _every_bit(record: InfusionRecord, lines: tuple[KnownAlarm, ...], check: RegisterCheck, slack_s: float) -> None:
    """Each bit that came up has a line."""
    samples = record.samples
    clock_s = samples.device_clock_s
    for alarm in Alarm:
        bit = samples.with_alarm(alarm)
        for place in np.flatnonzero(bit[1:] & ~bit[:-1]) + 1:
            from_s, to_s = clock_s[place - 1] - slack_s, clock_s[place] + slack_s
            came = [line.alarm for line in lines if from_s <= line.came_s <= to_s]
            if alarm not in came and all(samples.with_alarm(one)[place] for one in came):  # else a bit is the wrong one
                check.fail(f"the {alarm} alarm came up by {samples.at_s[place]:.0f} s, the log has no line of it")


def _ends(
    record: InfusionRecord,
    lines: tuple[KnownAlarm, ...],
    since: list[KnownAlarm],
    check: RegisterCheck,
    slack_s: float,
) -> None:
    """A line tells of its end when it was acknowledged; where it does not latch, when its bit was cleared."""
    for line in since:
        if line.end_is_known and line.cleared_s > line.ended_s + slack_s:
            told = "stands" if math.isinf(line.cleared_s) else f"ended at {line.cleared_s:.2f} s of its clock"
            ended = f"it was acknowledged at {line.ended_s:.2f} s"
            check.fail(f"line {line.number} says that the {line.alarm} alarm {told}, {ended}")
        again = any(one.alarm is line.alarm and one.onset_s > line.onset_s for one in lines)
        if line.end_is_known and not again and not record.profile.alarms[line.alarm].latches.value:
            _as_its_bit(record, line, check, slack_s)


def _as_its_bit(record: InfusionRecord, line: KnownAlarm, check: RegisterCheck, slack_s: float) -> None:
    clock_s, bit = record.samples.device_clock_s, record.samples.with_alarm(line.alarm)
    shown = bit & (clock_s >= line.onset_s)
    if np.any(shown) and line.cleared_s < (until_s := float(clock_s[np.flatnonzero(shown)[-1]])) - slack_s:
        check.fail(f"line {line.number} ends at {line.cleared_s:.2f} s of its clock, its bit stands at {until_s:.2f} s")
