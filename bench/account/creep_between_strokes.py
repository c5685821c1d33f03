# SPDX-License-Identifier: Apache-2.0
"""What crept beside the strokes of an infusion: nobody can tell whether the pump gave it, so it decides nothing.

Where strokes stand apart it shows between them; where they run into each other, by how the weighed volume follows them.
"""

from collections.abc import Callable

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.programmed_envelope import empties_in_s, programmed_parts
from bench.account.sample_table import Column
from metrology.any_window import (
    Arrivals,
    Creep,
    CreepAllowance,
    Span,
    WindowUncertainty,
    find_creep,
    find_creep_beside_strokes,
    readings_see_strokes,
    strokes_stand_apart,
)


def creep_between_strokes(
    record: InfusionRecord,
    times_s: Column,
    volumes_ul: Column,
    uncertainty: WindowUncertainty,
    growth_ul_per_h: float,
) -> Creep | None:
    """Return it; None where nothing crept, or where no strokes are seen.

    Args:
        record: the infusion.
        times_s: bench time of the readings that count; shape (n,).
        volumes_ul: delivered up to each; shape (n,).
        uncertainty: of windows between two of them.
        growth_ul_per_h: by how much a difference may be off per hour.
    """
    stroke_ul = record.profile.stroke_volume_ul.value
    once_ul = uncertainty.ul_per_mg * sum(mg for _, mg in uncertainty.between_mg)
    allowance = CreepAllowance(growth_ul_per_h, once_ul, _settles_s(record))
    apart = _free(record, lambda rate: strokes_stand_apart(stroke_ul, rate, record.interval_s))
    if apart:
        found = find_creep(Arrivals.found(times_s, volumes_ul, stroke_ul), volumes_ul, stroke_ul, allowance, apart)
        if found is not None:
            return found
    return _creep_beside_strokes(record, times_s, volumes_ul, allowance)


def _creep_beside_strokes(
    record: InfusionRecord, times_s: Column, volumes_ul: Column, allowance: CreepAllowance
) -> Creep | None:
    """Return what crept at rates whose strokes do not stand apart, by the pump's own count of them."""
    stroke_ul, interval_s = record.profile.stroke_volume_ul.value, record.interval_s
    counted_ul = record.samples.counter_ul[np.searchsorted(record.samples.at_s, times_s)]
    merged = _free(
        record,
        lambda rate: (
            not strokes_stand_apart(stroke_ul, rate, interval_s) and readings_see_strokes(stroke_ul, rate, interval_s)
        ),
    )
    if not merged or not np.isfinite(counted_ul).all():
        return None
    return find_creep_beside_strokes(times_s, volumes_ul, counted_ul, stroke_ul, allowance, merged)


def _free(record: InfusionRecord, of_rate: Callable[[float], bool]) -> list[Span]:
    """Return the stretches at some rates in which no injector was moved."""
    parts = [span for span, rate in programmed_parts(record) if of_rate(rate)]
    return [span for part in parts for span in _without_injections(record, part)]


def _settles_s(record: InfusionRecord) -> float:
    return record.profile.settling.catheter_time_constants.value * record.profile.catheter.time_constant_s


def _without_injections(record: InfusionRecord, part: Span) -> list[Span]:
    """Return what is left of a stretch in which no injector was moved, a partial kink included."""
    begin_s, left, empties_s = part.from_s, [], empties_in_s(record)
    for one in sorted(record.injections, key=lambda one: one.sent_s):
        if one.sent_s > begin_s:
            left.append(Span(begin_s, min(one.sent_s, part.to_s)))
        begin_s = max(begin_s, float("inf") if one.released_s is None else one.released_s + empties_s)
    return [*left, Span(begin_s, part.to_s)] if begin_s < part.to_s else left
