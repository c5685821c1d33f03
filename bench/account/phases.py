# SPDX-License-Identifier: Apache-2.0
"""An infusion cut into phases that tile it from its first sample to its last: no gap, no overlap.

A phase begins at the last reading before something: a command, a fault, a release, a change of the scheduled rate, a
bolus. So whatever comes of it lies inside the phase that bears its name. Marks of the plan cut as well, and with them
what the plan weighed, and what lies between two of its windows, are phases of their own.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.account.infusion_record import InfusionRecord
from bench.account.phase import Phase, PhaseKind
from bench.account.programmed_boluses import programmed_boluses
from bench.account.reading import Reading, readings_of
from instruments.pump import Command

LEAST_PHASE_S = 60.0
"""What is cut without need lies no nearer to another cut than this."""
CLOCKS_AGREE_WITHIN_S = 1.0
"""What a command does to the schedule is no second event beside the command."""
RELEASE_TAKES_S = 5.0
"""Before a release is confirmed, the catheter may be open for so long (assumed)."""


def phases_of(record: InfusionRecord) -> tuple[Phase, ...]:
    """Return the phases of an infusion in the order of time; none where there are fewer than two readings."""
    readings = readings_of(record)
    if len(readings) < 2:
        return ()
    course = _Course.of(record)
    cuts = _cuts(readings, course)
    places = sorted(cuts)
    return tuple(
        Phase(number, course.kind_at(cuts[place], last=next_place == places[-1]), readings[place], readings[next_place])
        for number, (place, next_place) in enumerate(pairwise(places), start=1)
    )


def _cuts(readings: Sequence[Reading], course: "_Course") -> dict[int, float]:
    """Return the places of the readings at which phases begin or end, each with the instant of what begins there."""
    known_by_s = [one.known_by_s for one in readings]
    cuts = {0: readings[0].at_s, len(readings) - 1: readings[-1].at_s}
    for instant_s in course.events_s:
        if (place := bisect_right(known_by_s, instant_s) - 1) >= 0:
            cuts[place] = max(cuts.get(place, -math.inf), instant_s)
    marks = [(place, one.known_by_s) for place, one in enumerate(readings) if one.is_mark]
    settled = [(bisect_right(known_by_s, instant_s) - 1, instant_s) for instant_s in course.settled_s]
    for place, instant_s in (*marks, *settled):
        if place > 0 and all(abs(readings[place].at_s - readings[one].at_s) >= LEAST_PHASE_S for one in cuts):
            cuts[place] = instant_s
    return cuts


@dataclass(frozen=True)
class _Span:
    from_s: float
    to_s: float

    def holds(self, at_s: float) -> bool:
        return self.from_s <= at_s < self.to_s


@dataclass(frozen=True)
class _Course:
    """What went on when, in bench time; it answers what goes on at an instant.

    Attributes:
        events_s: instants at which something happened, in order.
        ran, faults, releases, starts, boluses, after_boluses: spans of each.
    """

    events_s: tuple[float, ...]
    ran: tuple[_Span, ...]
    faults: tuple[_Span, ...]
    releases: tuple[_Span, ...]
    starts: tuple[_Span, ...]
    boluses: tuple[_Span, ...]
    after_boluses: tuple[_Span, ...]

    @classmethod
    def of(cls, record: InfusionRecord) -> "_Course":
        ran = tuple(_ran(record))
        faults = tuple(_Span(one.sent_s, _or_never(one.released_s) - RELEASE_TAKES_S) for one in record.injections)
        releases = tuple(
            _Span(fault.to_s, fault.to_s + RELEASE_TAKES_S + _settling_s(record, fault.to_s))
            for fault in faults
            if math.isfinite(fault.to_s)
        )
        boluses = tuple(_boluses(record))
        after = tuple(_Span(one.to_s, one.to_s + _settling_s(record, one.to_s)) for one in boluses)
        starts = tuple(_Span(one.from_s, one.from_s + _settling_s(record, one.from_s)) for one in ran)
        spans = (*ran, *faults, *boluses, *after)
        edges = [edge for one in spans for edge in (one.from_s, one.to_s) if math.isfinite(edge)]
        commands_s = [one.sent_s for one in record.commands]
        edges += commands_s
        edges += [at_s for at_s in _scheduled_changes(record) if not _is_one_of(at_s, commands_s)]
        return cls(tuple(sorted(edges)), ran, faults, releases, starts, boluses, after)

    @property
    def settled_s(self) -> tuple[float, ...]:
        """Return the instants at which a flow is steady again."""
        return tuple(one.to_s for one in (*self.starts, *self.releases))

    def kind_at(self, at_s: float, *, last: bool) -> PhaseKind:
        """Return what goes on from an instant on; the last phase may be the run-down."""
        if _any_holds(self.faults, at_s):
            return PhaseKind.FAULT
        if _any_holds(self.releases, at_s):
            return PhaseKind.RELEASE
        if not _any_holds(self.ran, at_s):
            return self._stopped_at(at_s, last=last)
        for kind, spans in (
            (PhaseKind.BOLUS, self.boluses),
            (PhaseKind.START_UP, self.starts),
            (PhaseKind.AFTER_BOLUS, self.after_boluses),
        ):
            if _any_holds(spans, at_s):
                return kind
        return PhaseKind.STEADY

    def _stopped_at(self, at_s: float, *, last: bool) -> PhaseKind:
        if all(at_s < one.from_s for one in self.ran):
            return PhaseKind.LEAD_IN
        return PhaseKind.RUN_DOWN if last else PhaseKind.STOPPED


def _is_one_of(at_s: float, instants_s: Sequence[float]) -> bool:
    """Tell whether an instant by the pump's clock is one of the bench's: a pump tells hundredths."""
    return any(abs(at_s - one) <= CLOCKS_AGREE_WITHIN_S for one in instants_s)


def _any_holds(spans: Sequence[_Span], at_s: float) -> bool:
    return any(one.holds(at_s) for one in spans)


def _or_never(instant_s: float | None) -> float:
    return math.inf if instant_s is None else instant_s


def _ran(record: InfusionRecord) -> Iterator[_Span]:
    """Yield from when to when the pump was scheduled to run, from the sending of the command where one did it."""
    sent = {
        one.device_clock_s: one.sent_s
        for one in record.commands
        if one.command in (Command.START, Command.STOP, Command.PRIME)
    }
    for started_s, stopped_s in record.schedule.spans_s:
        begin_s, end_s = (
            sent.get(edge, record.samples.bench_s(edge)) if math.isfinite(edge) else edge
            for edge in (started_s, stopped_s)
        )
        yield _Span(begin_s, end_s)


def _boluses(record: InfusionRecord) -> Iterator[_Span]:
    for bolus in programmed_boluses(record):
        for started_s, stopped_s in record.schedule.spans_s:
            begin_s, end_s = max(started_s, bolus.started_s), min(stopped_s, bolus.ends_s)
            if begin_s < end_s:
                yield _Span(record.samples.bench_s(begin_s), record.samples.bench_s(end_s))


def _scheduled_changes(record: InfusionRecord) -> Iterator[float]:
    samples = record.samples
    steps = record.schedule.rate_steps(float(samples.device_clock_s[0]), float(samples.device_clock_s[-1]))
    yield from (samples.bench_s(at_s) for at_s, _ in steps[1:])


def _settling_s(record: InfusionRecord, at_s: float) -> float:
    """Return how long a flow takes to be steady after an instant; a stopped catheter is empty as soon as a fast one."""
    profile, device_s = record.profile, record.samples.device_s(at_s)
    steps = record.schedule.rate_steps(device_s, device_s + 1.0, boluses=False)
    rate_ul_per_h = steps[-1][1] or profile.rates.tested("high")
    return profile.settling_time_s(rate_ul_per_h)
