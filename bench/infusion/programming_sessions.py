# SPDX-License-Identifier: Apache-2.0
"""Programming sessions that go wrong: programs that must be refused, sessions that break off or get mixed up.

Whatever is sent, one whole program must be in force then, the read-back must tell which, and the pump must do what its
profile promises: run on, or stop and say so. The schedule follows what is in force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.infusion.judging import Judging
from bench.infusion.program_change import ProgramChange
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.session_step import MeantPump, SessionStep, writes
from bench.infusion.setting import Setting
from bench.journal import Result
from bench.therapy import Therapy
from groundfloor.inconclusive import Inconclusive
from instruments.calibration_constant import calibration_of
from instruments.named_session import names_pump
from instruments.program import Program
from instruments.programming_session import session_of
from instruments.pump import Command, CommandResult, PumpState
from metrology.latency import Bracket

Send = Callable[[], CommandResult]
WHILE_INFUSING = (PumpState.INFUSING, PumpState.BOLUS)


@dataclass(frozen=True)
class BrokenSession:
    """A session that was begun and not completed: what an alarm of the pump must answer.

    Attributes:
        began: between which instants of bench time its messages were sent.
    """

    began: Bracket

    @property
    def what(self) -> str:
        """Return what it is, as a sentence names it."""
        return "programming session that broke off"


class ProgrammingSessions:
    """Sends to the pump of one infusion what a programmer should not."""

    def __init__(
        self,
        setting: Setting,
        session: SamplingSession,
        control: PumpControl,
        judging: Judging,
        change: ProgramChange,
    ) -> None:
        self._setting = setting
        self._activities = setting.activities
        self._pump = setting.bench.pump
        self._schedule = setting.schedule
        self._session = session
        self._control = control
        self._judging = judging
        self._change = change

    def refuse_program(self, declared: str, program: Program, name: str) -> None:
        """Offer a program that must be refused, whatever reason the pump gives; the one in force must stay.

        Args:
            declared: the name under which the test declared it.
            program: what is out of the pump's limits.
            name: what a person calls it.

        Raises:
            Inconclusive: the run was interrupted meanwhile.
        """
        found = self._sent(name, (program,), lambda: self._pump.load(program))
        answer, differences = CommandResult(found["answer"]), found["differences"]
        refused = answer is not CommandResult.ACCEPTED
        seen = f"it answered {answer}; {_kept(differences)}"
        self._judging.judge_that(declared, refused and not differences, seen, name, "a program out of its limits")

    def session(
        self,
        declared: str,
        steps: Sequence[SessionStep],
        allowed: Sequence[Therapy],
        name: str,
        *,
        meant: MeantPump = MeantPump.ANY,
        calibration_share: float = 1.0,
    ) -> BrokenSession:
        """Send the messages of one session, or of two that got mixed up; judge what is in force then.

        Args:
            declared: the name under which the test declared it.
            steps: the messages, in order.
            allowed: what may be in force then, in whole; the therapy in force is one where it is named.
            name: what a person calls it.
            meant: which pump the session was opened for.
            calibration_share: so many times the pump's own calibration constant is entered.

        Returns:
            When that was: a cause for the alarm of a pump that stops meanwhile.

        Raises:
            BenchFault: the pump's driver cannot send a session message by message.
            Inconclusive: the run was interrupted meanwhile.
        """
        therapies = tuple(dict.fromkeys((self._schedule.in_force, *allowed, *(one.therapy for one in steps))))
        programs = tuple(self._change.program_of(one) for one in therapies)
        was_running = self._schedule.running
        found = self._sent(name, programs, lambda: self._send(steps, meant, calibration_share))
        in_force = [one for one, differences in zip(therapies, found["of_each"], strict=True) if not differences]
        taken = found["answer"] == CommandResult.ACCEPTED
        right = [one for one in in_force if one in allowed and not (taken and one == therapies[0])]
        stands = was_running and self._stops_for(steps) and found["answer"] != CommandResult.ACCEPTED
        kept, doing = self._does_as_promised(found, stands=stands, was_running=was_running)
        told = f"in force is {self._told(in_force, therapies)}; {doing}"
        self._judging.judge_that(declared, bool(right) and kept, f"it answered {found['answer']}; {told}", name, name)
        self._follow((*right, *in_force), found, stands=stands)
        self._session.watch_closely()
        return BrokenSession(Bracket(found["sent_s"], found["answered_s"]))

    def _follow(self, in_force: Sequence[Therapy], found: Result, *, stands: bool) -> None:
        """Let the schedule know what is in force, and whether the pump stands for its update."""
        if in_force and in_force[0] != self._schedule.in_force:
            self._change.came_into_force(in_force[0], found["begun_device_s"], found["device_clock_s"])
        if stands:
            self._schedule.stop(found["device_clock_s"])

    def _stops_for(self, steps: Sequence[SessionStep]) -> bool:
        programming = self._setting.profile.programming
        return writes(steps) and programming is not None and programming.stops_for_an_update

    def _does_as_promised(self, found: Result, *, stands: bool, was_running: bool) -> tuple[bool, str]:
        infuses = PumpState(found["state"]) in WHILE_INFUSING and found["rate_ul_per_h"] > 0
        seen = f"its state is {found['state']}, its rate {found['rate_ul_per_h']:g} µL/h"
        return infuses is (was_running and not stands), seen

    def _told(self, in_force: Sequence[Therapy], therapies: Sequence[Therapy]) -> str:
        if not in_force:
            return "none of them in whole"
        return "the one from before" if in_force[0] == therapies[0] else f"program {therapies.index(in_force[0])}"

    def _send(self, steps: Sequence[SessionStep], meant: MeantPump, calibration_share: float) -> CommandResult:
        answer = CommandResult.NONE
        if meant is not MeantPump.ANY:
            names_pump(self._pump, meant.serial_number(self._pump.identify().serial_number))
        if calibration_share != 1.0:
            constant = calibration_of(self._pump)
            constant.enter_calibration(calibration_share * constant.calibration_percent())
        for step in steps:
            program = self._change.program_of(step.therapy)
            messages = session_of(self._pump, program, checksum_error=step.checksum_error)
            for message in messages:
                if message.part is step.part:
                    answer = message.send() or answer
        return answer

    def _sent(self, name: str, programs: tuple[Program, ...], send: Send) -> Result:
        """Send something as an activity; a run that was interrupted in it does not know what became of it."""
        self._setting.step(name)
        resumed = self._activities.replaying
        self._activities.do("programming begun", dict)
        self._control.programs_coming = programs
        try:
            found = self._activities.do(
                "programming session",
                lambda: self._exchanged(programs, send, resumed=resumed),
                f"{name}: {{answer}}",
                infusion=self._setting.name,
            )
        finally:
            self._control.programs_coming = ()
        if found["answer"] != CommandResult.NONE:
            self._control.note_given(Command.LOAD_PROGRAM, CommandResult(found["answer"]), found)
        return found

    def _exchanged(self, programs: tuple[Program, ...], send: Send, *, resumed: bool) -> Result:
        if resumed:
            seen = "the run was interrupted in a programming session, and nobody knows what was sent"
            raise Inconclusive("pump", "program it", seen, "run this test again")
        pump, clock = self._pump, self._setting.bench.clock
        begun_s, sent_s = pump.read().device_clock_s, clock.now_s()
        answer = send()
        answered_s, found = clock.now_s(), self._control.found()
        wanted = self._control.program_wanted
        return {
            "answer": answer,
            "differences": pump.differences(wanted),
            "of_each": [pump.differences(one) for one in programs],
            "sent_s": sent_s,
            "answered_s": answered_s,
            "begun_device_s": begun_s,
            **found,
        }


def _kept(differences: Sequence[str]) -> str:
    return f"the read-back differs: {'; '.join(differences)}" if differences else "the one from before is in force"
