# SPDX-License-Identifier: Apache-2.0
"""An infusion: a pump that runs a therapy, whose delivery is weighed, whose alarms are waited for, and which is judged.

    with Infusion(run, Continuous(41.7), "basal") as infusion:
        infusion.settle()
        window = infusion.deliver(24 * 3600, "first day")
        infusion.judge("first day", window.volume)

Before the pump is touched the capability gate asks whether the balance can resolve the pump's accuracy. However it
ends, the pump is stopped. When it ends well, this has been judged without being asked for: no alarm came without a
fault, the program is still the one that was loaded, programmed, counted and weighed volume agree, and what every
examiner of `bench/account` finds in the samples from before the start to after the run-down.

What it does are activities, so that a run that was killed goes on in the middle of it: what the journal knows is
replayed, then the stop is accounted for and the pump is started again. The work itself is done by the parts; this is
what plans speak to.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from types import TracebackType
from typing import Self

from bench.acceptance import Standing, unjudged
from bench.alarms import AlarmObservation, Cause
from bench.dose import BridgedPrescription
from bench.infusion.alarm_log_rounds import AlarmLogRounds, Provoked
from bench.infusion.alarm_pressure import AlarmPressure
from bench.infusion.bad_frames import BadFrames, OldFrame, UnprovenFrame
from bench.infusion.bridging import BridgeGiven, BridgeUnderWay, Bridging
from bench.infusion.button_press import AskedBy
from bench.infusion.clock_setting import ClockSetting
from bench.infusion.closing_account import ClosingAccount
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.environment import Environment
from bench.infusion.expected_alarms import ExpectedAlarms
from bench.infusion.firmware_updates import FirmwareUpdates
from bench.infusion.heard_alarms import HeardAlarms
from bench.infusion.interrogations import Interrogations
from bench.infusion.judging import Judging
from bench.infusion.last_given import last_given
from bench.infusion.log_reading import LogReading
from bench.infusion.many_requests import ManyRequests
from bench.infusion.marks import Marks
from bench.infusion.needless_commands import NeedlessCommands
from bench.infusion.patient_boluses import PatientBoluses
from bench.infusion.power import Power
from bench.infusion.priming import Priming, PrimingBolus
from bench.infusion.program_change import ProgramChange
from bench.infusion.program_watch import ProgramWatch
from bench.infusion.programming_sessions import BrokenSession, ProgrammingSessions
from bench.infusion.pump_clock import PumpClock
from bench.infusion.pump_control import PumpControl
from bench.infusion.pump_time import PumpTime
from bench.infusion.quiet_ends import QuietEnds
from bench.infusion.refused_boluses import RefusedBoluses
from bench.infusion.reservoir import Reservoir
from bench.infusion.resolution import Resolution
from bench.infusion.resumption import Resumption
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.second_look import SecondLook
from bench.infusion.session_step import MeantPump, SessionStep
from bench.infusion.setting import Setting
from bench.infusion.silent_balance import SilentBalance
from bench.infusion.single_boluses import SingleBoluses
from bench.infusion.stalls import Stalls
from bench.infusion.stock import Stock
from bench.infusion.stopped_flow import StoppedFlow
from bench.infusion.troubles import Troubles
from bench.injectors import ActingInjection, Injection
from bench.journal import JournalLine
from bench.journal.lines import ProgramReadBack
from bench.run import Run
from bench.therapy import RunningSchedule, Therapy
from bench.weighing import HALF_SPAN_S, DeliveryWindow, TimedMark
from groundfloor.errors import PlanError, PumpFailure
from instruments.drug_path import Filled
from instruments.program import Program
from instruments.pump import Alarm, Command, CommandResult
from metrology.latency.bracket import Bracket
from metrology.verdict import Judgement, Measurement

DEFAULT_INTERVAL_S = 30.0
A_DAY_S = 86400.0


class Infusion:
    """One infusion on the bench; a context manager that starts the pump and stops it for sure.

    Attributes:
        name: what the journal and the report call it.
        schedule: what the therapy asks for, from start to start.
        reservoir: its reservoir, to be filled and run down.
        power: its supply, to be low and to go.
        environment: the climate around the pump.
        firmware: its firmware, to be updated.
    """

    def __init__(
        self,
        run: Run,
        therapy: Therapy,
        name: str,
        interval_s: float = DEFAULT_INTERVAL_S,
        shortest_window_s: float | None = None,
        patient_boluses: int | None = None,
        low_reservoir_alarm_ul: float | None = None,
        clock_set_by_s: float | None = None,
    ) -> None:
        self.name = name
        resumed = run.profile.patient_bolus.resumed_after_stop.value
        self.schedule = RunningSchedule(therapy, resumes_boluses=resumed)
        self._shortest_window_s = shortest_window_s
        self._patient_boluses = patient_boluses
        self._clock_set_by_s = clock_set_by_s
        setting = self._setting = Setting(run, name, self.schedule, interval_s, low_reservoir_alarm_ul)
        self._bench, self._activities = setting.bench, setting.activities
        self._session = SamplingSession(setting)
        self._judging = Judging(run)
        self._troubles = Troubles(setting, self._session, self._judging)
        self._control = PumpControl(setting, self._judging)
        self._clock = PumpClock(setting, self._judging)
        self._session.sampling.samples.subscribe(self._clock.on_sample)
        self._session.sampling.recalled.subscribe(self._clock.recall)
        self._program = ProgramWatch(setting, self._control, self._judging)
        self._session.sampling.samples.subscribe(self._program.on_sample)
        self._session.sampling.samples.subscribe(SecondLook(setting, self._session).on_sample)
        self._silence = SilentBalance(setting)
        self._session.sampling.kept.subscribe(self._silence.on_sample)
        self._logs = LogReading(setting)
        self._resumption = Resumption(setting, self._session)
        self._time = PumpTime(setting, self._session, self._resumption)
        self._change = ProgramChange(setting, self._time, self._control, self._judging)
        self._sessions = ProgrammingSessions(setting, self._control, self._judging, self._change)
        self._frames = BadFrames(setting, self._control, self._judging)
        self._requests = ManyRequests(setting, self._control, self._judging)
        self._interrogations = Interrogations(setting, self._control, self._judging)
        self._alarms = ExpectedAlarms(setting, self._session, self._control, self._judging)
        self._refused = RefusedBoluses(self._control, self._judging)
        self._log_rounds = AlarmLogRounds(setting, self._control, self._judging, self._alarms, self._time)
        self._alarm_pressure = AlarmPressure(setting, self._session.sampling)
        self._ends = QuietEnds(setting, self._session, self._time, self._control)
        self._account = ClosingAccount(setting, self._session, self._control, self._resumption, self._logs)

    def __enter__(self) -> Self:
        """Measure the blank if this is the first infusion; then program the pump, read back, tare, start.

        Raises:
            BenchFault: the bench cannot do it, or cannot resolve the pump's accuracy.
            PumpFailure: the pump refuses what its profile promises.
        """
        self._bench.refuse_if_poisoned()
        self._time.safe_point()
        self._control.refuse_other_rates()
        if self._clock_set_by_s is not None:
            ClockSetting(self._setting, self._judging).set_ahead(self._clock_set_by_s)
        self._take_up_the_balance()
        self._boluses.before.wait_until_free(self._patient_boluses)
        self._activities.on_resuming_live(self._resumption.go_on)
        try:
            self._control.program()
            self._session.begin()
            self._bring_in_sounds()
            self._session.start()
            self._ends.lead_in()
            self.start()
        except BaseException as error:
            self._leave(error, read_log=False)
            raise
        return self

    def _bring_in_sounds(self) -> None:
        """Declare what is judged of sounds where the rig hears them."""
        if self._session.sounds.hears:
            off = unjudged(self._setting.profile.without)
            for standing in (Standing.SOUNDS, Standing.TONES):
                if standing not in off:
                    self._judging.bring_in(standing)

    def _take_up_the_balance(self) -> None:
        """Make the parts that weigh, which need the run's blank; refuse what this bench cannot resolve."""
        setting, session = self._setting, self._session
        marks, resolution = Marks(setting, session), Resolution(setting, self._time)
        course = Course(setting, self._time, self._judging, marks, resolution)
        self._resolution = resolution
        self._delivery = Delivery(course, self._resumption, Stock(setting, session))
        self._stopped_flow = StoppedFlow(course)
        self._boluses = PatientBoluses(course, self._delivery, self._control)
        self._stalls = Stalls(course, self._delivery, self._control)
        self._heard = HeardAlarms(course, session, self._control)
        self._needless = NeedlessCommands(course, self._control)
        self._single_boluses = SingleBoluses(course, self._delivery, self._control, self._session)
        self._priming = Priming(course, self._delivery, self._control, self._session)
        self._bridging = Bridging(course, self._delivery, self._priming)
        self.reservoir = Reservoir(course, self._delivery, self._control, session, self._alarms, self._stopped_flow)
        self.environment = Environment(course)
        self.firmware = FirmwareUpdates(course, self._control)
        self.power = Power(course, self._control, self._alarms, self._stopped_flow)
        self._marks = marks
        own = {ProgramReadBack.kind: self._program.recall}
        handlers = {**session.listeners, **self._resumption.listeners, **own}
        self._forget_the_past = self._activities.recalled.subscribe(partial(_hand_on, handlers))
        resolution.require(self._shortest_window_s)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it run down if all went well; else stop the pump and open the clamps at once. Then judge all of it."""
        pump_is_to_blame = error is None or isinstance(error, PumpFailure)
        try:
            if error is None:
                self._ends.run_down()
                self._session.hear_the_end()
        except BaseException as trouble:
            error = trouble
            raise
        finally:
            self._leave(error, read_log=pump_is_to_blame)
        self._silence.tell()
        fault = self._troubles.first_fault
        fine_until_s = math.inf if fault is None else fault.fine_until_s
        self._alarms.judge_unexpected(fine_until_s, broken_off=not pump_is_to_blame)
        if pump_is_to_blame:
            self._clock.judge()
            self._program.judge()
            self._account.judge(self._judging, self._marks, complete=error is None, fault=fault)
            self._control.judge_failure(self._troubles.unjudged_failure(error))
        if error is None:
            self._control.judge_program_again()
            self._delivery.judge_what_is_open()
            self._control.clear_alarms()

    def _leave(self, error: BaseException | None, *, read_log: bool) -> None:
        """Make the bench safe before anything else; then end the samples."""
        self._activities.forget(self._resumption.go_on)
        self._forget_the_past()
        try:
            self._bench.enter_safe_state()
            if read_log:
                self._alarms.read_log_once_more()
                self._logs.read()
        finally:
            self._session.end()  # or the samples that the lead-in began would go on after the test
            reason = "done" if error is None else f"{type(error).__name__}: {error}"
            if self._control.programmed:
                self._activities.note("infusion-ended", infusion=self.name, reason=reason)
            self._troubles.forget()

    def start(self) -> None:
        """Start the pump with the program it has; one that refuses is a PumpFailure."""
        self._control.start()
        self._session.watch_closely()

    def start_under(self, fault: Injection) -> ActingInjection:
        """Start the pump under a fault that came while it stood; return the fault as a cause that began at the start.

        Raises:
            PumpFailure: it refuses.
        """
        self.start()
        begun = self._control.given[-1]
        return ActingInjection(fault, Bracket(begun.sent_s, begun.answered_s))

    def stop(self) -> None:
        """Stop the pump and let the catheter run empty; samples go on. One that refuses is a PumpFailure."""
        self._control.stop()
        self._session.watch_closely()
        self._time.run_empty()

    def resume(self) -> None:
        """Acknowledge what stands, and start the pump again if an alarm had stopped it, as a clinician would.

        Raises:
            PumpFailure: it refuses.
        """
        self._control.resume()
        self._session.watch_closely()

    def acknowledge(self) -> None:
        """Acknowledge what stands; a pump that an alarm had stopped stands on.

        Raises:
            PumpFailure: it refuses.
        """
        self._control.acknowledge()
        self._session.watch_closely()

    def change_program(self, therapy: Therapy) -> None:
        """Load another therapy, while the pump stands or, where the profile promises it, infuses; read it back.

        From the instant at which it is in force, by the pump's own clock, everything is expected of the new one.

        Raises:
            PlanError: it is none of the profile's, or the pump does not promise to take it now.
            BenchFault: this bench cannot resolve it.
            PumpFailure: the pump refuses it, or reads back another one.
        """
        self._change.to(therapy, self._resolution if self.schedule.running else None)
        self._session.watch_closely()

    def refuse_program(self, declared: str, program: Program, name: str) -> None:
        """Offer a program out of the pump's limits; judge that it is refused, and that the one in force stays.

        Raises:
            PlanError: it was not declared.
        """
        self._sessions.refuses(declared, program, name)

    def programming_session(
        self,
        declared: str,
        steps: Sequence[SessionStep],
        allowed: Sequence[Therapy],
        name: str,
        *,
        meant: MeantPump = MeantPump.ANY,
        calibration_share: float = 1.0,
    ) -> BrokenSession:
        """Send messages of programming sessions, broken off or mixed up; judge what is in force and runs then.

        Args:
            declared: the name under which the test declared it.
            steps: the messages, in order; see `bench.infusion.session_step`.
            allowed: what may be in force then, in whole.
            name: what a person calls it.
            meant: which pump the session was opened for.
            calibration_share: so many times the pump's own calibration constant is entered.

        Returns:
            A cause for the alarm of a pump that stops meanwhile.

        Raises:
            BenchFault: the pump's driver cannot send a session message by message.
        """
        broken = self._sessions.exchange(
            declared, steps, allowed, name, meant=meant, calibration_share=calibration_share
        )
        self._session.watch_closely()
        return broken

    def interrogate(self, declared: str, name: str) -> None:
        """Interrogate the pump; judge that it answers, and that what it does, its alarms and its logs stay the same."""
        self._interrogations.interrogate(declared, name)

    def lose_the_answer(self, declared: str, command: Command) -> None:
        """Give a start or a stop whose answer is lost; judge that the pump's state tells that it was carried out.

        Raises:
            PlanError: it was not declared, or is another command.
            BenchFault: the pump's driver cannot send it so.
        """
        self._frames.unread(declared, command)
        self._session.watch_closely()

    def send_old_frames(self, declared: str, frames: Sequence[OldFrame], name: str) -> None:
        """Send commands under numbers that were used already; judge that nothing of what the pump does changes.

        Raises:
            PlanError: it was not declared.
            BenchFault: the pump's driver cannot send them.
        """
        self._frames.old(declared, frames, name)

    def send_unproven_frames(self, declared: str, frames: Sequence[UnprovenFrame], name: str) -> None:
        """Send commands that are due without the session code; judge that nothing of what the pump does changes.

        Raises:
            PlanError: it was not declared.
            BenchFault: the pump's driver cannot send them, or bench file or map knows no session code.
        """
        self._frames.unproven(declared, frames, name)

    def fill_alarm_log(self, declared: str, provoked: Sequence[Provoked]) -> None:
        """Bring alarms about, one after the other; judge that the log holds the newest, in order, round after round.

        Args:
            declared: the name under which the test declared it.
            provoked: each alarm in order, and what brings it about while it lasts.

        Raises:
            PlanError: it was not declared.
            BenchFault: the rig does not bring a cause about.
        """
        self._log_rounds.go_round(declared, provoked, self.resume)

    def ask_for_many_boluses(self, declared: str, count: int) -> None:
        """Ask a pump that stands for many boluses; judge that its log tells of each, in order, round after round.

        Raises:
            PlanError: it was not declared.
        """
        self._requests.ask(declared, count)

    def resume_after(self, alarm: Alarm, cause: Cause) -> None:
        """Take `alarm` for the answer to `cause` if it came, and go on as `resume`; a pump that runs on is left alone.

        Raises:
            PumpFailure: it refuses.
        """
        self._alarms.take_if_it_came(alarm, cause)
        self.resume()

    def device_clock_s(self) -> float:
        """Return the pump's own clock now."""
        return self._time.device_clock_s()

    @property
    def rate_ul_per_h(self) -> float:
        """Return the programmed rate of this moment, boluses included; zero while the pump is stopped."""
        return self._time.rate_ul_per_h

    def rate_changes_s(self, from_s: float, to_s: float) -> tuple[float, ...]:
        """Return the instants of the pump's clock at which the schedule changes the rate."""
        return tuple(self.schedule.changes_s(from_s, to_s))

    def wait(self, duration_s: float) -> None:
        """Let time pass; samples go on."""
        self._time.wait(duration_s)

    def wait_until(self, device_clock_s: float) -> None:
        """Let time pass until the pump's own clock shows `device_clock_s`."""
        self._time.wait_until(device_clock_s)

    def settle(self) -> None:
        """Wait until the flow at the catheter's end has reached the programmed rate."""
        self._time.settle()

    def deliver(self, at_least_s: float, name: str) -> DeliveryWindow:
        """Infuse at the present rate for `at_least_s`, rounded up to whole pump strokes, between two marks.

        Raises:
            BenchFault: reservoir, disk or the balance's certificate do not last for it, or so short a window resolves
                nothing.
        """
        return self._delivery.deliver(at_least_s, name)

    def deliver_unread(self, at_least_s: float, name: str) -> DeliveryWindow:
        """Infuse as `deliver` does, and read neither pump nor balance between the marks."""
        return self._delivery.deliver_unread(at_least_s, name)

    def begin_in_a_step(self) -> float:
        """Return the pump's clock when there is time enough to weigh the step of a schedule that runs.

        A pump's day begins where its clock says, so an infusion may start just before a change of rate; then the
        change is waited for.

        Raises:
            BenchFault: no window at this rate resolves the pump's accuracy.
            PlanError: the schedule does not change its rate within a day.
        """
        now_s = self.device_clock_s()
        changes_s = self.rate_changes_s(now_s, now_s + A_DAY_S)
        if not changes_s:
            raise PlanError(self.name, "begin in a step", "the rate does not change within a day", "use deliver")
        return self._delivery.begin_in_a_step(changes_s[0])

    def deliver_until(self, change_device_s: float, name: str) -> DeliveryWindow:
        """Weigh as many whole strokes as fit well before the rate changes; go on until the new rate is steady.

        Raises:
            Inconclusive: not even one stroke fits.
        """
        return self._delivery.deliver_until(change_device_s, name)

    def duration_that_resolves_s(self, at_least_s: float = 0.0, *, stopped: bool = False) -> float:
        """Return how long a window at the present rate must be for the balance to resolve the pump's accuracy.

        Args:
            at_least_s: what the protocol asks for anyway.
            stopped: for `no_flow`; the rate is then what the pump would give.

        Raises:
            BenchFault: no window resolves it.
        """
        return self._resolution.shortest_s(at_least_s, stopped=stopped)

    def window(self, start: TimedMark, end: TimedMark, name: str) -> DeliveryWindow:
        """Return what was delivered between two marks; without a fault in it, the pump's counter is judged as well."""
        return self._delivery.window(start, end, name)

    def change_of_rate(self, before: DeliveryWindow, after: DeliveryWindow, change_device_s: float) -> Measurement:
        """Return how late the rate changed between two windows, by the balance alone."""
        return self._delivery.change_of_rate(before, after, change_device_s)

    def no_flow(self, duration_s: float) -> Measurement:
        """Measure that a stopped pump delivers nothing: less than its tolerance of what it would have given.

        Raises:
            BenchFault: in so short a time the balance does not resolve that, or its certificate runs out before.
        """
        return self._stopped_flow.no_flow(duration_s)

    def expect_alarm(
        self, declared: str, alarm: Alarm, cause: Cause, within_s: float | None = None
    ) -> AlarmObservation:
        """Wait for `alarm` after its cause, judge it and what the pump does then, and weigh what the fault holds back.

        Args:
            declared: the name under which the test declared the latency.
            alarm: which.
            cause: what it must answer: an injection that was confirmed, or anything else that began for sure.
            within_s: the greatest time from the cause to the onset; None for the upper limit that was declared.

        Raises:
            PlanError: the latency was not declared, or nobody says how long to wait.
            PumpFailure: the alarm did not come in time.
        """
        observation = self._alarms.expect(declared, alarm, cause, within_s)
        self._stopped_flow.hold()
        return observation

    def give_needlessly(self, declared: str, command: Command) -> None:
        """Give a command that asks for what is already so; judge that it changes nothing of what the pump tells."""
        self._needless.give(declared, command)

    def later_than(self, first: AlarmObservation, this: AlarmObservation) -> Measurement:
        """Measure by how much longer an alarm of the catheter took than the first, after the same cause at one rate."""
        most_s = self._setting.profile.alarm_spread_limit_s(self._time.rate_if_running_ul_per_h)
        return this.later_than(first, most_s, "profile: 2 v/Q, registers_follow_s")

    def drawn_rates_ul_per_h(self, count: int, slow: int) -> tuple[float, ...]:
        """Return rates that were drawn by lot for this run, rising: `slow` slow ones and `count` others.

        The lot is made of what identifies the run, so that it can be drawn again, and a resumed run draws the same.
        """
        return self._setting.profile.rates.drawn_ul_per_h(f"{self._setting.run.lot} {self.name}", count, slow)

    def allow_alarm(self, alarm: Alarm, cause: Cause) -> None:
        """Let a fault account for an alarm that may come and that nobody promises, if it has come by now."""
        self._alarms.allow(alarm, cause)

    def deliver_unless_alarm(
        self, alarm: Alarm, cause: Cause, settles_s: float, at_least_s: float, name: str
    ) -> DeliveryWindow | None:
        """Weigh what comes under a fault that may call for an alarm; return None as soon as the alarm comes.

        Args:
            alarm: which; `expect_alarm` judges it.
            cause: the fault.
            settles_s: so long after its begin the flow is steady again.
            at_least_s: so long it is then weighed, rounded up to whole strokes.
            name: what a person calls the window.
        """
        if self._alarms.comes_within(alarm, cause, settles_s):
            return None
        start = self._marks.take()
        duration_s = self._setting.profile.window_of_whole_strokes_s(self.rate_ul_per_h, at_least_s)
        ends_s = start.mass.time_s + duration_s - HALF_SPAN_S
        if self._alarms.comes_within(alarm, cause, ends_s - cause.began.before_s - self._setting.interval_s):
            return None
        return self._delivery.window(start, self._marks.take(), name)

    def pressure_at_alarm(self) -> Measurement:
        """Measure the pressure in the catheter, by the pump's sensor, as the alarm that was waited for has left it.

        Raises:
            PlanError: the pump promises no sensor.
        """
        return self._alarm_pressure.measured(self._time.rate_if_running_ul_per_h)

    def unintended_bolus(self) -> Measurement:
        """Measure what came out when the fault was released, with the pump still stopped.

        Raises:
            PlanError: no alarm was waited for before, so nothing was weighed before the release.
        """
        return self._stopped_flow.unintended_bolus()

    @property
    def heard(self) -> HeardAlarms:
        """Return the alarms as somebody who stands by meets them: heard, silenced, interrogated."""
        return self._heard

    def under_a_field(self) -> AbstractContextManager[Injection]:
        """Hold a magnet to the pump while the block runs; weigh as soon as its catheter gives nothing any more.

        Raises:
            BenchFault: the magnet's sensor does not show it, or it does not go away.
        """
        return self._stalls.field()

    def counted_while_held(self) -> Measurement:
        """Measure what the pump counted while the field held its rotor, less what was weighed.

        Raises:
            PlanError: there was no field.
        """
        return self._stalls.counted()

    def on_top(self, window: DeliveryWindow) -> Measurement:
        """Return the volume of a window after a stall, for an upper limit: nothing is given for what was missed."""
        return self._stalls.on_top(window)

    def last_start(self) -> Cause:
        """Return the last start as what an alarm has to answer, because a fault stood by then."""
        return self._stalls.last_start()

    def last(self, command: Command) -> Cause:
        """Return the last of a command as what an alarm has to answer: its cause still stands.

        Raises:
            PlanError: it was never given, or never accepted.
        """
        return last_given(command, self._control.given, self.name)

    def judge_recovery_logged(self, declared: str, observation: AlarmObservation) -> None:
        """Judge that the log tells when a stall ended; `declared` is the name under which the test declared it."""
        self._stalls.judge_recovery_logged(declared, observation)

    def request_bolus(
        self,
        declared: str,
        wanted: CommandResult,
        basal: DeliveryWindow | None,
        name: str,
        at_device_s: float | None = None,
        by: AskedBy = AskedBy.COMMAND,
    ) -> None:
        """Ask for a patient bolus; judge the answer, the log line, and the volume that came on top of the basal rate.

        Args:
            declared: the test declared `<declared>: answer`, `<declared>: log` and `<declared>: volume`.
            wanted: what the pump must answer.
            basal: a window at the basal rate alone, weighed before; None for a pump that stands.
            name: what a person calls this request.
            at_device_s: when by the pump's own clock; None for now.
            by: the command of a controller, or a press of its button by the rig.

        Raises:
            PlanError: the therapy allows no patient bolus.
            BenchFault: the rig has no button to press, or did not press it.
        """
        self._boluses.request(declared, wanted, basal, name, at_device_s, by)

    def ask_for_bolus(self, declared: str, wanted: CommandResult, name: str) -> None:
        """Ask for a patient bolus and judge answer and log line; arguments as `request_bolus`, nothing is weighed."""
        self._boluses.ask(declared, wanted, name)

    def single_bolus(self, name: str, at_once: str = "") -> DeliveryWindow:
        """Give one more bolus of a therapy that is a single bolus, when the last is over, and weigh it by itself.

        Args:
            name: what a person calls it.
            at_once: the test declared `<at_once>: answer`; another is asked for while this one runs, and refused.

        Raises:
            PlanError: the therapy is no single bolus.
            PumpFailure: the pump refuses to give it.
        """
        return self._single_boluses.give(name, at_once)

    def begin_single_bolus(self, declared: str, name: str) -> None:
        """Ask for a clinician's bolus on top of the basal rate and judge the answer; nothing is weighed.

        Args:
            declared: the test declared `<declared>: answer`.
            name: what a person calls it.

        Raises:
            PlanError: the therapy is no bolus on a basal rate.
        """
        self._single_boluses.begin_on_basal(declared, name)

    def require_drug_sensor(self) -> None:
        """Go on only where the rig sees the drug at the outlet; a bench without is a BenchFault."""
        self._priming.require_sensor()

    def fill(self, part: Filled, concentration_ug_per_ml: float) -> None:
        """Have the rig fill catheter or reservoir with another concentration, the pump stopped; 0 is without drug.

        Raises:
            BenchFault: the rig cannot, or did not.
        """
        self._priming.fill(part, concentration_ug_per_ml)

    def priming_volume_ul(self) -> float:
        """Return what the programmer primes: the pump's tubing as it takes it, and the catheter.

        Raises:
            BenchFault: the bench file does not tell the catheter's volume.
        """
        return self._priming.volume_ul()

    def prime(self, volume_ul: float, name: str, start_in_it: str = "") -> PrimingBolus:
        """Give a priming bolus with the pump stopped, weigh it, and look for the drug at the outlet.

        Args:
            volume_ul: of the bolus.
            name: what a person calls it.
            start_in_it: the test declared `<start_in_it>: answer`; a start is asked for halfway, and refused.

        Raises:
            PumpFailure: the pump refuses it.
        """
        return self._priming.prime(volume_ul, name, start_in_it)

    def front_volume(self, bolus: PrimingBolus, name: str) -> Measurement:
        """Measure how much was delivered until the drug came; where the bolus did not bring it, the therapy may."""
        return self._priming.front_volume(bolus, name)

    def begin_bridge(self, bridged: BridgedPrescription) -> BridgeUnderWay:
        """Load a bridge between two concentrations into a pump that stands, and start it.

        Raises:
            BenchFault: this bench cannot resolve its rates.
            PumpFailure: the pump refuses it, or reads back another one.
        """
        self._change.to(bridged.therapy(), self._resolution)
        start = self._marks.take()
        self.start()
        return self._bridging.begin(bridged, start)

    def refuse_boluses(self, declared: str, name: str) -> None:
        """Ask for a clinician's and a patient's bolus; judge that both are refused and nothing changes.

        Raises:
            PlanError: it was not declared.
        """
        self._refused.judge(declared, name)

    def go_on_with_bridge(self, bridge: BridgeUnderWay, share: float) -> BridgeUnderWay:
        """Let a bridge run until a share of it was given, with an eye on the drug at the outlet."""
        return self._bridging.go_on(bridge, share)

    def take_up_bridge(self, bridge: BridgeUnderWay) -> BridgeUnderWay:
        """Start a pump that was stopped in a bridge: it gives the rest; one that refuses is a PumpFailure."""
        self.start()
        return self._bridging.taken_up(bridge)

    def end_bridge(self, bridge: BridgeUnderWay, at_least_s: float, name: str) -> BridgeGiven:
        """Weigh what is left of a bridge, wait for its end and for the new drug, and weigh the new rate.

        Args:
            bridge: that runs.
            at_least_s: so long the new rate is weighed.
            name: what a person calls it.
        """
        return self._bridging.end(bridge, at_least_s, name)

    def end_of_bridge(self, given: BridgeGiven) -> Measurement:
        """Return how late a bridge ended, by the balance alone."""
        return self._bridging.change_of_rate(given)

    def front_of_bridge(self, given: BridgeGiven, name: str) -> Measurement:
        """Measure how much was delivered until the new drug came, against the volume of the bridge."""
        return self._bridging.front_volume(given, name)

    def dose_of_both(self, given: BridgeGiven, name: str) -> Measurement:
        """Measure the dose of both concentrations since the begin of a bridge, against what was prescribed."""
        return self._bridging.dose(given, name)

    def require_patient_button(self) -> None:
        """Go on only where the rig can press the patient's button; a bench without is a BenchFault."""
        self._boluses.require_button()

    def wait_for_lockout_end(self, later_s: float) -> None:
        """Let time pass until `later_s` after the end of the lockout; negative is before it."""
        self._boluses.wait_for_lockout_end(later_s)

    def lockout_ends_s(self) -> float:
        """Return when the lockout of the last bolus ends, by the pump's own clock."""
        return self._boluses.lockout_ends_s()

    def day_of_boluses_ends_s(self) -> float:
        """Return when 24 hours have passed since the first bolus, by the pump's own clock."""
        return self._boluses.day_ends_s()

    def wait_for_the_last_before_midnight(self) -> None:
        """Let time pass until a day's boluses fit before midnight, and the lockout of the last ends after it."""
        self._boluses.wait_for_the_last_before_midnight()

    def judge(self, declared: str, measurement: Measurement) -> Judgement:
        """Judge a measurement by the profile's decision rule; the test goes on whatever the verdict.

        Args:
            declared: the name under which the test declared it with `@judges`.
            measurement: what was found.

        Raises:
            PlanError: it was not declared, or with other limits.
        """
        self._time.catch_up()
        return self._judging.judge(declared, measurement)

    def judge_that(self, declared: str, happened: bool, reason: str) -> Judgement:
        """Judge that something required happened; `declared` is the name under which the test declared it.

        Raises:
            PlanError: it was not declared.
        """
        return self._judging.judge_that(declared, happened, reason)


def _hand_on(handlers: Mapping[str, Callable[[JournalLine], None]], line: JournalLine) -> None:
    """Give a line that the journal holds already to the part of the infusion that it belongs to."""
    handler = handlers.get(line.what or line.kind)
    if handler is not None:
        handler(line)
