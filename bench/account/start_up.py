# SPDX-License-Identifier: Apache-2.0
"""Start-up: how soon the first of the delivery arrives after each start, and what comes in its first two hours.

The two hours are one window that was named beforehand, and so judged more sharply than the worst of all windows. Where
strokes stand apart their pace is sharper still, once the whole infusion has told what a stroke is worth.
"""

from collections.abc import Iterator

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.programmed_envelope import faults, programmed_parts, scheduled_boluses
from bench.account.pump_runs import PumpRun, pump_runs
from bench.account.weighed_course import WeighedCourse, arrivals_of, weighed_course
from bench.profile import AnyWindowLimits
from groundfloor.inconclusive import Inconclusive
from metrology.any_window import Span, first_arrival, pace, stroke_size, strokes_show, strokes_stand_apart
from metrology.latency import latency
from metrology.uncertainty import Influence, Quantity, quantity_from
from metrology.verdict import Limits, Measurement, Verdict, judge, undecided

START_UP_S = 7200.0
STROKES = 1.5
"""A volume between two readings may hold so many strokes more or less than was programmed."""
STROKE_KNOWN_TO = 0.06
"""As a share; an infusion of twelve hours or more tells so much at the slowest rate."""
LEVEL_BEFORE_S = 600.0
"""So long before a start readings tell the level that it began from."""
ARRIVED = 0.4
"""Of a stroke: more of it is an arrival."""
NOISES = 8.0
FIRST_ARRIVAL, FIRST_HOURS, PACE = "first arrival after a start", "first two hours", "pace of the first two hours"


def examine_start_up(record: InfusionRecord) -> Iterator[Finding]:
    """Find when the first of the delivery arrived after each start, and how much came in the first two hours."""
    try:
        course = weighed_course(record)
    except Inconclusive as odd:
        yield Finding(Standing.START_UP, undecided(FIRST_ARRIVAL, str(odd)))
        return
    found = [
        Finding(Standing.START_UP, one)
        for run in pump_runs(record)
        if run.rate_ul_per_h > 0 and (before := _before(course, run)) is not None
        for one in _of_run(record, course, run, before)
    ]
    if not found:
        found = [Finding(Standing.START_UP, undecided(FIRST_ARRIVAL, "no start was followed long enough"))]
    yield from found


def _before(course: WeighedCourse, run: PumpRun) -> Span | None:
    """Return the stretch whose readings tell the level before a start; None where there is none without a break."""
    first_s = max(run.quiet_from_s, run.started.after_s - LEVEL_BEFORE_S)
    readings = course.times_s[(course.times_s >= first_s) & (course.times_s <= run.started.after_s)]
    broken_s = [float(course.times_s[at]) for at in course.breaks if course.times_s[at] <= run.started.before_s]
    first_s = max([first_s, *broken_s])
    return Span(first_s, run.started.after_s) if np.any(readings >= first_s) else None


def _of_run(record: InfusionRecord, course: WeighedCourse, run: PumpRun, before: Span) -> Iterator[Measurement]:
    arrival = _first_arrival(record, course, run, before)
    if arrival is not None:
        yield arrival
    hours = _first_hours(record, course, run, before)
    if hours is not None:
        yield hours


def _first_arrival(record: InfusionRecord, course: WeighedCourse, run: PumpRun, before: Span) -> Measurement | None:
    stroke_ul, noise_ul = record.profile.stroke_volume_ul.value, course.uncertainty.noise_ul
    least_ul = max(ARRIVED * stroke_ul, NOISES * noise_ul)
    held_ul = least_ul - ARRIVED * stroke_ul + course.hanging_drop_ul  # what hangs at the outlet does not show
    limits = AnyWindowLimits(record.profile).first_arrival_s(run.rate_ul_per_h, held_ul)
    unbroken_to_s = _unbroken_to_s(course, run)
    within = Span(before.from_s, unbroken_to_s)
    onset = first_arrival(course.times_s, course.greatest_ul, run.started.before_s, within, least_ul)
    name = f"{FIRST_ARRIVAL} at {run.started.before_s:.0f} s"
    if onset is None:
        watched_s = float(course.times_s[course.times_s <= unbroken_to_s][-1]) - run.started.before_s
        if watched_s <= (limits.upper or np.inf):  # where nobody looked, nothing can be said to be missing
            return None
        quantity = Quantity(watched_s, "s", 0.0)
        return Measurement(f"{name}, none came", quantity, limits, course.qualifiers, measurand=FIRST_ARRIVAL)
    took = latency(run.started, onset, course.uncertainty.instant_half_width_s)
    return Measurement(name, took, limits, course.qualifiers, measurand=FIRST_ARRIVAL)


def _unbroken_to_s(course: WeighedCourse, run: PumpRun) -> float:
    """Return until when what came since a start shows: behind a fall of the display the level of before is no level."""
    broken = [int(at) for at in course.breaks if run.started.before_s < course.times_s[at] <= run.undisturbed_to_s]
    return float(course.times_s[broken[0] - 1]) if broken else run.undisturbed_to_s


def _first_hours(record: InfusionRecord, course: WeighedCourse, run: PumpRun, before: Span) -> Measurement | None:
    """Return the volume, or the pace where that tells more: a volume that fails stands, an undecided pace does not."""
    to_s = min(run.started.before_s + START_UP_S, run.undisturbed_to_s)
    if any(run.started.before_s < course.times_s[at] <= to_s for at in course.breaks):
        return None
    rule = record.profile.decision_rule
    volume = _volume(record, course, run, before, to_s)
    if volume is None or judge(volume, rule).verdict is Verdict.FAIL:
        return volume
    found = _pace(record, course, run, to_s)
    return volume if found is None or judge(found, rule).verdict is Verdict.INCONCLUSIVE else found


def _volume(
    record: InfusionRecord, course: WeighedCourse, run: PumpRun, before: Span, to_s: float
) -> Measurement | None:
    times_s, profile = course.times_s, record.profile
    level = (times_s >= before.from_s) & (times_s <= before.to_s)
    last = int(np.searchsorted(times_s, to_s, side="right")) - 1
    if times_s[last] <= run.started.before_s:
        return None
    began = int(np.flatnonzero(level)[-1])
    span = Span(float(times_s[began]), float(times_s[last]))
    came_ul = float(course.greatest_ul[last] - course.greatest_ul[level].mean())
    accuracy, strokes_ul = AnyWindowLimits(profile).accuracy, STROKES * profile.stroke_volume_ul.value
    allowed_ul = float(course.allowed_ul[last] - course.allowed_ul[began])
    due_ul = float(course.due_ul[last] - course.due_ul[began])
    late_ul = profile.start_up_s.value * run.rate_ul_per_h / 3600
    limits = Limits(
        (1 - accuracy) * due_ul - strokes_ul - late_ul,
        (1 + accuracy) * allowed_ul + strokes_ul,
        "µL",
        f"profile {profile.name}: accuracy, {STROKES:g} strokes, start_up_s",
    )
    open_ul = course.open_in_ul(span)
    quantity = course.uncertainty.one(came_ul - open_ul / 2, course.growth_between_ul(span) + open_ul)
    name = f"{FIRST_HOURS} after the start at {run.started.before_s:.0f} s"
    return Measurement(name, quantity, limits, course.qualifiers, measurand=FIRST_HOURS)


def _pace(record: InfusionRecord, course: WeighedCourse, run: PumpRun, to_s: float) -> Measurement | None:
    """Return the pace of strokes in the first two hours; None where they do not tell it well enough."""
    profile, rate_ul_per_h = record.profile, run.rate_ul_per_h
    stroke_ul = profile.stroke_volume_ul.value
    steady = {rate for _, rate in programmed_parts(record)} == {rate_ul_per_h} and not scheduled_boluses(record)
    apart = strokes_stand_apart(stroke_ul, rate_ul_per_h, record.interval_s)
    spoilt = bool(faults(record)) or bool(course.breaks) or bool(course.jumps)
    if not (steady and apart and strokes_show(stroke_ul, course.uncertainty.noise_ul)) or spoilt:
        return None
    arrivals = arrivals_of(record, course)
    whole = Span(float(course.times_s[0]), float(course.times_s[-1]))
    known_ul = course.uncertainty.one(0.0).expanded_uncertainty() + course.growth_between_ul(whole)
    size = stroke_size(arrivals, course.greatest_ul, known_ul)
    if size is None or size.known_to > STROKE_KNOWN_TO:
        return None
    within = Span(run.started.before_s, to_s)
    found = pace(arrivals, size, within, course.uncertainty.instant_half_width_s)
    if found is None or not np.isfinite(found.greatest_ul_per_h):
        return None
    middle = (found.least_ul_per_h + found.greatest_ul_per_h) / 2
    spread = Influence.type_b("pace", middle, "µL/h", (found.greatest_ul_per_h - middle) / 3**0.5)
    accuracy = AnyWindowLimits(profile).accuracy
    limits = Limits(
        (1 - accuracy) * rate_ul_per_h, (1 + accuracy) * rate_ul_per_h, "µL/h", f"profile {profile.name}: accuracy"
    )
    name = f"{PACE} after the start at {run.started.before_s:.0f} s, {found.strokes} strokes"
    return Measurement(name, quantity_from(spread.number, "µL/h", [spread]), limits, course.qualifiers, measurand=PACE)
