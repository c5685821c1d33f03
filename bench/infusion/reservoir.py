# SPDX-License-Identifier: Apache-2.0
"""The reservoir of one infusion: filled, run down to its alarm and to its end, and what is left of it by weight.

The pump computes its reservoir from what it counts. What the bench knows is what was put in, and what came out on the
balance. So the low-reservoir alarm is judged twice: it is due when the program has used up what the pump was told it
holds, and by then so much must truly be left as the profile promises.
"""

import math
from dataclasses import dataclass

from bench.alarms import AlarmObservation, LoggedAlarm
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.expected_alarms import ExpectedAlarms
from bench.infusion.pump_control import PumpControl
from bench.infusion.refill_date import RefillDate
from bench.infusion.refilling import Refilling
from bench.infusion.run_dry import SecondSight, look_again, ran_dry
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.stopped_flow import StoppedFlow
from bench.journal import Result
from bench.profile import RefillSpecification
from bench.sampling import Sample
from bench.weighing import DeliveryWindow, TimedMark
from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.pump import Alarm, Command, CommandResult
from metrology.latency.bracket import Bracket
from metrology.uncertainty import Influence, Quantity, quantity_from
from metrology.verdict import Limits, Measurement

STROKES_APART = 2.0
"""A counter of whole strokes and a schedule may be so many strokes apart."""
OVERDUE = 1.3
"""A reservoir that has given so many times what was put in was not filled with that."""
A_CENTURY_S = 3.2e9
LOOKS_ON_S = 6 * 3600.0
"""For so long a flow that seemed to have ended is looked for."""
SCATTERING = "see what shakes the balance, or have it serviced"
SECONDS_PER_HOUR = 3600.0
CLOCK_DIGIT_S = 0.01
SHOWS_WHAT_WAS_TOLD_UL = 1.0
"""A register that was set a moment ago may have counted a stroke or two since."""


@dataclass(frozen=True)
class _Filling:
    """One filling: what went in, what the pump was told, and when."""

    filled: Quantity
    told_ul: float
    device_clock_s: float
    mark: TimedMark


@dataclass(frozen=True)
class _Due:
    """A cause of an alarm of volume."""

    what: str
    began: Bracket


class Reservoir:
    """Fills the reservoir, runs it down, and tells what is left."""

    def __init__(
        self,
        course: Course,
        delivery: Delivery,
        control: PumpControl,
        session: SamplingSession,
        alarms: ExpectedAlarms,
        stopped_flow: StoppedFlow,
    ) -> None:
        self.refilling = Refilling(course.setting)
        self.refilling.moved.subscribe(delivery.note_reservoir_moved)
        self._refill_date = RefillDate(course)
        self._course = course
        self._delivery = delivery
        self._control = control
        self._session = session
        self._alarms = alarms
        self._stopped_flow = stopped_flow
        self._filling: _Filling | None = None
        self._logged = 0

    @property
    def _promised(self) -> RefillSpecification:
        return self._course.setting.profile.refilling

    def fill(self, volume_ul: float, told_ul: float | None = None, declared: str = "") -> None:
        """Empty the reservoir, fill it, and tell the pump.

        Args:
            volume_ul: what goes in.
            told_ul: what the pump is told that it holds; None for what went in.
            declared: the test declared that the pump then shows what it was told; empty to leave that.

        Raises:
            BenchFault: there is neither a refill port nor a person, or the port did not do it.
            PumpFailure: the pump refuses what it is told.
        """
        course = self._course
        course.setting.step(f"Fill the reservoir with {volume_ul / 1000:.4g} mL")
        moved_ul = self.refilling.fill_empty(volume_ul)
        filled = self._with_what_the_needle_leaves(moved_ul)
        self._tell(volume_ul if told_ul is None else told_ul, declared, filled)

    def overfill(self, declared: str, more_percent: float) -> None:
        """Empty the reservoir, try to put in more than it holds, and tell the pump that it is full; judge what went in.

        Args:
            declared: the test declared it so.
            more_percent: so much more than it holds.

        Raises:
            PlanError: the profile promises nothing of it.
            BenchFault: there is no refill port, or it put in less than the reservoir holds.
            PumpFailure: the pump refuses what it is told.
        """
        course, profile, most = self._course, self._course.setting.profile, self._promised.holds_most_percent
        full_ul = profile.reservoir_ul.value
        if most is None:
            who, hint = f"profile {profile.name}", 'mark it only_with("overfill")'
            raise PlanError(who, "find refill.holds_most_percent", "nothing is promised of an overfilling", hint)
        course.setting.step(f"Try to fill the reservoir with {more_percent:g} % more than it holds")
        filled = self._with_what_the_needle_leaves(self.refilling.press_in(full_ul * (1 + more_percent / 100)))
        if filled.value + filled.expanded_uncertainty() < full_ul:
            seen = f"{filled.value:.0f} µL went into a reservoir of {full_ul:.0f} µL"
            raise BenchFault("rig", "overfill the reservoir", seen, "check its syringe, its drive and its sensor")
        name, limits = declared, Limits(None, full_ul * most.value / 100, "µL", f"profile {profile.name}: refill")
        course.judging.judge(declared, Measurement(name, filled, limits, measurand="what went into the reservoir"))
        self._tell(full_ul, "", filled)

    def _tell(self, told_ul: float, declared: str, filled: Quantity) -> None:
        course = self._course
        found = self._control.demand(Command.REFILL_DONE, told_ul)
        shown_ul = found["reservoir_ul"]
        if declared:
            told = f"it was told {told_ul:.0f} µL and shows {shown_ul:.1f} µL"
            slack_ul = SHOWS_WHAT_WAS_TOLD_UL + STROKES_APART * course.setting.profile.stroke_volume_ul.value
            course.judging.judge_that(declared, abs(shown_ul - told_ul) <= slack_ul, told)
        self._filling = _Filling(filled, told_ul, found["device_clock_s"], course.marks.take())

    def judge_refill_date(self, declared: str, name: str) -> None:
        """Judge that the pump tells the refill date that follows from its program and its last filling.

        Args:
            declared: the test declared it so.
            name: what a person calls this moment.

        Raises:
            PlanError: nothing was filled before, or no refill date is promised.
            BenchFault: the pump's driver or map does not let it be asked.
        """
        filling = self._filled
        self._refill_date.judge(declared, name, filling.told_ul, filling.device_clock_s)

    def refuse_a_volume(self, declared: str, told_ul: float) -> None:
        """Tell the pump of a volume that it cannot hold; judge that it refuses, and shows what it showed before."""
        before_ul = self._control.state()["reservoir_ul"]
        answer = self._control.ask(Command.REFILL_DONE, told_ul)
        after_ul = self._control.state()["reservoir_ul"]
        kept = abs(after_ul - before_ul) <= SHOWS_WHAT_WAS_TOLD_UL + self._course.setting.profile.stroke_volume_ul.value
        told = f"told {told_ul:.0f} µL it answered {answer}, and shows {after_ul:.1f} µL after {before_ul:.1f} µL"
        self._course.judging.judge_that(declared, answer is CommandResult.BAD_BOLUS and kept, told)

    def empty_by_needle(self, declared: str) -> None:
        """Take out all that a needle can, with the pump stopped; judge that it is what the pump computes.

        Raises:
            PlanError: nothing was filled before.
            BenchFault: there is no refill port, or it did not do it.
        """
        course, profile = self._course, self._course.setting.profile
        course.setting.step("Empty the reservoir by needle")
        shown_ul = self._control.state()["reservoir_ul"]
        programmed_ul = course.setting.schedule.volume_ul(self._filled.device_clock_s, course.time.device_clock_s())
        out_ul = self.refilling.take_out()
        withdrawn = self._with_what_the_needle_leaves(out_ul)
        shown = Influence.rectangular("strokes of the pump's counter", shown_ul, "µL", profile.stroke_volume_ul.value)
        difference = quantity_from(withdrawn.number - shown.number, "µL", (withdrawn, shown))
        allowed_ul = programmed_ul * profile.accuracy_percent.value / 100
        limits = Limits(-allowed_ul, allowed_ul, "µL", f"profile {profile.name}: accuracy_percent")
        name = f"{declared}: withdrawn less computed volume"
        measurand = "withdrawn less computed volume"
        left = self._left(course.marks.take())
        if (seen := does_not_close(withdrawn, left, allowed_ul)) is not None:
            course.judging.leave_undecided(declared, seen, name, measurand)
            return
        course.judging.judge(
            declared, Measurement(name, difference, limits, measurand=measurand, reference=programmed_ul)
        )

    def _with_what_the_needle_leaves(self, moved_ul: float) -> Quantity:
        percent = self._course.setting.bench.file.rig.refill_expanded_uncertainty_percent
        sensor = Influence.type_b("flow sensor of the refill port", moved_ul, "µL", moved_ul * percent / 200)
        half_ul = self._promised.needle_leaves_max_ul.value / 2
        left = Influence.rectangular("left in the reservoir by the needle", half_ul, "µL", half_ul)
        return quantity_from(sensor.number + left.number, "µL", (sensor, left))

    def leave_only(self, volume_ul: float) -> None:
        """Take out so much that about `volume_ul` is left, and tell the pump nothing of it.

        Raises:
            PlanError: nothing was filled before.
            BenchFault: there is no refill port, or it did not do it.
        """
        self._course.setting.step(f"Take out all but {volume_ul:.4g} µL by needle, and do not tell the pump")
        left = self._left(self._course.marks.take())
        out_ul = self.refilling.take_out(left.value - volume_ul)
        taken = Influence.type_b("flow sensor of the refill port, taken out", out_ul, "µL", out_ul / 200)
        before = self._filled
        filled = quantity_from(before.filled.number - taken.number, "µL", (before.filled, taken))
        self._filling = _Filling(filled, before.told_ul, before.device_clock_s, before.mark)

    def deliver_at(self, level_ul: float, at_least_s: float, name: str) -> DeliveryWindow:
        """Wait until the program has used the reservoir up to a level, and weigh there.

        Raises:
            PlanError: nothing was filled before.
            BenchFault: so short a window resolves nothing.
        """
        self._course.time.wait_until(self._due_s(level_ul))
        return self._delivery.deliver(at_least_s, name, keeps_reserve=False)

    def deliver_now(self, at_least_s: float, name: str) -> DeliveryWindow:
        """Weigh from now on, whatever is left over the alarm.

        Raises:
            BenchFault: the reservoir does not last for it, or so short a window resolves nothing.
        """
        return self._delivery.deliver(at_least_s, name, keeps_reserve=False)

    def interrogate_at(self, level_ul: float) -> None:
        """Wait until the program has used the reservoir up to a level, and interrogate the pump there.

        Raises:
            PlanError: nothing was filled before.
            PumpFailure: the pump refuses to be interrogated.
        """
        self._course.time.wait_until(self._due_s(level_ul))
        self._logged = self._control.demand(Command.INTERROGATE)["alarm_log_count"]

    def judge_quiet(self, declared: str) -> None:
        """Judge that no alarm was logged since the last interrogation."""
        since = self._control.state()["alarm_log_count"] - self._logged
        self._course.judging.judge_that(declared, since == 0, f"{since} alarms were logged after the interrogation")

    def run_down_to_alarm(self, declared: str, left: str = "") -> AlarmObservation:
        """Wait for the low-reservoir alarm; judge when it comes, and how much is left then by weight.

        Args:
            declared: the test declared the alarm's latency so.
            left: the test declared what is left so; empty to leave that.

        Raises:
            PlanError: nothing was filled before.
            PumpFailure: the alarm did not come, or the reservoir was empty before.
        """
        course, due_s = self._course, self._due_s(course_alarm_ul(self._course))
        course.setting.step("Run the reservoir down to its alarm")
        found = course.setting.activities.do("reservoir run down", lambda: self._await_due(due_s))
        if found["after_s"] is None:
            self._tell_what_is_left(left, dry=True)
            self._account_for_an_empty_reservoir()
            seen = "the reservoir was empty before the volume was used up at which that alarm is due"
            raise PumpFailure("pump", f"raise the {Alarm.LOW_RESERVOIR} alarm", seen)
        cause = _Due("computed volume at which it is set", Bracket(found["after_s"], found["before_s"]))
        observation = self._alarms.expect(declared, Alarm.LOW_RESERVOIR, cause)
        self._tell_what_is_left(left)
        return observation

    def run_dry(self, declared: str, left: str) -> AlarmObservation:
        """Wait until the flow ends; judge that the empty alarm comes then, and that no more is left than promised.

        Args:
            declared: the test declared the alarm's latency so.
            left: the test declared what is left so.

        Raises:
            PlanError: nothing was filled before.
            BenchFault: far more came out than was put in.
            PumpFailure: the alarm did not come.
            Inconclusive: it did not come, and the balance does not show for sure when, or that, the flow has ended.
        """
        course = self._course
        course.setting.step("Run the reservoir dry")
        found = course.setting.activities.do("reservoir run dry", self._await_dry)
        if found["after_s"] is None:
            seen = f"{OVERDUE:g} times what was put in was due, and the flow has not ended"
            raise BenchFault("rig", "run the reservoir dry", seen, "see what the reservoir was filled with")
        cause = _Due("empty reservoir", Bracket(found["after_s"], found["before_s"]))
        observation = self._alarms.expect(declared, Alarm.RESERVOIR_EMPTY, cause, look_again=self._refuse_a_flow_unseen)
        self._stopped_flow.hold()
        measured = self._measured(left, "left in the empty reservoir", None, self._promised.residual_max_ul.value)
        course.judging.judge(left, measured)
        return observation

    @property
    def _filled(self) -> _Filling:
        if self._filling is None:
            raise PlanError(self._course.setting.name, "run the reservoir down", "it was not filled", "fill it first")
        return self._filling

    @property
    def _filled_s(self) -> float:
        return self._session.sampling.bench_s(self._filled.device_clock_s)

    def _due_s(self, level_ul: float) -> float:
        """Return when the program has used up all but a level, by the pump's clock; a level that is there is at once.

        Raises:
            PlanError: nothing was filled before, or the program does not use it up in a century.
        """
        filling, schedule = self._filled, self._course.setting.schedule
        wanted_ul = filling.told_ul - level_ul
        if wanted_ul <= 0:
            return max(filling.device_clock_s, schedule.started_s)
        least_s, step_s = filling.device_clock_s, SECONDS_PER_HOUR
        while schedule.volume_ul(filling.device_clock_s, least_s + step_s) < wanted_ul:
            step_s *= 2
            if step_s > A_CENTURY_S:
                raise PlanError(self._course.setting.name, "run the reservoir down", "nothing flows", "start the pump")
        most_s = least_s + step_s
        while most_s - least_s > CLOCK_DIGIT_S:
            middle_s = (least_s + most_s) / 2
            if schedule.volume_ul(filling.device_clock_s, middle_s) < wanted_ul:
                least_s = middle_s
            else:
                most_s = middle_s
        return most_s

    def _await_due(self, due_s: float) -> Result:
        """Let time pass until the alarm is due, or the pump stands because it is empty."""
        bench, sampling = self._course.setting.bench, self._session.sampling
        while (left_s := sampling.bench_s(due_s) - bench.clock.now_s()) > 0:
            if self._session.alarms.find(Alarm.RESERVOIR_EMPTY, 0.0) is not None:
                return {"after_s": None, "before_s": None}
            bench.scheduler.pass_for(min(left_s, self._course.setting.interval_s))
        schedule, profile, at_s = self._course.setting.schedule, self._course.setting.profile, sampling.bench_s(due_s)
        if self._filled.told_ul <= profile.low_reservoir_alarm_ul.value:  # known when it was told, and when it started
            return {"after_s": sampling.bench_s(self._filled.device_clock_s), "before_s": at_s}
        around_s = STROKES_APART * profile.stroke_period_s(schedule.rate_ul_per_h(due_s))
        return {"after_s": at_s - around_s, "before_s": at_s + around_s}

    def _await_dry(self) -> Result:
        """Let time pass until the balance shows that nothing comes any more."""
        setting, readings = self._course.setting, list[tuple[float, float]]()
        rate_ul_per_h = self._course.time.rate_ul_per_h
        stroke_ul = setting.profile.stroke_volume_ul.value

        def take(sample: Sample) -> None:
            readings.append((sample.actual_s, 1000 * sample.mass.mass_g))

        forget = self._session.sampling.samples.subscribe(take)
        most_s = self._filled.filled.value * OVERDUE / rate_ul_per_h * SECONDS_PER_HOUR
        end_s = setting.bench.clock.now_s() + most_s
        try:
            while setting.bench.clock.now_s() < end_s:
                setting.bench.scheduler.pass_for(setting.interval_s)
                if (found := ran_dry(readings, rate_ul_per_h, stroke_ul, setting.interval_s)) is not None:
                    return {"after_s": found.after_s, "before_s": found.before_s}
        finally:
            forget()
        return {"after_s": None, "before_s": None}

    def _refuse_a_flow_unseen(self) -> None:
        """Refuse to miss the empty alarm of a reservoir that only a balance that scatters saw run dry."""
        told = self._course.setting.activities.do("reservoir looked at", self._look_on)
        found = SecondSight(told["flows"], told["scatter_mg"])
        shows_when = found.shows_when(self._course.setting.profile.stroke_volume_ul.value)
        if found.flows is False and (shows_when or self._empty_alarm is None):
            return
        self._account_for_an_empty_reservoir()
        scatters = f"its readings scatter by {found.scatter_mg:.2g} mg"
        if found.flows is None:
            seen = f"{scatters}: a flow and none look alike"
        elif found.flows:
            seen = f"the flow went on that seemed to have ended; {scatters}"
        else:
            seen = f"{scatters}, so the alarm came before it showed that nothing came any more"
        raise Inconclusive("balance", "see the reservoir run dry", seen, SCATTERING)

    def _look_on(self) -> Result:
        """Let samples be taken until it is clear whether the flow goes on, or until that took too long."""
        setting, readings = self._course.setting, list[tuple[float, float]]()
        rate_ul_per_h, found = self._course.time.rate_ul_per_h, SecondSight(None, 0.0)

        def take(sample: Sample) -> None:
            readings.append((sample.actual_s, 1000 * sample.mass.mass_g))

        end_s = setting.bench.clock.now_s() + LOOKS_ON_S
        forget = self._session.sampling.samples.subscribe(take)
        try:
            while found.flows is None and setting.bench.clock.now_s() < end_s:
                setting.bench.scheduler.pass_for(setting.interval_s)
                found = look_again(readings, rate_ul_per_h)
        finally:
            forget()
        return {"flows": found.flows, "scatter_mg": found.scatter_mg}

    @property
    def _empty_alarm(self) -> LoggedAlarm | None:
        """Return the empty alarm since the filling; None where none came."""
        return self._session.alarms.find(Alarm.RESERVOIR_EMPTY, self._filled_s)

    def _account_for_an_empty_reservoir(self) -> None:
        """Take the reservoir, which holds nothing more, for the cause of its empty alarm, if that came."""
        if (logged := self._empty_alarm) is not None:
            logged.account_for(_Due("empty reservoir", Bracket(logged.after_s, logged.by_s)), 1.0)

    def _left(self, mark: TimedMark) -> Quantity:
        filling = self._filled
        stroke_ul = self._course.setting.profile.stroke_volume_ul.value
        weighed, _ = self._course.marks.volume(filling.mark, mark, stroke_ul, "delivered since the filling")
        return quantity_from(filling.filled.number - weighed.quantity.number, "µL", (filling.filled, weighed.quantity))

    def _measured(self, name: str, measurand: str, lower_ul: float | None, upper_ul: float | None) -> Measurement:
        marks, profile = self._course.marks, self._course.setting.profile
        stroke_ul = profile.stroke_volume_ul.value
        filling, mark = self._filled, marks.take()
        volume, window = marks.volume(filling.mark, mark, stroke_ul, "delivered since the filling")
        delivered = volume.quantity
        left = quantity_from(filling.filled.number - delivered.number, "µL", (filling.filled, delivered))
        limits = Limits(lower_ul, upper_ul, "µL", f"profile {profile.name}: refill")
        return Measurement(f"{name}: {measurand}", left, limits, marks.qualifiers_of(volume), window, measurand)

    def _tell_what_is_left(self, declared: str, *, dry: bool = False) -> None:
        """Judge what is left at the alarm, and tell people the margin.

        Where the flow has ended before the alarm is due, that proves more than a difference of two large volumes does:
        nothing is left, unless the balance says for sure that there is.
        """
        if not declared:
            return
        course, filling = self._course, self._filled
        least_ul = self._promised.left_at_low_alarm_least_ul.value
        measured = self._measured(declared, "left in the reservoir at the alarm", least_ul, None)
        left = measured.quantity
        at_s = course.time.device_clock_s()
        programmed_ul = course.setting.schedule.volume_ul(filling.device_clock_s, at_s)
        given_percent = 100 * ((filling.filled.value - left.value) / programmed_ul - 1)
        dry_percent = 100 * (filling.told_ul / (filling.told_ul - course_alarm_ul(course)) - 1)
        title = (
            f"by weight {left.value / 1000:.2f} ± {left.expanded_uncertainty() / 1000:.2f} mL are left at the alarm; "
            f"since the filling the pump gave {given_percent:+.1f} %, from {dry_percent:+.1f} % on it would be dry"
        )
        note = course.setting.activities.note
        note("event", what="reservoir-margin", title=title, infusion=course.setting.name, left_ul=left.value,
             given_percent=given_percent, dry_percent=dry_percent)  # fmt: skip
        if dry and left.value - left.expanded_uncertainty() < least_ul:
            promised = f"at least {least_ul:g} µL are promised at its alarm"
            course.judging.judge_that(declared, False, f"the flow ended before the alarm was due; {promised}", declared)
            return
        course.judging.judge(declared, measured)


def does_not_close(withdrawn: Quantity, left: Quantity, allowed_ul: float) -> str | None:
    """Return what is wrong with the rig's own account, which no pump can spoil; None where it closes.

    What was put in and did not run out is still there: a port that finds another volume measures one of them wrongly.

    Args:
        withdrawn: what a needle took out, and what it leaves.
        left: what was put in less what was weighed.
        allowed_ul: what the pump may be off; half of it is no doubt.
    """
    gap_ul = withdrawn.value - left.value
    u_ul = math.hypot(withdrawn.expanded_uncertainty(), left.expanded_uncertainty())
    if abs(gap_ul) - u_ul <= allowed_ul / 2:
        return None
    return (
        f"by what the rig put in and weighed {left.value:.0f} µL had to be left, and it took out "
        f"{withdrawn.value:.0f} ± {u_ul:.0f} µL: the flow sensor of its refill port is in doubt"
    )


def course_alarm_ul(course: Course) -> float:
    """Return what the low-reservoir alarm is set to."""
    return course.setting.profile.low_reservoir_alarm_ul.value
