# SPDX-License-Identifier: Apache-2.0
"""Is the state that the pump tells the one that commands and alarms put it into?"""

from collections.abc import Iterator

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.register_check import RegisterCheck
from bench.account.sample_table import STATES, Truths
from instruments.pump import PumpState


def examine_state(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether every sample's state follows from commands, boluses and alarms."""
    check, samples = RegisterCheck(record, Standing.STATE), record.samples
    if len(samples):
        course = ExpectedCourse(record)
        check.samples(wrong_states(record, course), lambda place: _told(record, course, place))
    yield check.finding(f"it was right in all {len(samples)} samples")


def wrong_states(record: InfusionRecord, course: ExpectedCourse) -> Truths:
    """Tell of each sample whether its state does not follow from commands, boluses and alarms."""
    samples = record.samples
    clock_s = samples.device_clock_s
    wrong = np.zeros(len(samples), dtype=np.bool_)
    near = course.near_a_change(clock_s)
    known: dict[tuple[float, float], bool] = {}
    for place, (part, state) in enumerate(zip(course.part(clock_s), samples.state, strict=True)):
        key = (float(part), float(state))
        if near[place]:
            wrong[place] = not course.state_is_right(float(clock_s[place]), _state(state))
        else:
            if key not in known:
                known[key] = _state(state) in course.states(float(clock_s[place]))
            wrong[place] = not known[key]
    return wrong


def _told(record: InfusionRecord, course: ExpectedCourse, place: int) -> str:
    expected = " or ".join(sorted(course.states(float(record.samples.device_clock_s[place]))))
    return f"it tells {_state(record.samples.state[place])} where it should be {expected}"


def _state(code: float) -> PumpState:
    return STATES[int(code)]
