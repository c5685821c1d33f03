# SPDX-License-Identifier: Apache-2.0
"""The change of program: another therapy comes into force, while the pump stands or, where it promises to, infuses.

Account and schedule know the instant by the pump's own clock. A run that was killed while it changed the program does
not know it, and says so.
"""

from bench.acceptance import Standing
from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.pump_time import PumpTime
from bench.infusion.resolution import Resolution
from bench.infusion.setting import Setting
from bench.journal import Result
from bench.therapy import SingleBolus, Therapy, guarded_therapy
from groundfloor.errors import PlanError, PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.program import Program
from instruments.pump import Command, CommandResult

NAME = "the pump takes another program and reads it back"


class ProgramChange:
    """Changes the program of one infusion."""

    def __init__(self, setting: Setting, time: PumpTime, control: PumpControl, judging: Judging) -> None:
        self._setting = setting
        self._activities = setting.activities
        self._pump = setting.bench.pump
        self._schedule = setting.schedule
        self._time = time
        self._control = control
        self._judging = judging
        self._resolved = [setting.schedule.in_force]

    def to(self, therapy: Therapy, resolution: Resolution | None = None) -> None:
        """Load another therapy, and let account and schedule know from when on.

        Args:
            therapy: what shall be in force.
            resolution: refuses what this bench cannot resolve; None for a therapy that is not going to be weighed.

        Raises:
            PlanError: the therapy has a rate that the profile does not have, is a single bolus or follows one, or a
                bolus is under way; or the profile does not promise to take a program while it infuses.
            BenchFault: this bench cannot resolve it.
            PumpFailure: the pump refuses it, or reads back another one.
            Inconclusive: the run was interrupted meanwhile, and nobody knows when the program came into force.
        """
        therapy = guarded_therapy(therapy)
        self._refuse(therapy)
        if resolution is not None and therapy not in self._resolved:
            resolution.require(None, therapy)
            self._resolved.append(therapy)
        self._time.safe_point()
        self._setting.step(f"Change the program to {therapy.name}")
        found = self._changed(therapy)
        self._note(therapy, found)

    def _changed(self, therapy: Therapy) -> Result:
        resumed = self._activities.replaying
        self._activities.do("program change begun", lambda: {"therapy": therapy.describe()})
        program = self.program_of(therapy)
        self._control.programs_coming = (program,)
        try:
            return self._activities.do(
                "program changed",
                lambda: self._load(program, resumed=resumed),
                "Program changed: {answer}",
                infusion=self._setting.name,
            )
        finally:
            self._control.programs_coming = ()

    def program_of(self, therapy: Therapy) -> Program:
        """Return what the pump is programmed with for a therapy."""
        return guarded_therapy(therapy).program(self._setting.profile.low_reservoir_alarm_ul.value)

    def _load(self, program: Program, *, resumed: bool) -> Result:
        pump, clock = self._pump, self._setting.bench.clock
        if resumed and self._schedule.running and not pump.differences(program):
            seen = "the run was interrupted while the program was changed, and nobody knows when it came into force"
            raise Inconclusive("pump", "change the program", seen, "run this test again")
        begun_s, sent_s = pump.read().device_clock_s, clock.now_s()
        answer = pump.load(program)
        answered_s, found = clock.now_s(), self._control.found()
        differences = pump.differences(program) if answer is CommandResult.ACCEPTED else ()
        times = {"sent_s": sent_s, "answered_s": answered_s, "begun_device_s": begun_s}
        return {"answer": answer, "differences": differences, **times, **found}

    def _note(self, therapy: Therapy, found: Result) -> None:
        answer, differences = CommandResult(found["answer"]), found["differences"]
        taken = answer is CommandResult.ACCEPTED
        self._control.note_given(Command.LOAD_PROGRAM, answer, found)
        seen = f"its read-back differs: {'; '.join(differences)}" if differences else f"it answered {answer}"
        self._judging.standing_required(Standing.PROGRAM, NAME, taken and not differences, seen)
        if not taken or differences:
            raise PumpFailure("pump", "change the program", seen, "does the profile promise this?")
        self.came_into_force(therapy, found["begun_device_s"], found["device_clock_s"])

    def came_into_force(self, therapy: Therapy, begun_device_s: float, loaded_device_s: float) -> None:
        """Let the schedule know; a pump that stops for an update stood from the session's first message on."""
        programming = self._setting.profile.programming
        stops = programming is not None and programming.stops_for_an_update
        if stops and self._schedule.running and loaded_device_s > begun_device_s:
            self._schedule.stop(begun_device_s)
            self._schedule.start(loaded_device_s)
        self._schedule.change(therapy, loaded_device_s)

    def _refuse(self, therapy: Therapy) -> None:
        name, schedule, profile = self._setting.name, self._schedule, self._setting.profile
        profile.rates.refuse_others(step.rate_ul_per_h for step in self.program_of(therapy).all_steps)
        if any(isinstance(one, SingleBolus) for one in (therapy, schedule.in_force)):
            raise PlanError(name, "change the program", "one of the two is a single bolus", "begin another infusion")
        if not schedule.running:
            return
        if "program_change" not in profile.features:
            seen = "the profile does not promise to take a program while the pump infuses"
            raise PlanError(name, "change the program", seen, "stop the pump before, or mark the test only_with it")
        now_s = self._time.device_clock_s()
        if any(bolus.started_s <= now_s < bolus.ends_s for bolus in schedule.boluses_due):
            raise PlanError(name, "change the program", "a bolus is under way", "wait until it is over")
