# SPDX-License-Identifier: Apache-2.0
"""The course that a good pump takes in an infusion, by its own clock: from its schedule, its commands and its alarms.

An alarm that stops the pump ends the schedule at its onset, whether a plan waited for it or not; the next start begins
it anew. Around a change both the old and the new are right for as long as the profile allows.
"""

import math
from dataclasses import dataclass

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.sample_table import Column, Truths
from bench.therapy import AcceptedBolus, bolus_parts
from instruments.program import Mode
from instruments.pump import Alarm, Command, PumpState

JUST_BEFORE_S = 1e-6
SAME_SAMPLE_S = 0.01
SECONDS_PER_HOUR = 3600.0
READINGS = 2
"""A scaled clock may be off by this many half widths: one for each of two readings."""


@dataclass(frozen=True)
class AlarmStop:
    """A stop by an alarm, in seconds of the pump's clock.

    Attributes:
        from_s: its onset, no earlier than the last sample without it.
        acknowledged_s: when it was acknowledged; infinite where it was not.
        until_s: when the pump was started again; infinite where it was not.
        stopped_s: a stop that was commanded meanwhile; infinite where none was.
        unsure_s: how much earlier it may have begun, where its bit alone tells of it.
    """

    from_s: float
    acknowledged_s: float
    until_s: float
    stopped_s: float
    unsure_s: float = 0.0


class ExpectedCourse:
    """What the state and the rate should have been at any instant.

    Attributes:
        slack_s: around a command, an alarm or a bolus both before and after are right.
        alarm_stops: the stops by alarms, in order.
        boluses: the accepted boluses, as far as the pump ran on.
        parts: of each accepted bolus the parts in which it comes, with the rest that a start takes up.
        edges_s: every start, stop, alarm stop, acknowledge, begin and end of a bolus.
        basal_changes_s: instants at which the basal rate changes by itself.
    """

    def __init__(self, record: InfusionRecord) -> None:
        self._record = record
        self._schedule = record.schedule
        profile, samples = record.profile, record.samples
        low_ul = profile.low_reservoir_alarm_ul.value
        self._mode = self._schedule.in_force.program(low_ul).mode
        modes = {one.program(low_ul).mode for one in self._schedule.programmed}
        self.slack_s = max(profile.registers_follow_s.value, READINGS * record.clocks_half_width_s)
        self._basal_slack_s = self.slack_s
        if modes & {Mode.FLEX, Mode.WEEKLY_FLEX}:
            self._basal_slack_s += profile.flex_step_tolerance_s.value
        self.alarm_stops = self._alarm_stops()
        self._spans_s = self._running_spans()
        self.boluses = tuple(self._cut_short(bolus) for bolus in self._schedule.boluses)
        resumed = self._schedule.resumes_boluses
        self.parts = [bolus_parts(bolus, self._spans_s, resumed=resumed) for bolus in self._schedule.boluses]
        self._boluses = tuple(part for parts in self.parts for part in parts)
        clock_s = samples.device_clock_s
        self._first_s, self._last_s = float(np.min(clock_s)) - 1.0, float(np.max(clock_s)) + 1.0
        self._basal_at_s, self._basal_ul_per_h = self._steps(boluses=False)
        self._total_at_s, self._total_ul_per_h = self._steps(boluses=True)
        self.edges_s = self._edges()
        self.basal_changes_s = tuple(at_s for at_s in self._basal_at_s[1:] if at_s not in set(self.edges_s))

    def state_is_right(self, device_s: float, state: PumpState) -> bool:
        """Tell whether a pump may be in `state` at an instant."""
        near_s = [at_s for at_s in self.edges_s if abs(at_s - device_s) <= self.slack_s]
        near_s += [at_s for at_s in self.basal_changes_s if abs(at_s - device_s) <= self._basal_slack_s]
        return any(state in self.states(at_s) for at_s in (device_s, *_both_sides(near_s)))

    def states(self, device_s: float) -> frozenset[PumpState]:
        """Return the states that are right at an instant, the slack around changes left out."""
        for stop in self.alarm_stops:
            if stop.from_s <= device_s < min(stop.acknowledged_s, stop.until_s):
                or_stopped = {PumpState.STOPPED} if device_s >= stop.stopped_s else set()
                return frozenset({PumpState.ALARM_STOPPED, *or_stopped})
        if not self.runs(device_s):
            return frozenset({PumpState.STOPPED})
        if any(one.started_s <= device_s < one.ends_s for one in self._schedule.primes):
            return frozenset({PumpState.PRIMING})
        total, basal = self.rate_ul_per_h(device_s), self.basal_ul_per_h(device_s)
        if self._mode is Mode.SINGLE_BOLUS:
            return frozenset({PumpState.BOLUS if total > 0 else PumpState.STOPPED})
        if total > basal:
            return frozenset({PumpState.BOLUS})
        return frozenset({PumpState.INFUSING} if total > 0 else {PumpState.INFUSING, PumpState.STOPPED})

    def runs(self, device_s: float) -> bool:
        """Tell whether the pump is started, and no alarm has stopped it."""
        return any(from_s <= device_s < to_s for from_s, to_s in self._spans_s)

    def rate_ul_per_h(self, device_s: float) -> float:
        """Return the rate at an instant, boluses included."""
        return _step_at(self._total_at_s, self._total_ul_per_h, device_s)

    def basal_ul_per_h(self, device_s: float) -> float:
        """Return the rate at an instant without patient boluses."""
        return _step_at(self._basal_at_s, self._basal_ul_per_h, device_s)

    def rates_ul_per_h(self, device_s: float) -> tuple[float, ...]:
        """Return every rate that is right at an instant, the slack around changes included."""
        edges_s = _both_sides([at_s for at_s in self.edges_s if abs(at_s - device_s) <= self.slack_s])
        changes_s = [at_s for at_s in self.basal_changes_s if abs(at_s - device_s) <= self._basal_slack_s]
        running_s = (device_s, *edges_s)
        basal = {self.basal_ul_per_h(at_s) for at_s in (*running_s, *_both_sides(changes_s))}
        added = {self.rate_ul_per_h(at_s) - self.basal_ul_per_h(at_s) for at_s in running_s}
        stands = {0.0} if any(not self.runs(at_s) for at_s in running_s) else set()
        return tuple(sorted({one + more for one in basal for more in added} | stands))

    def total_ul_per_h(self, instants_s: Column) -> Column:
        """Return the rate at many instants, boluses included."""
        places = np.searchsorted(self._total_at_s, instants_s, side="right") - 1
        rates: Column = self._total_ul_per_h[np.maximum(places, 0)]
        return rates

    def scheduled_ul(self, from_s: float, to_s: float) -> float:
        """Return the volume between two instants."""
        inside = (self._total_at_s > from_s) & (self._total_at_s < to_s)
        at_s = np.concatenate(([from_s], self._total_at_s[inside], [to_s]))
        return float(np.sum(self.total_ul_per_h(at_s[:-1]) * np.diff(at_s))) / SECONDS_PER_HOUR

    def part(self, instants_s: Column) -> Column:
        """Return of each instant in which part between two changes it lies, as a number."""
        changes_s = np.array(sorted((*self.edges_s, *self.basal_changes_s)))
        return np.searchsorted(changes_s, instants_s, side="right").astype(np.float64)

    def near_a_change(self, instants_s: Column) -> Truths:
        """Tell of each instant whether it lies in the slack around a change of any kind."""
        near = np.zeros(len(instants_s), dtype=np.bool_)
        for changes_s, slack_s in ((self.edges_s, self.slack_s), (self.basal_changes_s, self._basal_slack_s)):
            known_s = np.array([-math.inf, *changes_s, math.inf])
            after = np.searchsorted(known_s, instants_s)
            after = np.clip(after, 1, len(known_s) - 1)
            near |= (known_s[after] - instants_s <= slack_s) | (instants_s - known_s[after - 1] <= slack_s)
        return near

    def segments(self) -> list[tuple[float, float, float]]:
        """Return from when to when which rate holds at the most, each end moved out by its slack.

        Over an instant in a slack lie several; the greatest and the least of them bound what may be delivered.
        """
        at_s = [float(one) for one in self._total_at_s]
        widths_s = dict.fromkeys(self.basal_changes_s, self._basal_slack_s)
        widths_s |= {stop.from_s: self.slack_s + stop.unsure_s for stop in self.alarm_stops}
        ends_s = [*at_s[1:], self._last_s]
        return [
            (from_s - widths_s.get(from_s, self.slack_s), to_s + widths_s.get(to_s, self.slack_s), float(rate))
            for from_s, to_s, rate in zip(at_s, ends_s, self._total_ul_per_h, strict=True)
        ]

    def standing_spans_s(self) -> list[tuple[float, float]]:
        """Return from when to when nothing at all is scheduled, the slack around changes left out."""
        spans = []
        ends_s = [*self._total_at_s[1:], self._last_s]
        for from_s, to_s, rate in zip(self._total_at_s, ends_s, self._total_ul_per_h, strict=True):
            if rate == 0:
                early_s = self._basal_slack_s if from_s in self.basal_changes_s else self.slack_s
                late_s = self._basal_slack_s if to_s in self.basal_changes_s else 0.0
                spans.append((float(from_s) + early_s, float(to_s) - late_s))
        return [(from_s, to_s) for from_s, to_s in spans if from_s < to_s]

    def _alarm_stops(self) -> tuple[AlarmStop, ...]:
        samples, profile = self._record.samples, self._record.profile
        stops = []
        for logged in self._record.alarms:
            if profile.alarms[logged.entry.alarm].then_does == "stops":
                earliest_s, latest_s = samples.device_s(logged.after_s), samples.device_s(logged.by_s)
                stops.append(self._alarm_stop(min(max(logged.entry.onset_s, earliest_s), latest_s)))
        return tuple(sorted((*stops, *self._unlogged_stops()), key=lambda stop: stop.from_s))

    def _unlogged_stops(self) -> list[AlarmStop]:
        """Return the stops of which a bit tells and the log does not: the log is wrong then, and nothing else."""
        samples, stops = self._record.samples, []
        for alarm, promised in self._record.profile.alarms.items():
            bit = samples.with_alarm(alarm) & (promised.then_does == "stops")
            for place in np.flatnonzero(bit[1:] & ~bit[:-1]) + 1:
                if not self._is_logged(alarm, float(samples.at_s[place - 1]), float(samples.at_s[place])):
                    came_s, before_s = samples.device_clock_s[place], samples.device_clock_s[place - 1]
                    stops.append(self._alarm_stop(float(came_s), float(came_s - before_s)))
        return stops

    def _is_logged(self, alarm: Alarm, after_s: float, by_s: float) -> bool:
        """Tell whether the log grew by an alarm between two samples; the journal keeps thousandths.

        A plan that waits for an alarm looks at the log between two samples as well.
        """
        logged = (one for one in self._record.alarms if one.entry.alarm is alarm)
        return any(after_s < one.by_s < by_s + SAME_SAMPLE_S for one in logged)

    def _alarm_stop(self, from_s: float, unsure_s: float = 0.0) -> AlarmStop:
        starts_s = [start_s for start_s, _ in self._schedule.spans_s if start_s > from_s]
        acknowledged_s = self._first_command_s(Command.ACKNOWLEDGE, from_s)
        stopped_s = self._first_command_s(Command.STOP, from_s)
        return AlarmStop(from_s, acknowledged_s, min(starts_s, default=math.inf), stopped_s, unsure_s)

    def _first_command_s(self, command: Command, after_s: float) -> float:
        given = self._record.commands
        taken_s = (one.device_clock_s for one in given if one.command is command and one.accepted)
        return min((at_s for at_s in taken_s if at_s >= after_s), default=math.inf)

    def _steps(self, *, boluses: bool) -> tuple[Column, Column]:
        """Return the instants from which on another rate holds, and the rates."""
        given = self._boluses if boluses else ()
        instants_s = {self._first_s}
        for from_s, to_s in self._spans_s:
            first_s, last_s = max(from_s, self._first_s), min(to_s, self._last_s)
            if first_s < last_s:
                changes_s = self._schedule.therapy_of(from_s).boundaries_s(first_s, last_s, from_s, given)
                instants_s |= {first_s, last_s, *changes_s}
        at_s = np.array(sorted(instants_s))
        return at_s, np.array([self._in_force(one, given) for one in at_s])

    def _in_force(self, at_s: float, given: tuple[AcceptedBolus, ...]) -> float:
        for from_s, to_s in self._spans_s:
            if from_s <= at_s < to_s:
                return self._schedule.therapy_of(from_s).rate_ul_per_h(at_s, from_s, given)
        return 0.0

    def _running_spans(self) -> tuple[tuple[float, float], ...]:
        """Return from when to when the pump runs: from its starts to stops, by alarms as well."""
        return tuple(
            (from_s, min((stop.from_s for stop in self.alarm_stops if from_s <= stop.from_s < to_s), default=to_s))
            for from_s, to_s in self._schedule.spans_s
        )

    def _cut_short(self, bolus: AcceptedBolus) -> AcceptedBolus:
        """Return what is left of a bolus until the pump is stopped in it."""
        ends_s = [to_s for from_s, to_s in self._spans_s if from_s <= bolus.started_s < to_s]
        return bolus.until(min(ends_s, default=bolus.started_s))

    def _edges(self) -> tuple[float, ...]:
        edges_s = {edge_s for span in (*self._schedule.spans_s, *self._spans_s) for edge_s in span}
        edges_s |= {edge for stop in self.alarm_stops for edge in (stop.from_s, stop.acknowledged_s, stop.until_s)}
        edges_s |= set(self._schedule.changed_s)
        edges_s |= {edge for bolus in self._boluses for edge in bolus.edges_s}
        if self._mode is Mode.SINGLE_BOLUS:
            edges_s |= set(self._basal_at_s[1:])
        return tuple(sorted(edge_s for edge_s in edges_s if math.isfinite(edge_s)))


def _both_sides(edges_s: list[float]) -> tuple[float, ...]:
    return tuple(at_s for edge_s in edges_s for at_s in (edge_s - JUST_BEFORE_S, edge_s))


def _step_at(at_s: Column, rates: Column, instant_s: float) -> float:
    return float(rates[max(0, int(np.searchsorted(at_s, instant_s, side="right")) - 1)])
