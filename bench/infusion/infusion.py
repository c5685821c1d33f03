# SPDX-License-Identifier: Apache-2.0
"""An infusion: a running pump whose delivery is weighed, whose alarms are waited for, and which is judged.

    with Infusion(run, catheter, Continuous(41.7), "basal") as infusion:
        infusion.settle()
        window = infusion.deliver(24 * 3600, "first day")
        infusion.judge(window.volume)

Before the pump is touched the capability gate asks whether the balance can resolve the pump's accuracy. When it ends,
this has been judged without being asked for: no alarm came without a fault, and programmed, counted and weighed volume
agree.
"""

from dataclasses import asdict

from bench.alarms import AlarmObservation, SeenAlarm
from bench.capability import CapabilityGate, slowest_rate_ul_per_h
from bench.catheter import Catheter, Injection
from bench.infusion.rate_change import change_of_rate
from bench.infusion.rig_watch import RigWatch
from bench.infusion.running_pump import DEFAULT_INTERVAL_S, RunningPump
from bench.journal import JournalLine, Result, SamplesToCome, predicted_bytes, refuse_if_no_room
from bench.run import Run
from bench.sampling import RECALLED, BalanceWatch
from bench.therapy import Therapy, WithPatientBolus
from bench.weighing import HALF_SPAN_S, BolusRequest, DeliveryWindow, ThreeVolumes, TimedMark, Weighing
from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.pump import Alarm, Command, CommandResult, PumpState
from metrology.gravimetry import DeliveredVolume
from metrology.verdict import Judgement, Limits, Measurement, undecided

CLOCKS_AGREE_WITHIN_S = 1.0
"""Two clocks that are read one after the other may seem this far apart."""
A_READING_TAKES_S = 0.1
"""Machine time within which two clocks are read; a scaled clock makes that much longer, and times less certain."""
CAPABILITY = "At {rate_ul_per_h:g} µL/h {judged_as} is judged; {duration_s:.6g} s have a TUR of {uncertainty_ratio:.2f}"
CHANGE_CLEARANCE = 2.0
"""How far the windows around a change of rate stay away from it, in tolerances of its instant."""


class Infusion(RunningPump):
    """One infusion on the bench."""

    def __init__(
        self,
        run: Run,
        catheter: Catheter,
        therapy: Therapy,
        name: str,
        interval_s: float = DEFAULT_INTERVAL_S,
        shortest_window_s: float | None = None,
    ) -> None:
        super().__init__(run, therapy, name, interval_s)
        self._catheter = catheter
        self._shortest_window_s = shortest_window_s
        self._volumes = ThreeVolumes()
        self._sampling.watchers.append(RigWatch(self._bench.file, catheter).on_sample)
        self._held: TimedMark | None = None

    def _prepare(self) -> None:
        """Measure the blank if this is the first infusion of the run; refuse what this bench cannot resolve."""
        evaporation, repeatability = self._run.evaporation(), self._run.repeatability()
        stroke_ul, noise_mg = self._run.profile.stroke_volume_ul.value, repeatability.standard_deviation_mg
        watch = self._balance_watch = BalanceWatch(self._bench, self._run.journal, self.name, noise_mg, stroke_ul)
        self._sampling.watchers.append(watch.on_sample)
        self._activities.listeners |= dict.fromkeys(RECALLED, watch.recall)
        self._weighing = Weighing(self._bench, evaporation, repeatability, watch)
        unwatched = Weighing(self._bench, evaporation, repeatability)  # a window to come holds no knock of the past
        self._gate = CapabilityGate(unwatched, self._run.profile, self.interval_s)
        if (rate_ul_per_h := slowest_rate_ul_per_h(self.schedule.therapy)) is not None:
            self._activities.do("capability", lambda: self._capability(rate_ul_per_h), CAPABILITY, infusion=self.name)

    def _capability(self, rate_ul_per_h: float) -> Result:
        """Return what the shortest window that the test is going to judge is worth; without one, which resolves."""
        found = self._gate.require(rate_ul_per_h, self._shortest_window_s)
        if isinstance(self.schedule.therapy, WithPatientBolus):
            self._gate.require_bolus(rate_ul_per_h)
        judged_as = self._gate.judged_as(rate_ul_per_h)
        return {"rate_ul_per_h": rate_ul_per_h, "judged_as": judged_as, **found.as_dict()}

    def _recall_sample(self, line: JournalLine) -> None:
        super()._recall_sample(line)
        self._balance_watch.recall_sample(self._sampling.last)

    # --- volume -----------------------------------------------------------------------------------------------------

    def deliver(self, at_least_s: float, name: str) -> DeliveryWindow:
        """Infuse at the present rate for `at_least_s`, rounded up to whole pump strokes, between two marks.

        Raises:
            BenchFault: the reservoir does not hold enough for it, or so short a window resolves nothing.
        """
        if not self._catheter.standing:
            self._safe_point()
        return self._deliver(at_least_s, name)

    def _deliver(self, at_least_s: float, name: str) -> DeliveryWindow:
        duration_s = self._run.profile.window_of_whole_strokes_s(self.rate_ul_per_h, at_least_s)
        self._refuse_unresolved(self.rate_ul_per_h, duration_s)
        self.step(f"{name}: deliver for {duration_s / 3600:.4g} h")
        self._refuse_if_too_little(duration_s)
        start = self._mark()
        self._wait_until(start.mass.time_s + duration_s - HALF_SPAN_S)
        return self.window(start, self._mark(), name)

    def duration_that_resolves_s(self, at_least_s: float = 0.0, *, stopped: bool = False) -> float:
        """Return how long a window at the present rate must be for the balance to resolve the pump's accuracy.

        Args:
            at_least_s: what the protocol asks for anyway.
            stopped: for `no_flow`; the rate is then what the pump would give.

        Raises:
            BenchFault: no window resolves it.
        """
        rate_ul_per_h = self._rate_if_running_ul_per_h if stopped else self.rate_ul_per_h
        told = self._activities.do(
            "duration", lambda: {"shortest_s": self._gate.require(rate_ul_per_h, stopped=stopped).duration_s}
        )
        return float(max(at_least_s, told["shortest_s"]))

    def _refuse_unresolved(self, rate_ul_per_h: float, duration_s: float, *, stopped: bool = False) -> None:
        if not self._activities.replaying:  # what was done once was not refused then
            self._gate.require(rate_ul_per_h, duration_s, stopped=stopped)

    @property
    def _rate_if_running_ul_per_h(self) -> float:
        return self.schedule.rate_if_running_ul_per_h(self.device_clock_s())

    def deliver_until(self, change_device_s: float, name: str) -> DeliveryWindow:
        """Weigh as many whole strokes as fit well before the rate changes; go on until the new rate is steady.

        Both windows keep clear of the change: one that came inside a window would seem to come at its edge.

        Raises:
            Inconclusive: not even one stroke fits.
        """
        self._safe_point()  # before the time that is left is looked at: a pause takes some of it
        clear_s = CHANGE_CLEARANCE * self._run.profile.flex_step_tolerance_s.value
        left_s = change_device_s - clear_s - self.device_clock_s() - 2 * HALF_SPAN_S
        period_s = self._run.profile.stroke_period_s(self.rate_ul_per_h)
        if left_s < period_s:
            seen = f"{left_s:.0f} s are left, a stroke takes {period_s:.0f} s"
            raise Inconclusive(name, "weigh a step", seen, "run it again, without a pause")
        window = self._deliver(left_s - period_s, name)
        self.wait_until(change_device_s + clear_s)
        self.settle()
        return window

    def window(self, start: TimedMark, end: TimedMark, name: str) -> DeliveryWindow:
        """Return what was delivered between two marks; without a fault in it, the pump's counter is judged as well."""
        profile = self._run.profile
        delivered, window_id = self._volume_between(start, end, profile.stroke_volume_ul.value, name)
        window = DeliveryWindow(
            name=name,
            start=start,
            end=end,
            expected_ul=self.schedule.volume_ul(start.device_clock_s, end.device_clock_s),
            delivered=delivered,
            profile=profile,
            interruption_half_width_ul=self._resumption.half_width_ul(start.mass.time_s, end.mass.time_s),
            qualifiers=self._qualifiers_of(delivered),
            id=window_id,
        )
        if not self._catheter.faulty_between(start.mass.time_s, end.mass.time_s):
            for comparison in self._volumes.add(window):
                self.judge(comparison)
        return window

    def judge(self, measurement: Measurement) -> Judgement:
        """Judge a measurement by the profile's decision rule; the test goes on whatever the verdict."""
        self._volumes.note(measurement)
        return super().judge(measurement)

    def _judge_what_is_open(self) -> None:
        """Compare programmed, counted and weighed volume if the plan did not."""
        if not self._volumes.were_weighed:
            reason = (
                "no window without a fault was weighed, so programmed, counted and weighed volume were not compared"
            )
            self._add(undecided(f"{self.name}: three volumes", f"{reason}; deliver one", "three volumes"))
        elif (pair := self._volumes.left_open) is not None:
            self.judge(pair)

    def change_of_rate(self, before: DeliveryWindow, after: DeliveryWindow, change_device_s: float) -> Measurement:
        """Return how late the rate changed between two windows, by the balance alone."""
        steps_mg = self._balance_watch.steps_mg(before.end.mass, after.start.mass)
        return change_of_rate(before, after, change_device_s, steps_mg)

    def _volume_between(
        self, start: TimedMark, end: TimedMark, stroke_volume_ul: float, name: str
    ) -> tuple[DeliveredVolume, str]:
        """Return what reached the vessel and its id; the whole chain is in the journal, named after what it is for."""
        delivered = self._weighing.volume(start, end, stroke_volume_ul)
        marks = {"start_mark": start.id, "end_mark": end.id}
        return delivered, self._activities.note("volume", infusion=self.name, name=name, **marks, **delivered.as_dict())

    def _qualifiers_of(self, delivered: DeliveredVolume) -> tuple[str, ...]:
        return delivered.qualifiers + self._ambient.qualifiers + self._balance_watch.qualifiers

    def _mark(self) -> TimedMark:
        title = "mark at {mass[mass_g]:.5f} g"
        return TimedMark.from_dict(
            self._activities.do("mark", lambda: self._weighing.mark().as_dict(), title, infusion=self.name)
        )

    def _refuse_if_too_little(self, duration_s: float) -> None:
        now_s = self.device_clock_s()
        needed_ul = self.schedule.volume_ul(now_s, now_s + duration_s) + self._run.profile.low_reservoir_alarm_ul.value
        left_ul = self._sampling.last.pump.reservoir_volume_ul
        if left_ul < needed_ul:
            seen = f"{left_ul:.0f} µL are left, it needs {needed_ul:.0f} µL with the alarm volume kept back"
            raise BenchFault(
                "pump", f"infuse for {duration_s / 3600:.3g} h", seen, "refill the pump, then run it again"
            )
        self._refuse_if_no_room(SamplesToCome(duration_s, self.interval_s, needed_ul))

    def _refuse_if_no_room(self, coming: SamplesToCome) -> None:
        journal, newest = self._run.journal, self._sampling.last
        sample = {"infusion": self.name, **newest.as_dict()}
        needed_bytes = predicted_bytes(sample, newest.actual_s, journal.sequence, coming)
        refuse_if_no_room(journal.path, needed_bytes, f"infuse for {coming.duration_s / 3600:.3g} h")

    # --- alarms -----------------------------------------------------------------------------------------------------

    def expect_alarm(self, alarm: Alarm, injection: Injection, within_s: float) -> AlarmObservation:
        """Wait for `alarm` after a confirmed fault and judge what the pump does then.

        Returns:
            The observation; its `latency` is a measurement, to be judged.

        Raises:
            PumpFailure: the alarm did not come within `within_s`.
        """
        self.step(f"Wait for the {alarm} alarm, at most {within_s / 60:.4g} min")
        told = self._activities.do("alarm awaited", lambda: self._await(alarm, injection, within_s))
        seen = self._alarms.numbered(told["number"]) if told["number"] is not None else None
        if seen is None:
            reason = f"the {injection.fault} was confirmed, no {alarm} alarm came within {within_s / 60:.4g} min"
            self.judge_that(f"{alarm} alarm", False, reason)
            raise PumpFailure("pump", f"raise the {alarm} alarm", reason)
        seen.expected = seen.onset_s >= injection.sent_s - self._clock_slack_s
        self._judge_log(seen)
        self._judge_behaviour_after(alarm)
        self._held = self._mark()
        qualifiers = self._sampling.gaps.qualifiers(seen.after_s, seen.by_s)
        clocks_half_width_s = A_READING_TAKES_S * self._bench.clock.speed  # none while time stands still
        return AlarmObservation(self.name, seen, injection, within_s, clocks_half_width_s, qualifiers)

    @property
    def _clock_slack_s(self) -> float:
        return max(CLOCKS_AGREE_WITHIN_S, A_READING_TAKES_S * self._bench.clock.speed)

    def _await(self, alarm: Alarm, injection: Injection, within_s: float) -> Result:
        """Wait for the alarm; while a gap is open nobody can say that it did not come."""
        end_s = injection.confirmed_s + within_s + self.interval_s
        clock, gaps = self._bench.clock, self._sampling.gaps
        while (seen := self._alarms.find(alarm, injection.sent_s)) is None:
            now_s = clock.now_s()
            if now_s >= end_s and gaps.open is None:
                break
            next_s = now_s + self.interval_s
            self._bench.scheduler.pass_until(min(end_s, next_s) if now_s < end_s else next_s)
        return {"number": seen.entry.number if seen is not None else None}

    def _judge_log(self, seen: SeenAlarm) -> None:
        slack_s = self._clock_slack_s
        told = f"logged at {seen.onset_s:.1f} s, first seen between {seen.after_s:.1f} s and {seen.by_s:.1f} s"
        in_time = seen.after_s - slack_s <= seen.onset_s <= seen.by_s + slack_s
        self.judge_that(f"the log tells the onset of the {seen.entry.alarm} alarm as it was seen", in_time, told)

    def _judge_behaviour_after(self, alarm: Alarm) -> None:
        promised = self._run.profile.alarms[alarm].then_does
        found = self._activities.do("pump looked at", self._pump_state)
        stopped = found["state"] == PumpState.ALARM_STOPPED and found["rate_ul_per_h"] == 0
        told = f"its state is {found['state']}, its rate {found['rate_ul_per_h']:g} µL/h"
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
        name = "unintended bolus on release"
        volume, window = self._volume_between(self._held, self._mark(), 0.0, name)
        rate_ul_per_h = self.schedule.rate_if_running_ul_per_h(self.device_clock_s())
        limits = Limits(
            None,
            profile.unintended_bolus_limit_ul(rate_ul_per_h),
            "µL",
            f"profile {profile.name}: C_max·ΔP_max, margin",
        )
        return Measurement(name, volume.quantity, limits, self._qualifiers_of(volume), window)

    def no_flow(self, duration_s: float) -> Measurement:
        """Measure that a stopped pump delivers nothing: less than its tolerance of what it would have given.

        Raises:
            BenchFault: in so short a time the balance does not resolve that.
        """
        self._refuse_unresolved(self._rate_if_running_ul_per_h, duration_s, stopped=True)
        self.step(f"No flow for {duration_s / 60:.4g} min")
        start = self._mark()
        self._wait_until(start.mass.time_s + duration_s - HALF_SPAN_S)
        name = "volume while stopped"
        volume, window = self._volume_between(start, self._mark(), 0.0, name)
        profile = self._run.profile
        rate_ul_per_h = self.schedule.rate_if_running_ul_per_h(start.device_clock_s)
        most_ul = rate_ul_per_h * duration_s / 3600 * profile.accuracy_percent.value / 100
        limits = Limits(-most_ul, most_ul, "µL", f"profile {profile.name}, accuracy of what it would have given")
        return Measurement(name, volume.quantity, limits, self._qualifiers_of(volume), window)

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
        told = self._activities.do("bolus", self._press_the_button, f"{name}: {{outcome}}", infusion=self.name)
        request = BolusRequest.from_dict(name, told)
        outcome = request.outcome
        self.judge_that(f"{name}: answer", outcome is wanted, f"wanted {wanted}, it answered {outcome}", "answer")
        logged = f"logged {[str(one.outcome) for one in request.logged]}"
        self.judge_that(f"{name}: log", request.logged_as_answered, logged, "log")
        if outcome is CommandResult.ACCEPTED:
            self.schedule.boluses.append(therapy.accepted(request.device_clock_s))
        basal_rate_ul_per_h = therapy.basal.rate_ul_per_h(request.device_clock_s, self.schedule.started_s)
        self.wait(therapy.ptm_duration_s + self._run.profile.settling_time_s(basal_rate_ul_per_h))
        self.judge(request.volume(self.window(start, self._mark(), name), basal))

    def _press_the_button(self) -> Result:
        before = self._bench.pump.read()
        outcome = self._bench.pump.command(Command.PATIENT_BOLUS)
        logged = self._bench.pump.bolus_log(since=before.bolus_log_count)
        return {
            "device_clock_s": before.device_clock_s,
            "outcome": outcome,
            "logged": [asdict(entry) for entry in logged],
        }

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
