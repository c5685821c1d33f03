# SPDX-License-Identifier: Apache-2.0
"""The pump's alarms: what each watches, when it sounds, what the pump does then, and how it is cleared.

An occlusion, a stall and an empty reservoir stop the pump; after a disconnect and at a low reservoir it goes on. Alarms
of pressure and rotor clear when they are acknowledged, and sound again when their cause has held for its time once
more. An empty reservoir cannot be acknowledged before it is refilled. A low reservoir sounds once per filling.
"""

import math

from instruments.pump import Alarm, CommandResult, PumpState
from instruments.simulated.motor.held_rotor import HeldRotor
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.pump.alarm_log import AlarmLog
from instruments.simulated.pump.counter import Counter
from instruments.simulated.pump.deafness import Deafness
from instruments.simulated.pump.disconnect_watch import DisconnectWatch
from instruments.simulated.pump.infusion import Infusion
from instruments.simulated.pump.occlusion_watch import OcclusionWatch
from instruments.simulated.pump.sensor_watch import SensorWatch
from instruments.simulated.pump.sounder import Sounder
from instruments.simulated.pump.stall_watch import StallWatch
from instruments.simulated.specimen.recurrence import EVERY_S, FIRST_S
from instruments.simulated.specimen.twin_specification import TwinSpecification
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

_FALSE_ALARM_DELAY_S = 5.0


class PumpAlarms:
    """Watches the pump and sounds its alarms.

    Attributes:
        log: the alarm log, and which alarms stand.
        sounder: what is heard of them.
        deafness: what a bad pump does not look for.
        stopped: an alarm stopped the pump and has not been acknowledged.
        acknowledged_stops: how many alarm stops have been acknowledged.
        empty: the reservoir ran out and has not been refilled.
        low_reservoir_ul: computed volume at which the low-reservoir alarm sounds; 0 for never.
    """

    def __init__(
        self,
        timeline: Timeline,
        hydraulics: Hydraulics,
        infusion: Infusion,
        counter: Counter,
        rotor: HeldRotor,
        specification: TwinSpecification,
    ) -> None:
        model, faults, alarms = specification.model, specification.firmware, specification.alarms
        self.log = AlarmLog(alarms)
        self.deafness = Deafness(hydraulics, infusion, self.log, specification.interaction)
        self._interaction = specification.interaction
        self._sound_faults = specification.sound
        self.sounder = Sounder(timeline, lambda: self.log.standing, model.alarms.silence_s, specification.sound)
        self.stopped = False
        self.acknowledged_stops = 0
        self.empty = False
        self.low_reservoir_ul = 0.0
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._infusion = infusion
        self._counter = counter
        self._faults = faults
        self._alarm_faults = alarms
        self._reservoir_faults = specification.reservoir
        self._feels_pressure = model.catheter.pressure_sensor
        self._occlusions_sounded = 0
        self._low_sounded = False
        limits = model.alarms
        occlusion_hold_s = limits.occlusion_hold_s + faults.occlusion_delay_s
        self._occlusion_kpa = alarms.occlusion_kpa or limits.occlusion_kpa
        self._blind = False
        self._occlusion = OcclusionWatch(
            timeline, hydraulics, self._occlusion_kpa, occlusion_hold_s, self._sound_occlusion
        )
        disconnect_hold_s = limits.disconnect_hold_s + alarms.disconnect_delay_s
        self._disconnect = DisconnectWatch(
            timeline, hydraulics, limits.disconnect_kpa, disconnect_hold_s, self._sound_disconnect
        )
        self._stall_faults = specification.stall
        self._stalls_sounded = 0
        stall_hold_s = limits.stall_hold_s + specification.stall.alarm_late_s
        self._stall = StallWatch(timeline, rotor, stall_hold_s, self._sound_stall)
        self._sensor_faults = specification.sensor
        self._sensor_failures = 0
        sensor_hold_s = limits.sensor_hold_s + specification.sensor.late_s
        self._sensor = SensorWatch(timeline, sensor_hold_s, self._sensor_failed)
        self._empty_timer = Timer(timeline, self._sound_empty)
        self._low_timer = Timer(timeline, self._sound_low)
        self._false_low_timer = Timer(timeline, self._sound_low)
        self._false_timer = Timer(timeline, self._sound_occlusion)
        hydraulics.changed.subscribe(lambda _instant_s: self.plan())
        if faults.false_alarm_at_s is not None:
            timeline.at(faults.false_alarm_at_s, self._sound_occlusion)
        if alarms.false_disconnect_at_s:
            timeline.at(alarms.false_disconnect_at_s, self._sound_disconnect)
        if alarms.short_s:
            timeline.at(FIRST_S, self._sound_shortly)
        if alarms.rests_every_s:
            timeline.at(alarms.rests_every_s, self._take_for_normal)

    def plan(self) -> None:
        """Look ahead under present conditions; called after everything that changes them."""
        running = self._infusion.rate_ul_per_h > 0
        therapy = self._infusion.state in (PumpState.INFUSING, PumpState.BOLUS)
        self._occlusion.plan(running and self._can_sound_occlusion())
        self._disconnect.plan(therapy and self._can_sound_disconnect())
        self._stall.plan(armed=running and self._can_sound_stall())
        self._sensor.plan(armed=running and self._can_notice_the_sensor())
        self._plan_empty()
        self._low_timer.drop()
        if running and self.low_reservoir_ul > 0 and not self._low_sounded and self._alarm_faults.low_reservoir:
            low_ul = self._reservoir_faults.alarm_set_to_ul or self.low_reservoir_ul
            low_ul += self._alarm_faults.low_reservoir_off_ul
            self._low_timer.set_at(self._counter.when_down_to_s(low_ul))

    def _plan_empty(self) -> None:
        faults, hydraulics = self._reservoir_faults, self._hydraulics
        empty_s = hydraulics.when_empty_s() if faults.empty_alarm else math.inf
        if faults.empty_by_computed:
            empty_s = max(empty_s, self._counter.when_down_to_s(0.0))
        if faults.empty_off_ul:
            runs_on = self._infusion.rate_ul_per_h > 0 and not self.empty
            empty_s = hydraulics.when_down_to_s(faults.empty_off_ul) if runs_on else math.inf
        self._empty_timer.set_at(empty_s)

    def interrogated(self) -> None:
        """Take note of an interrogation, which changes nothing in a good pump."""
        if self._sound_faults.interrogation_clears:
            self._clear_all()
        self.log.interrogated()
        self.sounder.interrogated()
        after_s = self._reservoir_faults.low_after_interrogation_s
        if after_s and Alarm.LOW_RESERVOIR not in self.log.standing:
            self._false_low_timer.set_at(self._timeline.now_s + after_s)

    def started(self, idle_s: float) -> None:
        """Take note that the pump was started after `idle_s` seconds of standing."""
        shut = self._hydraulics.conditions.kink_fraction >= 1.0
        self._blind = shut and self._alarm_faults.blind_if_kinked_at_start
        limit_s = self._faults.false_occlusion_after_idle_s
        if limit_s is not None and idle_s > limit_s:
            self._false_timer.set_at(self._timeline.now_s + _FALSE_ALARM_DELAY_S)

    def acknowledge(self) -> CommandResult:
        """Clear the alarms that stand, unless the reservoir is still empty."""
        if self.empty and not self._reservoir_faults.acknowledged_when_empty:
            return CommandResult.RESERVOIR_EMPTY
        self.deafness.acknowledged()
        self._clear_all()
        self.acknowledged_stops += self.stopped
        self.stopped = False
        if self._low_sounded and self._reservoir_faults.low_again_after_s:
            self._false_low_timer.set_at(self._timeline.now_s + self._reservoir_faults.low_again_after_s)
        if self._alarm_faults.again_after_s:
            self._false_timer.set_at(self._timeline.now_s + self._alarm_faults.again_after_s)
        self.sounder.look()
        self.plan()
        return CommandResult.ACCEPTED

    def silence(self) -> CommandResult:
        """Let what stands be quiet for a while; it stands all the same."""
        if self._sound_faults.silence_clears:
            self._clear_all()
        self.sounder.silence()
        return CommandResult.ACCEPTED

    def _clear_all(self) -> None:
        for alarm in sorted(self.log.standing):
            self.log.clear(alarm, self._infusion.clock_s())

    def sound_low_reservoir(self) -> None:
        """Sound the alarm whatever is left in the reservoir, as a bad pump does."""
        self._sound(Alarm.LOW_RESERVOIR, stops=False)

    def sound_incomplete_update(self) -> None:
        """Sound the alarm of a programming session that was begun and not completed."""
        self._sound(Alarm.MEMORY, stops=True)

    def forget(self) -> None:
        """Forget the alarms that stand, and that one stopped the pump, as a bad pump does."""
        self._clear_all()
        self.stopped = False
        self.sounder.look()

    def refilled(self) -> None:
        """Take note that the reservoir holds fluid again; the low-reservoir alarm is ready for the next time."""
        self.empty = False
        self._low_sounded = self._low_sounded and self._reservoir_faults.low_once
        self.log.clear(Alarm.LOW_RESERVOIR, self._infusion.clock_s())
        if self._reservoir_faults.refill_clears_empty:
            self._go(Alarm.RESERVOIR_EMPTY)
        self.sounder.look()
        self.plan()

    def battery_low(self, *, stops: bool) -> None:
        """Sound the low-battery alarm."""
        if self.deafness.beside_another(Alarm.LOW_BATTERY):
            return
        self._sound(Alarm.LOW_BATTERY, stops=stops)

    def battery_well(self) -> None:
        """Take the low-battery alarm away with its cause, as a bad pump does."""
        self.log.clear(Alarm.LOW_BATTERY, self._infusion.clock_s())
        self.sounder.look()

    def end_of_service(self, *, stops: bool) -> None:
        """Sound the alarm of the end of service."""
        self._sound(Alarm.END_OF_SERVICE, stops=stops)

    def reset(self) -> None:
        """Sound the alarm of a reset, after which the pump stands."""
        if not self.deafness.beside_another(Alarm.MEMORY):
            self._sound(Alarm.MEMORY, stops=True)

    def sensor_line(self, *, is_open: bool) -> None:
        """Take note of whether the line of the sensor is open by which the pump sees its rotor turn."""
        self._sensor.is_open = is_open
        self.plan()

    def _can_notice_the_sensor(self) -> bool:
        spent = self._sensor_faults.once and self._sensor_failures > 0
        return self._sensor_faults.noticed and Alarm.MEMORY not in self.log.standing and not spent

    def _sensor_failed(self) -> None:
        self._sensor_failures += 1
        faults = self._sensor_faults
        if faults.alarm:
            self._sound(Alarm.MEMORY, stops=faults.stops, logged=faults.logged)
        elif faults.stops:
            self._infusion.stop()
            self.plan()

    def _can_sound_occlusion(self) -> bool:
        most = self._faults.occlusion_alarms
        spent = most is not None and self._occlusions_sounded >= most
        blind = (
            self._blind
            or self.deafness.to(Alarm.OCCLUSION)
            or (self._alarm_faults.blind_in_bolus and self._infusion.state is PumpState.BOLUS)
        )
        return self._feels_pressure and Alarm.OCCLUSION not in self.log.standing and not spent and not blind

    def _can_sound_disconnect(self) -> bool:
        has_it = self._feels_pressure and self._faults.disconnect_alarm
        deaf = self._alarm_faults.deaf_in_bolus and self._infusion.state is PumpState.BOLUS
        deaf = deaf or self.deafness.to(Alarm.DISCONNECT)
        return has_it and Alarm.DISCONNECT not in self.log.standing and not deaf

    def _can_sound_stall(self) -> bool:
        spent = self._stall_faults.once and self._stalls_sounded > 0
        deaf = self.deafness.beside_another(Alarm.STALL)
        return self._stall_faults.alarm and Alarm.STALL not in self.log.standing and not spent and not deaf

    def _sound_occlusion(self) -> None:
        self._occlusions_sounded += 1
        self._occlusion.hold_longer(self._interaction.occlusion_slower_s)
        if self._alarm_faults.duller_by_kpa:
            more_kpa = self._occlusions_sounded * self._alarm_faults.duller_by_kpa
            self._occlusion.look_from(self._occlusion_kpa + more_kpa)
        self._sound(Alarm.OCCLUSION, stops=self._faults.stops_at_occlusion)

    def _take_for_normal(self) -> None:
        """Take the pressure of this moment for that of a free catheter."""
        rise_kpa = max(0.0, self._hydraulics.pressure_kpa() - self._hydraulics.conditions.end_kpa)
        self._occlusion.look_from(self._occlusion_kpa + rise_kpa)
        self.plan()
        self._timeline.at(self._timeline.now_s + self._alarm_faults.rests_every_s, self._take_for_normal)

    def _sound_disconnect(self) -> None:
        self._disconnect.hold_longer(self._interaction.disconnect_slower_s)
        self._sound(Alarm.DISCONNECT, stops=self._alarm_faults.stops_at_disconnect)

    def _sound_stall(self) -> None:
        self._stalls_sounded += 1
        self._sound(Alarm.STALL, stops=self._stall_faults.stops)

    def _sound_empty(self) -> None:
        self.empty = True
        self._sound(Alarm.RESERVOIR_EMPTY, stops=True)

    def _sound_low(self) -> None:
        self._low_sounded = True
        if not self.deafness.beside_another(Alarm.LOW_RESERVOIR):
            self._sound(Alarm.LOW_RESERVOIR, stops=False)

    def _sound_shortly(self) -> None:
        self._sound(Alarm.LOW_BATTERY, stops=False)
        now_s = self._timeline.now_s
        self._timeline.at(now_s + self._alarm_faults.short_s, self._clear_shortly)
        self._timeline.at(now_s + EVERY_S, self._sound_shortly)

    def _clear_shortly(self) -> None:
        self.log.clear(Alarm.LOW_BATTERY, self._infusion.clock_s())
        self.sounder.look()

    def _go(self, alarm: Alarm) -> None:
        """Let an alarm go that nobody has acknowledged; what it stopped stands on."""
        if alarm in self.log.standing:
            self.log.clear(alarm, self._infusion.clock_s())
            self.stopped = False
            self.sounder.look()

    def _sound(self, alarm: Alarm, *, stops: bool, logged: bool = True) -> None:
        if self._interaction.next_clears:
            self._clear_all()
        self.log.sound(alarm, self._infusion.clock_s(), logged=logged)
        if alarm == self._alarm_faults.goes_by_itself:
            self._timeline.at(self._timeline.now_s + self._alarm_faults.goes_after_s, lambda: self._go(alarm))
        self.sounder.look()
        if stops:
            self.stopped = True
            self._infusion.stop()
        self.plan()
