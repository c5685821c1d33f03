# SPDX-License-Identifier: Apache-2.0
"""The refill date that a pump tells, held against the schedule and what it was told of its reservoir.

It is due when the program in force will have used up what lies over the low-reservoir volume, every bolus that a
patient may ask for counted in, whether or not anybody asks (Prometra's programmer: domain §1.2).
"""

import math

from bench.infusion.course import Course
from bench.therapy import Therapy, WithPatientBolus
from bench.therapy.interval import SECONDS_PER_DAY
from groundfloor.errors import PlanError
from instruments.refill_date import refill_due_s

A_CENTURY_S = 3.2e9
A_SECOND_S = 1.0


def due_after_s(therapy: Therapy, left_ul: float, from_s: float) -> float:
    """Return how long a therapy takes to use up a volume from an instant on; infinite where it never does.

    Args:
        therapy: in force; a bridge as it goes on then.
        left_ul: volume over the low-reservoir volume.
        from_s: instant of the device clock.
    """
    boluses_ul_per_s = 0.0
    if isinstance(therapy, WithPatientBolus):
        boluses_ul_per_s = therapy.ptm_volume_ul * therapy.ptm_max_per_day / SECONDS_PER_DAY
    least_s, most_s = 0.0, SECONDS_PER_DAY

    def used_ul(after_s: float) -> float:
        return therapy.volume_ul(from_s, from_s + after_s, from_s) + boluses_ul_per_s * after_s

    while used_ul(most_s) < left_ul:
        least_s, most_s = most_s, 2 * most_s
        if most_s > A_CENTURY_S:
            return math.inf
    while most_s - least_s > A_SECOND_S:
        middle_s = (least_s + most_s) / 2
        least_s, most_s = (middle_s, most_s) if used_ul(middle_s) < left_ul else (least_s, middle_s)
    return most_s


class RefillDate:
    """Asks one infusion's pump for its refill date."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def judge(self, declared: str, name: str, told_ul: float, since_device_s: float) -> None:
        """Judge that the pump tells the date that follows from its program and its reservoir.

        Args:
            declared: the test declared it so.
            name: what a person calls this moment.
            told_ul: what the pump was told at the last filling.
            since_device_s: when that was, by the pump's clock.

        Raises:
            BenchFault: the pump's driver or map does not let it be asked.
            PlanError: the profile promises no refill date.
        """
        course, profile = self._course, self._course.setting.profile
        promised = profile.refilling.date_within_s
        if promised is None:
            hint = 'mark it only_with("refill_date")'
            raise PlanError(course.setting.name, "ask for the refill date", "none is promised", hint)
        shown_s = course.setting.activities.do(
            "refill date looked at", lambda: {"due_s": refill_due_s(course.setting.bench.pump)}
        )["due_s"]
        schedule, now_s = course.setting.schedule, course.time.device_clock_s()
        left_ul = told_ul - profile.low_reservoir_alarm_ul.value - schedule.volume_ul(since_device_s, now_s)
        due_s = now_s + due_after_s(schedule.goes_on_with(now_s), left_ul, now_s)
        late_h = (shown_s - due_s) / 3600
        told = f"it is due in {(due_s - now_s) / 86400:.2f} days, the pump tells {late_h:+.2f} h from that"
        course.judging.judge_that(declared, abs(shown_s - due_s) <= promised.value, told, name)
