# SPDX-License-Identifier: Apache-2.0
"""The way out of the catheter: what was pressed in against the shut clamp must run out when that opens.

A clamp whose sensor shows it open may stay partly shut. Then the pressure comes home late, a good pump alarms of an
occlusion and gives too little, and all of it looks like the pump's own. How long the pressure takes says how narrow the
way is, whatever the scale of the sensor. A sensor may stand still all by itself, so the balance has to agree.
"""

import math
from dataclasses import dataclass

from bench.preflight.arrived import Arrived

HOME_SHARE = 0.05
"""A pressure is home when no more of what was built is left."""
CONSTANTS_TO_HOME = math.log(1 / HOME_SHARE)
WIDER = 1.25
"""A catheter may take this much longer than its profile promises before the clamp is called narrow: by so much the
pressure of the highest rate stays inside what any stroke may add (assumed)."""
LOOKS_EVERY_S = 1.0
BALANCE_FOLLOWS_S = 5.0
"""So long a balance may show what came before (assumed: lag and filter)."""
LEFT_BEHIND = 0.1
"""Share that a free catheter has surely let out by then, less what it may keep."""
OPEN = "see whether the clamp opens all the way when its sensor says so, and whether the catheter is kinked elsewhere"
FOLLOW = "see that the catheter's end is in the vessel, that the balance follows a load, and that nothing leaks out"


def most_s(time_constant_s: float) -> float:
    """Return how long the pressure of a free catheter may take to come home."""
    return WIDER * CONSTANTS_TO_HOME * time_constant_s + 2 * LOOKS_EVERY_S


@dataclass(frozen=True)
class WayOut:
    """What was seen after the clamp had opened.

    Attributes:
        primed_ul: what had been pressed in.
        took_s: how long the pressure took to come home, or was waited for; NaN where no sensor tells.
        left_share: share of it that was left then.
        early: what had arrived at that time; None where the pressure came home before.
        late: what had arrived when any catheter would have run empty.
        limit_s: how long the pressure may take.
    """

    primed_ul: float
    took_s: float
    left_share: float
    early: Arrived | None
    late: Arrived
    limit_s: float

    @property
    def trouble(self) -> tuple[str, str] | None:
        """Return what was seen and what to do next where the way is not free; None where it is."""
        came = f"{self.primed_ul:g} µL were pressed in, {self.late.mass_mg:.2f} mg came out when the clamp had opened"
        if self.late.lacks_most_of(self.primed_ul):
            return (f"{came}; {self._pressure}", OPEN) if self._stays_up else (came, FOLLOW)
        if self.early is not None and self._came_late(self.early):
            after = f"{self.early.mass_mg:.2f} of {self.late.mass_mg:.2f} mg had come out {self.limit_s:.0f} s after"
            return f"{after} its sensor showed the clamp open{self._and_pressure}", OPEN
        return None

    @property
    def remark(self) -> str:
        """Return what a sensor showed that the balance does not bear out; empty for nothing."""
        return f"; {self._pressure}, though all came out" if self._stays_up and self.trouble is None else ""

    def _came_late(self, early: Arrived) -> bool:
        """Tell whether it came late: against a pressure that stays up the balance has to show that it did not."""
        doubt_mg = early.half_width_mg + self.late.half_width_mg
        benefit_mg = -doubt_mg if self._stays_up else doubt_mg
        return early.mass_mg + benefit_mg < (1 - LEFT_BEHIND) * self.late.mass_mg

    @property
    def _stays_up(self) -> bool:
        return self.left_share > HOME_SHARE

    @property
    def _and_pressure(self) -> str:
        return f"; {self._pressure}" if self._stays_up else ""

    @property
    def _pressure(self) -> str:
        return f"{100 * self.left_share:.0f} % of the pressure was left after {self.took_s:.0f} s"
