# SPDX-License-Identifier: Apache-2.0
"""Interrogations: the pump is asked for what it knows, and nothing of what it does may change by that."""

from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.setting import Setting
from bench.journal import Result
from instruments.pump import Command, CommandResult

SAME = ("state", "rate_ul_per_h", "alarms", "alarm_log_count", "bolus_log_count")
"""What an interrogation must leave as it is; the clock goes on, and so does the counter."""


class Interrogations:
    """Interrogates the pump of one infusion."""

    def __init__(self, setting: Setting, control: PumpControl, judging: Judging) -> None:
        self._setting = setting
        self._control = control
        self._judging = judging

    def interrogate(self, declared: str, name: str) -> None:
        """Interrogate the pump; judge that it answers, and that state, rate, alarms and logs are as before.

        Args:
            declared: the name under which the test declared it.
            name: what a person calls it.
        """
        result = self._setting.activities.do(
            "interrogation", self._ask, f"{name}: {{answer}}", infusion=self._setting.name
        )
        answer = CommandResult(result["answer"])
        self._control.note_given(Command.INTERROGATE, answer, {**result["after"], **_times(result)})
        changed = [
            f"{key} was {result['before'][key]} and is {result['after'][key]}"
            for key in SAME
            if result["before"][key] != result["after"][key]
        ]
        seen = f"it answered {answer}; {'; '.join(changed) or 'nothing else changed'}"
        undisturbed = answer is CommandResult.ACCEPTED and not changed
        self._judging.judge_that(declared, undisturbed, seen, name, "an interrogation")

    def _ask(self) -> Result:
        setting, before = self._setting, self._control.found()
        sent_s = setting.bench.clock.now_s()
        answer = setting.bench.pump.command(Command.INTERROGATE)
        answered_s = setting.bench.clock.now_s()
        times = {"sent_s": sent_s, "answered_s": answered_s}
        return {"answer": answer, "before": before, "after": self._control.found(), **times}


def _times(result: Result) -> Result:
    return {"sent_s": result["sent_s"], "answered_s": result["answered_s"]}
