# SPDX-License-Identifier: Apache-2.0
"""What a pump may have delivered by any instant of bench time, and what it must have, from schedule and faults.

A change of rate that a command makes may come as late as the catheter smooths it; one of the schedule may also come as
early and as late as the profile lets a step; a bolus may begin as late as any start. While the catheter is shut, leaks
or is off nothing is due at the vessel, nor while a magnet holds the pump; when a kink is released the catheter may give
back at once all that it can store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.outlet_moves import outlet_moves
from bench.injectors import SUPPLY, Injection
from bench.therapy import AcceptedBolus, OnBasal
from instruments.pump import Alarm
from metrology.any_window import Envelope, RateChange, Span

COMMAND_TAKES_S = 2.0
"""Between a command's sending and its effect (assumed)."""
KINK, MAGNET = "kink", "magnet"
EMPTY_AFTER = 5.0
"""Time constants after which a released catheter holds less than a hundredth of what it stored."""


def programmed_envelope(record: InfusionRecord) -> Envelope:
    """Return the two curves of an infusion, on bench time."""
    boluses = [list(_of_bolus(record, bolus)) for bolus in scheduled_boluses(record)]
    envelope = Envelope.of(list(_of_program(record)), *boluses)
    # the sample that shows the catheter shut for the last time holds nothing of it yet
    stored = [(float(np.nextafter(one.span.from_s, np.inf)), one.most_ul) for one in releases(record)]
    return envelope.with_nothing_due_in(faults(record)).with_released(stored)


def scheduled_boluses(record: InfusionRecord) -> tuple[AcceptedBolus, ...]:
    """Return the boluses that the therapy lets a pump accept; what one takes all the same is not scheduled."""
    lets = any(isinstance(one, OnBasal) for one in record.schedule.programmed)
    return record.schedule.boluses_due if lets else ()


def greatest_programmed_ul_per_h(record: InfusionRecord, *, boluses: bool) -> float:
    """Return the greatest scheduled rate of an infusion."""
    return max((rate for _, rate in _rate_steps(record, boluses=boluses)), default=0.0)


def programmed_parts(record: InfusionRecord) -> tuple[tuple[Span, float], ...]:
    """Return the stretches of constant programmed rate over zero, without what is open at their ends, and the rates."""
    changes = list(_of_program(record))
    ends = [*changes[1:], RateChange(float(record.samples.at_s[-1]), 0.0)] if changes else []
    return tuple(
        (Span(one.at_s + one.late_s, following.at_s - following.early_s), one.rate_ul_per_h)
        for one, following in zip(changes, ends, strict=True)
        if one.rate_ul_per_h > 0 and one.at_s + one.late_s < following.at_s - following.early_s
    )


def faults(record: InfusionRecord) -> tuple[Span, ...]:
    """Return the times in which a fault may keep what is delivered from the vessel, until the catheter is as before."""
    empties_s = empties_in_s(record)
    return tuple(
        Span(one.sent_s - COMMAND_TAKES_S, np.inf if (gone_s := gone_by_s(record, one)) is None else gone_s + empties_s)
        for one in record.injections
        if keeps_back(record, one)
    ) + tuple(move.span for move in outlet_moves(record))


def gone_by_s(record: InfusionRecord, injection: Injection) -> float | None:
    """Return by when a fault acts no more: on its release, or when a rotor that a field held must turn again."""
    if injection.released_s is None or injection.what != MAGNET:
        return injection.released_s
    return injection.released_s + record.profile.rotor_back_s


def late_by_catheter_s(record: InfusionRecord) -> float:
    """Return how late a change of rate may show at the outlet."""
    return record.profile.catheter.time_constant_s + COMMAND_TAKES_S + record.clocks_half_width_s


def empties_in_s(record: InfusionRecord) -> float:
    """Return how long a catheter takes to give back what it stored, or to draw in what it lost."""
    return EMPTY_AFTER * record.profile.catheter.time_constant_s + late_by_catheter_s(record)


def keeps_back(record: InfusionRecord, injection: Injection) -> bool:
    """Tell whether a fault may keep from the vessel what is scheduled.

    A supply does not: where that is too little the schedule says that the pump stands.
    """
    return injection.what != SUPPLY and not injection.leaves_delivery(record.profile)


@dataclass(frozen=True)
class Release:
    """What a catheter had stored comes out; where its outlet was raised, it takes something up.

    Attributes:
        span: from the last sample that shows it shut to when it is empty; no window begins or ends in it.
        most_ul: all that may come.
    """

    span: Span
    most_ul: float


def releases(record: InfusionRecord) -> tuple[Release, ...]:
    """Return when each kink opened and when the outlet was moved, and all that may have come then."""
    empties_s = empties_in_s(record)
    return tuple(
        Release(
            Span(_last_shut_s(record, one.released_s), one.released_s + empties_s),
            min(_scheduled_ul(record, one.stood_since_s, one.released_s), _behind_a_kink_ul(record)),
        )
        for one in record.injections
        if one.what == KINK and one.released_s is not None and not one.grew and keeps_back(record, one)
    ) + tuple(
        Release(
            Span(_last_shut_s(record, move.span.from_s + COMMAND_TAKES_S), move.span.to_s),
            0.0 if move.fills else move.store_ul,
        )
        for move in outlet_moves(record)
    )


def _last_shut_s(record: InfusionRecord, released_s: float) -> float:
    """Return the last sample before a release; what it shows to be shut had not begun to open."""
    before = record.samples.at_s[record.samples.at_s < released_s - COMMAND_TAKES_S]
    return float(before[-1]) if len(before) else released_s


def _behind_a_kink_ul(record: InfusionRecord) -> float:
    """Return what a shut catheter holds up to its threshold, and what is added until the pump stops."""
    if not record.profile.promises(Alarm.OCCLUSION):
        return np.inf
    return record.profile.unintended_bolus_limit_ul(greatest_programmed_ul_per_h(record, boluses=True))


def _scheduled_ul(record: InfusionRecord, from_s: float, to_s: float) -> float:
    at = record.samples.device_s
    return record.schedule.volume_ul(at(from_s), at(to_s))


def _rate_steps(record: InfusionRecord, *, boluses: bool) -> tuple[tuple[float, float], ...]:
    samples = record.samples
    first_s, last_s = float(samples.device_clock_s[0]), float(samples.device_clock_s[-1])
    return record.schedule.rate_steps(first_s, last_s, boluses=boluses)


def _of_program(record: InfusionRecord) -> Iterator[RateChange]:
    """Yield the changes of the programmed rate without patient boluses, in bench time."""
    late_s = late_by_catheter_s(record)
    early_s = COMMAND_TAKES_S + record.clocks_half_width_s
    step_s = record.profile.flex_step_tolerance_s.value
    commanded = {edge for span in record.schedule.spans_s for edge in span} | set(record.schedule.changed_s)
    steps = _rate_steps(record, boluses=False)
    for (_, before), (at_s, rate) in pairwise(((0.0, 0.0), *steps)):
        if rate != before:
            more_s = 0.0 if at_s in commanded else step_s
            yield RateChange(record.samples.bench_s(at_s), rate, early_s + more_s, late_s + more_s)


def _of_bolus(record: InfusionRecord, bolus: AcceptedBolus) -> Iterator[RateChange]:
    """Yield begin and end of a bolus, as far as the pump ran meanwhile."""
    late_s = late_by_catheter_s(record) + record.profile.start_up_s.value
    early_s = COMMAND_TAKES_S + record.clocks_half_width_s
    for started_s, stopped_s in record.schedule.spans_s:
        begin_s, end_s = max(started_s, bolus.started_s), min(stopped_s, bolus.ends_s)
        if begin_s < end_s:
            for at_s in (begin_s, *(edge_s for edge_s in bolus.edges_s if begin_s < edge_s < end_s)):
                yield RateChange(record.samples.bench_s(at_s), bolus.rate_at_ul_per_h(at_s), early_s, late_s)
            yield RateChange(record.samples.bench_s(end_s), 0.0, early_s, late_s)
