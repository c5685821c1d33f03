# SPDX-License-Identifier: Apache-2.0
"""Is the rate that the pump tells the scheduled one?"""

from collections.abc import Iterator

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.register_check import RegisterCheck
from bench.account.sample_table import Column, Truths

RELATIVE = 1e-3
ABSOLUTE_UL_PER_H = 1e-3
"""A rate comes as a 32-bit number, and a pump may round what it was told; a rate that is off shows far more."""


def examine_active_rate(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether every sample's active rate is the scheduled one, boluses included."""
    check, samples = RegisterCheck(record, Standing.ACTIVE_RATE), record.samples
    if len(samples):
        course = ExpectedCourse(record)
        clock_s, shown = samples.device_clock_s, samples.rate_ul_per_h
        expected = course.total_ul_per_h(clock_s)
        wrong = ~_same(shown, expected)
        for place in np.flatnonzero(wrong & course.near_a_change(clock_s)):
            right = course.rates_ul_per_h(float(clock_s[place]))
            wrong[place] = not any(_same(shown[place], one) for one in right)
        check.samples(
            wrong, lambda place: f"it tells {shown[place]:g} µL/h where {expected[place]:g} µL/h are scheduled"
        )
    yield check.finding(f"it was right in all {len(samples)} samples")


def _same(shown: Column | float, expected: Column | float) -> Truths:
    same: Truths = np.isclose(shown, expected, rtol=RELATIVE, atol=ABSOLUTE_UL_PER_H)
    return same
