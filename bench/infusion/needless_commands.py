# SPDX-License-Identifier: Apache-2.0
"""Commands that ask for what is already so: whether they are refused or not, they change nothing."""

from bench.infusion.course import Course
from bench.infusion.heard_alarms import KEPT
from bench.infusion.pump_control import PumpControl
from instruments.pump import Command


class NeedlessCommands:
    """Gives commands that have nothing to do."""

    def __init__(self, course: Course, control: PumpControl) -> None:
        self._course = course
        self._control = control

    def give(self, declared: str, command: Command) -> None:
        """Give one; judge that state, rate, alarms and logs are what they were."""
        before = self._control.state()
        answer = self._control.ask(command)
        after = self._control.state()
        changed = [f"{name} from {before[name]} to {after[name]}" for name in KEPT if before[name] != after[name]]
        told = f"{command}: {answer}, " + (f"it changed {', '.join(changed)}" if changed else "nothing changed")
        self._course.judging.judge_that(declared, not changed, told, f"a needless {command} changes nothing")
