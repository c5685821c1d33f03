# SPDX-License-Identifier: Apache-2.0
"""Single boluses one after the other: each start gives one, and each is weighed by itself."""

from bench.acceptance import Standing
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.therapy import BolusOnBasal, SingleBolus
from bench.weighing import DeliveryWindow
from groundfloor.errors import PlanError
from instruments.pump import Command, CommandResult

HALF = 0.5


class SingleBoluses:
    """Gives boluses for a therapy that is one."""

    def __init__(self, course: Course, delivery: Delivery, control: PumpControl, session: SamplingSession) -> None:
        self._course = course
        self._delivery = delivery
        self._control = control
        self._session = session

    def give(self, name: str, at_once: str = "") -> DeliveryWindow:
        """Wait until the last bolus is over, give one more and weigh it.

        Args:
            name: what a person calls it.
            at_once: declared as `<at_once>: answer`, another one is asked for while this one runs, and must be refused.

        Raises:
            PlanError: the therapy is no single bolus.
            PumpFailure: the pump refuses to give it.
        """
        course, therapy = self._course, self._therapy()
        self._let_the_last_be_over()
        course.time.safe_point()
        course.setting.step(f"{name}: give a single bolus")
        start = course.marks.take()
        self._control.start()
        self._session.watch_closely()
        if at_once:
            course.time.wait(HALF * therapy.bolus_duration_s)
            answer = self._control.ask(Command.SINGLE_BOLUS)
            told, refused = f"it answered {answer}", answer is CommandResult.WRONG_STATE
            course.judging.judge_that(f"{at_once}: answer", refused, told, f"{name}: answer", "answer")
        self._let_the_last_be_over()
        return self._delivery.window(start, course.marks.take(), name)

    def begin_on_basal(self, declared: str, name: str) -> None:
        """Ask for a bolus on top of the basal rate, and judge the answer.

        Args:
            declared: declared as `<declared>: answer`.
            name: what a person calls it.

        Raises:
            PlanError: the therapy is no bolus on a basal rate.
        """
        course, schedule = self._course, self._course.setting.schedule
        therapy = schedule.therapy
        if not isinstance(therapy, BolusOnBasal):
            seen = f"the therapy is {therapy.name}"
            raise PlanError(course.setting.name, "give a bolus on top", seen, "make it a bolus on a basal therapy")
        course.judging.bring_in(Standing.BOLUS_COURSE)
        course.time.safe_point()
        course.setting.step(f"{name}: ask for a single bolus on top of the basal rate")
        answer = self._control.ask(Command.SINGLE_BOLUS)
        self._session.watch_closely()
        accepted = answer is CommandResult.ACCEPTED
        if accepted:
            schedule.boluses.append(therapy.accepted(self._control.given[-1].device_clock_s))
        course.judging.judge_that(f"{declared}: answer", accepted, f"it answered {answer}", f"{name}: answer", "answer")

    def _let_the_last_be_over(self) -> None:
        """Wait for the end of the bolus, tell the pump to stop, and let the catheter run empty."""
        schedule, time = self._course.setting.schedule, self._course.time
        if schedule.running:
            time.wait_until(schedule.started_s + self._therapy().bolus_duration_s)
            time.run_empty()
            self._control.stop()
            time.run_empty()

    def _therapy(self) -> SingleBolus:
        therapy = self._course.setting.schedule.in_force
        if not isinstance(therapy, SingleBolus):
            seen = f"the therapy is {therapy.name}"
            raise PlanError(self._course.setting.name, "give a single bolus", seen, "make it a single bolus")
        self._course.judging.bring_in(Standing.BOLUS_COURSE)
        return therapy
