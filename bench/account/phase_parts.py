# SPDX-License-Identifier: Apache-2.0
"""What may come in each phase, to the vessel and by the pump's counter, by schedule, profile and fault.

    programmed   what the therapy asks for between the two readings, in closed form; nothing while the pump is stopped
    fault        what a kink, a leak or an open connector keeps from the vessel: all of it at the most. A fault adds
                 nothing, so more than was programmed is the pump's, whether the fault was as deep as ordered or not
    release      what a kink stored may come at once, C_max·ΔP_max at the most; what a loose catheter lost is filled up
    start, stop  so late, and so long after, as the profile lets a pump begin and end
    changes      so early and so late as the profile lets a step of the schedule and a bolus come

A fault changes nothing for the counter but two things: a kinked pump can push no more than the catheter holds, and a
magnet may hold the rotor.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bench.account.catheter_store import KINK, CatheterStore
from bench.account.infusion_record import InfusionRecord
from bench.account.outlet_moves import outlet_moves
from bench.account.phase import Phase
from bench.account.programmed_boluses import programmed_boluses
from bench.account.programmed_envelope import MAGNET, gone_by_s
from bench.account.reading import Reading
from bench.injectors import FULLY, TORN_CATHETER, Injection
from instruments.pump import Alarm
from metrology.phases import Part, Slack, Tolerance

DISCONNECT = "disconnect"
NOTHING_LEFT = 1e-3
"""Of what stood behind a kink: a hundredth of a stroke."""
RUN_ON_S = 5.0
"""So much later than it is told a pump may stop (assumed)."""
JUST_BEFORE_S = 60.0
"""A stop lies so much behind the reading at most that its phase begins with."""
STROKES = 2.0
"""What a window may hold more or less: one for each end that cuts a stroke."""
_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class PhaseParts:
    """The phases of an infusion as parts of which sums can be judged.

    Attributes:
        weighed: of what reaches the vessel.
        counted: of what the pump counts.
        differing: of what it counts more than it gives.
        tolerance: what the profile promises of any span of what is weighed or counted.
        difference: the same of what may differ: whatever a pump gives it can count at once, so but for the catheter
            there is no time by which the two may be apart.
    """

    weighed: tuple[Part, ...]
    counted: tuple[Part, ...]
    differing: tuple[Part, ...]
    tolerance: Tolerance
    difference: Tolerance


def phase_parts(record: InfusionRecord, phases: Sequence[Phase], store: CatheterStore) -> PhaseParts:
    """Return what may come in each phase."""
    promises = _Promises(record, store)
    return PhaseParts(
        weighed=tuple(promises.weighed(phase) for phase in phases),
        counted=tuple(promises.counted(phase) for phase in phases),
        differing=tuple(promises.differing(phase) for phase in phases),
        tolerance=tolerance_of(record),
        difference=_difference_of(record),
    )


def tolerance_of(record: InfusionRecord) -> Tolerance:
    """Return what the profile promises of any span."""
    profile = record.profile
    return Tolerance(
        accuracy=profile.accuracy_percent.value / 100,
        excess_s=profile.excess_max_s.value,
        interruption_s=profile.interruption_max_s.value,
        strokes_ul=STROKES * profile.stroke_volume_ul.value,
        excess_ul=None if profile.excess_max_ul is None else profile.excess_max_ul.value,
    )


def _difference_of(record: InfusionRecord) -> Tolerance:
    tolerance = tolerance_of(record)
    apart_s = 2 * (record.profile.catheter.time_constant_s + RUN_ON_S)
    return replace(tolerance, excess_s=apart_s, interruption_s=apart_s / (1 - tolerance.accuracy), excess_ul=None)


@dataclass(frozen=True)
class _Promises:
    """Schedule, profile and faults of one infusion, asked phase by phase."""

    record: InfusionRecord
    store: CatheterStore

    def weighed(self, phase: Phase) -> Part:
        """Return what may reach the vessel in a phase."""
        return Part(
            *self._programmed(phase),
            own=self._ends_of_running(phase) + self._kept_back(phase) + self._moved(phase),
            at_start=self._changes_about(phase.start) + Slack(more_ul=self._released(phase)),
            at_end=self._changes_about(phase.end),
        )

    def counted(self, phase: Phase) -> Part:
        """Return what the pump may count in a phase."""
        programmed_ul, rate_ul_per_h, tolerated_ul = self._programmed(phase)
        too_much_ul = sum(self._more_than_fits(phase, one) for one in self._faults(phase))
        programmed_ul, tolerated_ul = programmed_ul - too_much_ul, tolerated_ul - too_much_ul
        held_ul = sum(self._scheduled(phase, one) for one in self._faults(phase) if one.what == MAGNET)
        return Part(
            programmed_ul,
            rate_ul_per_h,
            tolerated_ul,
            own=self._ends_of_running(phase) + Slack(less_ul=held_ul),
            at_start=self._changes_about(phase.start),
            at_end=self._changes_about(phase.end),
        )

    def differing(self, phase: Phase) -> Part:
        """Return how much more a pump may count in a phase than reaches the vessel; negative is less."""
        _, rate_ul_per_h, tolerated_ul = self._programmed(phase)
        moved = self._moved(phase)
        kept_ul = self._kept_back(phase, but_for=MAGNET).less_ul  # a rotor that stands counts nothing
        own = Slack(more_ul=kept_ul + moved.less_ul, less_ul=moved.more_ul)
        return Part(0.0, rate_ul_per_h, tolerated_ul, own=own, at_start=Slack(less_ul=self._released(phase)))

    def _programmed(self, phase: Phase) -> tuple[float, float, float]:
        """Return the programmed volume, the greatest rate, and the volume that the accuracy is a share of."""
        schedule = self.record.schedule
        from_s, to_s = phase.start.mark.device_clock_s, phase.end.mark.device_clock_s
        if from_s >= to_s:  # a clock that went back, which is judged elsewhere
            return 0.0, 0.0, 0.0
        volume_ul = schedule.volume_ul(from_s, to_s)
        steps = schedule.rate_steps(from_s - JUST_BEFORE_S, to_s)
        ends_s = (*(at_s for at_s, _ in steps[1:]), to_s)
        stood_s = sum(
            end_s - max(at_s, from_s)
            for (at_s, rate_ul_per_h), end_s in zip(steps, ends_s, strict=True)
            if rate_ul_per_h == 0 and end_s > from_s
        )
        least_ul = self.record.profile.rates.least_ul_per_h.value * stood_s / _SECONDS_PER_HOUR
        return volume_ul, max(rate for _, rate in steps), volume_ul + least_ul

    def _ends_of_running(self, phase: Phase) -> Slack:
        """Return how much a pump may lose by late starts, and add by late stops."""
        from_s, to_s = phase.start.mark.device_clock_s, phase.end.mark.device_clock_s
        more_ul = less_ul = 0.0
        for started_s, stopped_s in self.record.schedule.spans_s:
            if from_s <= started_s < to_s:
                less_ul += self._rate_after(started_s) * self.record.profile.start_up_s.value / _SECONDS_PER_HOUR
            if from_s <= stopped_s < to_s:
                more_ul += self._rate_before(stopped_s) * RUN_ON_S / _SECONDS_PER_HOUR
        return Slack(more_ul, less_ul)

    def _rate_after(self, device_clock_s: float) -> float:
        return self.record.schedule.rate_steps(device_clock_s, device_clock_s + 1.0)[0][1]

    def _rate_before(self, device_clock_s: float) -> float:
        return max(rate for _, rate in self.record.schedule.rate_steps(device_clock_s - 1.0, device_clock_s))

    def _changes_about(self, reading: Reading) -> Slack:
        """Return how much of a scheduled change may fall to the other side of a reading."""
        moved_ul = sum(
            abs(step_ul_per_h) * tolerance_s / _SECONDS_PER_HOUR
            for at_s, step_ul_per_h, tolerance_s in self._changes
            if abs(at_s - reading.mark.device_clock_s) <= tolerance_s + self.record.interval_s
        )
        return Slack(moved_ul, moved_ul)

    @cached_property
    def _changes(self) -> tuple[tuple[float, float, float], ...]:
        """Return instant, size and tolerance of each change of rate that no command made."""
        return (*self._scheduled_changes(), *self._changes_of_boluses())

    def _scheduled_changes(self) -> Iterator[tuple[float, float, float]]:
        samples, schedule, profile = self.record.samples, self.record.schedule, self.record.profile
        commanded = {edge for span in schedule.spans_s for edge in span}
        steps = schedule.rate_steps(float(samples.device_clock_s[0]), float(samples.device_clock_s[-1]), boluses=False)
        before_ul_per_h = steps[0][1]
        for at_s, rate_ul_per_h in steps[1:]:
            if at_s not in commanded:
                yield at_s, rate_ul_per_h - before_ul_per_h, profile.flex_step_tolerance_s.value
            before_ul_per_h = rate_ul_per_h

    def _changes_of_boluses(self) -> Iterator[tuple[float, float, float]]:
        promised = self.record.profile.patient_bolus
        for bolus in programmed_boluses(self.record):
            begins_s, ends_s = promised.start_max_s.value, promised.longer_max_s(bolus.duration_s)
            before_ul_per_h = 0.0
            for at_s, rate_ul_per_h in bolus.rates:
                yield at_s, rate_ul_per_h - before_ul_per_h, begins_s
                before_ul_per_h = rate_ul_per_h
            yield bolus.ends_s, -before_ul_per_h, begins_s + ends_s

    def _faults(self, phase: Phase) -> Iterator[Injection]:
        return (one for one in self._lasting if one.overlaps(phase.start.at_s, phase.end.at_s))

    @cached_property
    def _lasting(self) -> tuple[Injection, ...]:
        """Return the faults, each until its effect has gone."""
        return tuple(replace(one, released_s=gone_by_s(self.record, one)) for one in self.record.injections)

    def _scheduled(self, phase: Phase, injection: Injection) -> float:
        """Return what was programmed in a phase while a fault stood."""
        samples = self.record.samples
        ends_s = phase.end.at_s if injection.released_s is None else min(phase.end.at_s, injection.released_s)
        from_s = samples.device_s(max(phase.start.at_s, injection.sent_s))
        to_s = samples.device_s(ends_s)
        return self.record.schedule.volume_ul(from_s, to_s) if from_s < to_s else 0.0

    def _kept_back(self, phase: Phase, but_for: str = "") -> Slack:
        """Return what faults may keep from the vessel, but for those of one kind."""
        less_ul = 0.0
        for one in self._faults(phase):
            if one.leaves_delivery(self.record.profile) or one.what == but_for:
                continue
            less_ul += self._scheduled(phase, one)
            if one.what in (DISCONNECT, TORN_CATHETER.name):
                less_ul += self._contents_ul(phase)
        return Slack(less_ul=less_ul)

    def _moved(self, phase: Phase) -> Slack:
        """Return what the catheter may give, or take up, because its outlet was moved in a phase."""
        from_s, to_s = phase.start.at_s, phase.end.at_s
        moves = [one for one in outlet_moves(self.record) if one.span.from_s < to_s and from_s < one.span.to_s]
        given_ul = sum(one.store_ul for one in moves if not one.fills)
        taken_ul = sum(one.store_ul for one in moves if one.fills)
        return Slack(given_ul, taken_ul)

    def _contents_ul(self, phase: Phase) -> float:
        """Return what a catheter held under pressure: lost when it comes off, filled from the vessel when back on."""
        outlet_kpa = abs(phase.start.outlet_kpa) if math.isfinite(phase.start.outlet_kpa) else 0.0
        flow_ul = self._programmed(phase)[1] * self.record.profile.catheter.time_constant_s / _SECONDS_PER_HOUR
        return self.store.most_ul_per_kpa * outlet_kpa + flow_ul

    def _released(self, phase: Phase) -> float:
        """Return what may come at once in a span that begins with a phase, because a kink held it back before.

        Behind a kink that is open again it goes with the time constant of the worst catheter.
        """
        behind_ul, begins_s = 0.0, phase.start.at_s
        for one in self.record.injections:
            kinked = one.what == KINK and not one.leaves_delivery(self.record.profile)
            if not kinked or one.sent_s >= begins_s:
                continue
            released_s = begins_s if one.released_s is None else min(one.released_s, begins_s)
            constant_s = self.record.profile.catheter.time_constant_s
            gone = (begins_s - released_s) / constant_s if constant_s > 0 else math.inf
            left = math.exp(-gone) if begins_s > released_s else 1.0
            if left > NOTHING_LEFT:
                behind_ul += left * self.store.behind_a_kink_ul(one, one.stood_since_s, released_s)
        return behind_ul

    def _more_than_fits(self, phase: Phase, injection: Injection) -> float:
        """Return what of the volume programmed in a phase no pump can push into a catheter that is shut."""
        profile = self.record.profile
        if injection.what != KINK or injection.percent < FULLY or not profile.promises(Alarm.OCCLUSION):
            return 0.0
        programmed_ul = self._scheduled(phase, injection)
        if programmed_ul == 0:
            return 0.0
        samples, schedule = self.record.samples, self.record.schedule
        shut_s, from_s = samples.device_s(injection.sent_s), phase.start.mark.device_clock_s
        before_ul = schedule.volume_ul(shut_s, from_s) if shut_s < from_s else 0.0
        fits_ul = profile.unintended_bolus_limit_ul(self._programmed(phase)[1])
        return max(0.0, programmed_ul - max(0.0, fits_ul - before_ul))
