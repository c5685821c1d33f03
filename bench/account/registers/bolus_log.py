# SPDX-License-Identifier: Apache-2.0
"""Does the bolus log hold every request once, in order, with its time, what became of it and the volume given?

The volume is held against what was programmed, within the accuracy of a bolus, and against the pump's own counter, to
a stroke at each end: two accounts of one motor.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.pump_logs import PumpLogs
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.register_check import RegisterCheck
from bench.therapy import AcceptedBolus
from instruments.program import Mode
from instruments.pump import BolusEntry, Command, CommandResult

REQUESTS = (Command.PATIENT_BOLUS, Command.SINGLE_BOLUS)
CLOCKS_AGREE_WITHIN_S = 1.0
"""Two clocks that are read one after the other may seem this far apart."""
READINGS = 2
DIGIT_UL = 0.002


@dataclass(frozen=True)
class Request:
    """A request of the bench, between two instants of the pump's clock.

    Attributes:
        from_s, to_s: when it was given.
        answer: what the pump said.
        optional: whether a pump may leave it out of its log: a start that opens with a bolus.
    """

    from_s: float
    to_s: float
    answer: CommandResult
    optional: bool = False


def examine_bolus_log(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether the bolus log tells what was asked for, what was answered and what was given."""
    check, samples = RegisterCheck(record, Standing.BOLUS_LOG), record.samples
    requests = _requests(record) if len(samples) else []
    if record.logs is None:
        check.doubt("the pump's log could not be read")
    elif len(samples):
        _Comparison(record, record.logs, check).examine(requests)
    yield check.finding(f"{sum(not one.optional for one in requests)} requests were given, the log has each of them")


def _requests(record: InfusionRecord) -> list[Request]:
    """Return what was asked for, in order."""
    device_s, schedule = record.samples.device_s, record.schedule
    slack_s = max(CLOCKS_AGREE_WITHIN_S, READINGS * record.clocks_half_width_s)
    found = [
        Request(device_s(one.sent_s) - slack_s, device_s(one.answered_s) + slack_s, one.answer)
        for one in record.commands
        if one.command in REQUESTS
    ]
    if schedule.therapy.program(record.profile.low_reservoir_alarm_ul.value).mode is Mode.SINGLE_BOLUS:
        found += [
            Request(start_s - slack_s, start_s + slack_s, CommandResult.ACCEPTED, optional=True)
            for start_s, _ in schedule.spans_s
        ]
    return sorted(found, key=lambda one: one.from_s)


class _Comparison:
    """Holds the lines of one infusion against its requests."""

    def __init__(self, record: InfusionRecord, logs: PumpLogs, check: RegisterCheck) -> None:
        self._record = record
        self._check = check
        self._logs = logs
        self._course = ExpectedCourse(record)
        first = record.samples.bolus_log_count[0]
        self._lines = [entry for entry in logs.boluses if entry.number >= first]
        self._overwritten = max(0, round(logs.boluses[0].number - first)) if logs.boluses else 0

    def examine(self, requests: list[Request]) -> None:
        """Pair lines and requests from the newest back, as far as the ring reaches, and compare each pair."""
        if self._logs.bolus_trouble:
            self._check.fail(self._logs.bolus_trouble)
            return
        for change in self._logs.bolus_changes:
            self._check.fail(change)
        self._count(requests)
        for earlier, later in zip(self._lines, self._lines[1:], strict=False):
            if later.requested_s < earlier.requested_s:
                self._check.fail(f"line {later.number} tells {later.requested_s:.2f} s, before the line before it")
        open_lines = list(self._lines)
        for request in requests[self._overwritten :]:
            line = next((one for one in open_lines if request.from_s <= one.requested_s <= request.to_s), None)
            if line is None:
                if not request.optional:
                    told = f"the request between {request.from_s:.2f} s and {request.to_s:.2f} s of its clock"
                    self._check.fail(f"the log has no line of {told}, which it answered with {request.answer}")
                continue
            open_lines.remove(line)
            self._compare(request, line)
        for line in open_lines:
            told = f"at {line.requested_s:.2f} s of its clock, {line.outcome}, {line.volume_ul:.3f} µL"
            self._check.fail(f"line {line.number} tells of a request that nobody made: {told}")

    def _count(self, requests: list[Request]) -> None:
        """The count never falls, and at each sample it is that of the requests so far."""
        samples = self._record.samples
        count, clock_s = samples.bolus_log_count, samples.device_clock_s
        before = self._record.before
        if before is not None and count[0] != before.bolus_log_count:
            told = f"its count is {count[0]:.0f}, before the program was loaded {before.bolus_log_count}"
            self._check.fail(told)
        highest = np.maximum.accumulate(count)
        told = "its count fell from {:.0f} to {:.0f}"
        self._check.samples(count < highest, lambda place: told.format(highest[place], count[place]))
        made_s = np.array(sorted(one.to_s for one in requests if not one.optional))
        begun_s = np.array(sorted(one.from_s for one in requests))
        least = count[0] + np.searchsorted(made_s, clock_s - self._course.slack_s, side="right")
        most = count[0] + np.searchsorted(begun_s, clock_s, side="right")
        wrong = (count < least) | (count > most)
        told_wrong = "its count is {:.0f} where {:.0f} is due"
        self._check.samples(wrong, lambda place: told_wrong.format(count[place], least[place]))

    def _compare(self, request: Request, line: BolusEntry) -> None:
        if line.outcome is not request.answer and not _no_program(request, line):
            self._check.fail(f"line {line.number} tells {line.outcome}, it answered {request.answer}")
        if request.answer is not CommandResult.ACCEPTED:
            if line.volume_ul > DIGIT_UL:
                self._check.fail(f"line {line.number} tells {line.volume_ul:.3f} µL of a request that it refused")
            return
        bolus = self._bolus(request)
        if bolus is not None:
            self._as_programmed(line, bolus)
            self._as_counted(line, bolus)

    def _bolus(self, request: Request) -> AcceptedBolus | None:
        """Return what was scheduled for a request, as far as it had come when the log was read."""
        slack_s = self._course.slack_s
        near = (one for one in self._course.boluses if request.from_s - slack_s <= one.started_s <= request.to_s)
        return next(near, None)

    def _as_programmed(self, line: BolusEntry, bolus: AcceptedBolus) -> None:
        profile, read_s = self._record.profile, self._logs.device_clock_s
        until_s = min(bolus.ends_s, read_s)
        due_ul = bolus.between_ul(bolus.started_s, until_s) + self._taken_up_ul(bolus, read_s)
        cut = until_s < self._programmed_end_s(bolus)
        allowed_ul = due_ul * profile.patient_bolus.accuracy_percent.value / 100 + DIGIT_UL
        if cut:  # how much of it had come depends on the instant, which is known to the slack
            allowed_ul += profile.stroke_volume_ul.value + self._slack_ul(bolus)
        if abs(line.volume_ul - due_ul) > allowed_ul:
            told = f"line {line.number} tells {line.volume_ul:.3f} µL, {due_ul:.3f} µL were programmed"
            self._check.fail(f"{told}, ± {allowed_ul:.3f} µL are allowed")

    def _taken_up_ul(self, bolus: AcceptedBolus, read_s: float) -> float:
        """Return what later starts gave of a bolus: its one line tells of all of it."""
        later = (parts[1:] for parts in self._course.parts if parts and parts[0].started_s == bolus.started_s)
        return sum(part.between_ul(part.started_s, read_s) for parts in later for part in parts)

    def _programmed_end_s(self, bolus: AcceptedBolus) -> float:
        programmed = self._record.schedule.boluses
        return max(one.ends_s for one in programmed if one.started_s == bolus.started_s)

    def _slack_ul(self, bolus: AcceptedBolus) -> float:
        return bolus.rate_ul_per_h * self._course.slack_s / 3600.0 if bolus.duration_s > 0 else 0.0

    def _as_counted(self, line: BolusEntry, bolus: AcceptedBolus) -> None:
        """Hold the log's volume against the counter, where samples lie around the bolus and nothing else changed.

        Of one that a later start took up the line tells all, and no one window of the counter holds all of it.
        """
        if self._taken_up_ul(bolus, self._logs.device_clock_s) > 0:
            return
        samples, course = self._record.samples, self._course
        clock_s = samples.device_clock_s
        before = np.flatnonzero(clock_s <= bolus.started_s - course.slack_s)
        after = np.flatnonzero(clock_s >= bolus.ends_s + course.slack_s)
        if not len(before) or not len(after) or not bolus.duration_s:
            return
        from_s, to_s = float(clock_s[before[-1]]), float(clock_s[after[0]])
        changes_s = (*course.edges_s, *course.basal_changes_s)
        if [at_s for at_s in changes_s if from_s < at_s < to_s and at_s not in (bolus.started_s, bolus.ends_s)]:
            return
        counted_ul = float(samples.counter_ul[after[0]] - samples.counter_ul[before[-1]])
        added_ul = counted_ul - course.scheduled_ul(from_s, to_s) + bolus.volume_ul
        allowed_ul = 2 * self._record.profile.stroke_volume_ul.value + DIGIT_UL
        if abs(line.volume_ul - added_ul) > allowed_ul:
            told = (
                f"line {line.number} tells {line.volume_ul:.3f} µL, its counter {added_ul:.3f} µL on top of the basal"
            )
            self._check.fail(f"{told} rate, ± {allowed_ul:.3f} µL are allowed")


def _no_program(request: Request, line: BolusEntry) -> bool:
    """Tell whether a refusal for want of a program is logged as the state that it is: logs have no word for it."""
    return request.answer is CommandResult.NO_PROGRAM and line.outcome is CommandResult.WRONG_STATE
