# SPDX-License-Identifier: Apache-2.0
"""Do the alarm bits, the log and the state say the same, and do alarms stand, go and come again as promised?

An alarm that latches stands until somebody has acknowledged it, also when its cause has gone. After that it is gone;
where its cause still stands in a pump that runs, it sounds again, or not, as the profile says.
"""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import SAME_SAMPLE_S, ExpectedCourse
from bench.account.registers.known_alarms import (
    KnownAlarm,
    acknowledged_s,
    ends_s,
    known_alarms,
    near_an_edge,
    should_stand,
    standing,
)
from bench.account.registers.register_check import RegisterCheck
from bench.account.registers.state import wrong_states
from bench.account.sample_table import Truths
from bench.injectors import Injection
from instruments.pump import Alarm, Command, PumpState

ROUNDING_S = 0.02
"""The log and the clock count hundredths."""
FULLY_PERCENT = 99.0
FAULT_OF: Mapping[Alarm, str] = {
    Alarm.OCCLUSION: "kink",
    Alarm.DISCONNECT: "disconnect",
    Alarm.STALL: "magnet",
}
"""By alarm, the fault of the rig that stands for as long as it is injected."""


def examine_alarm_bits(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether bits, log and state agree, and alarms latch, clear and sound again as promised."""
    check, samples = RegisterCheck(record, Standing.ALARM_BITS), record.samples
    if record.logs is None:
        check.doubt("the pump's log could not be read")
    elif len(samples):
        course, lines = ExpectedCourse(record), known_alarms(record)
        for alarm in Alarm:
            _as_logged(record, course, check, lines, alarm)
        _as_the_state(record, course, check)
        _latched(record, course, check, lines)
        _cleared(record, course, check, lines)
        for alarm in FAULT_OF:
            _sounds_again(record, course, check, lines, alarm)
    yield check.finding(f"they agreed in all {len(samples)} samples")


def _as_logged(
    record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck, lines: tuple[KnownAlarm, ...], alarm: Alarm
) -> None:
    clock_s, bit = record.samples.device_clock_s, record.samples.with_alarm(alarm)
    logged, commanded = standing(lines, alarm, clock_s), should_stand(lines, alarm, clock_s)
    wrong = (bit != logged) & (bit != commanded) & ~near_an_edge(lines, alarm, clock_s, course.slack_s)
    told = {
        True: f"the {alarm} bit is set, by the log it does not stand",
        False: f"the {alarm} bit is not set, by the log it stands",
    }
    check.samples(wrong, lambda place: told[bool(bit[place])])


def _as_the_state(record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck) -> None:
    """Hold the bits against the state: stopped by an alarm exactly while one stands that stops the pump.

    Where the state itself is the wrong one, that is no fault of the bits.
    """
    samples, profile = record.samples, record.profile
    stops: Truths = np.zeros(len(samples), dtype=np.bool_)
    may_stop: Truths = stops.copy()
    for alarm, promised in profile.alarms.items():
        bit = samples.with_alarm(alarm)
        stops |= bit & (promised.then_does == "stops")
        may_stop |= bit & (promised.then_does != "continues")
    left_out = course.near_a_change(samples.device_clock_s) | wrong_states(record, course)
    in_alarm = samples.in_state(PumpState.ALARM_STOPPED)
    stopped = in_alarm | (samples.in_state(PumpState.STOPPED) & _after_a_stop(record))
    check.samples(
        stops & ~stopped & ~left_out, lambda _place: "the bit of an alarm that stops the pump is set, it goes on"
    )
    check.samples(
        in_alarm & ~may_stop & ~left_out, lambda _place: "it is stopped by an alarm, no bit of such an alarm is set"
    )


def _after_a_stop(record: InfusionRecord) -> Truths:
    stopped_s = [one.device_clock_s for one in record.commands if one.command is Command.STOP and one.accepted]
    after: Truths = record.samples.device_clock_s >= min(stopped_s, default=math.inf)
    return after


def _latched(
    record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck, lines: tuple[KnownAlarm, ...]
) -> None:
    """An alarm that latches ends with an acknowledge, or a refill, and with nothing else."""
    first_s = float(record.samples.device_clock_s[0])
    told_s = ends_s(record)
    for line in lines:
        if not line.end_is_known or math.isinf(line.cleared_s) or line.cleared_s <= first_s:
            continue
        was_told = any(abs(line.cleared_s - at_s) <= course.slack_s for at_s in told_s)
        if was_told or not record.profile.alarms[line.alarm].latches.value:
            continue
        seen = f"the {line.alarm} alarm went at {line.cleared_s:.2f} s of its clock, nobody acknowledged it"
        if why := _why_unwatched(record, line.cleared_s):
            check.doubt(f"{seen} as far as is written down; {why}, so an acknowledge may have been given unnoted")
        else:
            check.fail(seen)


def _why_unwatched(record: InfusionRecord, clock_s: float) -> str:
    """Return why nobody knows what was commanded at an instant of the pump's clock; empty where it was watched.

    A run that is killed behind a command has given it and could not write it down.
    """
    samples = record.samples
    after = int(np.searchsorted(samples.device_clock_s, clock_s))
    if not 0 < after < len(samples):
        return ""
    from_s, to_s = float(samples.at_s[after - 1]), float(samples.at_s[after])
    if any(from_s <= at_s + SAME_SAMPLE_S and at_s + SAME_SAMPLE_S < to_s for at_s in record.resumed_after_s):
        return f"the run was interrupted between {from_s:.0f} s and {to_s:.0f} s and resumed"
    if any(gap.from_s < to_s and (gap.to_s is None or gap.to_s > from_s) for gap in record.gaps):
        return f"samples are missing between {from_s:.0f} s and {to_s:.0f} s"
    return ""


def _cleared(
    record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck, lines: tuple[KnownAlarm, ...]
) -> None:
    """After an accepted acknowledge no alarm stands that stood before it."""
    samples, clock_s = record.samples, record.samples.device_clock_s
    for told_s in acknowledged_s(record):
        next_s = min((line.onset_s for line in lines if line.onset_s > told_s), default=math.inf)
        since = (clock_s > told_s + course.slack_s) & (clock_s < next_s - ROUNDING_S)
        for alarm in Alarm:
            told = f"the {alarm} bit is still set after an acknowledge at {told_s:.2f} s of its clock"
            wrong = since & samples.with_alarm(alarm)
            check.samples(wrong, lambda _place, told=told: told)  # type: ignore[misc]


def _sounds_again(
    record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck, lines: tuple[KnownAlarm, ...], alarm: Alarm
) -> None:
    again = record.profile.alarms[alarm].sounds_again
    if again is None:
        return
    onsets_s = [line.onset_s for line in lines if line.alarm is alarm]
    for told_s in acknowledged_s(record):
        if not any(line.alarm is alarm and line.onset_s <= told_s <= line.cleared_s + course.slack_s for line in lines):
            continue
        for fault in record.injections:
            gone_s = _gone_s(record, fault)
            if fault.what != FAULT_OF[alarm] or fault.percent < FULLY_PERCENT or not told_s < gone_s:
                continue
            sounded = [at_s for at_s in onsets_s if told_s < at_s < gone_s]
            due_s = _due_s(record, course, alarm, told_s)
            if again.value and due_s < gone_s and not [at_s for at_s in sounded if at_s <= due_s]:
                check.fail(f"the {alarm} alarm did not sound again after an acknowledge at {told_s:.2f} s of its clock")
            if not again.value and sounded:
                check.fail(f"the {alarm} alarm sounded again at {sounded[0]:.2f} s of its clock, for the same cause")


def _gone_s(record: InfusionRecord, fault: Injection) -> float:
    """Return when a fault was gone, by the pump's clock; outside the infusion nothing is said of it."""
    samples = record.samples
    at_s = float(samples.at_s[-1]) if fault.released_s is None else fault.released_s
    return samples.device_s(min(at_s, float(samples.at_s[-1]))) if fault.confirmed_s < at_s else -math.inf


def _due_s(record: InfusionRecord, course: ExpectedCourse, alarm: Alarm, told_s: float) -> float:
    """Return until when an alarm has to sound again; never where the pump does not run for so long."""
    profile = record.profile
    starts_s = [from_s for from_s, to_s in record.schedule.spans_s if to_s > told_s]
    from_s = max(told_s, min(starts_s, default=math.inf))
    if math.isinf(from_s):
        return math.inf
    rate_ul_per_h = course.rate_ul_per_h(from_s)
    if rate_ul_per_h <= 0:
        return math.inf
    occlusion = alarm is Alarm.OCCLUSION
    within_s = profile.occlusion_time_limit_s(rate_ul_per_h) if occlusion else profile.time_limit_s(alarm)
    due_s = from_s + within_s + course.slack_s
    ran_on = any(begin_s <= from_s and due_s <= end_s for begin_s, end_s in record.schedule.spans_s)
    return due_s if ran_on else math.inf
