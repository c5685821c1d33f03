# SPDX-License-Identifier: Apache-2.0
"""Is the catheter pressure that the pump tells what outlet, flow and fault make it?

Only what the profile's numbers bound is judged: R_max and C_min bound it from above while the catheter is open, C_max
from below while it is shut and the rotor turns on; at rest it is the outlet's, and off the pump it is the air's. What
was counted or weighed on top of the schedule raises the pressure too: that is no fault of the register that tells it.

The outlet's pressure is another sensor's word. Where it is that one which moved, and where the pump tells the pressure
of the air and nothing arrives, the pump's may be the right one: no FAIL, and no PASS.
"""

from collections.abc import Iterator

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.outlet_moves import moves_the_outlet, outlet_moves
from bench.account.registers.counter import scheduled_bounds_ul
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.register_check import RegisterCheck
from bench.account.registers.stretches import stretches
from bench.account.registers.volume_bounds import SECONDS_PER_HOUR, greatest_ul_per_h
from bench.account.sample_table import Column, Truths
from bench.injectors import Injection
from instruments.pump import Alarm

UL_PER_G = 1000.0
INJECTOR_MOVES_S = 15.0
"""So long before it was seen to be back, an injector may have begun to move (assumed)."""
FULLY_PERCENT = 99.0
FIRST_SAMPLES = 10
"""So many tell what the outlet had at first."""
STROKES_TO_TELL = 2
"""Of less nobody can say whether it arrived."""


def examine_pressure(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether the catheter pressure was right in every sample, as far as the profile bounds it."""
    check, samples = RegisterCheck(record, Standing.PRESSURE), record.samples
    if not record.profile.catheter.has_sensor:
        yield check.finding("the pump promises no sensor of the catheter pressure")
        return
    if len(samples):
        silent = np.isnan(samples.pressure_kpa)
        check.samples(silent, lambda _place: "it tells no number, a sensor is promised")
        _Bounds(record, check).examine()
    yield check.finding(f"it was right in all {len(samples)} samples, as far as the profile bounds it")


class _Bounds:
    """The bounds of one infusion's catheter pressure."""

    def __init__(self, record: InfusionRecord, check: RegisterCheck) -> None:
        self._record = record
        self._check = check
        self._course = ExpectedCourse(record)
        profile, samples = record.profile, record.samples
        self._catheter = profile.catheter
        self._settles_s = profile.settling.catheter_time_constants.value * profile.catheter.time_constant_s
        self._kpa, self._outlet_kpa = samples.pressure_kpa, samples.outlet_kpa
        self._error_kpa = profile.catheter.pressure_error_max_kpa.value
        self._stroke_kpa = profile.stroke_volume_ul.value / profile.catheter.least_compliance_ul_per_kpa

    def examine(self) -> None:
        """Look at every sample."""
        faulty = self._under_a_fault()
        self._open(faulty)
        for injection in self._record.injections:
            inside = self._inside(injection)
            if injection.what == "disconnect":
                self._off(inside)
            elif injection.what == "kink" and injection.percent >= FULLY_PERCENT:
                self._shut(inside)
        self._alarms_in_time()

    def _open(self, faulty: Truths) -> None:
        """An open catheter: between the outlet's pressure and that with what the flow and a stroke put on it."""
        flow_kpa = self._recent_ul_per_h() * self._catheter.resistance_max_kpa_h_per_ul.value
        added_kpa = self._error_kpa + np.where(flow_kpa > 0, flow_kpa + self._stroke_kpa, 0.0)
        added_kpa += self._surplus_ul() / self._catheter.least_compliance_ul_per_kpa
        wrong = ~faulty & self._off_from(self._outlet_kpa, added_kpa)
        told = "it tells {:.2f} kPa where the outlet has {:.2f} kPa and flow and stroke allow up to {:.2f} kPa"

        def words(place: int) -> str:
            outlet_kpa = self._outlet_kpa[place]
            return told.format(self._kpa[place], outlet_kpa, outlet_kpa + added_kpa[place])

        moved, off = wrong & ~self._off_from(self._outlet_at_first_kpa(), added_kpa), self._seems_off(wrong)
        part = wrong & self._part_of_a_move(added_kpa) & ~moved & ~off
        self._check.samples(wrong & ~moved & ~off & ~part, words)
        for doubtful, why in (
            (
                moved & ~off,
                "by what the outlet had at first it is right: which of the two sensors moved nobody can tell",
            ),
            (
                part,
                "it lies between what the outlet had at first and what it was moved to: it may have gone only in part",
            ),
            (off, "and what was counted did not arrive, or was too little to tell: the catheter may have been off"),
        ):
            if np.any(doubtful):
                place = int(np.flatnonzero(doubtful)[0])
                self._check.doubt(f"{words(place)}, first at {self._record.samples.at_s[place]:.0f} s; {why}")

    def _off_from(self, outlet_kpa: Column, added_kpa: Column) -> Truths:
        off: Truths = (self._kpa < outlet_kpa - self._error_kpa) | (self._kpa > outlet_kpa + added_kpa)
        return off

    def _outlet_at_first_kpa(self) -> Column:
        """Return for each sample what the outlet's sensor told at first."""
        known = self._outlet_kpa[np.isfinite(self._outlet_kpa)][:FIRST_SAMPLES]
        return np.full(len(self._outlet_kpa), float(np.median(known)) if len(known) else np.nan)

    def _part_of_a_move(self, added_kpa: Column) -> Truths:
        """Tell of each sample whether the pump tells what an outlet has that went only a part of where it was moved."""
        at_first_kpa = self._outlet_at_first_kpa()
        lowest_kpa = np.fmin(self._outlet_kpa, at_first_kpa) - self._error_kpa
        highest_kpa = np.fmax(self._outlet_kpa, at_first_kpa) + added_kpa
        part: Truths = np.zeros(len(self._kpa), dtype=np.bool_)
        for injection in filter(moves_the_outlet, self._record.injections):
            part |= self._inside(injection)
        return part & (self._kpa >= lowest_kpa) & (self._kpa <= highest_kpa)

    def _seems_off(self, wrong: Truths) -> Truths:
        """Tell of each sample whether the pump tells the air's pressure and half of what it counted did not arrive."""
        samples, seems = self._record.samples, np.zeros(len(wrong), dtype=np.bool_)
        for first, last in stretches(wrong & (np.abs(self._kpa) <= self._error_kpa)):
            begin, end = max(first - 1, 0), min(last, len(wrong) - 1)
            counted_ul = float(samples.counter_ul[end] - samples.counter_ul[begin])
            arrived_ul = UL_PER_G * float(samples.mass_g[end] - samples.mass_g[begin])
            told = counted_ul >= STROKES_TO_TELL * self._record.profile.stroke_volume_ul.value
            seems[first:last] = not told or not arrived_ul > counted_ul / 2
        return seems

    def _off(self, inside: Truths) -> None:
        """A catheter that is off: there is the air's pressure."""
        wrong = inside & (np.abs(self._kpa) > self._error_kpa)
        on = wrong & self._seems_on(wrong)
        self._check.samples(wrong & ~on, lambda place: f"it tells {self._kpa[place]:.2f} kPa of a catheter that is off")
        if np.any(on):
            place = int(np.flatnonzero(on)[0])
            seen = f"it tells {self._kpa[place]:.2f} kPa of a catheter that is off, first at"
            at_s = self._record.samples.at_s[place]
            self._check.doubt(f"{seen} {at_s:.0f} s, and what was counted arrived: it may have been on")

    def _seems_on(self, wrong: Truths) -> Truths:
        """Tell of each sample whether more than half arrived of what was counted since the one before it."""
        samples, seems = self._record.samples, np.zeros(len(wrong), dtype=np.bool_)
        least_ul = STROKES_TO_TELL * self._record.profile.stroke_volume_ul.value
        for first, last in stretches(wrong):
            begin, end = max(first - 1, 0), min(last, len(wrong) - 1)
            counted_ul = float(samples.counter_ul[end] - samples.counter_ul[begin])
            arrived_ul = UL_PER_G * float(samples.mass_g[end] - samples.mass_g[begin])
            seems[first:last] = counted_ul >= least_ul and arrived_ul > counted_ul / 2
        return seems

    def _shut(self, inside: Truths) -> None:
        """A shut catheter: each counted stroke raises the pressure, by no less than C_max lets it."""
        places = np.flatnonzero(inside)
        if not len(places):
            return
        profile, counter_ul = self._record.profile, self._record.samples.counter_ul
        counted_ul = counter_ul - counter_ul[places[0]]
        sure_ul = np.maximum(0.0, counted_ul - profile.stroke_volume_ul.value)
        sure_ul *= 1 - profile.accuracy_percent.value / 100
        least_kpa = self._kpa[places[0]] + sure_ul / self._catheter.compliance_max_ul_per_kpa.value
        wrong = inside & (self._kpa < least_kpa - 2 * self._error_kpa)
        told = "it tells {:.2f} kPa of a shut catheter, what was counted into it makes at least {:.2f} kPa"
        self._check.samples(wrong, lambda place: told.format(self._kpa[place], least_kpa[place]))

    def _alarms_in_time(self) -> None:
        """Over the threshold for longer than the latency of a pump that runs, the occlusion alarm stands."""
        threshold, latency = self._catheter.occlusion_threshold_max_kpa, self._latency_s()
        if threshold is None or latency is None:
            return
        samples = self._record.samples
        clock_s, stands = samples.device_clock_s, samples.with_alarm(Alarm.OCCLUSION)
        runs = self._course.total_ul_per_h(clock_s) > 0
        over = (self._kpa > threshold.value + self._error_kpa) & runs & ~stands
        wrong = np.zeros(len(samples), dtype=np.bool_)
        for first, last in stretches(over):
            wrong[first:last] = clock_s[first:last] - clock_s[first] > latency + self._course.slack_s
        told = f"it tells {{:.2f}} kPa for longer than {latency:g} s without an occlusion alarm"
        self._check.samples(wrong, lambda place: told.format(self._kpa[place]))
        added_kpa = self._recent_ul_per_h() * latency / SECONDS_PER_HOUR / self._catheter.least_compliance_ul_per_kpa
        most_kpa = threshold.value + added_kpa + self._stroke_kpa + self._error_kpa
        told = f"it tells {{:.2f}} kPa, the threshold is {threshold.value:g} kPa and {{:.2f}} kPa are the most"
        self._check.samples(self._kpa > most_kpa, lambda place: told.format(self._kpa[place], most_kpa[place]))

    def _latency_s(self) -> float | None:
        latency = self._record.profile.alarms[Alarm.OCCLUSION].latency_max_s
        return None if latency is None else latency.value

    def _recent_ul_per_h(self) -> Column:
        """Return the greatest rate whose pressure may still be there at each sample."""
        slack_s, settles_s = self._course.slack_s, self._settles_s
        held = ((from_s - slack_s, to_s + slack_s + settles_s, rate) for from_s, to_s, rate in self._course.segments())
        return greatest_ul_per_h(held, self._record.samples.device_clock_s)

    def _surplus_ul(self) -> Column:
        """Return what was counted or weighed on top of the schedule, where it may still be in the catheter."""
        samples = self._record.samples
        clock_s, scheduled_ul = samples.device_clock_s, np.diff(scheduled_bounds_ul(self._record)[1])
        weighed_ul = np.nan_to_num(np.diff(samples.mass_g) * UL_PER_G)
        surplus_ul = np.fmax(np.diff(samples.counter_ul), weighed_ul) - scheduled_ul
        surplus_ul -= self._record.profile.stroke_volume_ul.value
        begins_s = clock_s[np.maximum(np.arange(len(surplus_ul)) - 1, 0)]  # the balance shows it an interval later
        held = [
            (float(begins_s[place]), float(clock_s[place + 1]) + self._settles_s, float(surplus_ul[place]))
            for place in np.flatnonzero(surplus_ul > 0)
        ]
        return greatest_ul_per_h(held, clock_s) if held else np.zeros(len(samples))

    def _inside(self, injection: Injection) -> Truths:
        """Tell of each sample whether the fault was there for sure."""
        at_s = self._record.samples.at_s
        until_s = np.inf if injection.released_s is None else injection.released_s - INJECTOR_MOVES_S
        inside: Truths = (at_s > injection.confirmed_s + self._course.slack_s) & (at_s < until_s)
        return inside

    def _under_a_fault(self) -> Truths:
        """Tell of each sample whether a fault was there, or its pressure may still be; or one from before it all."""
        at_s = self._record.samples.at_s
        faulty: Truths = at_s < at_s[0] + self._settles_s
        for one in self._record.injections:
            if moves_the_outlet(one):
                continue
            until_s = np.inf if one.released_s is None else one.released_s + self._settles_s
            faulty |= (at_s >= one.sent_s) & (at_s <= until_s)
        for move in outlet_moves(self._record):
            faulty |= (at_s >= move.span.from_s) & (at_s <= move.moved_by_s + self._settles_s)
        return faulty
