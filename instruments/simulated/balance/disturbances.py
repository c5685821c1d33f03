# SPDX-License-Identifier: Apache-2.0
"""What moves a display though nothing of the load has changed: knocks, steps, wander, poor linearity, a cold night.

And what keeps it from moving with the load: a pan that sticks.
"""

import math

from instruments.simulated.specimen.linearity_error import LinearityError
from instruments.simulated.specimen.noise import Noise
from instruments.simulated.specimen.recurrence import FIRST_S, since_last_s
from instruments.simulated.specimen.weighing_faults import WeighingFaults
from instruments.simulated.time.device_clock import DAY_S

WANDER_S = 600.0
"""Between two points of the wander it runs in a straight line."""
_HALF_DAY_S = DAY_S / 2.0
_SEED_OF_ITS_OWN = 7919
"""Keeps the poor linearity apart from that of the good balance."""
FIFTH_H = 5.0


class Disturbances:
    """A function of the instant and the load; zero for a good balance."""

    def __init__(self, seed: int, faults: WeighingFaults) -> None:
        self._faults = faults
        self._wander = Noise(seed, "wander")
        self._linearity = LinearityError(faults.linearity_mg, seed + _SEED_OF_ITS_OWN)

    def at(self, now_s: float, load_mg: float) -> float:
        """Return by how many mg the display is off."""
        faults = self._faults
        off_mg = faults.night_drift_mg_per_h * _night_s(now_s) / 3600.0
        off_mg += faults.drift_for_2_h_mg_per_h * min(max(now_s / 3600.0 - FIFTH_H, 0.0), 2.0)
        if faults.linearity_mg:
            off_mg += self._linearity.at(load_mg)
        if faults.wander_mg:
            off_mg += faults.wander_mg * self._wandered(now_s)
        if faults.knock_mg and since_last_s(now_s) < faults.knock_s:
            off_mg += faults.knock_mg
        if now_s >= FIRST_S:
            off_mg += faults.step_mg + faults.creep_mg * math.exp((FIRST_S - now_s) / faults.creeps_home_s)
            if faults.pan_sticks_mg:
                off_mg += math.floor(load_mg / faults.pan_sticks_mg) * faults.pan_sticks_mg - load_mg
        return off_mg

    def _wandered(self, now_s: float) -> float:
        number, share = divmod(now_s / WANDER_S, 1.0)
        before, after = (self._wander.normal(edge * WANDER_S) for edge in (number, number + 1.0))
        return before + share * (after - before)


def _night_s(now_s: float) -> float:
    """Return how much of the second halves of the days has passed."""
    days, share = divmod(now_s / DAY_S, 1.0)
    return math.floor(days) * _HALF_DAY_S + max(0.0, share * DAY_S - _HALF_DAY_S)
