# SPDX-License-Identifier: Apache-2.0
"""What comes under a fault that may call for an alarm: weighed, unless the alarm comes first."""

from bench.alarms import Cause
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.expected_alarms import ExpectedAlarms
from bench.weighing import HALF_SPAN_S, DeliveryWindow
from instruments.pump import Alarm


class DeliveryUnlessAlarm:
    """Weighs under the faults of one infusion."""

    def __init__(self, course: Course, delivery: Delivery, alarms: ExpectedAlarms) -> None:
        self._course = course
        self._delivery = delivery
        self._alarms = alarms

    def deliver(
        self, alarm: Alarm, cause: Cause, settles_s: float, at_least_s: float, name: str
    ) -> DeliveryWindow | None:
        """Weigh what comes under a fault; return None as soon as the alarm comes.

        Args:
            alarm: which.
            cause: the fault.
            settles_s: so long after its begin the flow is steady again.
            at_least_s: so long it is then weighed, rounded up to whole strokes.
            name: what a person calls the window.
        """
        course = self._course
        if self._alarms.comes_within(alarm, cause, settles_s):
            return None
        start = course.marks.take()
        duration_s = course.setting.profile.window_of_whole_strokes_s(course.time.rate_ul_per_h, at_least_s)
        ends_s = start.mass.time_s + duration_s - HALF_SPAN_S
        if self._alarms.comes_within(alarm, cause, ends_s - cause.began.before_s - course.setting.interval_s):
            return None
        return self._delivery.window(start, course.marks.take(), name)
