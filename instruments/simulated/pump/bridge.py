# SPDX-License-Identifier: Apache-2.0
"""A bridge at work: how much of the old drug is still to come, counted down with everything that the pump drives."""

import math

from instruments.program import Mode, Program
from instruments.simulated.specimen.therapy_faults import TherapyFaults

HOUR_S = 3600.0
NOTHING_LEFT_UL = 1e-6


class BridgeAtWork:
    """The bridge of the program in force; none for any other mode.

    Args:
        faults: what is wrong with it.
    """

    def __init__(self, faults: TherapyFaults) -> None:
        self._faults = faults
        self._whole_ul = self._left_ul = 0.0
        self._rate_ul_per_h = 0.0
        self._counted_to_s = 0.0

    def load(self, program: Program) -> None:
        """Take the bridge of a program that comes into force."""
        self._whole_ul = self._left_ul = 0.0
        if program.mode is Mode.BRIDGE and not self._faults.bridge_skipped:
            self._whole_ul = self._left_ul = program.bolus_volume_ul * self._faults.bridge_length
            told_ul_per_h = program.bolus_volume_ul / program.bolus_duration_s * HOUR_S
            self._rate_ul_per_h = told_ul_per_h * self._faults.bridge_rate_gain

    def stopped(self) -> None:
        """Take note of a stop: a good pump goes on with the rest later."""
        if self._faults.bridge_anew and self._left_ul < self._whole_ul and self.runs:
            self._left_ul = self._whole_ul
        if self._faults.bridge_forgotten:
            self._left_ul = 0.0

    def count(self, driven_ul_per_h: float, clock_s: float, *, primes: bool) -> None:
        """Count what was driven since the last time."""
        if not primes or self._faults.prime_moves_bridge:
            self._left_ul -= driven_ul_per_h * max(0.0, clock_s - self._counted_to_s) / HOUR_S
        self._left_ul = max(0.0, self._left_ul)
        self._counted_to_s = clock_s

    def clock_zeroed(self) -> None:
        """Take note that the clock shows zero from now on."""
        self._counted_to_s = 0.0

    @property
    def runs(self) -> bool:
        """Tell whether some of it is left."""
        return self._left_ul > NOTHING_LEFT_UL

    def left(self) -> tuple[float, float]:
        """Return what is left of it in µL, as counted last, and its rate."""
        return self._left_ul, self._rate_ul_per_h

    @property
    def rate_ul_per_h(self) -> float:
        """Return its rate."""
        return self._rate_ul_per_h

    def ends_s(self, driven_ul_per_h: float, clock_s: float) -> float:
        """Return when it is over if nothing else changes; infinite where nothing flows."""
        return clock_s + self._left_ul / driven_ul_per_h * HOUR_S if driven_ul_per_h > 0 else math.inf
