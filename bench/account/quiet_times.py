# SPDX-License-Identifier: Apache-2.0
"""The longest quiet time, where strokes stand apart and show: a shortfall that needs no scale of the balance."""

from collections.abc import Iterator

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.programmed_envelope import faults, programmed_parts
from bench.account.weighed_course import WeighedCourse, arrivals_of, weighed_course
from bench.profile import AnyWindowLimits
from groundfloor.inconclusive import Inconclusive
from metrology.any_window import QuietTime, Span, quiet_time, strokes_show, strokes_stand_apart
from metrology.latency import Bracket, latency
from metrology.verdict import Measurement

NAME = "longest time without a stroke"
_SECONDS_PER_HOUR = 3600.0


def examine_quiet_times(record: InfusionRecord) -> Iterator[Finding]:
    """Find the longest time without a stroke at each rate; nothing where strokes run into each other or noise."""
    try:
        course = weighed_course(record)
    except Inconclusive:
        return  # excess and shortfall tell it
    if not strokes_show(record.profile.stroke_volume_ul.value, course.uncertainty.noise_ul):
        return
    arrivals, parts = arrivals_of(record, course), programmed_parts(record)
    for rate_ul_per_h in sorted({rate for _, rate in parts}):
        if not strokes_stand_apart(record.profile.stroke_volume_ul.value, rate_ul_per_h, record.interval_s):
            continue
        spans = (span for span, rate in parts if rate == rate_ul_per_h)
        quiet = [quiet_time(arrivals, one) for span in spans for one in _without_faults(record, course, span)]
        if found := [one for one in quiet if one is not None]:
            longest = max(found, key=lambda one: one.span.duration_s)
            yield Finding(Standing.SHORTFALL, _measured(record, course, longest, rate_ul_per_h))


def _measured(record: InfusionRecord, course: WeighedCourse, longest: QuietTime, rate_ul_per_h: float) -> Measurement:
    span, late_s = longest.span, course.uncertainty.instant_half_width_s
    # Strokes that hung with a drop, or in the dead band of a display, arrived unseen: somewhere in the quiet time.
    unseen_s = min(span.duration_s, course.hanging_drop_ul / rate_ul_per_h * _SECONDS_PER_HOUR)
    more_s = longest.at_most_s - span.duration_s + 2 * late_s + record.profile.catheter.time_constant_s
    began = Bracket(span.from_s - more_s / 2, span.from_s + late_s + unseen_s / 2)
    ended = Bracket(span.to_s - late_s - unseen_s / 2, span.to_s + more_s / 2)
    limits = AnyWindowLimits(record.profile).quiet_time_s(rate_ul_per_h)
    name = f"{NAME} at {rate_ul_per_h:g} µL/h, from {span.from_s:.0f} s to {span.to_s:.0f} s"
    return Measurement(name, latency(began, ended), limits, course.qualifiers, measurand=NAME)


def _without_faults(record: InfusionRecord, course: WeighedCourse, span: Span) -> Iterator[Span]:
    """Yield what is left of a stretch beside faults, and cut where the curve is."""
    cuts = [*faults(record), *(Span(float(course.times_s[at]), float(course.times_s[at])) for at in course.breaks)]
    begin_s = span.from_s
    for cut in sorted(cuts, key=lambda one: one.from_s):
        if cut.from_s > begin_s:
            yield Span(begin_s, min(cut.from_s, span.to_s))
        begin_s = max(begin_s, cut.to_s)
    if begin_s < span.to_s:
        yield Span(begin_s, span.to_s)
