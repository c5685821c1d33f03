# SPDX-License-Identifier: Apache-2.0
"""Does the pump's own counter follow the schedule?

Three questions, one pass each: does it ever go back, does it stand while nothing is scheduled, and is there any window
of any length in which it counts more, or less, than scheduled by more than the accuracy and one stroke? A fault of the
catheter excuses nothing: the pump cannot know what becomes of its strokes, and its schedule goes on until an alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.register_check import RegisterCheck
from bench.account.registers.volume_bounds import least_ul, most_ul
from bench.account.sample_table import Column, Truths
from bench.injectors import SUPPLY
from metrology.verdict import Judgement, Verdict, worst

DIGIT_UL = 0.002
"""The register counts thousandths; two of its readings are rounded."""
ROTOR_TURNS_IN = ("kink", "disconnect", "leak", SUPPLY)
"""What a rotor turns on in, or stands in as scheduled; of any other fault only the upper limit is promised."""


@dataclass(frozen=True)
class WorstWindow:
    """The window in which a curve rises most: from the sample `first` to the sample `last`."""

    rise_ul: float
    first: int
    last: int


def examine_counter(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether the counter never goes back, stands while nothing is scheduled, and follows the schedule."""
    check = RegisterCheck(record, Standing.COUNTER)
    if len(record.samples) > 1:
        _begins_where_it_was(record, check)
        _never_goes_back(record, check)
        course = ExpectedCourse(record)
        _stands(record, course, check)
        _follows(record, course, check)
    yield check.finding(f"it was right in all {len(record.samples)} samples, and in every window of them")


def counter_is_right(record: InfusionRecord) -> bool:
    """Tell whether the counter can be a measure of other registers."""
    verdicts = [one.found.verdict for one in examine_counter(record) if isinstance(one.found, Judgement)]
    return worst(verdicts) is Verdict.PASS


def scheduled_bounds_ul(record: InfusionRecord) -> tuple[Column, Column]:
    """Return the least and the most that can have been asked for up to each sample, from before the first."""
    course, clock_s, unsure_ul = ExpectedCourse(record), record.samples.device_clock_s, _unsure_ul(record)
    least = least_ul([*course.segments(), *_excused(record)], clock_s) - unsure_ul
    return least, most_ul(course.segments(), clock_s) + unsure_ul


def _begins_where_it_was(record: InfusionRecord, check: RegisterCheck) -> None:
    """Loading a program counts nothing, and takes nothing back: two samples have to show it."""
    counter_ul, before = record.samples.counter_ul, record.before
    if before is not None and np.min(np.abs(counter_ul[:2] - before.counter_ul)) > DIGIT_UL:
        check.fail(f"it shows {counter_ul[0]:.3f} µL, before its program was loaded {before.counter_ul:.3f} µL")


def _never_goes_back(record: InfusionRecord, check: RegisterCheck) -> None:
    counter_ul = record.samples.counter_ul
    highest_ul = np.maximum.accumulate(counter_ul)
    told = "it shows {:.3f} µL after {:.3f} µL"
    check.samples(counter_ul < highest_ul - DIGIT_UL, lambda place: told.format(counter_ul[place], highest_ul[place]))


def _stands(record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck) -> None:
    """Look at each stretch without a schedule: the first sample in it is what it must stay at."""
    counter_ul, clock_s = record.samples.counter_ul, record.samples.device_clock_s
    moved: Truths = np.zeros(len(counter_ul), dtype=np.bool_)
    at_first_ul: Column = counter_ul.copy()
    for from_s, to_s in course.standing_spans_s():
        places = np.flatnonzero((clock_s >= from_s) & (clock_s <= to_s))
        if len(places):
            at_first_ul[places] = counter_ul[places[0]]
            moved[places] = np.abs(counter_ul[places] - counter_ul[places[0]]) > DIGIT_UL
    told = "it counts from {:.3f} µL to {:.3f} µL while nothing is scheduled"
    check.samples(moved, lambda place: told.format(at_first_ul[place], counter_ul[place]))


def _follows(record: InfusionRecord, course: ExpectedCourse, check: RegisterCheck) -> None:
    samples, profile = record.samples, record.profile
    counter_ul = samples.counter_ul
    accuracy, stroke_ul = profile.accuracy_percent.value / 100, profile.stroke_volume_ul.value
    least, most = scheduled_bounds_ul(record)
    for words, sign, allowed in (("more", 1.0, (1 + accuracy) * most), ("less", -1.0, (1 - accuracy) * least)):
        found = worst_window(sign * (counter_ul - allowed))
        if found.rise_ul > stroke_ul + DIGIT_UL:
            check.fail(_window(record, course, found, words))


def worst_window(curve: Column) -> WorstWindow:
    """Return the window in which a curve rises most; each of its ends is confirmed by the sample outside it.

    So one reading alone makes no window, and the last sample ends none. One pass, whatever the number of windows.
    """
    lows = np.maximum(curve, np.concatenate((curve[:1], curve[:-1])))
    highs = np.minimum(curve, np.concatenate((curve[1:], [-np.inf])))
    lowest = np.minimum.accumulate(lows)
    rises = highs[1:] - lowest[:-1]
    last = int(np.argmax(rises)) + 1
    first = int(np.argmin(lows[:last]))
    return WorstWindow(float(rises[last - 1]), first, last)


def _unsure_ul(record: InfusionRecord) -> Column:
    """Return how much of the schedule is unsure up to each sample, because of interruptions of the run."""
    at_s = record.samples.at_s
    unsure = np.zeros(len(at_s))
    for interrupted_s, half_width_ul in record.interruptions:
        unsure[at_s > interrupted_s] += half_width_ul
    return unsure


def _excused(record: InfusionRecord) -> list[tuple[float, float, float]]:
    """Return the stretches in which a pump may count nothing, as a rate of zero: a field holds the rotor."""
    back_s = record.profile.rotor_back_s
    samples, stretches = record.samples, []
    for one in record.injections:
        if one.what not in ROTOR_TURNS_IN:
            end_s = float(samples.at_s[-1]) if one.released_s is None else one.released_s
            stretches.append((samples.device_s(one.sent_s), samples.device_s(end_s) + back_s, 0.0))
    return stretches


def _window(record: InfusionRecord, course: ExpectedCourse, found: WorstWindow, words: str) -> str:
    samples, first, last = record.samples, found.first, found.last
    from_s, to_s = float(samples.device_clock_s[first]), float(samples.device_clock_s[last])
    counted_ul = float(samples.counter_ul[last] - samples.counter_ul[first])
    scheduled_ul = course.scheduled_ul(from_s, to_s)
    return (
        f"from {samples.at_s[first]:.0f} s to {samples.at_s[last]:.0f} s it counts {counted_ul:.3f} µL, scheduled are "
        f"{scheduled_ul:.3f} µL: {words} than {record.profile.accuracy_percent.value:g} % and one stroke allow"
    )
