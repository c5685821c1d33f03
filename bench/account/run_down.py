# SPDX-License-Identifier: Apache-2.0
"""Run-down: what comes after each stop, and whether anything comes late.

The last reading before a stop is up to an interval old. What flowed until then is taken from how fast it flowed in the
hour before, not from the program.
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
from groundfloor.time_text import time_text
from metrology.any_window import Span, strokes_show
from metrology.verdict import Judgement, Measurement, forbidden, undecided

RUN_DOWN_S = 1200.0
"""What comes later than this is judged as an excess."""
PACE_FROM_S = 3600.0
VOLUME, LATE = "volume after a stop", "arrival after a stop"


def examine_run_down(record: InfusionRecord) -> Iterator[Finding]:
    """Find what came after each stop, and whether anything came after the run-down."""
    try:
        course = weighed_course(record)
    except Inconclusive as odd:
        yield Finding(Standing.RUN_DOWN, undecided(VOLUME, str(odd)))
        return
    limits = AnyWindowLimits(record.profile)
    found = [
        Finding(Standing.RUN_DOWN, one)
        for run in pump_runs(record)
        if run.stopped is not None
        for one in _of_stop(record, course, run, limits)
    ]
    if not found:
        found = [Finding(Standing.RUN_DOWN, undecided(VOLUME, "no stop was followed long enough"))]
    yield from found


def _of_stop(
    record: InfusionRecord, course: WeighedCourse, run: PumpRun, limits: AnyWindowLimits
) -> Iterator[Measurement | Judgement]:
    assert run.stopped is not None
    times_s, stopped_s = course.times_s, run.stopped.before_s
    first = int(np.searchsorted(times_s, run.stopped.after_s, side="right")) - 1
    last = int(np.searchsorted(times_s, min(stopped_s + RUN_DOWN_S, run.quiet_to_s), side="right")) - 1
    broken = any(first < at <= last for at in course.breaks)
    if first < 0 or broken or times_s[last] < stopped_s + limits.run_down_s:
        return
    span = Span(float(times_s[first]), float(times_s[last]))
    open_ul = course.open_in_ul(span)
    came_ul = float(course.greatest_ul[last] - course.greatest_ul[first])
    before_ul, before_half_width_ul = _until_the_stop(record, course, run, first)
    off_ul = course.growth_between_ul(span) + before_half_width_ul + open_ul
    quantity = course.uncertainty.one(came_ul - before_ul - open_ul / 2, off_ul)
    at, followed = f"at {stopped_s:.0f} s", time_text(span.to_s - stopped_s)
    upper = limits.run_down_ul(run.last_rate_ul_per_h)
    name = f"{VOLUME} {at}, in {followed}"
    yield Measurement(name, quantity, upper, course.qualifiers, measurand=VOLUME)
    if strokes_show(record.profile.stroke_volume_ul.value, course.uncertainty.noise_ul):
        yield _late(record, course, Span(stopped_s + limits.run_down_s, span.to_s), at)


def _until_the_stop(record: InfusionRecord, course: WeighedCourse, run: PumpRun, first: int) -> tuple[float, float]:
    """Return what flowed from the last reading before a stop to the stop, by the flow before it, and its half width."""
    assert run.stopped is not None
    times_s = course.times_s
    hours = (run.stopped.before_s - float(times_s[first])) / 3600
    programmed, accuracy = run.last_rate_ul_per_h, AnyWindowLimits(record.profile).accuracy
    steady_from_s = [span.from_s for span, _ in programmed_parts(record) if span.from_s <= times_s[first]][-1:]
    bolus_ends_s = [record.samples.bench_s(one.ends_s) + RUN_DOWN_S for one in scheduled_boluses(record)]
    healed_s = [one.to_s for one in faults(record) if one.from_s < times_s[first]]
    from_s = max([float(times_s[first]) - PACE_FROM_S, *steady_from_s, *bolus_ends_s, *healed_s])
    back = max([int(np.searchsorted(times_s, from_s)), *(at for at in course.breaks if at <= first)])
    if back >= first:
        return programmed * hours, accuracy * programmed * hours
    observed_h = float(times_s[first] - times_s[back]) / 3600
    rate = float(course.greatest_ul[first] - course.greatest_ul[back]) / observed_h
    off = course.uncertainty.one(0.0).expanded_uncertainty() / observed_h
    rate = float(np.clip(rate, (1 - accuracy) * programmed, (1 + accuracy) * programmed))
    return rate * hours, min(off, accuracy * programmed) * hours


def _late(record: InfusionRecord, course: WeighedCourse, span: Span, at: str) -> Judgement:
    """Judge whether anything arrived after the run-down."""
    name, came = f"{LATE} {at}", arrivals_of(record, course).any_in(span)
    nobodys = ("a jump that nothing answers for",) if course.open_in_ul(span) else ()
    if came and (doubts := course.qualifiers + nobodys):
        return undecided(name, f"something arrived later than {span.from_s:.0f} s: {'; '.join(doubts)}", LATE)
    reason = f"more than half a stroke arrived later than {span.from_s:.0f} s" if came else "nothing arrived"
    return forbidden(name, came, reason, LATE)
