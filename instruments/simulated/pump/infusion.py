# SPDX-License-Identifier: Apache-2.0
"""What the pump is doing: the basal rate of its program and boluses on top of it, or a prime; and when that changes."""

import math
from dataclasses import replace

from instruments.program import Mode, Program, Step
from instruments.pump import PumpState
from instruments.simulated.motor.motor import Motor
from instruments.simulated.motor.motor_faults_at_work import MotorFaultsAtWork
from instruments.simulated.motor.push import Push
from instruments.simulated.pump.bolus import Bolus, BolusKind
from instruments.simulated.pump.bridge import BridgeAtWork
from instruments.simulated.pump.missed_steps import MissedSteps
from instruments.simulated.pump.therapy_modes import MINUTES_A_DAY, MODES, Segment
from instruments.simulated.specimen.firmware_faults import FirmwareFaults
from instruments.simulated.specimen.interaction_faults import InteractionFaults
from instruments.simulated.time.device_clock import DeviceClock
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

GOOD = InteractionFaults()


class Infusion:
    """Drives the motor. All its times are the device clock's, strokes included.

    A patient bolus never brings the rate over the greatest one: it takes what room the rest leaves, and longer.

    Attributes:
        state: what the pump is doing.
        rate_ul_per_h: all that it drives, as it believes.
        cut: the boluses that the last stop cut short.
        schedule_late_s: by how much a bad pump runs its day schedule late.
    """

    def __init__(
        self,
        timeline: Timeline,
        motor: Motor,
        clock: DeviceClock,
        faults: FirmwareFaults,
        motor_faults: MotorFaultsAtWork,
        greatest_ul_per_h: float,
        bridge: BridgeAtWork,
        interaction: InteractionFaults = GOOD,
    ) -> None:
        self.state = PumpState.STOPPED
        self.rate_ul_per_h = 0.0
        self._timeline = timeline
        self._motor = motor
        self._motor_faults = motor_faults
        self._clock = clock
        self._faults = faults
        self._greatest_ul_per_h = greatest_ul_per_h
        self._bridge = bridge
        self.schedule_late_s = 0.0
        self.missed_steps = MissedSteps(interaction)
        self.cut: tuple[Bolus, ...] = ()
        self._basal: Program | None = None
        self._boluses: dict[BolusKind, Bolus] = {}
        self._calibrated_gain = 1.0
        self._handled_s = 0.0
        self._next_change_s = 0.0
        self._standing_since_s: float | None = None
        self._timer = Timer(timeline, self._change_is_due)

    def clock_s(self) -> float:
        """Return the device clock; at a planned change it shows that change's time in full."""
        return max(self._clock.reading_s(self._timeline.now_s), self._handled_s)

    def idle_s(self) -> float:
        """Return for how long the motor has stood since it last ran; 0 if it runs or never ran."""
        return 0.0 if self._standing_since_s is None else self.clock_s() - self._standing_since_s

    def runs(self, kind: BolusKind) -> bool:
        """Tell whether a bolus of this kind is being given."""
        return kind in self._boluses

    @property
    def in_day_schedule(self) -> bool:
        """Tell whether a day schedule runs."""
        return self._basal is not None and self._basal.mode is Mode.FLEX

    @property
    def mode(self) -> Mode | None:
        """Return the mode of the therapy that runs; None while none does."""
        return None if self._basal is None else self._basal.mode

    @property
    def room_ul_per_h(self) -> float:
        """Return how much may come on top of what runs now."""
        return self._greatest_ul_per_h - self.rate_ul_per_h

    def run(self, program: Program) -> None:
        """Start the basal rate of `program`."""
        self._basal = _as_carried_out(program, self._faults)
        if self.in_day_schedule and (due := self._due(self.clock_s())) is not None:
            self.missed_steps.started(self._basal, due)
        self._carry_on()

    def change_program(self, gain: float) -> None:
        """Let the basal rates be so many times what they were, as a memory does that fails."""
        if self._basal is not None:
            steps = _times(self._basal.steps, gain)
            self._basal = replace(self._basal, steps=steps, week=tuple(_times(day, gain) for day in self._basal.week))
            self._carry_on()

    def give(self, bolus: Bolus) -> None:
        """Give `bolus` on top of whatever runs."""
        self._boluses[bolus.kind] = bolus
        self._carry_on()

    def stop(self) -> None:
        """Stop everything; boluses are cut short."""
        for bolus in self._boluses.values():
            bolus.stopped_s = self.clock_s()
        self._count_bridge(self.clock_s())
        self._bridge.stopped()
        self.cut = tuple(self._boluses.values()) or self.cut
        self._basal = None
        self._boluses.clear()
        self._motor_faults.stopped()
        self._carry_on()

    def restart(self) -> None:
        """Power up anew: the motor stands, and the clock counts from zero."""
        self.stop()
        self._zero_clock()
        self._standing_since_s = 0.0

    def load_bridge(self, program: Program) -> None:
        """Take the bridge of a program that comes into force; that of the old one is over."""
        self._count_bridge(self.clock_s())
        self._bridge.load(program)

    def left_of_bridge(self) -> tuple[float, float]:
        """Return what is left of a bridge in µL, and its rate."""
        self._count_bridge(self.clock_s())
        return self._bridge.left()

    def zero_clock(self) -> None:
        """Let the clock count from zero while everything goes on."""
        passed_s = self.clock_s()
        self._count_bridge(passed_s)
        self._zero_clock()
        for bolus in self._boluses.values():
            bolus.clock_set_back(passed_s)
        if self._standing_since_s is not None:
            self._standing_since_s -= passed_s
        self._carry_on()

    def set_clock(self, shows_s: float) -> float:
        """Let the clock of a pump that stands show `shows_s` now; return by how much it went ahead."""
        ahead_s = shows_s - self.clock_s()
        self._clock = self._clock.set_at(self._timeline.now_s, shows_s)
        self._handled_s = 0.0
        if self._standing_since_s is not None:
            self._standing_since_s += ahead_s
        return ahead_s

    def calibrate(self, stroke_gain: float) -> None:
        """Let every stroke from now on have so many times its volume, as with a constant that is not the pump's."""
        self._motor.push(Push(stroke_gain=stroke_gain / self._calibrated_gain), math.inf)
        self._calibrated_gain = stroke_gain

    def mistune_clock(self, error_ppm: float) -> None:
        """Let the crystal run so much faster than true time from now on."""
        shows_s = self.clock_s()
        self._clock = replace(self._clock, error_ppm=error_ppm).set_at(self._timeline.now_s, shows_s)

    def _zero_clock(self) -> None:
        self._clock = self._clock.set_to_zero_at(self._timeline.now_s)
        self._handled_s = 0.0
        self._bridge.clock_zeroed()

    def _change_is_due(self) -> None:
        self._handled_s = self._next_change_s
        self._carry_on()

    def _carry_on(self) -> None:
        clock_s = self.clock_s()
        self._count_bridge(clock_s)
        self._boluses = {kind: bolus for kind, bolus in self._boluses.items() if bolus.end_s > clock_s}
        segment = self._segment(clock_s)
        stands = self._faults.basal_stands_in_bolus and self.runs(BolusKind.SINGLE)
        bridges = segment is not None and self._bridge.runs
        of_program = self._bridge.rate_ul_per_h if bridges else segment.rate_ul_per_h if segment else 0.0
        basal_ul_per_h = 0.0 if stands else of_program
        self.state = self._present_state()
        self._slow_down(basal_ul_per_h, clock_s)
        self._take_rate(basal_ul_per_h + sum(bolus.rate_ul_per_h for bolus in self._boluses.values()), clock_s)
        ends = [bolus.end_s for bolus in self._boluses.values()] + ([segment.until_s] if segment else [])
        ends += [self._bridge.ends_s(self.rate_ul_per_h, clock_s)] if bridges else []
        self._plan(min(ends, default=math.inf))
        driven_ul_per_h = basal_ul_per_h + sum(self._driven_ul_per_h(bolus) for bolus in self._boluses.values())
        self._motor.ask(driven_ul_per_h * self._clock.scheduler)

    def _count_bridge(self, clock_s: float) -> None:
        self._bridge.count(self.rate_ul_per_h, clock_s, primes=BolusKind.PRIME in self._boluses)

    def _due(self, clock_s: float) -> Segment | None:
        if self._basal is None:
            return None
        late_s = self.schedule_late_s if self.in_day_schedule else 0.0
        due = MODES[self._basal.mode].segment(self._basal, clock_s - late_s)
        return due and replace(due, until_s=due.until_s + late_s)

    def _segment(self, clock_s: float) -> Segment | None:
        due = self._due(clock_s)
        if due is None or not self.in_day_schedule:
            return due
        return self.missed_steps.taken(due, in_bolus=bool(self._boluses))

    def _slow_down(self, basal_ul_per_h: float, clock_s: float) -> None:
        bolus = self._boluses.get(BolusKind.PATIENT)
        if bolus is not None:
            others_ul_per_h = sum(one.rate_ul_per_h for one in self._boluses.values() if one is not bolus)
            room_ul_per_h = max(0.0, self._greatest_ul_per_h - basal_ul_per_h - others_ul_per_h)
            bolus.give_at(min(bolus.programmed_ul_per_h, room_ul_per_h), clock_s)

    def _take_rate(self, rate_ul_per_h: float, clock_s: float) -> None:
        if rate_ul_per_h > 0:
            self._standing_since_s = None
        elif self.rate_ul_per_h > 0:
            self._standing_since_s = clock_s
        self.rate_ul_per_h = rate_ul_per_h

    def _driven_ul_per_h(self, bolus: Bolus) -> float:
        return bolus.rate_ul_per_h * (1.0 if bolus.kind is BolusKind.PRIME else self._faults.bolus_gain)

    def _plan(self, next_change_s: float) -> None:
        self._next_change_s = next_change_s
        self._timer.set_at(self._clock.true_s(next_change_s))

    def _present_state(self) -> PumpState:
        if BolusKind.PRIME in self._boluses:
            return PumpState.PRIMING
        if self._boluses:
            return PumpState.BOLUS
        return PumpState.INFUSING if self._basal else PumpState.STOPPED


def _times(steps: tuple[Step, ...], gain: float) -> tuple[Step, ...]:
    return tuple(Step(step.start_minute, step.rate_ul_per_h * gain) for step in steps)


def _week_as_carried_out(week: tuple[tuple[Step, ...], ...], faults: FirmwareFaults) -> tuple[tuple[Step, ...], ...]:
    if faults.weekdays_ignored:
        return tuple(week[0] for _ in week)
    late = faults.weekdays_late
    return tuple(week[(number - late) % len(week)] for number in range(len(week)))


def _as_carried_out(program: Program, faults: FirmwareFaults) -> Program:
    """Return what a firmware with a fault makes of `program`; a good one changes nothing."""
    steps = program.steps
    if program.mode is Mode.WEEKLY_FLEX:
        return replace(program, week=_week_as_carried_out(program.week, faults))
    if program.mode is not Mode.FLEX:
        return program
    if 1 <= faults.skipped_step <= len(steps) and len(steps) > 1:
        steps = steps[: faults.skipped_step - 1] + steps[faults.skipped_step :]
    steps = steps[: faults.flex_steps_held]
    if faults.misses_midnight and len(steps) > 1:
        steps = tuple(step for step in steps if step.start_minute > 0)
    shifted = (Step((step.start_minute + faults.flex_shift_min) % MINUTES_A_DAY, step.rate_ul_per_h) for step in steps)
    ordered = tuple(sorted(shifted, key=lambda step: step.start_minute))
    return Program(mode=program.mode, steps=ordered)
