# SPDX-License-Identifier: Apache-2.0
"""The patient boluses of one infusion: asked for, answered, logged, and weighed on top of the basal rate."""

import math
from dataclasses import asdict

from bench.acceptance import Standing
from bench.infusion.boluses_before import BolusesBefore
from bench.infusion.button_press import AskedBy, ButtonPress, ask
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.pump_control import PumpControl
from bench.journal import Result
from bench.therapy import WithPatientBolus
from bench.therapy.interval import SECONDS_PER_DAY
from bench.weighing import ADDED_VOLUME, HALF_SPAN_S, BolusRequest, DeliveryWindow, TimedMark
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from instruments.pump import Command, CommandResult
from instruments.pump_feature import PumpFeature
from metrology.verdict import Measurement

MARK_AHEAD_S = 4 * HALF_SPAN_S
"""So long before an instant that matters the balance is read, so that the request comes at that instant."""
NO_STROKE_UL = 0.0
BY_THE_RULES = (CommandResult.ACCEPTED, CommandResult.LOCKOUT, CommandResult.DAILY_MAXIMUM)
"""What a running pump answers because of earlier boluses; the other answers are of its state."""


class PatientBoluses:
    """Asks as the patient does.

    Attributes:
        before: the boluses that the pump gave before this infusion.
    """

    def __init__(self, course: Course, delivery: Delivery, control: PumpControl) -> None:
        self._course = course
        self._control = control
        self._delivery = delivery
        self._pump = course.setting.bench.pump
        self.before = BolusesBefore(course.setting, course.time)

    def request(
        self,
        declared: str,
        wanted: CommandResult,
        basal: DeliveryWindow | None,
        name: str,
        at_device_s: float | None = None,
        by: AskedBy = AskedBy.COMMAND,
    ) -> None:
        """Ask for a patient bolus; judge the answer, the log line, and the volume that came on top of the basal rate.

        Args:
            declared: the test declared `<declared>: answer`, `<declared>: log` and `<declared>: volume`.
            wanted: what the pump must answer.
            basal: a window at the basal rate alone, weighed before; None for a pump that stands.
            name: what a person calls this request.
            at_device_s: when by the pump's own clock; None for now.
            by: who asks.

        Raises:
            PlanError: the therapy allows no patient bolus.
            BenchFault: the rig has no button to press, or did not press it.
        """
        course, schedule = self._course, self._course.setting.schedule
        if self._is_left_undecided(declared, wanted, name, at_device_s):
            return
        if basal is None:
            course.time.run_empty()
        request, start = self._asked(declared, wanted, name, at_device_s, by)
        if basal is None:
            course.time.wait(self._therapy().ptm_duration_s)
            course.time.run_empty()
            course.judging.judge(f"{declared}: volume", self._while_it_stands(request, wanted, start))
            return
        last = schedule.boluses[-1] if request.outcome is CommandResult.ACCEPTED else None
        runs_s = self._therapy().ptm_duration_s if last is None else last.duration_s
        basal_rate_ul_per_h = self._therapy().basal.rate_ul_per_h(request.device_clock_s, schedule.started_s)
        course.time.wait(runs_s + course.setting.profile.settling_time_s(basal_rate_ul_per_h))
        window = self._delivery.window(start, course.marks.take(), name)
        self._judge_volume(declared, request, wanted, window, basal)

    def ask(self, declared: str, wanted: CommandResult, name: str) -> None:
        """Ask for a patient bolus and judge answer and log line; what comes of it is somebody else's to weigh."""
        if not self._is_left_undecided(declared, wanted, name, None, volume=False):
            self._asked(declared, wanted, name, None, AskedBy.COMMAND)

    def _asked(
        self, declared: str, wanted: CommandResult, name: str, at_device_s: float | None, by: AskedBy
    ) -> tuple[BolusRequest, TimedMark]:
        """Ask, and judge what the pump says of it; return that, and the mark before."""
        therapy, course, schedule = self._therapy(), self._course, self._course.setting.schedule
        course.judging.bring_in(Standing.BOLUS_COURSE)
        if at_device_s is not None:
            course.time.wait_until(at_device_s - MARK_AHEAD_S)
        course.setting.step(f"{name}: ask for a patient bolus")
        start = course.marks.take()
        if at_device_s is not None:
            course.time.wait_until(at_device_s)
        result = course.setting.activities.do(
            "bolus", lambda: self._press_the_button(start, by), f"{name}: {{outcome}}", infusion=course.setting.name
        )
        request = BolusRequest.from_dict(name, result)
        self._control.note_given(Command.PATIENT_BOLUS, request.outcome, result)
        self._judge_answer(declared, request, wanted)
        if request.outcome is CommandResult.ACCEPTED:
            schedule.boluses.append(therapy.accepted(request.device_clock_s, schedule.started_s))
        return request, start

    def _is_left_undecided(
        self, declared: str, wanted: CommandResult, name: str, at_device_s: float | None, *, volume: bool = True
    ) -> bool:
        """Ask for nothing where the pump gave so much before that it would be right to answer otherwise."""
        therapy, schedule = self._therapy(), self._course.setting.schedule
        now_s = self._course.time.device_clock_s()
        at_s = now_s if at_device_s is None else max(now_s, at_device_s)
        due = therapy.verdict_on_request(at_s, (*self.before.given, *schedule.boluses), schedule.started_s)
        if due is wanted or wanted not in BY_THE_RULES:
            return False
        reason = f"{name}: after the boluses that the pump gave before, a good one would answer {due}; not asked for"
        parts = (("answer", "answer"), ("log", "log"), ("volume", ADDED_VOLUME))
        for part, measurand in parts[: 3 if volume else 2]:
            self._course.judging.leave_undecided(f"{declared}: {part}", reason, f"{name}: {measurand}", measurand)
        return True

    def _while_it_stands(self, request: BolusRequest, wanted: CommandResult, start: TimedMark) -> Measurement:
        marks, profile = self._course.marks, self._course.setting.profile
        volume, window = marks.volume(start, marks.take(), NO_STROKE_UL, request.name)
        bolus_ul = self._therapy().ptm_volume_ul
        return request.measured(volume.quantity, profile, wanted, bolus_ul, marks.qualifiers_of(volume), window)

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
        judging.judge(f"{declared}: volume", request.volume(window, basal, wanted, self._therapy().ptm_volume_ul))

    def _judge_answer(self, declared: str, request: BolusRequest, wanted: CommandResult) -> None:
        judging, name, outcome = self._course.judging, request.name, request.outcome
        answer = f"wanted {wanted}, it answered {outcome}"
        judging.judge_that(f"{declared}: answer", outcome is wanted, answer, f"{name}: answer", "answer")
        logged = f"logged {[str(one.outcome) for one in request.logged]}"
        judging.judge_that(f"{declared}: log", request.logged_as_answered, logged, f"{name}: log", "log")

    def _press_the_button(self, start: TimedMark, by: AskedBy) -> Result:
        setting, clock = self._course.setting, self._course.setting.bench.clock
        before, sent_s = self._pump.read(), clock.now_s()
        self._refuse_to_press_it_twice(start)
        outcome = ask(setting.bench, by, before, setting.profile.patient_bolus.start_max_s.value)
        answered_s = clock.now_s()
        logged = self._pump.bolus_log(since=before.bolus_log_count)
        asked_s = before.device_clock_s
        if by is AskedBy.BUTTON and logged:  # it came some time after the press
            asked_s = min(max(asked_s, logged[0].requested_s), self._pump.read().device_clock_s)
        return {
            "device_clock_s": asked_s,
            "outcome": outcome,
            "sent_s": sent_s,
            "answered_s": answered_s,
            "logged": [asdict(entry) for entry in logged],
        }

    def _refuse_to_press_it_twice(self, start: TimedMark) -> None:
        """Refuse to ask again where the run was interrupted between asking and writing down what was answered.

        Raises:
            Inconclusive: the pump has logged a request since `start`, before which none of ours was under way; or it
                keeps no log that would tell.
        """
        if not self._delivery.interrupted_since(start):
            return
        keeps_none = not self._course.setting.profile.has(PumpFeature.BOLUS_LOG)
        if keeps_none or any(entry.requested_s > start.device_clock_s for entry in self._pump.bolus_log(since=0)):
            seen = "the run was interrupted after it had asked for this bolus, and what was answered is not known"
            raise Inconclusive("pump", "ask for a patient bolus", seen, "run this test again")

    def require_button(self) -> None:
        """Refuse a bench whose rig has no patient button.

        Raises:
            BenchFault: it has none.
        """
        ButtonPress(self._course.setting.bench).require()

    def wait_for_lockout_end(self, later_s: float) -> None:
        """Let time pass until `later_s` after the end of the lockout; negative is before it.

        Raises:
            PlanError: the therapy allows no patient bolus, or none was accepted yet.
        """
        self._course.time.wait_until(self.lockout_ends_s() + later_s)

    def lockout_ends_s(self) -> float:
        """Return when the lockout ends, by the pump's own clock.

        Raises:
            PlanError: the therapy allows no patient bolus, or none was accepted yet.
        """
        return self._accepted_s(-1) + self._therapy().ptm_lockout_s

    def day_ends_s(self) -> float:
        """Return when the first bolus counts no more in the maximum of a day, by the pump's own clock.

        Raises:
            PlanError: the therapy allows no patient bolus, or none was accepted yet.
        """
        return self._accepted_s(0) + SECONDS_PER_DAY

    def wait_for_the_last_before_midnight(self) -> None:
        """Let time pass until a day's boluses begin before midnight, and the last of them is still running then."""
        therapy, time = self._therapy(), self._course.time
        between_s = therapy.ptm_lockout_s + MARK_AHEAD_S
        ahead_s = (therapy.ptm_max_per_day - 1) * between_s + therapy.ptm_duration_s / 2
        now_s = time.device_clock_s()
        midnight_s = math.ceil((now_s + ahead_s) / SECONDS_PER_DAY) * SECONDS_PER_DAY
        time.wait_until(midnight_s - ahead_s)

    def _accepted_s(self, place: int) -> float:
        self._therapy()
        boluses = self._course.setting.schedule.boluses
        if not boluses:
            raise PlanError(self._course.setting.name, "wait for the end of the lockout", "no bolus was accepted yet")
        return boluses[place].started_s

    def _therapy(self) -> WithPatientBolus:
        therapy = self._course.setting.schedule.in_force
        if not isinstance(therapy, WithPatientBolus):
            seen = f"the therapy is {therapy.name}"
            raise PlanError(self._course.setting.name, "ask for a patient bolus", seen, "allow boluses in it")
        return therapy
