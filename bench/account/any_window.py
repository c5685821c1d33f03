# SPDX-License-Identifier: Apache-2.0
"""Excess and shortfall in any window of any length, weighed against programmed.

The whole infusion is held against what the profile allows at its greatest rate, and all stretches at one slower rate
together against what it allows at that. A bolus may come on top: it is in the curves, and its rate in no limit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.outlet_moves import outlet_at_rest_kpa
from bench.account.programmed_envelope import faults, greatest_programmed_ul_per_h, programmed_parts
from bench.account.quiet_times import examine_quiet_times
from bench.account.sample_table import Column
from bench.account.weighed_course import WeighedCourse, weighed_course
from bench.profile import AnyWindowLimits
from groundfloor.inconclusive import Inconclusive
from metrology.any_window import Span, VolumeCurve, extreme, hidden, maximal_windows
from metrology.verdict import Limits, Measurement, WorstOfMany, undecided

READINGS_BESIDE = 3
"""Readings kept to either side of what is due."""
GAP_INTERVALS = 1.5
"""Readings further apart than so many planned intervals hide windows that the gate has not allowed for."""


@dataclass(frozen=True)
class _Levels:
    """What has to rise for a window to be bad, and what may have come or been missing unseen between two readings."""

    least_ul: Column
    greatest_ul: Column
    unseen_ul: Column


@dataclass(frozen=True)
class _Side:
    """One of the two questions."""

    standing: Standing
    name: str
    readings: Callable[[InfusionRecord, WeighedCourse], WeighedCourse]
    levels: Callable[[InfusionRecord, WeighedCourse], _Levels]
    limits: Callable[[AnyWindowLimits, float], Limits]
    unseen: str


def examine_excess(record: InfusionRecord) -> Iterator[Finding]:
    """Find the window of any length in which most came beyond programmed and accuracy."""
    return _examine(record, _EXCESS)


def examine_shortfall(record: InfusionRecord) -> Iterator[Finding]:
    """Find the window of any length in which most was missing of programmed less accuracy, and the longest silence."""
    yield from _examine(record, _SHORTFALL)
    yield from examine_quiet_times(record)


def _examine(record: InfusionRecord, side: _Side) -> Iterator[Finding]:
    greatest_ul_per_h = greatest_programmed_ul_per_h(record, boluses=False)
    if greatest_ul_per_h <= 0:
        yield Finding(side.standing, undecided(side.name, "nothing was programmed"))
        return
    try:
        course = side.readings(record, weighed_course(record))
    except Inconclusive as odd:
        yield Finding(side.standing, undecided(side.name, str(odd)))
        return
    yield _finding(record, side, course, greatest_ul_per_h, side.name)
    parts = programmed_parts(record)
    for rate_ul_per_h in sorted({rate for _, rate in parts if rate < greatest_ul_per_h}):
        spans = [span for span, rate in parts if rate == rate_ul_per_h]
        some = _within(course, spans)
        if some is not None:
            yield _finding(record, side, some, rate_ul_per_h, f"{side.name} at {rate_ul_per_h:g} µL/h")


def _finding(record: InfusionRecord, side: _Side, course: WeighedCourse, rate_ul_per_h: float, name: str) -> Finding:
    levels = side.levels(record, course)
    found = extreme(course.times_s, levels.least_ul, levels.greatest_ul, course.growth_ul, course.breaks)
    if found is None:
        return Finding(side.standing, undecided(name, f"{len(course.times_s)} readings make no window"))
    limits = side.limits(AnyWindowLimits(record.profile), rate_ul_per_h)
    quantity = course.uncertainty.one(found.window.rise_ul)
    outlet_kpa = outlet_at_rest_kpa(record)
    moved_kpa = float(np.ptp(outlet_kpa)) if len(outlet_kpa) else 0.0
    outlet_ul = record.profile.catheter.compliance_max_ul_per_kpa.value * moved_kpa
    bounds = course.uncertainty.bounds(len(course.times_s), outlet_ul)
    worst = WorstOfMany(found.at_least_ul, found.at_most_ul, bounds)
    most_ul = (limits.upper or 0.0) - quantity.expanded_uncertainty()
    qualifiers = course.qualifiers + tuple(_hidden(record, side, course, levels, most_ul))
    title = f"{name}, {_account(course, levels, found.window.span, found.window.rise_ul, rate_ul_per_h, limits)}"
    measured = Measurement(title, quantity, limits, qualifiers, measurand=side.name, worst_of_many=worst)
    return Finding(side.standing, measured)


def _account(
    course: WeighedCourse, levels: _Levels, span: Span, rise_ul: float, rate_ul_per_h: float, limits: Limits
) -> str:
    """Return the worst window for a person, and how many more there are over the limit."""
    minutes = rise_ul / rate_ul_per_h * 60
    told = f"worst {span.duration_s:.0f} s from {span.from_s:.0f} s on, {minutes:.3g} min of the rate"
    events = maximal_windows(course.times_s, levels.greatest_ul, limits.upper or 0.0, course.breaks)
    return told if len(events) < 2 else f"{told}, one of {len(events)} such windows"


def _hidden(
    record: InfusionRecord, side: _Side, course: WeighedCourse, levels: _Levels, most_ul: float
) -> Iterator[str]:
    breaks = sorted({*course.breaks, *_unread(record, course.times_s)})
    gap = hidden(course.times_s, levels.unseen_ul, GAP_INTERVALS * record.interval_s, breaks)
    if gap is not None and gap.volume_ul > most_ul:
        between = f"between the readings at {gap.span.from_s:.0f} s and {gap.span.to_s:.0f} s"
        yield f"{gap.volume_ul:.3g} µL {side.unseen} {between}, unseen when"


def _unread(record: InfusionRecord, times_s: Column) -> Iterator[int]:
    """Return the readings before which the plan had nobody read: what came when in there is not asked."""
    for from_s, until_s in record.unread:
        begins_s, ends_s = np.maximum(times_s[:-1], from_s), np.minimum(times_s[1:], until_s)
        yield from (np.flatnonzero(begins_s < ends_s) + 1).tolist()


def _within(course: WeighedCourse, spans: list[Span]) -> WeighedCourse | None:
    """Return the readings of some stretches, each a curve of its own; None where they hold none."""
    number = np.zeros(len(course.times_s), dtype=np.int64)
    for place, span in enumerate(spans, 1):
        number[(course.times_s >= span.from_s) & (course.times_s <= span.to_s)] = place
    edges = np.flatnonzero(np.diff(number) != 0) + 1
    cut = replace(course, breaks=tuple(sorted({*course.breaks, *edges.tolist()})))
    return cut.only(number > 0) if (number > 0).any() else None


def _of_excess(record: InfusionRecord, course: WeighedCourse) -> _Levels:
    allowed_ul = (1 + AnyWindowLimits(record.profile).accuracy) * course.allowed_ul
    stored_ul = VolumeCurve(np.empty(0), np.empty(0), course.envelope.greatest.lumps).at(course.times_s)
    return _Levels(course.least_ul - allowed_ul, course.greatest_ul - allowed_ul, course.greatest_ul - stored_ul)


def _of_shortfall(record: InfusionRecord, course: WeighedCourse) -> _Levels:
    """Return the level of the shortfall; a jump that was none of the pump's hides as much of it."""
    due_ul = (1 - AnyWindowLimits(record.profile).accuracy) * course.due_ul
    return _Levels(due_ul - course.most_ul, due_ul - course.least_ul, due_ul)


def _all_of_it(_: InfusionRecord, course: WeighedCourse) -> WeighedCourse:
    return course


def _while_due(record: InfusionRecord, course: WeighedCourse) -> WeighedCourse:
    """Return the readings while something is due, with three before and after to confirm the ends of windows.

    Nothing can be missing of nothing: all that a fault or a pause would add to a window is what grows with time. And no
    window reaches into a fault, for a catheter that is put back on draws in what it lost.
    """
    growing = np.concatenate(([False], np.diff(course.due_ul) > 0, [False]))
    beside = np.convolve(growing, np.ones(2 * READINGS_BESIDE), mode="full")
    kept = beside[READINGS_BESIDE:][: len(course.times_s)] > 0
    ends = np.searchsorted(course.times_s, [at_s for one in faults(record) for at_s in (one.from_s, one.to_s)])
    return replace(course, breaks=tuple(sorted({*course.breaks, *ends.tolist()}))).only(kept)


_EXCESS = _Side(Standing.EXCESS, "excess in any window", _all_of_it, _of_excess, AnyWindowLimits.excess_ul, "came")
_SHORTFALL = _Side(
    Standing.SHORTFALL,
    "shortfall in any window",
    _while_due,
    _of_shortfall,
    AnyWindowLimits.shortfall_ul,
    "were due",
)
