# SPDX-License-Identifier: Apache-2.0
"""The flow of a stopped pump: none, and what comes out at once when the fault that stopped it is released."""

from bench.infusion.course import Course
from bench.weighing import HALF_SPAN_S, TimedMark
from groundfloor.errors import PlanError
from metrology.verdict import Limits, Measurement

NO_STROKE_UL = 0.0
"""What a stopped pump moves at once."""


class StoppedFlow:
    """Weighs while the pump is stopped."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._profile = course.setting.profile
        self._held: TimedMark | None = None

    def hold(self) -> None:
        """Weigh while the fault still holds back what the pump gave: what comes later comes on its release."""
        self._held = self._course.marks.take()

    def unintended_bolus(self) -> Measurement:
        """Measure what came out when the fault was released, with the pump still stopped.

        Raises:
            PlanError: no alarm was waited for before, so nothing was weighed before the release.
            BenchFault: the fault is still there, though its sensor says that it was released.
        """
        course, profile, name = self._course, self._profile, "unintended bolus on release"
        if self._held is None:
            seen = "nothing was weighed before"
            raise PlanError(course.setting.name, "measure the unintended bolus", seen, "expect_alarm first")
        course.setting.step("Collect the unintended bolus")
        course.time.run_empty()
        course.marks.effects.refuse_a_fault_that_holds_back()
        volume, window = course.marks.volume(self._held, course.marks.take(), NO_STROKE_UL, name)
        most_ul = profile.unintended_bolus_limit_ul(course.time.rate_if_running_ul_per_h)
        limits = Limits(None, most_ul, "µL", f"profile {profile.name}: C_max·ΔP_max, margin")
        return Measurement(name, volume.quantity, limits, course.marks.qualifiers_of(volume), window)

    def no_flow(self, duration_s: float) -> Measurement:
        """Measure that a stopped pump delivers nothing: less than its tolerance of what it would have given.

        Raises:
            BenchFault: in so short a time the balance does not resolve that, or its certificate runs out before.
        """
        course, profile, name = self._course, self._profile, "volume while stopped"
        course.resolution.refuse_unresolved(duration_s, stopped=True)
        course.marks.refuse_past_the_certificate(duration_s)
        course.setting.step(f"No flow for {duration_s / 60:.4g} min")
        start = course.marks.take()
        course.time.wait_until_bench_time(start.mass.time_s + duration_s - HALF_SPAN_S)
        volume, window = course.marks.volume(start, course.marks.take(), NO_STROKE_UL, name)
        rate_ul_per_h = course.setting.schedule.rate_if_running_ul_per_h(start.device_clock_s)
        whole_ul = rate_ul_per_h * duration_s / 3600
        most_ul = whole_ul * profile.accuracy_percent.value / 100
        limits = Limits(-most_ul, most_ul, "µL", f"profile {profile.name}, accuracy of what it would have given")
        qualifiers = course.marks.qualifiers_of(volume)
        return Measurement(name, volume.quantity, limits, qualifiers, window, reference=whole_ul)
