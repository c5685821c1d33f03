# SPDX-License-Identifier: Apache-2.0
"""The delivered volume at each sample, made ready for a search over all windows.

Corrected by the whole chain, at the sample's own instant; knocks taken out; jumps that nothing answers for told apart;
cut where nobody knows what came across. What is left uncertain is here too: the part that grows with time as a curve,
and the rest as the uncertainty of windows between two readings.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np

from bench.account.creep_between_strokes import creep_between_strokes
from bench.account.infusion_record import InfusionRecord
from bench.account.jumps_of_the_pump import open_jumps, while_an_injector_moved
from bench.account.programmed_envelope import (
    faults,
    greatest_programmed_ul_per_h,
    programmed_envelope,
    programmed_parts,
    releases,
)
from bench.account.sample_table import Column, Truths
from bench.sampling import ApartEnough
from groundfloor.inconclusive import Inconclusive
from metrology.any_window import (
    Arrivals,
    Creep,
    Envelope,
    Jump,
    Shaking,
    Span,
    WindowUncertainty,
    crept_down_ul,
    crept_up_ul,
    find_jumps,
    noise_of_falls,
    odd_ul,
    reading_noise,
    strokes_stand_apart,
    take_knocks,
    without,
)
from metrology.gravimetry import Conditions, CorrectedCourse, Repeatability
from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.vessel import AIR_CHANGE_HALF_WIDTH_KG_M3

_Bounds = tuple[tuple[str, float], ...]
LEAST_SAMPLES = 4
"""A window whose ends are confirmed has two readings in it and one at either side."""


@dataclass(frozen=True)
class WeighedCourse:
    """The readings that count, shape (n,) each, and what is known of them.

    Attributes:
        times_s: bench time.
        least_ul: delivered since the first, jumps that nothing answers for left out.
        greatest_ul: the same with them.
        growth_ul: by how much a difference may be off because of what grows with time: the difference of this.
        breaks: indices at which a new curve begins.
        envelope: what may and what must have come.
        uncertainty: of windows between two readings.
        qualifiers: what spoils all of it as evidence, a phrase each.
        jumps: those that nothing answers for.
        hanging_drop_ul: the largest drop that was seen to hang at the outlet and fall; it may hang at either end of a
            window.
        creep: what came or went between strokes that nobody can call the pump's or the display's; it grows with time.
        crept_down_ul: how much may lack because a display that jumped creeps back.
    """

    times_s: Column
    least_ul: Column
    greatest_ul: Column
    growth_ul: Column
    breaks: tuple[int, ...]
    envelope: Envelope
    uncertainty: WindowUncertainty
    qualifiers: tuple[str, ...]
    jumps: tuple[Jump, ...]
    hanging_drop_ul: float = 0.0
    creep: Creep | None = None
    crept_down_ul: Column | None = None

    @property
    def most_ul(self) -> Column:
        """Return the most that may have been delivered: a display that jumped may sink; shape (n,)."""
        return self.greatest_ul if self.crept_down_ul is None else self.greatest_ul + self.crept_down_ul

    @property
    def allowed_ul(self) -> Column:
        """Return what may have been programmed up to each reading; shape (n,)."""
        return self.envelope.greatest.at(self.times_s)

    @property
    def due_ul(self) -> Column:
        """Return what must have been programmed up to each reading; shape (n,)."""
        return self.envelope.least.at(self.times_s)

    def open_in_ul(self, span: Span) -> float:
        """Return what came in a span in jumps that nothing answers for: all of it was the pump's, or nothing."""
        return sum(one.size_ul for one in self.jumps if span.holds(one.span.from_s) and span.holds(one.span.to_s))

    def only(self, kept: Truths) -> Self:
        """Return some of the readings; where others are left out between two of them a new curve begins."""
        places = np.flatnonzero(kept)
        starts = np.searchsorted(places, list(self.breaks))
        gaps = np.flatnonzero(np.diff(places) > 1) + 1
        return replace(
            self,
            times_s=self.times_s[kept],
            least_ul=self.least_ul[kept],
            greatest_ul=self.greatest_ul[kept],
            growth_ul=self.growth_ul[kept],
            crept_down_ul=None if self.crept_down_ul is None else self.crept_down_ul[kept],
            breaks=tuple(sorted({*starts.tolist(), *gaps.tolist()})),
        )

    def growth_between_ul(self, span: Span) -> float:
        """Return by how much a volume over a span may be off because of what grows with time, ±."""
        first, last = np.interp([span.from_s, span.to_s], self.times_s, self.growth_ul)
        return float(last - first)


@lru_cache(maxsize=2)  # several examiners ask for the same one
def weighed_course(record: InfusionRecord) -> WeighedCourse:
    """Return the delivered volume of an infusion at each sample.

    Raises:
        Inconclusive: there are too few readings, no air is known, or the liquid's density at its temperature is not.
    """
    samples, envelope = record.samples, programmed_envelope(record)
    usable = np.isfinite(samples.mass_g) & _air_is_known(record) & _apart_enough(record)
    if int(usable.sum()) < LEAST_SAMPLES:
        seen = f"{int(usable.sum())} readings with their air"
        raise Inconclusive("balance", "follow the delivery", seen, "record longer, or see why readings are missing")
    times_s = samples.at_s[usable]
    rate_ul_per_h = greatest_programmed_ul_per_h(record, boluses=True)
    volumes_ul, growth_ul_per_h, of_the_lab_mg = _corrected(record, usable, rate_ul_per_h)
    falls = noise_of_falls(times_s, volumes_ul)
    uncertainty = _uncertainty(record, usable, falls, rate_ul_per_h, of_the_lab_mg)
    stroke_ul, digit_ul = record.profile.stroke_volume_ul.value, record.weighing.balance.readability_mg
    shaking = Shaking.found(times_s, volumes_ul, uncertainty.noise_ul, digit_ul)
    if int(shaking.still.sum()) < LEAST_SAMPLES:
        raise Inconclusive("balance", "follow the delivery", "its display shook all the time", "see what shakes it")
    times_s, volumes_ul = times_s[shaking.still], volumes_ul[shaking.still]
    taken = take_knocks(times_s, volumes_ul, uncertainty.noise_ul, digit_ul, stroke_ul)
    kept = taken.kept & ~_while_released(record, times_s)
    times_s, volumes_ul = times_s[kept], taken.volumes_ul[kept]
    creep = creep_between_strokes(record, times_s, volumes_ul, uncertainty, growth_ul_per_h)  # what creeps is no noise
    crept_ul = 0.0 if creep is None else creep.at(times_s)
    still = reading_noise(times_s, volumes_ul, _still(record, times_s, volumes_ul))
    uncertainty = replace(uncertainty, noise=falls if still is None else still.or_worse(falls))
    accuracy = record.profile.accuracy_percent.value / 100
    allowed_ul, due_ul = (1 + accuracy) * envelope.greatest.at(times_s), (1 - accuracy) * envelope.least.at(times_s)
    jumps = find_jumps(times_s, volumes_ul, allowed_ul, due_ul, odd_ul(uncertainty.noise_ul, digit_ul, stroke_ul))
    nobodys = open_jumps(record, jumps)
    uncertainty = _with_a_hanging_drop(uncertainty, _hanging_drop_ul(nobodys))
    falls_left = [one for one in taken.falls if not while_an_injector_moved(record, one)]
    shook = tuple(
        f"the display shook between {one.from_s:.0f} s and {one.to_s:.0f} s"
        for one in shaking.spans
        if not while_an_injector_moved(record, one)
    )
    fell = tuple(f"the display fell between {one.from_s:.0f} s and {one.to_s:.0f} s" for one in falls_left)
    ends_s = [one.to_s for one in falls_left] + [float(np.nextafter(at_s, np.inf)) for at_s, _ in record.interruptions]
    return WeighedCourse(
        times_s=times_s,
        least_ul=without(times_s, volumes_ul, nobodys) - crept_up_ul(times_s, volumes_ul, allowed_ul, falls_left),
        greatest_ul=volumes_ul,
        growth_ul=growth_ul_per_h * (times_s - times_s[0]) / 3600 + crept_ul,
        breaks=tuple(sorted(set(np.searchsorted(times_s, ends_s).tolist()))),
        envelope=envelope,
        uncertainty=uncertainty,
        qualifiers=record.qualifiers + shook + fell + tuple(_hung(nobodys)),
        jumps=nobodys,
        hanging_drop_ul=_hanging_drop_ul(nobodys),
        creep=creep,
        crept_down_ul=crept_down_ul(times_s, volumes_ul, due_ul, nobodys),
    )


def _hanging_drop_ul(jumps: tuple[Jump, ...]) -> float:
    return max((jump.size_ul for jump in jumps if jump.makes_up), default=0.0)


def _with_a_hanging_drop(uncertainty: WindowUncertainty, drop_ul: float) -> WindowUncertainty:
    if drop_ul == 0:
        return uncertainty
    hanging = ("drop that hung and fell", drop_ul / uncertainty.ul_per_mg / 2)
    return replace(uncertainty, at_each_end_mg=(*uncertainty.at_each_end_mg, hanging))


def _hung(jumps: tuple[Jump, ...]) -> Iterator[str]:
    """Yield a phrase where drops grew at the outlet and fell: what lacks before each is the rig's, not the pump's."""
    drops = [jump for jump in jumps if jump.makes_up]
    if drops:
        most = max(drops, key=lambda jump: jump.size_ul)
        yield (
            f"{len(drops)} times what lacked came at once, up to {most.size_ul:.3g} µL by {most.span.to_s:.0f} s: "
            "a drop hung at the outlet"
        )


def arrivals_of(record: InfusionRecord, course: WeighedCourse) -> Arrivals:
    """Return the strokes that arrived."""
    return Arrivals.found(course.times_s, course.greatest_ul, record.profile.stroke_volume_ul.value)


def _corrected(record: InfusionRecord, usable: Truths, rate_ul_per_h: float) -> tuple[Column, float, _Bounds]:
    """Return the corrected volume at each usable sample, and by how much a difference may be off.

    That is a figure per hour, and the bounds of the lab's own corrections.
    """
    samples = record.samples
    times_s, masses_mg = samples.at_s[usable].tolist(), (1000 * samples.mass_g[usable]).tolist()
    air = list(_air(record, usable))
    course = CorrectedCourse(record.weighing, times_s[0], masses_mg[0], air[0])
    volumes_ul = [course.volume_ul(*one) for one in zip(times_s, masses_mg, air, strict=True)]
    return np.array(volumes_ul), course.growth_ul_per_h(rate_ul_per_h), course.open_in_corrections_mg


def _air(record: InfusionRecord, usable: Truths) -> Iterator[Conditions]:
    samples = record.samples
    columns = (samples.temperature_c, samples.air_pressure_hpa, samples.humidity_percent)
    for air in zip(*(column[usable].tolist() for column in columns), strict=True):
        yield Conditions(*air)


def _apart_enough(record: InfusionRecord) -> Truths:
    apart = ApartEnough(record.interval_s)
    kept: Truths = np.array([apart.counts(at_s) for at_s in record.samples.at_s.tolist()], dtype=np.bool_)
    return kept


def _air_is_known(record: InfusionRecord) -> Truths:
    samples = record.samples
    columns = (samples.temperature_c, samples.air_pressure_hpa, samples.humidity_percent)
    known: Truths = np.all([np.isfinite(column) for column in columns], axis=0)
    return known


def _uncertainty(
    record: InfusionRecord,
    usable: Truths,
    noise: Repeatability | None,
    rate_ul_per_h: float,
    of_the_lab_mg: _Bounds,
) -> WindowUncertainty:
    setup, samples = record.weighing, record.samples
    vessel, celsius, humidity = setup.vessel, samples.temperature_c[usable], samples.humidity_percent[usable]
    air = zip(celsius.tolist(), samples.air_pressure_hpa[usable].tolist(), humidity.tolist(), strict=True)
    density = [float(air_density_kg_m3(*one)) for one in air]
    by_load_mg = vessel.excess_volume_half_width_ml * (max(density) - min(density) + AIR_CHANGE_HALF_WIDTH_KG_M3)
    by_air_mg = math.hypot(by_load_mg, vessel.excess_volume_ml * AIR_CHANGE_HALF_WIDTH_KG_M3)
    by_warmth_mg = 1000 * vessel.gross_g * setup.balance.sensitivity_per_c * float(np.ptp(celsius))
    dry = float(humidity.min()) < vessel.static_below_percent
    at_each_end = {
        "meniscus": vessel.meniscus_mg,
        "pendant drop": vessel.drop_mg / 2,
        "static charge": vessel.static_mg if dry else 0.0,
    }
    between = {"buoyancy of the load": by_air_mg, "sensitivity drift with temperature": by_warmth_mg}
    return WindowUncertainty(
        balance=setup.balance,
        noise=noise,
        rate_ul_per_h=rate_ul_per_h,
        reading_takes_s=record.clocks_half_width_s,
        at_each_end_mg=tuple((name, mg) for name, mg in at_each_end.items() if mg > 0),
        between_mg=(*((name, mg) for name, mg in between.items() if mg > 0), *of_the_lab_mg),
        ul_per_mg=1000 / float(setup.liquid.density_kg_m3(float(celsius.mean()))),
    )


def _while_released(record: InfusionRecord, times_s: Column) -> Truths:
    """Tell of each reading whether a catheter was giving back what it had stored: nobody says how fast."""
    inside = np.zeros(len(times_s), dtype=bool)
    for one in releases(record):
        inside |= (times_s > one.span.from_s) & (times_s < one.span.to_s)
    return inside


def _still(record: InfusionRecord, times_s: Column, volumes_ul: Column) -> Iterator[Span]:
    """Yield the stretches in which nothing flows: before the first start, and between strokes that stand apart."""
    started_s = min((record.samples.bench_s(begin_s) for begin_s, _ in record.schedule.spans_s), default=np.inf)
    yield Span(-np.inf, min([started_s, *(one.from_s for one in faults(record))]))
    stroke_ul, found = record.profile.stroke_volume_ul.value, None
    for part, rate_ul_per_h in programmed_parts(record):
        if not strokes_stand_apart(stroke_ul, rate_ul_per_h, record.interval_s):
            continue
        found = found or Arrivals.found(times_s, volumes_ul, stroke_ul)
        for begin, end in found.quiet_runs(part):
            # right after a stroke the catheter still gives; and what is longer than a period may flow evenly
            longest_s = times_s[begin] + record.profile.stroke_period_s(rate_ul_per_h)
            if end - begin >= LEAST_SAMPLES:
                yield Span(float(times_s[begin + 1]), float(min(times_s[end - 1], longest_s)))
