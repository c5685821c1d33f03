# SPDX-License-Identifier: Apache-2.0
"""The pump's clock is set, as a programmer does, before a program is loaded; whatever comes then goes by the new time.

The bench holds each infusion's clock against its own from the first sample on. So a clock is set between two infusions
alone, while the pump stands.
"""

import math

from bench.infusion.judging import Judging
from bench.infusion.setting import Setting
from bench.journal import Result
from groundfloor.errors import PumpFailure
from instruments.pump import Command, CommandResult

CLOCK_SET = "the clock is set"
"""The name under which a test declares it."""
SHOWN_WITHIN_S = 1.0
"""Two readings that follow one another, and a float of 32 bits, may be so far apart."""


class ClockSetting:
    """Sets the clock of one infusion's pump."""

    def __init__(self, setting: Setting, judging: Judging) -> None:
        self._setting = setting
        self._judging = judging

    def set_ahead(self, by_s: float) -> None:
        """Set the clock ahead, or back where `by_s` is under zero; judge that it is taken, and shows it.

        Raises:
            PumpFailure: it is refused, or shows another time: nothing that follows would be in its time.
        """
        setting = self._setting
        setting.step(f"Set the pump's clock by {by_s:g} s")
        found = setting.activities.do("clock set", lambda: self._set(by_s), "{answer}", infusion=setting.name)
        setting.run.clock_seen = None
        off_s = found["after_s"] - found["set_to_s"]
        taken = (
            found["answer"] == CommandResult.ACCEPTED and -SHOWN_WITHIN_S <= off_s <= found["took_s"] + SHOWN_WITHIN_S
        )
        told = f"it answered {found['answer']}; set to {found['set_to_s']:.0f} s, it shows {found['after_s']:.2f} s"
        self._judging.judge_that(CLOCK_SET, taken, told, f"the clock is set by {by_s:g} s", CLOCK_SET)
        if not taken:
            raise PumpFailure("pump", "set its clock", told)

    def _set(self, by_s: float) -> Result:
        pump, clock = self._setting.bench.pump, self._setting.bench.clock
        before_s = pump.read().device_clock_s
        set_to_s, asked_s = float(math.floor(before_s + by_s)), clock.now_s()
        answer = pump.command(Command.SET_CLOCK, set_to_s)
        after_s = pump.read().device_clock_s
        times = {"set_to_s": set_to_s, "before_s": before_s, "after_s": after_s, "took_s": clock.now_s() - asked_s}
        return {"answer": answer, **times}
