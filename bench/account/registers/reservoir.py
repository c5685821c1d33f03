# SPDX-License-Identifier: Apache-2.0
"""Does the reservoir that the pump computes fall by what it counts, and does its alarm stand at its volume?"""

from collections.abc import Iterator

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.low_alarm import check_low_alarm
from bench.account.registers.register_check import RegisterCheck
from instruments.pump import Alarm, Command

DIGIT_UL = 0.002
"""Both registers count thousandths."""


def examine_reservoir(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether the reservoir falls by what is counted, and its alarm stands from its volume down."""
    check, samples, profile = RegisterCheck(record, Standing.RESERVOIR), record.samples, record.profile
    if len(samples):
        level_ul = profile.low_reservoir_alarm_ul.value
        _falls_as_counted(record, check)
        most_ul, shown_ul = profile.reservoir_ul.value, samples.reservoir_ul
        told = f"it shows {{:.3f}} µL, a full reservoir holds {most_ul:g} µL"
        check.samples(shown_ul > most_ul + DIGIT_UL, lambda place: told.format(shown_ul[place]))
        check_low_alarm(record, ExpectedCourse(record), check, Alarm.LOW_RESERVOIR, shown_ul, level_ul)
    yield check.finding(f"it fell by what was counted, in all {len(samples)} samples")


def _falls_as_counted(record: InfusionRecord, check: RegisterCheck) -> None:
    """Hold what was counted and what is left, together, against their sum at the beginning and after each refill."""
    samples = record.samples
    filled_s = [one.answered_s for one in record.commands if one.command is Command.REFILL_DONE and one.accepted]
    parts = np.searchsorted(np.array(sorted(filled_s)), samples.at_s, side="right")
    firsts = np.searchsorted(parts, parts)  # the first sample since the last refill
    counted_ul = samples.counter_ul - samples.counter_ul[firsts]
    fallen_ul = samples.reservoir_ul[firsts] - samples.reservoir_ul
    apart_ul = counted_ul - fallen_ul
    stroke_ul = record.profile.stroke_volume_ul.value + DIGIT_UL
    empty = samples.reservoir_ul <= 0  # it stays at zero, whatever is counted then
    wrong = (apart_ul < -stroke_ul) | (~empty & (apart_ul > stroke_ul))
    told = "it fell by {:.3f} µL while {:.3f} µL were counted"
    check.samples(wrong, lambda place: told.format(fallen_ul[place], counted_ul[place]))
