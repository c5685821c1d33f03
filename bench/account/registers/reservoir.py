# SPDX-License-Identifier: Apache-2.0
"""Does the reservoir that the pump computes fall by what it counts, and does its alarm stand at its volume?"""

from collections.abc import Iterator

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.counter import counter_is_right, scheduled_bounds_ul
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.low_alarm import check_low_alarm
from bench.account.registers.register_check import RegisterCheck
from bench.account.sample_table import Column, Truths
from instruments.pump import Alarm, Command
from instruments.pump_feature import PumpFeature

DIGIT_UL = 0.002
"""Both registers count thousandths."""


def examine_reservoir(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether the reservoir falls by what is counted, and its alarm stands from its volume down."""
    check, samples, profile = RegisterCheck(record, Standing.RESERVOIR), record.samples, record.profile
    if len(samples):
        level_ul = profile.low_reservoir_alarm_ul.value
        _begins_where_it_was(record, check)
        _falls_as_counted(record, check)
        most_ul, shown_ul = profile.reservoir_ul.value, samples.reservoir_ul
        told = f"it shows {{:.3f}} µL, a full reservoir holds {most_ul:g} µL"
        check.samples(shown_ul > most_ul + DIGIT_UL, lambda place: told.format(shown_ul[place]))
        check_low_alarm(record, ExpectedCourse(record), check, Alarm.LOW_RESERVOIR, shown_ul, level_ul)
    yield check.finding(f"it fell by what was counted, in all {len(samples)} samples")


def _begins_where_it_was(record: InfusionRecord, check: RegisterCheck) -> None:
    """Loading a program fills nothing, and takes nothing out: two samples have to show it."""
    shown_ul, before = record.samples.reservoir_ul, record.before
    if before is not None and np.min(np.abs(shown_ul[:2] - before.reservoir_ul)) > DIGIT_UL:
        check.fail(f"it shows {shown_ul[0]:.3f} µL, before the program was loaded {before.reservoir_ul:.3f} µL")


def _falls_as_counted(record: InfusionRecord, check: RegisterCheck) -> None:
    """Hold what is gone against what was counted, since the beginning and since each refill.

    A counter that is wrong itself, or is not there, is no measure; then a reservoir that follows the schedule is right
    as well.
    """
    samples = record.samples
    filled_s = [one.answered_s for one in record.commands if one.command is Command.REFILL_DONE and one.accepted]
    parts = np.searchsorted(np.array(sorted(filled_s)), samples.at_s, side="left")
    at_a_refill = np.isin(samples.at_s, filled_s)  # it may show the volume before it, or that after it
    firsts = np.searchsorted(parts, parts)  # the first sample since the last refill
    fallen_ul = samples.reservoir_ul[firsts] - samples.reservoir_ul
    counted_ul = samples.counter_ul - samples.counter_ul[firsts]
    counts = record.profile.has(PumpFeature.COUNTER)
    wrong = _apart(record, fallen_ul, counted_ul, counted_ul) if counts else np.ones(len(samples), dtype=np.bool_)
    if not counts or (np.any(wrong) and not counter_is_right(record)):
        accuracy = record.profile.accuracy_percent.value / 100
        least_ul, most_ul = scheduled_bounds_ul(record)
        least_ul, most_ul = (1 - accuracy) * (least_ul - least_ul[firsts]), (1 + accuracy) * (most_ul - most_ul[firsts])
        wrong &= _apart(record, fallen_ul, least_ul, most_ul)
    told = "it fell by {:.3f} µL while {:.3f} µL were counted" if counts else "it fell by {:.3f} µL, not as scheduled"
    check.samples(wrong & ~at_a_refill, lambda place: told.format(fallen_ul[place], counted_ul[place]))


def _apart(record: InfusionRecord, fallen_ul: Column, least_ul: Column, most_ul: Column) -> Truths:
    """Tell of each sample whether more or less is gone than two bounds and a stroke allow."""
    slack_ul = record.profile.stroke_volume_ul.value + DIGIT_UL
    empty = record.samples.reservoir_ul <= 0  # it stays at zero, whatever is counted then
    apart: Truths = (fallen_ul > most_ul + slack_ul) | (~empty & (fallen_ul < least_ul - slack_ul))
    return apart
