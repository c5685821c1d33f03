# SPDX-License-Identifier: Apache-2.0
"""The patient boluses of one infusion: asked for, answered, logged, and weighed on top of the basal rate."""

from dataclasses import asdict

from bench.acceptance import Standing
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.pump_control import PumpControl
from bench.journal import Result
from bench.therapy import WithPatientBolus
from bench.weighing import ADDED_VOLUME, BolusRequest, DeliveryWindow, TimedMark
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from instruments.pump import Command, CommandResult


class PatientBoluses:
    """Presses the patient's button."""

    def __init__(self, course: Course, delivery: Delivery, control: PumpControl) -> None:
        self._course = course
        self._control = control
        self._delivery = delivery
        self._pump = course.setting.bench.pump

    def request(self, declared: str, wanted: CommandResult, basal: DeliveryWindow, name: str) -> None:
        """Ask for a patient bolus; judge the answer, the log line, and the volume that came on top of the basal rate.

        Args:
            declared: the test declared `<declared>: answer`, `<declared>: log` and `<declared>: volume`.
            wanted: what the pump must answer.
            basal: a window at the basal rate alone, weighed before.
            name: what a person calls this request.

        Raises:
            PlanError: the therapy allows no patient bolus.
        """
        therapy, course, schedule = self._therapy(), self._course, self._course.setting.schedule
        due = therapy.verdict_on_request(course.time.device_clock_s(), schedule.boluses)
        if wanted is CommandResult.ACCEPTED and due is not CommandResult.ACCEPTED:
            self._leave_undecided(declared, name, due)
            return
        course.judging.bring_in(Standing.BOLUS_COURSE)
        course.setting.step(f"{name}: ask for a patient bolus")
        start = course.marks.take()
        result = course.setting.activities.do(
            "bolus", lambda: self._press_the_button(start), f"{name}: {{outcome}}", infusion=course.setting.name
        )
        request = BolusRequest.from_dict(name, result)
        self._control.note_given(Command.PATIENT_BOLUS, request.outcome, result)
        self._judge_answer(declared, request, wanted)
        if request.outcome is CommandResult.ACCEPTED:
            schedule.boluses.append(therapy.accepted(request.device_clock_s))
        basal_rate_ul_per_h = therapy.basal.rate_ul_per_h(request.device_clock_s, schedule.started_s)
        course.time.wait(therapy.ptm_duration_s + course.setting.profile.settling_time_s(basal_rate_ul_per_h))
        window = self._delivery.window(start, course.marks.take(), name)
        self._judge_volume(declared, request, wanted, window, basal)

    def _judge_volume(
        self, declared: str, request: BolusRequest, wanted: CommandResult, window: DeliveryWindow, basal: DeliveryWindow
    ) -> None:
        """Judge what was weighed; where the pump stood meanwhile, the bolus is cut or the basal rate not told.

        A run that is interrupted has its pump stopped, by the rig or by the one who resumes, and a stop ends a bolus.
        """
        judging = self._course.judging
        spoilt = [one.name for one in (basal, window) if self._delivery.interrupted(one)]
        if spoilt:
            reason = (
                f"{request.name}: the run was interrupted during {' and '.join(spoilt)}, and the pump stood meanwhile"
            )
            name = f"{request.name}: {ADDED_VOLUME}"
            judging.leave_undecided(f"{declared}: volume", reason, name, ADDED_VOLUME)
            return
        judging.judge(f"{declared}: volume", request.volume(window, basal, wanted))

    def _leave_undecided(self, declared: str, name: str, due: CommandResult) -> None:
        """Ask for nothing where the pump gave so much before that it would be right to refuse."""
        reason = f"{name}: after the boluses that the pump gave before, a good one would answer {due}; not asked for"
        for part, measurand in (("answer", "answer"), ("log", "log"), ("volume", ADDED_VOLUME)):
            self._course.judging.leave_undecided(f"{declared}: {part}", reason, f"{name}: {measurand}", measurand)

    def _judge_answer(self, declared: str, request: BolusRequest, wanted: CommandResult) -> None:
        judging, name, outcome = self._course.judging, request.name, request.outcome
        answer = f"wanted {wanted}, it answered {outcome}"
        judging.judge_that(f"{declared}: answer", outcome is wanted, answer, f"{name}: answer", "answer")
        logged = f"logged {[str(one.outcome) for one in request.logged]}"
        judging.judge_that(f"{declared}: log", request.logged_as_answered, logged, f"{name}: log", "log")

    def _press_the_button(self, start: TimedMark) -> Result:
        clock = self._course.setting.bench.clock
        before, sent_s = self._pump.read(), clock.now_s()
        self._refuse_to_press_it_twice(start)
        outcome = self._pump.command(Command.PATIENT_BOLUS)
        answered_s = clock.now_s()
        logged = self._pump.bolus_log(since=before.bolus_log_count)
        return {
            "device_clock_s": before.device_clock_s,
            "outcome": outcome,
            "sent_s": sent_s,
            "answered_s": answered_s,
            "logged": [asdict(entry) for entry in logged],
        }

    def _refuse_to_press_it_twice(self, start: TimedMark) -> None:
        """Refuse to ask again where the run was interrupted between asking and writing down what was answered.

        Raises:
            Inconclusive: the pump has logged a request since `start`, before which none of ours was under way.
        """
        if not self._delivery.interrupted_since(start):
            return
        if any(entry.requested_s > start.device_clock_s for entry in self._pump.bolus_log(since=0)):
            seen = "the run was interrupted after it had asked for this bolus, and what was answered is not known"
            raise Inconclusive("pump", "ask for a patient bolus", seen, "run this test again")

    def wait_for_lockout_end(self, later_s: float) -> None:
        """Let time pass until `later_s` after the end of the lockout; negative is before it.

        Raises:
            PlanError: the therapy allows no patient bolus, or none was accepted yet.
        """
        therapy, boluses = self._therapy(), self._course.setting.schedule.boluses
        if not boluses:
            raise PlanError(self._course.setting.name, "wait for the end of the lockout", "no bolus was accepted yet")
        self._course.time.wait_until(boluses[-1].started_s + therapy.ptm_lockout_s + later_s)

    def _therapy(self) -> WithPatientBolus:
        therapy = self._course.setting.schedule.therapy
        if not isinstance(therapy, WithPatientBolus):
            seen = f"the therapy is {therapy.name}"
            raise PlanError(self._course.setting.name, "ask for a patient bolus", seen, "allow boluses in it")
        return therapy
