# SPDX-License-Identifier: Apache-2.0
"""The delivery of one infusion: windows of whole pump strokes between marks, and three volumes compared in each.

A window with a fault in it says nothing of the pump's counter, and is not compared.
"""

import math

from bench.acceptance import Standing
from bench.infusion.course import Course
from bench.infusion.rate_change import change_of_rate
from bench.infusion.resumption import Resumption
from bench.infusion.stock import Stock
from bench.injectors import Injection
from bench.therapy.interval import SECONDS_PER_DAY
from bench.weighing import (
    HALF_SPAN_S,
    DeliveryWindow,
    ScaleSuspicion,
    SecondFlow,
    ThreeVolumes,
    TimedMark,
    comparison_data,
)
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from instruments.pump_feature import PumpFeature
from metrology.verdict import Measurement, undecided

CHANGE_CLEARANCE = 2.0
"""How far the windows around a change of rate stay away from it, in tolerances of its instant."""


class Delivery:
    """Weighs what the pump delivers."""

    def __init__(self, course: Course, resumption: Resumption, stock: Stock) -> None:
        self._course = course
        self._profile = course.setting.profile
        self._injectors = course.setting.run.injectors
        self._resumption = resumption
        self._stock = stock
        self._volumes = ThreeVolumes()
        self._counts = self._profile.has(PumpFeature.COUNTER)
        self._suspicion = ScaleSuspicion()
        self._second = SecondFlow.of(course.setting.bench.file)
        self._reservoir_moved_s: list[float] = []
        course.judging.measurements.subscribe(self._volumes.note)

    def deliver(self, at_least_s: float, name: str, *, keeps_reserve: bool = True) -> DeliveryWindow:
        """Infuse at the present rate for `at_least_s`, rounded up to whole pump strokes, between two marks.

        Args:
            at_least_s: how long.
            name: what a person calls it.
            keeps_reserve: whether the reservoir must hold its alarm volume to the end.

        Raises:
            BenchFault: reservoir, disk or the balance's certificate do not last for it, or so short a window resolves
                nothing.
        """
        if not self._injectors.standing:
            self._course.time.safe_point()
        return self._deliver(at_least_s, name, keeps_reserve=keeps_reserve)

    def deliver_unread(self, at_least_s: float, name: str) -> DeliveryWindow:
        """Infuse as `deliver` does, and read neither pump nor balance between the marks."""
        self._course.time.safe_point()
        return self._deliver(at_least_s, name, unread=True)

    def _deliver(
        self, at_least_s: float, name: str, *, keeps_reserve: bool = True, unread: bool = False
    ) -> DeliveryWindow:
        course = self._course
        duration_s = self._profile.window_of_whole_strokes_s(course.time.rate_ul_per_h, at_least_s)
        course.resolution.refuse_unresolved(duration_s)
        course.marks.refuse_past_the_certificate(duration_s)
        course.setting.step(f"{name}: deliver for {duration_s / 3600:.4g} h{', unread' if unread else ''}")
        self._stock.refuse_if_too_little(course.time.device_clock_s(), duration_s, keeps_reserve=keeps_reserve)
        start = course.marks.take()
        wait = course.time.wait_unread_until_bench_time if unread else course.time.wait_until_bench_time
        wait(start.mass.time_s + duration_s - HALF_SPAN_S)
        return self.window(start, course.marks.take(), name)

    def begin_in_a_step(self) -> float:
        """Return the pump's clock when there is time enough to weigh the step of a schedule that runs.

        A pump's day begins where its clock says, so an infusion may start just before a change of rate. Where too
        little is left of the step to resolve the accuracy, the next change is waited for, and its flow.

        Raises:
            BenchFault: no window at this rate resolves the pump's accuracy.
            PlanError: the schedule does not change its rate within a day.
        """
        time, setting = self._course.time, self._course.setting
        now_s = time.device_clock_s()
        changes_s = setting.schedule.changes_s(now_s, now_s + SECONDS_PER_DAY)
        if not changes_s:
            raise PlanError(setting.name, "begin in a step", "the rate does not change within a day", "use deliver")
        clear_s = self._clear_of_a_change_s
        needed_s = self._course.resolution.shortest_s(0.0, stopped=False)
        needed_s += self._profile.stroke_period_s(time.rate_ul_per_h) + 2 * HALF_SPAN_S
        if changes_s[0] - clear_s - time.device_clock_s() < needed_s:
            time.wait_until(changes_s[0] + clear_s)
            time.settle()
        return time.device_clock_s()

    @property
    def _clear_of_a_change_s(self) -> float:
        return CHANGE_CLEARANCE * self._profile.flex_step_tolerance_s.value

    def deliver_until(self, change_device_s: float, name: str) -> DeliveryWindow:
        """Weigh as many whole strokes as fit well before the rate changes; go on until the new rate is steady.

        Both windows keep clear of the change: one that came inside a window would seem to come at its edge.

        Raises:
            Inconclusive: not even one stroke fits.
        """
        time = self._course.time
        time.safe_point()  # before the time that is left is looked at: a pause takes some of it
        clear_s = self._clear_of_a_change_s
        left_s = change_device_s - clear_s - time.device_clock_s() - 2 * HALF_SPAN_S
        period_s = self._profile.stroke_period_s(time.rate_ul_per_h)
        if left_s < period_s:
            seen = f"{left_s:.0f} s are left, a stroke takes {period_s:.0f} s"
            raise Inconclusive(name, "weigh a step", seen, "run it again, without a pause")
        window = self._deliver(left_s - period_s, name)
        time.wait_until(change_device_s + clear_s)
        time.settle()
        return window

    def window(self, start: TimedMark, end: TimedMark, name: str) -> DeliveryWindow:
        """Return what was delivered between two marks; without a fault in it, the pump's counter is judged as well.

        Raises:
            BenchFault: an injector that stood meanwhile, or was released before, did not do so by its effect.
        """
        marks = self._course.marks
        from_s, to_s = start.mass.time_s, end.mass.time_s
        self._course.time.catch_up()
        delivered, window_id = marks.volume(start, end, self._profile.stroke_volume_ul.value, name)
        window = DeliveryWindow(
            name=name,
            start=start,
            end=end,
            expected_ul=self._course.setting.schedule.volume_ul(start.device_clock_s, end.device_clock_s),
            delivered=delivered,
            profile=self._profile,
            interruption_half_width_ul=self._resumption.half_width_ul(start.device_clock_s, end.device_clock_s),
            qualifiers=marks.qualifiers_of(delivered),
            id=window_id,
        )
        marks.effects.look_at(window)
        if not self._faulty_between(from_s, to_s):
            self._tell_a_suspicion(window)
            self._compare_with_second(window)
            for comparison in self._volumes.add(window) if self._counts else ():
                self._course.time.catch_up()
                self._course.judging.judge_standing(Standing.THREE_VOLUMES, comparison)
        return window

    def _faulty_between(self, from_s: float, to_s: float) -> bool:
        """Tell whether a fault acted meanwhile; one that does not end with its release may act for a while after it."""
        return any(one.overlaps(from_s - self._acts_on_for_s(one), to_s) for one in self._injectors.injections)

    def _acts_on_for_s(self, injection: Injection) -> float:
        promise = injection.promise
        return 0.0 if promise is None or promise.ends_with_it else self._profile.rotor_back_s

    def _tell_a_suspicion(self, window: DeliveryWindow) -> None:
        """Tell that the balance may show another unit; whether it counts is known after the run."""
        if (seen := self._suspicion.add(window)) is not None:
            setting = self._course.setting
            told = {"title": f"Scale suspected: {seen.told}", "factor": seen.factor, "unit": seen.unit}
            setting.activities.note("event", what="scale-suspected", infusion=setting.name, **told)

    def note_reservoir_moved(self, at_s: float) -> None:
        """Take note that something was put into the reservoir or taken out, which is no flow."""
        self._reservoir_moved_s.append(at_s)

    def _compare_with_second(self, window: DeliveryWindow) -> None:
        """Hold the balance against the second measure of the flow; what follows is known after the run."""
        from_s, to_s = window.start.mass.time_s, window.end.mass.time_s
        if self._second is None or any(from_s <= at_s <= to_s for at_s in self._reservoir_moved_s):
            return
        if (found := self._second.compared(window)) is None:
            return
        setting = self._course.setting
        told = comparison_data(window.name, found)
        setting.activities.note("event", what="volumes-compared", infusion=setting.name, **told)

    def interrupted(self, window: DeliveryWindow) -> bool:
        """Tell whether the run was interrupted during a window: the pump stood for some of it."""
        return self._resumption.interrupted(window.start.device_clock_s, window.end.device_clock_s)

    def interrupted_since(self, start: TimedMark) -> bool:
        """Tell whether the run was interrupted behind a mark."""
        return self._resumption.interrupted(start.device_clock_s, math.inf)

    def change_of_rate(self, before: DeliveryWindow, after: DeliveryWindow, change_device_s: float) -> Measurement:
        """Return how late the rate changed between two windows, by the balance alone."""
        steps_mg = self._course.marks.steps_mg(before.end.mass, after.start.mass)
        return change_of_rate(before, after, change_device_s, steps_mg)

    def judge_what_is_open(self) -> None:
        """Compare programmed, counted and weighed volume if the plan did not."""
        if not self._counts:
            return  # the account of the phases holds balance against program
        if not self._volumes.were_weighed:
            reason = (
                "no window without a fault was weighed, so programmed, counted and weighed volume were not compared"
            )
            name = f"{self._course.setting.name}: three volumes"
            judgement = undecided(name, f"{reason}; deliver one", Standing.THREE_VOLUMES.words)
            self._course.judging.add_standing(Standing.THREE_VOLUMES, judgement)
        elif (pair := self._volumes.left_open) is not None:
            self._course.judging.judge_standing(Standing.THREE_VOLUMES, pair)
