# SPDX-License-Identifier: Apache-2.0
"""Boluses that a pump must refuse for what it is doing: each is asked for once, and nothing may change by it."""

from bench.acceptance import Standing
from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from instruments.pump import Command, CommandResult

BOLUSES = (Command.SINGLE_BOLUS, Command.PATIENT_BOLUS)
KEPT = ("state", "rate_ul_per_h", "alarms")


class RefusedBoluses:
    """Asks the pump of one infusion for boluses that are not its to give."""

    def __init__(self, control: PumpControl, judging: Judging) -> None:
        self._control = control
        self._judging = judging

    def ask_for_both(self, declared: str, name: str) -> None:
        """Ask for a clinician's and for a patient's bolus; judge that both are refused and nothing changes.

        Args:
            declared: the name under which the test declared it.
            name: what a person calls the occasion.
        """
        self._judging.bring_in(Standing.BOLUS_COURSE)
        before = self._control.state()
        answers = {command: self._control.ask(command) for command in BOLUSES}
        after = self._control.state()
        changed = [f"{key} was {before[key]} and is {after[key]}" for key in KEPT if before[key] != after[key]]
        told = ", ".join(f"{command}: {answer}" for command, answer in answers.items())
        refused = CommandResult.ACCEPTED not in answers.values() and not changed
        seen = f"{told}; {'; '.join(changed) or 'nothing changed'}"
        self._judging.judge_that(declared, refused, seen, name, "boluses that must be refused")
