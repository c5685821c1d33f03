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
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import Self

from bench.acceptance import Standing, unjudged
from bench.alarms import AlarmObservation, Cause
from bench.infusion.alarm_log_rounds import AlarmLogRounds
from bench.infusion.alarm_pressure import AlarmPressure
from bench.infusion.bad_frames import BadFrames
from bench.infusion.bridging import Bridging
from bench.infusion.clock_setting import ClockSetting
from bench.infusion.closing_account import ClosingAccount
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.delivery_unless_alarm import DeliveryUnlessAlarm
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
from bench.infusion.priming import Priming
from bench.infusion.program_change import ProgramChange
from bench.infusion.program_watch import ProgramWatch
from bench.infusion.programming_sessions import ProgrammingSessions
from bench.infusion.pump_clock import PumpClock
from bench.infusion.pump_control import PumpControl
from bench.infusion.pump_time import PumpTime
from bench.infusion.quiet_ends import QuietEnds
from bench.infusion.refused_boluses import RefusedBoluses
from bench.infusion.reservoir import Reservoir
from bench.infusion.resolution import Resolution
from bench.infusion.resumption import Resumption
from bench.infusion.rotor_sensor import RotorSensor
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.second_look import SecondLook
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
from bench.weighing import DeliveryWindow, TimedMark
from groundfloor.errors import PumpFailure
from instruments.pump import Alarm, Command
from metrology.latency.bracket import Bracket
from metrology.verdict import Judgement, Measurement

DEFAULT_INTERVAL_S = 30.0


class Infusion:
    """One infusion on the bench; a context manager that starts the pump and stops it for sure.

    What every plan does with a pump is a verb of the infusion; what some chapters do is a verb of one of its parts.

    Attributes:
        name: what the journal and the report call it.
        schedule: what the therapy asks for, from start to start.
        programmer: sessions that load a program, whole or broken off, and programs that must be refused.
        bad_link: answers that are lost, and frames that come again, by chance or unproven.
        patient_boluses, single_boluses, refused_boluses: what is asked for and weighed on top of the basal rate.
        priming, bridge: tubing and catheter filled with another drug, and two concentrations bridged.
        alarm_log, bolus_log: the logs, filled until their oldest lines go.
        heard: its alarms as somebody who stands by meets them: heard, silenced, interrogated.
        stalls, rotor_sensor: its rotor, held by a magnet; the sensor by which it sees that turn, to fail.
        alarm_pressure: the pressure in the catheter as an alarm has left it.
        needless_commands: commands that ask for what is already so.
        reservoir, power: what is filled and run down; its supply, to be low and to go.
        environment, firmware: the climate around the pump; its firmware, to be updated.
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
        self.programmer = ProgrammingSessions(setting, self._session, self._control, self._judging, self._change)
        self.bad_link = BadFrames(setting, self._session, self._control, self._judging)
        self.bolus_log = ManyRequests(setting, self._control, self._judging)
        self._interrogations = Interrogations(setting, self._control, self._judging)
        self._alarms = ExpectedAlarms(setting, self._session, self._control, self._judging)
        self.refused_boluses = RefusedBoluses(self._control, self._judging)
        self.alarm_pressure = AlarmPressure(setting, self._session.sampling, self._time)
        rounds = AlarmLogRounds(setting, self._control, self._judging, self._alarms, self._time, self.resume)
        self.alarm_log = rounds
        self.rotor_sensor = RotorSensor(setting)
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
        self.patient_boluses.before.wait_until_free(self._patient_boluses)
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
        self.patient_boluses = PatientBoluses(course, self._delivery, self._control)
        self._unless_alarm = DeliveryUnlessAlarm(course, self._delivery, self._alarms)
        self.stalls = Stalls(course, self._delivery, self._control)
        self.heard = HeardAlarms(course, session, self._control)
        self.needless_commands = NeedlessCommands(course, self._control)
        self.single_boluses = SingleBoluses(course, self._delivery, self._control, self._session)
        self.priming = Priming(course, self._delivery, self._control, self._session)
        self.bridge = Bridging(course, self._delivery, self.priming, self._change, self.start)
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

    def interrogate(self, declared: str, name: str) -> None:
        """Interrogate the pump; judge that it answers, and that what it does, its alarms and its logs stay the same."""
        self._interrogations.interrogate(declared, name)

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

        Raises:
            BenchFault: no window at this rate resolves the pump's accuracy.
            PlanError: the schedule does not change its rate within a day.
        """
        return self._delivery.begin_in_a_step()

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
        return self._unless_alarm.deliver(alarm, cause, settles_s, at_least_s, name)

    def unintended_bolus(self) -> Measurement:
        """Measure what came out when the fault was released, with the pump still stopped.

        Raises:
            PlanError: no alarm was waited for before, so nothing was weighed before the release.
        """
        return self._stopped_flow.unintended_bolus()

    def last(self, command: Command) -> Cause:
        """Return the last of a command as what an alarm has to answer: its cause still stands.

        Raises:
            PlanError: it was never given, or never accepted.
        """
        return last_given(command, self._control.given, self.name)

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
