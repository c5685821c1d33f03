# SPDX-License-Identifier: Apache-2.0
"""What the faults of a motor do on which occasion: at a start, a stop, an acknowledge, a bolus, or by the hour."""

import math

from instruments.simulated.motor.motor import Motor, Spell
from instruments.simulated.motor.push import NOTHING, Push
from instruments.simulated.physics.hydraulics import HOUR_S, Hydraulics
from instruments.simulated.specimen.bolus_faults import BolusFaults
from instruments.simulated.specimen.motor_faults import MotorFaults
from instruments.simulated.specimen.recurrence import EVERY_S, FIRST_S
from instruments.simulated.time.device_clock import DAY_S
from instruments.simulated.time.timeline import Timeline

MINUTE_S = 60.0
FAST_START_S = 2.0 * HOUR_S
RUN_DOWN_S = 20.0 * MINUTE_S
AFTER_BOLUS_S = 2.0 * HOUR_S
STEPS_OF_A_WAVE = 48
OVER, MINIMUM = 1.25, 0.05
BANDS_UL_PER_H = {
    "band_gain": (50.0, 100.0),
    "higher_band_gain": (210.0, 390.0),
    "third_band_gain": (115.0, 165.0),
    "narrow_band_gain": (53.0, 60.0),
}
"""Between which rates a stroke has another volume, by the fault that says so."""
SLOW_UL_PER_H, QUICK_UL_PER_H = 15.0, 500.0
LARGE_BOLUS_UL = 100.0
UNREAD_S = 15.0 * MINUTE_S
WORN_PERCENT = (20.0, 50.0)
"""Between these a bad pump feels that its battery wears down."""


class MotorFaultsAtWork:
    """Pushes the motor as its faults will have it; without a fault it never does."""

    def __init__(
        self,
        timeline: Timeline,
        hydraulics: Hydraulics,
        motor: Motor,
        faults: MotorFaults,
        boluses: BolusFaults,
        late_double_h: float = 0.0,
    ) -> None:
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._motor = motor
        self._faults = faults
        self._boluses = boluses
        self._late_double_h = late_double_h
        self._unread: Spell | None = None
        self._worn: Spell | None = None
        if any((faults.stall_s, faults.stall_caught_up_s, faults.rest_s, *_bursts(faults))):
            timeline.at(FIRST_S, self._every_six_hours)
        for amplitude, period_s in ((faults.wave_2_h, 2.0 * HOUR_S), (faults.wave_12_h, 12.0 * HOUR_S)):
            if amplitude:
                self._swing(amplitude, period_s)
        if faults.every_other_hour_gain != 1.0:
            self._alternate(faults.every_other_hour_gain)
        if faults.drift_per_day:
            self._drift()
        for from_s, gain in ((faults.over_from_s, OVER), (faults.minimum_from_s, MINIMUM)):
            if math.isfinite(from_s):
                motor.push(Push(stroke_gain=gain), math.inf, from_s)
        self._lift_kpa = 0.0
        if faults.stands_after_move_s:
            hydraulics.changed.subscribe(lambda _instant_s: self._stand_after_a_move())
        if faults.siphons_ul_per_h or {
            faults.off_gain,
            faults.pinched_gain,
            faults.leaking_gain,
            faults.leaking_pace,
            faults.torn_pace,
            *(getattr(faults, gain) for gain in BANDS_UL_PER_H),
            faults.slow_gain,
            faults.quick_gain,
        } != {1.0}:
            hydraulics.changed.subscribe(lambda _instant_s: self._stand_under_the_catheter())

    def started(self) -> None:
        """Take note that a therapy begins."""
        faults = self._faults
        self._push(Push(uncounted_ul_per_h=faults.bolus_at_start_ul / MINUTE_S * HOUR_S), MINUTE_S)
        self._push(Push(pace=0.0), faults.late_start_s)
        self._push(Push(stroke_gain=0.0), faults.dead_start_s)
        self._push(Push(stroke_gain=faults.fast_start_gain), FAST_START_S)
        self._push(Push(pace=faults.fast_start_counted_gain), FAST_START_S)

    def stopped(self) -> None:
        """Take note that everything stops that the firmware asked for; called before the motor is asked to."""
        faults, rate_ul_per_h = self._faults, self._motor.asked_ul_per_h
        self._motor.end_therapy()
        if not rate_ul_per_h:
            return
        self._push(Push(uncounted_ul_per_h=rate_ul_per_h), faults.runs_on_s, after_the_therapy=True)
        self._push(Push(counted_ul_per_h=rate_ul_per_h), faults.runs_on_counted_s, after_the_therapy=True)
        down = Push(uncounted_ul_per_h=faults.runs_down_ul / RUN_DOWN_S * HOUR_S)
        self._push(down, RUN_DOWN_S, after_the_therapy=True)

    def read(self) -> None:
        """Take note that somebody reads the pump."""
        if self._faults.unread_gain != 1.0:
            if self._unread is not None:
                self._motor.drop(self._unread)
            self._unread = self._motor.push(Push(stroke_gain=self._faults.unread_gain), math.inf, UNREAD_S)

    def fed(self, battery_percent: float) -> None:
        """Take note of what is left of the battery by its voltage."""
        if self._worn is not None:
            self._motor.drop(self._worn)
            self._worn = None
        least, most = WORN_PERCENT
        if self._faults.worn_battery_gain != 1.0 and least < battery_percent < most:
            self._worn = self._motor.push(Push(stroke_gain=self._faults.worn_battery_gain), math.inf)

    def acknowledged(self) -> None:
        """Take note that an alarm was acknowledged."""
        more = Push(uncounted_ul_per_h=self._faults.bolus_at_acknowledge_ul / MINUTE_S * HOUR_S)
        self._push(more, MINUTE_S, after_the_therapy=True)
        if self._faults.acknowledged_gain != 1.0:
            self._motor.push(Push(stroke_gain=self._faults.acknowledged_gain), math.inf)
        if self._late_double_h:
            self._push(Push(stroke_gain=2.0), HOUR_S, self._late_double_h * HOUR_S, after_the_therapy=True)

    def gives_more_from_now_on(self, by: float) -> None:
        """Give more by a fraction for good, uncounted, as a motor does that was strained."""
        if by:
            self._motor.push(Push(stroke_gain=1.0 + by), math.inf)

    def bolus_given(self, volume_ul: float, duration_s: float) -> None:
        """Take note that a bolus begins, which the motor was asked for."""
        faults, rate_ul_per_h = self._boluses, volume_ul / duration_s * HOUR_S
        if faults.pace != 1.0:
            self._push(Push(counted_ul_per_h=-rate_ul_per_h), duration_s)
            self._push(Push(counted_ul_per_h=rate_ul_per_h * faults.pace), duration_s / faults.pace)
        given_share = min(faults.given_share, faults.large_given_share if volume_ul > LARGE_BOLUS_UL else 1.0)
        if given_share < 1.0:
            given_s = given_share * duration_s
            self._push(Push(uncounted_ul_per_h=-rate_ul_per_h), duration_s - given_s, given_s)
        if faults.after_share:
            after_ul_per_h = faults.after_share * volume_ul / AFTER_BOLUS_S * HOUR_S
            self._push(Push(uncounted_ul_per_h=after_ul_per_h), AFTER_BOLUS_S, duration_s)
        if faults.again_after_s:
            self._push(Push(counted_ul_per_h=rate_ul_per_h), duration_s, duration_s + faults.again_after_s)

    def bolus_doubled(self, volume_ul: float, duration_s: float, after_s: float = 0.0) -> None:
        """Give a bolus once more, uncounted, on top of itself or so long after its begin."""
        self._push(Push(uncounted_ul_per_h=volume_ul / duration_s * HOUR_S), duration_s, after_s)

    def _push(self, push: Push, for_s: float, after_s: float = 0.0, *, after_the_therapy: bool = False) -> None:
        if for_s > 0.0 and push != NOTHING:
            self._motor.push(push, for_s, after_s, of_a_therapy=not after_the_therapy)

    def _every_six_hours(self) -> None:
        faults, motor = self._faults, self._motor
        if faults.stall_s:
            motor.push(Push(stroke_gain=0.0), faults.stall_s)
        if faults.stall_caught_up_s:
            motor.push(Push(stroke_gain=0.0), faults.stall_caught_up_s)
            motor.push(Push(stroke_gain=2.0), faults.stall_caught_up_s, faults.stall_caught_up_s)
        if faults.rest_s:
            motor.push(Push(pace=0.0), faults.rest_s)
        self._burst()
        self._timeline.at(self._timeline.now_s + EVERY_S, self._every_six_hours)

    def _burst(self) -> None:
        in_1_s, in_1_min, counted = (volume_ul * HOUR_S for volume_ul in _bursts(self._faults))
        if self._motor.asked_ul_per_h:
            self._motor.push(Push(uncounted_ul_per_h=in_1_s), 1.0)
            self._motor.push(Push(uncounted_ul_per_h=in_1_min / MINUTE_S), MINUTE_S)
            self._motor.push(Push(counted_ul_per_h=counted / MINUTE_S), MINUTE_S)

    def _swing(self, amplitude: float, period_s: float) -> None:
        now_s, step_s = self._timeline.now_s, period_s / STEPS_OF_A_WAVE
        phase = 2.0 * math.pi * (now_s + step_s / 2.0) / period_s
        self._motor.push(Push(stroke_gain=1.0 + amplitude * math.sin(phase)), step_s)
        self._timeline.at(now_s + step_s, lambda: self._swing(amplitude, period_s))

    def _alternate(self, gain: float) -> None:
        self._motor.push(Push(stroke_gain=gain), HOUR_S)
        self._timeline.at(self._timeline.now_s + HOUR_S, lambda: self._alternate(2.0 - gain))

    def _drift(self) -> None:
        now_s = self._timeline.now_s
        self._motor.push(Push(stroke_gain=1.0 + self._faults.drift_per_day * now_s / DAY_S), HOUR_S)
        self._timeline.at(now_s + HOUR_S, self._drift)

    def _stand_after_a_move(self) -> None:
        """Give nothing for a while where the outlet was moved."""
        moved_kpa, self._lift_kpa = self._lift_kpa, self._hydraulics.conditions.outlet_lift_kpa
        if moved_kpa != self._lift_kpa:
            self._motor.push(Push(stroke_gain=0.0), self._faults.stands_after_move_s)

    def _stand_under_the_catheter(self) -> None:
        conditions = self._hydraulics.conditions
        self._motor.stand_under(
            Push(
                uncounted_ul_per_h=self._faults.siphons_ul_per_h if conditions.end_kpa < 0.0 else 0.0,
                pace=(self._faults.off_gain if conditions.disconnected else 1.0)
                * (self._faults.leaking_pace if conditions.leak_fraction else 1.0)
                * (self._faults.torn_pace if conditions.torn else 1.0),
                stroke_gain=(self._faults.pinched_gain if conditions.kink_fraction else 1.0)
                * (self._faults.leaking_gain if conditions.leak_fraction else 1.0)
                * self._gain_in_bands()
                * (self._faults.slow_gain if 0.0 < conditions.rate_ul_per_h < SLOW_UL_PER_H else 1.0)
                * (self._faults.quick_gain if self._motor.asked_ul_per_h > QUICK_UL_PER_H else 1.0),
            )
        )

    def _gain_in_bands(self) -> float:
        rate_ul_per_h = self._motor.asked_ul_per_h
        within = [name for name, (least, most) in BANDS_UL_PER_H.items() if least < rate_ul_per_h < most]
        gains: list[float] = [getattr(self._faults, name) for name in within]
        return math.prod(gains)


def _bursts(faults: MotorFaults) -> tuple[float, float, float]:
    return faults.burst_in_1_s_ul, faults.burst_in_1_min_ul, faults.burst_counted_ul
