# SPDX-License-Identifier: Apache-2.0
"""Does the battery fall as slowly as promised, never rise, and does its alarm stand when it is low?"""

import math
from collections.abc import Iterator

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.low_alarm import check_low_alarm
from bench.account.registers.register_check import RegisterCheck
from bench.injectors import SUPPLY
from instruments.pump import Alarm

DIGIT_PERCENT = 0.1
"""The register counts tenths; a value between two of them may show as either."""
ROUNDING = 1e-6
FULL_PERCENT = 100.0
SECONDS_PER_DAY = 86400.0


def examine_battery(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether the battery falls no faster than promised in any window, never rises, and its alarm stands."""
    check, samples, promised = RegisterCheck(record, Standing.BATTERY), record.samples, record.profile.battery
    if len(samples):
        shown, clock_s = samples.battery_percent, samples.device_clock_s
        course, level = ExpectedCourse(record), promised.low_percent.value
        lowest = np.minimum.accumulate(shown)
        own = samples.at_s < _supplied_from_s(record)
        rose = (shown > lowest + DIGIT_PERCENT + ROUNDING) & own
        check.samples(rose, lambda place: f"it shows {shown[place]:g} % after {lowest[place]:g} %")
        most = promised.fall_max_percent_per_day.value
        passed_s = np.maximum(clock_s - clock_s[0], samples.at_s - samples.at_s[0])  # the longer: one may stand
        before = record.before.battery_percent if record.before is not None else None
        if before is not None and np.min(np.abs(shown[:2] - before)) > 2 * DIGIT_PERCENT + ROUNDING:
            check.fail(f"it shows {shown[0]:g} %, before its program was loaded {before:g} %")
        level_line = shown + most * passed_s / SECONDS_PER_DAY
        highest = np.maximum.accumulate(level_line)
        fell = (highest - level_line > 2 * DIGIT_PERCENT + ROUNDING) & own
        check.samples(fell, lambda place: f"it has fallen to {shown[place]:g} %, faster than {most:g} % per day")
        runs = course.total_ul_per_h(clock_s) > 0
        empty = (shown <= 0) & own & runs & ~course.near_a_change(clock_s)
        check.samples(empty, lambda place: f"it shows {shown[place]:g} % in a pump that runs")
        check.samples(shown > FULL_PERCENT + ROUNDING, lambda place: f"it shows {shown[place]:g} %")
        if np.all(own):  # what the rig's supply makes of it is for whoever asked for that to judge
            check_low_alarm(record, course, check, Alarm.LOW_BATTERY, shown, level)
    yield check.finding(f"it was right in all {len(samples)} samples")


def _supplied_from_s(record: InfusionRecord) -> float:
    """Return from when on the rig supplied the pump, in bench time; infinite where it did not."""
    return min((one.sent_s for one in record.injections if one.what == SUPPLY), default=math.inf)
