# SPDX-License-Identifier: Apache-2.0
"""Keeps the patient bolus inside its limits: a lockout from start to start, and a most per rolling 24 hours."""

import math

from instruments.program import Program
from instruments.pump import CommandResult
from instruments.simulated.specimen.bolus_faults import BolusFaults
from instruments.simulated.time.device_clock import DAY_S

GOOD = BolusFaults()
CLOCK_RESOLUTION_DIGITS = 2
"""The firmware compares times as its clock shows them, in hundredths of a second."""


class PatientBolusGuard:
    """Remembers the accepted patient boluses; the memory outlives stops and new programs."""

    def __init__(self, keeps_lockout: bool, faults: BolusFaults = GOOD) -> None:
        self._keeps_lockout = keeps_lockout
        self._faults = faults
        self._last_start_s = -math.inf
        self._starts_of_a_day_s: list[float] = []
        self._given = 0

    def refusal(self, program: Program, clock_s: float) -> CommandResult | None:
        """Return why a patient bolus asked for at `clock_s` must not be given, or None."""
        now_s, faults = round(clock_s, CLOCK_RESOLUTION_DIGITS), self._faults
        if self._keeps_lockout and now_s - self._last_start_s < program.ptm_lockout_s - faults.lockout_short_s:
            self._starts_of_a_day_s.extend([now_s] if faults.counts_refused else [])
            return CommandResult.LOCKOUT
        day_began_s = now_s - now_s % DAY_S if faults.calendar_day else now_s - DAY_S
        self._starts_of_a_day_s = [start_s for start_s in self._starts_of_a_day_s if start_s > day_began_s]
        over = faults.daily_maximum and len(self._starts_of_a_day_s) >= program.ptm_max_per_day
        return CommandResult.DAILY_MAXIMUM if over or self._given >= faults.most_in_life else None

    def accepted(self, clock_s: float) -> None:
        """Remember that a patient bolus started at `clock_s`."""
        self._given += 1
        self._last_start_s = round(clock_s, CLOCK_RESOLUTION_DIGITS)
        self._starts_of_a_day_s.append(self._last_start_s)

    def stopped(self) -> None:
        """Take note of a stop, at which a bad one forgets."""
        if self._faults.forgets_at_stop:
            self.forget()

    def clock_set(self, ahead_s: float) -> None:
        """Take note that the clock was set ahead by so much: the boluses are as long ago as before."""
        self._last_start_s += ahead_s
        self._starts_of_a_day_s = [start_s + ahead_s for start_s in self._starts_of_a_day_s]

    def forget(self) -> None:
        """Forget every bolus, as a bad one does."""
        self._last_start_s = -math.inf
        self._starts_of_a_day_s.clear()
