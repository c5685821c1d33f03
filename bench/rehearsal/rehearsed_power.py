# SPDX-License-Identifier: Apache-2.0
"""The power of an infusion that is only gone through: what a plan does with the supply, and how long that takes."""

from collections.abc import Callable

from bench.rehearsal.finding_to_come import FindingToCome
from bench.rehearsal.unknown_until_run import UnknownUntilRun
from instruments.pump import Alarm

SUPPLIES = frozenset({"supplied_well", "worn_to", "supplied_low", "battery_low", "battery_exhausted"})
"""What lasts as long as the block under it."""


class RehearsedPower:
    """The verbs of `bench.infusion.power` of which a plan knows how long they take.

    Args:
        wait: lets time pass.
        expect_alarm: lets as much time pass as an alarm may take.
    """

    def __init__(self, wait: Callable[[float], None], expect_alarm: Callable[[str, Alarm, object], object]) -> None:
        self._wait = wait
        self._expect_alarm = expect_alarm

    def __getattr__(self, verb: str) -> FindingToCome:
        if verb in SUPPLIES:
            return FindingToCome(verb)
        raise AttributeError(verb) if verb.startswith("_") else UnknownUntilRun(f"power.{verb}")

    def interrupt(self, for_s: float, declared: str) -> FindingToCome:
        """Take the power away for a time, and wait as long as the alarm of the reset may take."""
        self._wait(for_s)
        self._expect_alarm(declared, Alarm.MEMORY, None)
        return FindingToCome(declared)

    def interrupt_while_it_stands(self, for_s: float) -> None:
        """Take the power away for a time."""
        self._wait(for_s)

    def expect_low_battery(self, declared: str, _low: object) -> None:
        """Wait as long as that alarm may take."""
        self._expect_alarm(declared, Alarm.LOW_BATTERY, None)

    def expect_end_of_service(self, declared: str, _exhausted: object) -> None:
        """Wait as long as that alarm may take."""
        self._expect_alarm(declared, Alarm.END_OF_SERVICE, None)
