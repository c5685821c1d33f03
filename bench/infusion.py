# SPDX-License-Identifier: Apache-2.0
"""An infusion: program, read back, start, sample, stop, judge — and stop the pump first, however it ends.

    with Infusion(run, catheter, Continuous(rate_ul_per_h=41.7), "basal") as infusion:
        infusion.settle()
        window = infusion.deliver(24 * 3600)
        infusion.judge(window.volume)

While it lasts every sample goes to the journal and every alarm is noticed. When it ends, two judgements have been made
without being asked for: no alarm came without a fault, and in every window without a fault the pump's own counter
agrees with program and balance.
"""

from types import TracebackType
from typing import Self

from bench.alarm_observation import AlarmObservation
from bench.alarm_watch import AlarmWatch, SeenAlarm
from bench.ambient_watch import AmbientWatch
from bench.blank import tare
from bench.bolus_request import BolusRequest
from bench.catheter import Catheter
from bench.decision_rule import judge
from bench.delivery_window import DeliveryWindow
from bench.injection import Injection
from bench.judgement import Judgement, forbidden, required
from bench.limits import Limits
from bench.measurement import Measurement
from bench.rate_change import change_of_rate
from bench.run import Run
from bench.running_schedule import RunningSchedule
from bench.sampling import Sampling
from bench.therapy import Therapy, WithPatientBolus
from bench.weighing import HALF_SPAN_S, TimedMark, Weighing
from instruments.errors import BenchFault, PlanError, PumpFailure
from instruments.pump import Alarm, Command, CommandResult, PumpState

DEFAULT_INTERVAL_S = 30.0
LEAST_WATCHDOG_S = 60
MISSED_BEATS_ALLOWED = 4
CLOCKS_AGREE_WITHIN_S = 1.0
"""Two clocks that are read one after the other may seem this far apart."""
A_LOOK_TAKES_S = 0.1
"""Machine time within which two clocks are read; a scaled clock makes that much longer, and times less certain."""
CHANGE_CLEARANCE = 2.0
"""How far the windows around a change of rate stay away from it, in tolerances of its instant."""


class Infusion:
    """One infusion on the bench; a context manager that starts the pump and stops it for sure.

    Attributes:
        name: what the journal and the report call it.
        interval_s: time between samples.
        schedule: what the therapy asks for, from start to start.
    """

    def __init__(
        self, run: Run, catheter: Catheter, therapy: Therapy, name: str, interval_s: float = DEFAULT_INTERVAL_S
    ) -> None:
        self.name = name
        self.interval_s = interval_s
        self.schedule = RunningSchedule(therapy)
        self._run = run
        self._bench = run.bench
        self._catheter = catheter
        self._held: TimedMark | None = None

    # --- beginning and end ------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        """Measure the blank if this is the first infusion; then program the pump, read back, tare, start.

        Raises:
            BenchFault: the bench cannot do it.
            PumpFailure: the pump refuses what its profile promises.
        """
        self._bench.refuse_if_poisoned()
        self._weighing = Weighing(self._bench, self._run.evaporation())
        try:
            self._program()
            tare(self._bench)
            self._sampling = Sampling(self._bench, self._run.journal, self.name, self.schedule.since_beginning_ul)
            self._alarms = AlarmWatch(self._bench.pump, self._sampling, self._run.journal)
            self._ambient = AmbientWatch(self._bench.file.ambient, self.name, self._run.journal)
            self._sampling.watchers.append(self._ambient.look)
            self._bench.rig.arm_watchdog(max(LEAST_WATCHDOG_S, int(MISSED_BEATS_ALLOWED * self.interval_s)))
            self.start()
            self._sampling.start(self.interval_s)
        except BaseException:
            self._enter_safe_state()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the pump and open the clamps before anything else; then account for the alarms."""
        try:
            self._enter_safe_state()
        finally:
            self._sampling.stop()
            reason = "done" if error is None else f"{type(error).__name__}: {error}"
            self._run.journal.write("infusion-ended", infusion=self.name, reason=reason)
        self._judge_alarms()
        if error is None:
            self._clear_alarms()

    def _enter_safe_state(self) -> None:
        try:
            self._bench.safe_state.enter()
        except BenchFault as fault:
            self._bench.poison(fault.finding)
            raise

    def _program(self) -> None:
        self._clear_alarms()
        profile, therapy = self._run.profile, self.schedule.therapy
        self._run.journal.write(
            "infusion-started", infusion=self.name, therapy=therapy.describe(), interval_s=self.interval_s
        )
        program = therapy.program(profile.low_reservoir_alarm_ul.value)
        profile.rates.refuse_others(step.rate_ul_per_h for step in program.steps)
        result = self._bench.pump.load(program)
        taken = result is CommandResult.ACCEPTED
        self.judge_that("the pump takes the program and reads it back", taken, f"it answered {result}")
        if not taken:
            raise PumpFailure("pump", "load the program", f"it answered {result}", "does the profile promise this?")

    def start(self) -> None:
        """Start the pump with the program it has.

        Raises:
            PumpFailure: it refuses.
        """
        self._demand(Command.START)
        self.schedule.start(self._bench.pump.read().device_clock_s)

    def stop(self) -> None:
        """Stop the pump and let the catheter run empty; samples go on.

        Raises:
            PumpFailure: it refuses.
        """
        self._demand(Command.STOP)
        self.schedule.stop(self._bench.pump.read().device_clock_s)
        self.wait(self._shortest_settling_s())

    def resume(self) -> None:
        """Acknowledge what stands, and start the pump again if an alarm had stopped it, as a clinician would."""
        reading = self._bench.pump.read()
        self._clear_alarms()
        if reading.state is PumpState.ALARM_STOPPED:
            self.schedule.stop(reading.device_clock_s)
            self.start()

    def _demand(self, command: Command) -> None:
        result = self._bench.pump.command(command)
        self._note("command", f"{command}: {result}")
        if result is not CommandResult.ACCEPTED:
            raise PumpFailure("pump", command, f"it answered {result}")

    def _clear_alarms(self) -> None:
        reading = self._bench.pump.read()
        if reading.alarms or reading.state is PumpState.ALARM_STOPPED:
            self._demand(Command.ACKNOWLEDGE)

    # --- time -------------------------------------------------------------------------------------------------------

    def device_clock_s(self) -> float:
        """Return the pump's own clock now."""
        return self._sampling.device_s(self._bench.clock.now_s())

    @property
    def rate_ul_per_h(self) -> float:
        """Return the programmed rate of this moment, boluses included; zero while the pump is stopped."""
        now_s = self.device_clock_s()
        # The pump's clock is told in hundredths, so just after a start "now" may seem to lie before it.
        return self.schedule.rate_ul_per_h(max(now_s, self.schedule.started_s) if self.schedule.running else now_s)

    def rate_changes_s(self, from_s: float, to_s: float) -> tuple[float, ...]:
        """Return the instants of the pump's clock at which the schedule changes the rate."""
        return tuple(self.schedule.changes_s(from_s, to_s))

    def wait(self, duration_s: float) -> None:
        """Let time pass; samples go on."""
        self._bench.pace.pass_for(duration_s)

    def wait_until(self, device_clock_s: float) -> None:
        """Let time pass until the pump's own clock shows `device_clock_s`."""
        self._bench.pace.pass_until(self._sampling.bench_s(device_clock_s))

    def settle(self) -> None:
        """Wait until the flow at the catheter's end has reached the programmed rate."""
        self.step("Settle")
        self.wait(self._run.profile.settling_time_s(self.rate_ul_per_h))

    def step(self, title: str) -> None:
        """Begin a phase that people see as a step of the protocol."""
        self._run.journal.write("step", title=title, infusion=self.name)

    def _shortest_settling_s(self) -> float:
        return self._run.profile.settling_time_s(self._run.profile.rates.tested("high"))

    # --- volume -----------------------------------------------------------------------------------------------------

    def deliver(self, at_least_s: float, name: str) -> DeliveryWindow:
        """Infuse at the present rate for `at_least_s`, rounded up to whole pump strokes, between two marks.

        Raises:
            BenchFault: the reservoir does not hold enough for it.
        """
        duration_s = self._run.profile.window_of_whole_strokes_s(self.rate_ul_per_h, at_least_s)
        self.step(f"{name}: deliver for {duration_s / 3600:.4g} h")
        self._refuse_if_too_little(duration_s)
        start = self._mark()
        self._bench.pace.pass_until(start.mass.time_s + duration_s - HALF_SPAN_S)
        return self.window(start, self._mark(), name)

    def deliver_until(self, change_device_s: float, name: str) -> DeliveryWindow:
        """Weigh as many whole strokes as fit well before the rate changes; go on until the new rate is steady.

        Both windows keep clear of the change: one that came inside a window would seem to come at its edge.

        Raises:
            PlanError: not even one stroke fits.
        """
        clear_s = CHANGE_CLEARANCE * self._run.profile.flex_step_tolerance_s.value
        left_s = change_device_s - clear_s - self.device_clock_s() - 2 * HALF_SPAN_S
        period_s = self._run.profile.stroke_period_s(self.rate_ul_per_h)
        if left_s < period_s:
            raise PlanError(name, "weigh a step", f"{left_s:.0f} s are left, a stroke takes {period_s:.0f} s")
        window = self.deliver(left_s - period_s, name)
        self.wait_until(change_device_s + clear_s)
        self.settle()
        return window

    def window(self, start: TimedMark, end: TimedMark, name: str) -> DeliveryWindow:
        """Return what was delivered between two marks; without a fault in it, the pump's counter is judged as well."""
        profile = self._run.profile
        delivered = self._weighing.volume(start, end, profile.stroke_volume_ul.value)
        window = DeliveryWindow(
            name=name,
            start=start,
            end=end,
            expected_ul=self.schedule.volume_ul(start.device_clock_s, end.device_clock_s),
            delivered=delivered,
            profile=profile,
            doubts=delivered.doubts + self._doubts(),
        )
        if not self._catheter.faulty_between(start.mass.time_s, end.mass.time_s):
            self.judge(window.counter_against_program)
            self.judge(window.counter_against_balance)
        return window

    def change_of_rate(self, before: DeliveryWindow, after: DeliveryWindow, change_device_s: float) -> Measurement:
        """Return how late the rate changed between two windows, by the balance alone."""
        return change_of_rate(before, after, change_device_s)

    def _mark(self) -> TimedMark:
        mark = self._weighing.mark()
        self._note("mark", f"mark at {mark.mass.mass_g:.5f} g", **mark.mass.as_dict(), counter_ul=mark.counter_ul)
        return mark

    def _doubts(self) -> tuple[str, ...]:
        missed = self._sampling.missed
        return self._ambient.doubts + ((f"{missed} planned samples were left out",) if missed else ())

    def _refuse_if_too_little(self, duration_s: float) -> None:
        now_s = self.device_clock_s()
        needed_ul = self.schedule.volume_ul(now_s, now_s + duration_s) + self._run.profile.low_reservoir_alarm_ul.value
        left_ul = self._sampling.last.pump.reservoir_volume_ul
        if left_ul < needed_ul:
            seen = f"{left_ul:.0f} µL are left, it needs {needed_ul:.0f} µL with the alarm volume kept back"
            raise BenchFault(
                "pump", f"infuse for {duration_s / 3600:.3g} h", seen, "refill the pump, then run it again"
            )

    # --- alarms -----------------------------------------------------------------------------------------------------

    def expect_alarm(self, alarm: Alarm, injection: Injection, within_s: float) -> AlarmObservation:
        """Wait for `alarm` after a confirmed fault and judge what the pump does then.

        Returns:
            The observation; its `latency` is a measurement, to be judged.

        Raises:
            PumpFailure: the alarm did not come within `within_s`.
        """
        self.step(f"Wait for the {alarm} alarm, at most {within_s / 60:.4g} min")
        end_s = injection.confirmed_s + within_s + self.interval_s
        clock = self._bench.clock
        while (seen := self._alarms.find(alarm, injection.sent_s)) is None and clock.now_s() < end_s:
            self._bench.pace.pass_until(min(end_s, clock.now_s() + self.interval_s))
        if seen is None:
            reason = f"the {injection.fault} was confirmed, no {alarm} alarm came within {within_s / 60:.4g} min"
            self.judge_that(f"{alarm} alarm", False, reason)
            raise PumpFailure("pump", f"raise the {alarm} alarm", reason)
        seen.expected = seen.onset_s >= injection.sent_s - self._clock_slack_s
        self._judge_log(seen)
        self._judge_behaviour_after(alarm)
        self._held = self._mark()
        return AlarmObservation(self.name, seen, injection, within_s)

    @property
    def _clock_slack_s(self) -> float:
        return max(CLOCKS_AGREE_WITHIN_S, A_LOOK_TAKES_S * self._bench.clock.speed)

    def _judge_log(self, seen: SeenAlarm) -> None:
        slack_s = self._clock_slack_s
        told = f"logged at {seen.onset_s:.1f} s, first seen between {seen.after_s:.1f} s and {seen.by_s:.1f} s"
        in_time = seen.after_s - slack_s <= seen.onset_s <= seen.by_s + slack_s
        self.judge_that(f"the log tells the onset of the {seen.entry.alarm} alarm as it was seen", in_time, told)

    def _judge_behaviour_after(self, alarm: Alarm) -> None:
        promised = self._run.profile.alarms[alarm].then_does
        reading = self._sampling.take(self._bench.clock.now_s()).pump
        stopped = reading.state is PumpState.ALARM_STOPPED and reading.active_rate_ul_per_h == 0
        told = f"its state is {reading.state}, its rate {reading.active_rate_ul_per_h:g} µL/h"
        self.judge_that(f"after the {alarm} alarm the pump {promised}", stopped is (promised == "stops"), told)

    def unintended_bolus(self) -> Measurement:
        """Measure what came out when the fault was released, with the pump still stopped.

        Raises:
            PlanError: no alarm was waited for before, so nothing was weighed before the release.
        """
        if self._held is None:
            raise PlanError(
                self.name, "measure the unintended bolus", "nothing was weighed before", "expect_alarm first"
            )
        self.step("Collect the unintended bolus")
        self.wait(self._shortest_settling_s())
        profile = self._run.profile
        volume = self._weighing.volume(self._held, self._mark(), stroke_volume_ul=0.0)
        rate_ul_per_h = self.schedule.rate_if_running_ul_per_h(self.device_clock_s())
        limits = Limits(
            None,
            profile.unintended_bolus_limit_ul(rate_ul_per_h),
            "µL",
            f"profile {profile.name}: C_max·ΔP_max, margin",
        )
        return Measurement("unintended bolus on release", volume.quantity, limits)

    def no_flow(self, duration_s: float) -> Measurement:
        """Measure that a stopped pump delivers nothing: less than its tolerance of what it would have given."""
        self.step(f"No flow for {duration_s / 60:.4g} min")
        start = self._mark()
        self._bench.pace.pass_until(start.mass.time_s + duration_s - HALF_SPAN_S)
        volume = self._weighing.volume(start, self._mark(), stroke_volume_ul=0.0)
        profile = self._run.profile
        rate_ul_per_h = self.schedule.rate_if_running_ul_per_h(start.device_clock_s)
        most_ul = rate_ul_per_h * duration_s / 3600 * profile.accuracy_percent.value / 100
        limits = Limits(-most_ul, most_ul, "µL", f"profile {profile.name}, accuracy of what it would have given")
        return Measurement("volume while stopped", volume.quantity, limits)

    def _judge_alarms(self) -> None:
        told = ", ".join(f"{one.entry.alarm} at {one.onset_s:.0f} s" for one in self._alarms.unexpected)
        reason = f"unexpected: {told}" if told else "none came, or each had its fault"
        self._add(forbidden(f"{self.name}: an alarm without a fault", bool(told), reason))

    # --- boluses ----------------------------------------------------------------------------------------------------

    def request_bolus(self, wanted: CommandResult, basal: DeliveryWindow, name: str) -> None:
        """Ask for a patient bolus; judge the answer, the log line, and the volume that came on top of the basal rate.

        Args:
            wanted: what the pump must answer.
            basal: a window at the basal rate alone, weighed before.
            name: what a person calls this request.
        """
        therapy = self._with_boluses()
        self.step(f"{name}: ask for a patient bolus")
        start = self._mark()
        before = self._bench.pump.read()
        outcome = self._bench.pump.command(Command.PATIENT_BOLUS)
        request = BolusRequest(
            name, before.device_clock_s, outcome, self._bench.pump.bolus_log(since=before.bolus_log_count)
        )
        self._note("bolus", f"{name}: {outcome}", outcome=outcome)
        self.judge_that(f"{name}: answer", outcome is wanted, f"wanted {wanted}, it answered {outcome}")
        self.judge_that(
            f"{name}: log", request.logged_as_answered, f"logged {[str(one.outcome) for one in request.logged]}"
        )
        if outcome is CommandResult.ACCEPTED:
            self.schedule.boluses.append(therapy.accepted(before.device_clock_s))
        basal_rate_ul_per_h = therapy.basal.rate_ul_per_h(before.device_clock_s, self.schedule.started_s)
        self.wait(therapy.ptm_duration_s + self._run.profile.settling_time_s(basal_rate_ul_per_h))
        self.judge(request.volume(self.window(start, self._mark(), name), basal))

    def wait_for_lockout_end(self, later_s: float) -> None:
        """Let time pass until `later_s` after the end of the lockout; negative is before it."""
        last_s = self.schedule.boluses[-1].started_s
        self.wait_until(last_s + self._with_boluses().ptm_lockout_s + later_s)

    def _with_boluses(self) -> WithPatientBolus:
        therapy = self.schedule.therapy
        if not isinstance(therapy, WithPatientBolus):
            raise PlanError(
                self.name, "ask for a patient bolus", f"the therapy is {therapy.name}", "allow boluses in it"
            )
        return therapy

    # --- judging ----------------------------------------------------------------------------------------------------

    def judge(self, measurement: Measurement) -> Judgement:
        """Judge a measurement by the profile's decision rule; the test goes on whatever the verdict."""
        return self._add(judge(measurement, self._run.profile.decision_rule))

    def judge_that(self, name: str, happened: bool, reason: str) -> Judgement:
        """Judge that something required happened."""
        return self._add(required(name, happened, reason))

    def _add(self, judgement: Judgement) -> Judgement:
        return self._run.assessment.add(judgement)

    def _note(self, what: str, title: str, **more: object) -> None:
        self._run.journal.write("event", what=what, title=title, infusion=self.name, **more)
