# SPDX-License-Identifier: Apache-2.0
"""What crept between the strokes of an infusion: nobody can tell whether the pump gave it, so it decides nothing."""

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
    strokes_stand_apart,
)


def creep_between_strokes(
    record: InfusionRecord,
    times_s: Column,
    volumes_ul: Column,
    uncertainty: WindowUncertainty,
    growth_ul_per_h: float,
) -> Creep | None:
    """Return it; None where nothing crept, or where strokes run into each other or noise.

    Args:
        record: the infusion.
        times_s: bench time of the readings that count; shape (n,).
        volumes_ul: delivered up to each; shape (n,).
        uncertainty: of windows between two of them.
        growth_ul_per_h: by how much a difference may be off per hour.
    """
    stroke_ul = record.profile.stroke_volume_ul.value
    parts = [span for span, rate in programmed_parts(record) if strokes_stand_apart(stroke_ul, rate, record.interval_s)]
    free = [span for part in parts for span in _without_injections(record, part)]
    if not free:
        return None
    once_ul = uncertainty.ul_per_mg * sum(mg for _, mg in uncertainty.between_mg)
    allowance = CreepAllowance(growth_ul_per_h, once_ul, _settles_s(record))
    return find_creep(Arrivals.found(times_s, volumes_ul, stroke_ul), volumes_ul, stroke_ul, allowance, free)


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
