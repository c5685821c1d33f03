# SPDX-License-Identifier: Apache-2.0
"""How the patient asks for a bolus: by the command that a controller sends, or by the rig's press of its button.

A press is felt by a sensor of the rig's own, so that a button which was not pressed is the rig's trouble. What became
of it nobody answers: the pump's log tells.
"""

from enum import StrEnum

from bench.bench import Bench
from groundfloor.errors import BenchFault
from instruments.patient_button import button_of, no_button
from instruments.pump import BolusEntry, Command, CommandResult, PumpReading

POLL_S = 0.25


class AskedBy(StrEnum):
    """Who asks the pump."""

    COMMAND = "command"
    BUTTON = "button"


class ButtonPress:
    """Presses the patient's button, and reads what the pump made of it."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def require(self) -> None:
        """Refuse a bench without a button.

        Raises:
            BenchFault: it has none.
        """
        if not self._bench.rig.abilities().patient_button:
            raise no_button("rig")

    def outcome(self, before: PumpReading, within_s: float) -> CommandResult:
        """Press once; return what the pump logged for it, NONE where it logs nothing.

        Args:
            before: the pump before the press.
            within_s: how long it may take to log it.

        Raises:
            BenchFault: there is no button, or its sensor did not feel exactly one press.
        """
        self.require()
        button = button_of(self._bench.rig)
        felt = button.patient_button_presses()
        button.press_patient_button()
        self._confirm((felt + 1) % 65536)
        end_s = self._bench.clock.now_s() + within_s
        while not (logged := self._logged(before)) and self._bench.clock.now_s() < end_s:
            self._bench.scheduler.pass_for(POLL_S)
        return logged[0].outcome if logged else CommandResult.NONE

    def _logged(self, before: PumpReading) -> tuple[BolusEntry, ...]:
        return self._bench.pump.bolus_log(since=before.bolus_log_count)

    def _confirm(self, wanted: int) -> None:
        button, limit_s = button_of(self._bench.rig), self._bench.file.rig.injector_time_limit_s
        end_s = self._bench.clock.now_s() + limit_s
        while (felt := button.patient_button_presses()) != wanted:
            if self._bench.clock.now_s() >= end_s:
                seen = f"its sensor has felt {felt} presses after {limit_s:g} s, {wanted} were wanted"
                raise BenchFault("rig", "press the patient button", seen, "check the solenoid and its sensor")
            self._bench.scheduler.pass_for(POLL_S)


def ask(bench: Bench, by: AskedBy, before: PumpReading, within_s: float) -> CommandResult:
    """Ask for a bolus once and return what became of it; arguments as `ButtonPress.outcome`."""
    if by is AskedBy.BUTTON:
        return ButtonPress(bench).outcome(before, within_s)
    return bench.pump.command(Command.PATIENT_BOLUS)
