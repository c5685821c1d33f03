# SPDX-License-Identifier: Apache-2.0
"""The firmware of the simulated pump: its commands, and why it refuses one.

`stop` is always accepted, because whoever calls it wants a pump that stands and shall get it in any state.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from instruments.program import Mode, Program, Step
from instruments.pump import Alarm, Command, CommandResult, PumpState
from instruments.simulated.motor.held_rotor import HeldRotor
from instruments.simulated.motor.motor import Motor
from instruments.simulated.motor.motor_faults_at_work import MotorFaultsAtWork
from instruments.simulated.physics.climate import Climate
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.pump.alarms import PumpAlarms
from instruments.simulated.pump.bolus import Bolus, BolusKind
from instruments.simulated.pump.bolus_log import BolusLog
from instruments.simulated.pump.bridge import BridgeAtWork
from instruments.simulated.pump.conditions import Conditions
from instruments.simulated.pump.counter import Counter
from instruments.simulated.pump.firmware_store import FirmwareStore
from instruments.simulated.pump.infusion import Infusion
from instruments.simulated.pump.patient_bolus_guard import PatientBolusGuard
from instruments.simulated.pump.power import PumpPower
from instruments.simulated.pump.program_staging import OWN_CALIBRATION, ProgramStaging
from instruments.simulated.pump.program_update import ProgramUpdate
from instruments.simulated.pump.refill_date import refill_due_s
from instruments.simulated.pump.therapy_modes import MODES
from instruments.simulated.specimen.clock_faults import EVENT_S, ClockFaults
from instruments.simulated.specimen.firmware_image import FirmwareImage
from instruments.simulated.specimen.programming_faults import ProgrammingFaults
from instruments.simulated.specimen.pump_model import Limits, PumpModel
from instruments.simulated.specimen.twin_specification import TwinSpecification
from instruments.simulated.time.device_clock import DAY_S, DeviceClock
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

CHANGED_PROGRAM = 1.2
SECOND, TENTH = 2, 10
LONG_STOP_S, EXTRA_TAKES_S = 48 * 3600.0, 600.0


class Firmware:
    """Carries out commands.

    Attributes:
        infusion: what the pump is doing.
        alarms: its alarms and their log.
        boluses: its log of bolus requests.
        counter: what it believes to have delivered.
        rotor: what a magnetic field holds.
        program: the program in force, None before the first.
        loads: how many were loaded.
        tubing_ul: what the programmer takes the pump's tubing for.
        clock_shown_off_s: by how much a bad clock shows more than the schedule goes by.
        store: its firmware images.
    """

    def __init__(
        self,
        timeline: Timeline,
        hydraulics: Hydraulics,
        specification: TwinSpecification,
        staging: ProgramStaging,
        climate: Climate | None = None,
    ) -> None:
        model, faults = specification.model, specification.firmware
        self._interaction = specification.interaction
        clock = _clock(model, specification.clock)
        self.program: Program | None = None
        self.loads = 0
        self.tubing_ul = model.tubing_ul + faults.tubing_off_ul
        self._first_program: Program | None = None
        self._primed = False
        self._held = False
        self.boluses = BolusLog(specification.boluses, wraps_wrongly=specification.programming.wraps_wrongly)
        self.counter = Counter(hydraulics, model.stroke_ul, model.reservoir_ul, faults.counter_gain)
        motor = Motor(timeline, hydraulics, self.counter.count)
        self.rotor = HeldRotor(timeline, motor, specification.stall)
        self._motor_faults = MotorFaultsAtWork(
            timeline, hydraulics, motor, specification.motor, specification.boluses, self._interaction.late_double_h
        )
        keeps = specification.boluses.keeps_to_greatest_rate
        greatest_ul_per_h = model.limits.greatest_rate_ul_per_h if keeps else math.inf
        bridge = BridgeAtWork(specification.therapy)
        self.infusion = Infusion(
            timeline, motor, clock, faults, self._motor_faults, greatest_ul_per_h, bridge, self._interaction
        )
        self.alarms = PumpAlarms(timeline, hydraulics, self.infusion, self.counter, self.rotor, specification)
        self._hydraulics = hydraulics
        self._model = model
        self._staging = staging
        self._faults = faults
        self._bolus_faults = specification.boluses
        self._alarm_faults = specification.alarms
        self._programming = specification.programming
        self._therapy_faults = specification.therapy
        self._timeline = timeline
        self._lapsing = Timer(timeline, self._lapse)
        self._limits = _limits(model.limits, specification.programming)
        self._written = 0
        self._update = ProgramUpdate(
            timeline, self.infusion, self.alarms, motor, hydraulics, model.update, specification.programming
        )
        self._update_faults = specification.update
        image = FirmwareImage.made(model.model, model.firmware_version)
        self.store = FirmwareStore(timeline, image, specification.update, self._runs_another_image)
        self._reservoir_faults = specification.reservoir
        self._strain(specification)
        self._clock_faults = specification.clock
        self.clock_shown_off_s = 0.0
        self._power_faults = specification.power
        self.power = PumpPower(
            timeline,
            model,
            specification.power,
            self._battery_low,
            self._service_ends,
            self._lose_power,
            self._reset,
            self.alarms.battery_well,
        )
        self._conditions = Conditions(climate, lambda: self.power.low)
        self.alarms.deafness.under = lambda: self._conditions.stands(self._interaction.deaf_under)
        self.infusion.missed_steps.kept = lambda: self._conditions.stands(self._interaction.keeps_step_under)
        self._ran: Program | None = None
        self._guard = PatientBolusGuard(faults.lockout, specification.boluses)
        self._given_to_patient = self._singles_given = self._resets = 0
        self._kept_for_start: list[Bolus] = []
        self._handlers: Mapping[Command, Callable[[float], CommandResult]] = {
            Command.LOAD_PROGRAM: lambda _: self._load(),
            Command.START: lambda _: self._start(),
            Command.STOP: lambda _: self._stop(),
            Command.SINGLE_BOLUS: lambda _: self._single_bolus(),
            Command.PATIENT_BOLUS: lambda _: self._patient_bolus(),
            Command.PRIME: self._prime,
            Command.SILENCE: lambda _: self.alarms.silence(),
            Command.ACKNOWLEDGE: lambda _: self._acknowledge(),
            Command.REFILL_DONE: self._refill_done,
            Command.INTERROGATE: lambda _: self._interrogate(),
            Command.SET_CLOCK: self._set_clock,
            Command.UPDATE_BEGIN: lambda size: self.store.begin(size, authorised=False),
            Command.UPDATE_BEGIN_AUTHORISED: lambda size: self.store.begin(size, authorised=True),
            Command.UPDATE_BLOCK: self.store.take_block,
            Command.UPDATE_FINISH: lambda _: self.store.finish(),
        }
        if faults.stall_at_s is not None:
            timeline.at(faults.stall_at_s, self._stall)
        if faults.restarts_at_s is not None:
            timeline.at(faults.restarts_at_s, self._restart)
        Timer(timeline, self._change_program).set_at(faults.program_changes_at_s)
        Timer(timeline, self.infusion.zero_clock).set_at(specification.clock.zeroed_at_s)

    def _strain(self, specification: TwinSpecification) -> None:
        """Let a bad pump give more after it was strained; a good one does not care."""
        faults, motor = specification.reservoir, self._motor_faults
        if faults.takes_any_filling:
            self._hydraulics.holds_ul = math.inf
        self._hydraulics.overfilled.subscribe(lambda _at_s: motor.gives_more_from_now_on(faults.more_when_overfilled))
        self._more_after = {
            Alarm.RESERVOIR_EMPTY: faults.more_once_dry,
            Alarm.OCCLUSION: specification.motor.more_once_blocked,
        }

    @property
    def state(self) -> PumpState:
        """Return what the pump is doing, an alarm stop included."""
        return PumpState.ALARM_STOPPED if self.alarms.stopped else self.infusion.state

    def execute(self, command: str, argument: float) -> CommandResult:
        """Carry out `command` and return what became of it."""
        if command not in self._handlers:
            return CommandResult.UNKNOWN_COMMAND
        if not self.power.on and command != Command.STOP:
            return CommandResult.WRONG_STATE
        needless = self._is_needless(Command(command))
        result = self._handlers[Command(command)](argument)
        if needless and self._programming.needless_gives_ul:
            self._motor_faults.bolus_doubled(self._programming.needless_gives_ul, 60.0)
        if self._held:  # the command was a good one; the stop input, which is looked at next, ends it
            self.infusion.stop()
        self.alarms.plan()
        return result

    def _is_needless(self, command: Command) -> bool:
        """Tell whether a command asks for what is already so."""
        running = command is Command.START and self.state is PumpState.INFUSING
        return running or (command is Command.ACKNOWLEDGE and not self.alarms.log.standing)

    def ask_for_patient(self) -> None:
        """Take a press of the patient's button as a request, or as two where it bounces."""
        for _ in range(2 if self._bolus_faults.button_bounces else 1):
            self.execute(Command.PATIENT_BOLUS, 0.0)

    def hardware_stop(self) -> bool:
        """Assert the stop input, as the rig's safe state does; tell whether the motor stands.

        It is a level: whatever is started while it is asserted stops at once.
        """
        self._held = True
        self.infusion.stop()
        return self.infusion.rate_ul_per_h == 0

    def hardware_release(self) -> None:
        """Let the stop input go; nothing starts by that."""
        self._held = False

    def staged(self) -> None:
        """Take note that something was written into the staging registers."""
        self._written += 1
        self._update.staged(self.state)
        if self._programming.takes_effect_when_staged and self.state is PumpState.INFUSING:
            self.infusion.run(self._staging.program())
        self.alarms.plan()

    @property
    def _checks_the_checksum(self) -> bool:
        faults = self._programming
        return faults.checksum_checked and not (faults.checksum_checked_once and self._written > SECOND)

    def _load(self) -> CommandResult:
        state, since_ul_per_h = self.state, self.infusion.rate_ul_per_h
        named = self._staging.end_session()
        refusal = self._update.refusal(state, self._staging.program())
        if named and named != self._model.serial_number and not self._programming.takes_any_session:
            refusal = CommandResult.WRONG_PUMP
        entered = self._staging.end_calibration()
        if entered != OWN_CALIBRATION and not self._programming.takes_any_calibration:
            refusal = CommandResult.WRONG_CALIBRATION
        refusal = refusal or self._staging.refusal(self._limits, checked=self._checks_the_checksum)
        self._written = 0
        if refusal is None:
            before, faults, shown = self.program, self._faults, not (self._programming.read_back_stands and self.loads)
            gains = faults.loaded_rate_gain, faults.read_back_rate_gain
            self.program = self._with_own_rate(self._staging.bring_into_force(*gains, shown=shown))
            if entered != OWN_CALIBRATION:
                self.infusion.calibrate(OWN_CALIBRATION / entered)
            self._first_program = self._first_program or self.program
            self.infusion.load_bridge(self.program)
            self.alarms.low_reservoir_ul = self.program.low_reservoir_alarm_ul
            self.alarms.log.program_loaded()
            if self._interaction.load_clears_alarms:
                self.alarms.forget()
            self.loads += 1
            self._happened("program", spoils_alarms=state is PumpState.INFUSING)
            self._update.loaded(state, self.program, since_ul_per_h, before)
        return refusal or CommandResult.ACCEPTED

    def _with_own_rate(self, program: Program) -> Program:
        """Return a program of the minimum rate with that rate in it, which no programmer tells; others as they are."""
        own_ul_per_h, faults, before = self._model.limits.minimum_rate_ul_per_h, self._therapy_faults, self.program
        if program.mode is not Mode.MINIMUM_RATE or own_ul_per_h is None:
            return program
        if faults.minimum_rate_keeps_old and before is not None and before.steps:
            return replace(program, steps=before.steps[:1])
        return replace(program, steps=(Step(0, 0.0 if faults.minimum_rate_stands else own_ul_per_h),))

    def _start(self) -> CommandResult:
        self._update.end()
        refusal = self._start_refusal()
        if refusal is not None or self.program is None:
            return refusal or CommandResult.NO_PROGRAM
        if not self._faults.recovers and self.alarms.acknowledged_stops:
            self._stall()
        idle_s = self.infusion.idle_s()
        self._motor_faults.started()
        if MODES[self.program.mode].opens_with_bolus:
            self._give(BolusKind.SINGLE, self.program.bolus_volume_ul, self.program.bolus_duration_s)
        else:
            self.infusion.run(self.program)
        if self._faults.extra_after_long_stop_ul and idle_s > LONG_STOP_S:
            extra_ul, clock_s = self._faults.extra_after_long_stop_ul, self.infusion.clock_s()
            self._drive_bolus(Bolus(BolusKind.SINGLE, extra_ul, EXTRA_TAKES_S, clock_s))
        self.alarms.started(idle_s)
        self._lapsing.set_at(self._timeline.now_s + self._programming.start_lapses_s)
        self._give_what_was_kept()
        return CommandResult.ACCEPTED

    def _give_what_was_kept(self) -> None:
        """Give at a start what a bad pump has kept for it; a good one keeps nothing."""
        clock_s, kept, faults = self.infusion.clock_s(), [*self._kept_for_start], self._bolus_faults
        if faults.rest_at_start or faults.resumed or (self._primed and self._faults.rest_after_prime):
            for one in self.infusion.cut:
                left_ul = one.volume_ul - one.given_ul(clock_s)
                rest = Bolus(one.kind, left_ul, left_ul / one.rate_ul_per_h * 3600.0, clock_s)
                one.rest = rest if faults.resumed else None
                self._drive_bolus(rest)
        if faults.anew_at_start:
            kept += [Bolus(one.kind, one.volume_ul, one.duration_s, clock_s) for one in self.infusion.cut]
        self._kept_for_start, self.infusion.cut, self._primed = [], (), False
        for one in kept:
            self._drive_bolus(Bolus(one.kind, one.volume_ul, one.duration_s, clock_s))

    def _start_refusal(self) -> CommandResult | None:
        if self.alarms.empty and not self._reservoir_faults.started_when_empty:
            return CommandResult.RESERVOIR_EMPTY
        if self.alarms.empty:
            self.alarms.stopped = False
        if self.alarms.stopped and not self._alarm_faults.starts_in_alarm:
            return CommandResult.ALARM_STANDING
        if self.program is None:
            return CommandResult.NO_PROGRAM
        if self.power.over and not self._power_faults.starts_at_end:
            return CommandResult.WRONG_STATE
        if self.alarms.stopped:
            self.alarms.stopped = False
        startable = {PumpState.STOPPED, *({PumpState.PRIMING} if self._faults.starts_while_priming else ())}
        return None if self.state in startable else CommandResult.WRONG_STATE

    def _stop(self) -> CommandResult:
        self._guard.stopped()
        self._update.end()
        self.infusion.stop()
        if self._interaction.stop_clears_alarms:
            self.alarms.forget()
        return CommandResult.ACCEPTED

    def _lapse(self) -> None:
        self.infusion.stop()
        self.alarms.plan()

    def feed(self, millivolts: float) -> None:
        """Take the rig's supply in place of the battery; 0 leaves the pump to its own."""
        self.power.supply(millivolts)
        self._motor_faults.fed(self.power.percent())

    def was_read(self) -> None:
        """Take note that somebody reads the pump, which changes nothing of a good one."""
        self._motor_faults.read()

    def _acknowledge(self) -> CommandResult:
        stood = self.alarms.log.standing
        result = self.alarms.acknowledge()
        if result is CommandResult.ACCEPTED:
            self._motor_faults.acknowledged()
            for alarm in stood & set(self._more_after):
                self._motor_faults.gives_more_from_now_on(self._more_after.pop(alarm))
            self._happened("acknowledge")
        return result if self._alarm_faults.acknowledge_answered else CommandResult.WRONG_STATE

    def _happened(self, event: str, *, spoils_alarms: bool = True) -> None:
        """Take note of an event, which spoils nothing else in a good pump."""
        if spoils_alarms:
            self.alarms.deafness.happened(event)
        if event == self._interaction.forgets_boluses_after:
            self._guard.forget()

    def _with_lockout(self, program: Program) -> Program:
        """Return a program with the lockout that is in force, which in a good pump is its own."""
        first = self._first_program
        if first is None or not self._interaction.first_lockout_stays:
            return program
        return replace(program, ptm_lockout_s=first.ptm_lockout_s)

    def _single_bolus(self) -> CommandResult:
        if self.program is None:
            return self._refuse_bolus(CommandResult.WRONG_STATE, CommandResult.NO_PROGRAM)
        bridges = self.program.mode is Mode.BRIDGE and not self._therapy_faults.bridge_takes_bolus
        own_ul = 0.0 if bridges else self.program.bolus_volume_ul
        refusal = self._bolus_refusal(BolusKind.SINGLE, own_ul)
        if refusal is not None:
            return self._refuse_bolus(refusal)
        self._give(BolusKind.SINGLE, self.program.bolus_volume_ul, self.program.bolus_duration_s)
        return CommandResult.ACCEPTED

    def _patient_bolus(self) -> CommandResult:
        program, clock_s = self.program, self.infusion.clock_s()
        if program is None:
            return self._refuse_bolus(CommandResult.WRONG_STATE, CommandResult.NO_PROGRAM)
        if self.alarms.empty and self._reservoir_faults.bolus_when_empty:
            return self._promise_bolus(program, clock_s)
        refusal = self._alarm_refusal()
        if refusal is None and self.state not in (PumpState.INFUSING, PumpState.BOLUS):
            refusal = CommandResult.WRONG_STATE
        refusal = refusal or self._guard.refusal(self._with_lockout(program), clock_s)
        refusal = refusal or self._bolus_refusal(BolusKind.PATIENT, program.ptm_volume_ul)
        if refusal is None and self.infusion.room_ul_per_h <= 0.0:
            refusal = CommandResult.RATE_OUT_OF_RANGE
        if program.ptm_volume_ul <= 0:
            refusal = CommandResult.BAD_BOLUS
        if refusal is not None:
            if self._bolus_faults.gives_refused and not self.infusion.runs(BolusKind.PATIENT):
                self._drive_bolus(_patients(program, clock_s))
            if self._bolus_faults.refused_at_start and refusal is CommandResult.WRONG_STATE:
                self._kept_for_start.append(_patients(program, clock_s))
            return self._refuse_bolus(refusal)
        self._guard.accepted(clock_s)
        self._given_to_patient += 1
        gain = self._bolus_faults.second_gain if self._given_to_patient == SECOND else 1.0
        self._give(BolusKind.PATIENT, program.ptm_volume_ul, program.ptm_duration_s, gain)
        return CommandResult.ACCEPTED

    def _promise_bolus(self, program: Program, clock_s: float) -> CommandResult:
        """Accept, as a bad pump does, a bolus that there is nothing for, and keep it for the next start."""
        bolus = _patients(program, clock_s)
        self._kept_for_start.append(bolus)
        self.boluses.enter(clock_s, CommandResult.ACCEPTED, bolus)
        return CommandResult.ACCEPTED

    def _prime(self, argument: float) -> CommandResult:
        refusal = self._alarm_refusal()
        if refusal is not None:
            return refusal
        if self.state is not PumpState.STOPPED:
            return CommandResult.WRONG_STATE
        if not 0.0 < argument <= self._model.limits.greatest_prime_ul:
            return CommandResult.BAD_BOLUS
        duration_s = argument / self._model.limits.prime_rate_ul_per_h * 3600.0
        self._primed = True
        self._happened("prime")
        given_ul = argument * self._faults.prime_gain
        self.infusion.give(Bolus(BolusKind.PRIME, given_ul, duration_s, self.infusion.clock_s()))
        return CommandResult.ACCEPTED

    def refill_due_s(self) -> float:
        """Return when the refill is due, on the device clock; 0 without a program, or where nothing flows."""
        faults, low_ul = self._reservoir_faults, self.alarms.low_reservoir_ul
        program = self._first_program if faults.date_of_first_program else self.program
        lacks_ul = self._model.reservoir_ul - self.counter.filled_ul if faults.date_of_full_reservoir else 0.0
        left_ul = self.counter.reservoir_ul() + lacks_ul - low_ul
        share = 1.0 if faults.date_counts_boluses else 0.0
        return refill_due_s(program, self.infusion.clock_s(), left_ul, self.infusion.left_of_bridge, share)

    def _refill_done(self, argument: float) -> CommandResult:
        faults = self._reservoir_faults
        if not 0.0 < argument <= self._model.reservoir_ul and not faults.any_refill:
            return CommandResult.BAD_BOLUS
        if self._timeline.now_s >= faults.deaf_to_refills_from_s:
            return CommandResult.ACCEPTED
        self.counter.refilled(argument, adds=faults.refill_adds)
        self.alarms.refilled()
        self._happened("refill")
        return CommandResult.ACCEPTED

    def _interrogate(self) -> CommandResult:
        faults = self._programming
        self.alarms.interrogated()
        if faults.interrogation_stops_s:
            self._update.stand_for(faults.interrogation_stops_s)
        if faults.interrogation_alarms:
            self.alarms.sound_low_reservoir()
        if faults.interrogation_clears:
            self.alarms.acknowledge()
        return CommandResult.ACCEPTED

    def _set_clock(self, argument: float) -> CommandResult:
        faults = self._clock_faults
        if self.state is not PumpState.STOPPED:
            return CommandResult.WRONG_STATE
        if not 0.0 <= argument < math.inf:
            return CommandResult.BAD_SCHEDULE
        if faults.set_ignored:
            return CommandResult.ACCEPTED
        if faults.set_shown_only:
            self.clock_shown_off_s = argument - self.infusion.clock_s()
            return CommandResult.ACCEPTED
        self.boluses.clock_set()
        self._guard.clock_set(self.infusion.set_clock(argument))
        if faults.drifts_once_set_ppm:
            self.infusion.mistune_clock(faults.drifts_once_set_ppm)
        return CommandResult.ACCEPTED

    def _alarm_refusal(self) -> CommandResult | None:
        if self.alarms.empty:
            return CommandResult.RESERVOIR_EMPTY
        return CommandResult.ALARM_STANDING if self.alarms.stopped else None

    def _bolus_refusal(self, kind: BolusKind, volume_ul: float) -> CommandResult | None:
        refusal = self._alarm_refusal()
        if refusal is not None:
            return refusal
        if volume_ul <= 0.0:
            return CommandResult.BAD_BOLUS
        anew = kind is BolusKind.SINGLE and self._bolus_faults.anew_at_once
        busy = self.state is PumpState.PRIMING or (self.infusion.runs(kind) and not anew)
        return CommandResult.WRONG_STATE if busy else None

    def _give(self, kind: BolusKind, volume_ul: float, duration_s: float, gain: float = 1.0) -> None:
        clock_s = self.infusion.clock_s()
        if kind is BolusKind.SINGLE:
            self._singles_given += 1
            gain = 1.0 if self._singles_given % TENTH else self._bolus_faults.tenth_gain
        bolus = Bolus(kind, volume_ul, duration_s, clock_s)
        self.boluses.enter(clock_s, CommandResult.ACCEPTED, bolus)
        self._drive_bolus(bolus if gain == 1.0 else Bolus(kind, gain * volume_ul, duration_s, clock_s))

    def _drive_bolus(self, bolus: Bolus) -> None:
        self.infusion.give(bolus)
        many = self.boluses.count > self._bolus_faults.doubled_after
        if many or self._conditions.stands(self._interaction.doubles_bolus_under):
            self._motor_faults.bolus_doubled(bolus.volume_ul, bolus.duration_s)
        over_midnight = bolus.start_s % DAY_S + bolus.duration_s > DAY_S
        if over_midnight and self._bolus_faults.again_over_midnight:
            self._motor_faults.bolus_doubled(bolus.volume_ul, bolus.duration_s, bolus.duration_s)
        self._motor_faults.bolus_given(bolus.volume_ul, bolus.duration_s)

    def _refuse_bolus(self, logged: CommandResult, answered: CommandResult | None = None) -> CommandResult:
        self.boluses.enter(self.infusion.clock_s(), logged)
        return answered or logged

    def _battery_low(self) -> None:
        self.alarms.battery_low(stops=self._power_faults.stops_when_low)
        if self._power_faults.slow_when_low != 1.0:
            self.infusion.change_program(self._power_faults.slow_when_low)
            self.alarms.plan()

    def _service_ends(self) -> None:
        faults = self._power_faults
        if not faults.runs_on_at_end:
            self.infusion.stop()
        if faults.end_alarm and not faults.ends_after_low_s:
            self.alarms.end_of_service(stops=not faults.runs_on_at_end)
        self.alarms.plan()

    def _runs_another_image(self) -> None:
        """Go on with another firmware; a good pump goes on with everything else as it was."""
        faults = self._update_faults
        self._happened("update")
        if faults.clears_alarms:
            self.alarms.forget()
        if faults.clears_counter:
            self.counter.zero()
        if faults.clears_program:
            self._staging.forget()
        if faults.stops_therapy:
            self.infusion.stop()
        self.alarms.plan()

    def _lose_power(self) -> None:
        self.store.power_lost()
        self._ran = self.program if self.infusion.rate_ul_per_h > 0 else None
        self._update.end()
        self.infusion.stop()
        self.alarms.plan()

    def _reset(self) -> None:
        faults = self._power_faults
        self._happened("reset")
        self._resets += 1
        if self._interaction.reset_clears_alarms:
            self.alarms.forget()
        self.infusion.schedule_late_s = self._interaction.schedule_late_h * 3600.0
        self._forget_at_reset()
        if self._ran is None:
            return
        if faults.rate_gain_after_reset:
            self.infusion.run(self._ran)
            self.infusion.change_program(faults.rate_gain_after_reset)
        elif faults.reset_alarm and not (faults.reset_alarm_once and self._resets > 1):
            self.alarms.reset()
        self.alarms.plan()

    def _forget_at_reset(self) -> None:
        faults = self._power_faults
        if faults.reset_clears_logs:
            self.alarms.log.empty()
            self.boluses.empty()
        if faults.reset_clears_lockout:
            self._guard.forget()
        if faults.reset_clears_program:
            self.program = None
        if faults.gives_bolus_after_reset:
            clock_s = self.infusion.clock_s()
            self._kept_for_start += [
                Bolus(one.kind, one.volume_ul, one.duration_s, clock_s) for one in self.infusion.cut
            ]
        if faults.resets_counter:
            self.counter.zero()

    def _restart(self) -> None:
        self.infusion.restart()
        self.alarms.plan()

    def _change_program(self) -> None:
        self.infusion.change_program(CHANGED_PROGRAM)
        self.alarms.plan()

    def _stall(self) -> None:
        self._hydraulics.change(replace(self._hydraulics.conditions, stalled=True))


def _limits(limits: Limits, faults: ProgrammingFaults) -> Limits:
    """Return what this firmware takes for its limits."""
    taken = {
        "least_rate_ul_per_h": limits.least_rate_ul_per_h * faults.least_gain,
        "greatest_rate_ul_per_h": limits.greatest_rate_ul_per_h * faults.greatest_gain,
        "greatest_bolus_rate_ul_per_h": limits.greatest_bolus_rate_ul_per_h * faults.greatest_bolus_gain,
    }
    return limits.model_copy(update=taken)


def _patients(program: Program, clock_s: float) -> Bolus:
    return Bolus(BolusKind.PATIENT, program.ptm_volume_ul, program.ptm_duration_s, clock_s)


def _clock(model: PumpModel, faults: ClockFaults) -> DeviceClock:
    breaks_at_s = EVENT_S if faults.jumps_by_s or faults.stops_for_s else math.inf
    return DeviceClock(model.clock_offset_s, model.clock_error_ppm, breaks_at_s, faults.jumps_by_s, faults.stops_for_s)
