# SPDX-License-Identifier: Apache-2.0
"""What the balance surely lacks, and surely has too much, of what the pump counted in any time that ends now.

Both hold the display against the counter at its worst: a pump within its accuracy, and evaporation within what the
blank leaves open. What lacked for longer than a free catheter holds anything was held back on its way.
"""

import math
from collections import deque

from bench.injectors import EffectTolerance


class CountAgainstMass:
    """Follows counter and display of one infusion.

    Args:
        accuracy: of the pump, as a share of what it counts.
        settles_s: after this time a free catheter has let out all that it held.

    Attributes:
        missing_ul: the most that lacks now of what was counted in any time that ends here.
        surplus_ul: the same of what is too much.
        held_ul: the most that lacked for as long as a free catheter holds nothing.
        fine_until_s: bench time from which on it lacks.
    """

    def __init__(self, accuracy: float, settles_s: float) -> None:
        self._accuracy = accuracy
        self._settles_s = settles_s
        self.fine_until_s = 0.0
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all: a fault stands."""
        self.missing_ul = self.surplus_ul = self.held_ul = 0.0
        self._least_lack_ul = math.inf
        self._lacked: deque[tuple[float, float]] = deque()
        self.forget_the_surplus()

    def forget_the_surplus(self) -> None:
        """Look for too much from now on."""
        self._least_surplus_ul = math.inf

    def see(self, at_s: float, counter_ul: float, mass_mg: float, tolerance: EffectTolerance) -> None:
        """Take a sample; arguments as those of `Trickle.see`."""
        hours, loss, half_width = at_s / 3600, tolerance.loss_mg_per_h, tolerance.loss_half_width_mg_per_h
        lack_ul = (1 - self._accuracy) * counter_ul - mass_mg - (loss + half_width) * hours
        if lack_ul < self._least_lack_ul:
            self._least_lack_ul, self.fine_until_s = lack_ul, at_s
        self.missing_ul = lack_ul - self._least_lack_ul
        surplus_ul = mass_mg + (loss - half_width) * hours - (1 + self._accuracy) * counter_ul
        self._least_surplus_ul = min(self._least_surplus_ul, surplus_ul)
        self.surplus_ul = surplus_ul - self._least_surplus_ul
        self._hold(at_s)

    def _hold(self, at_s: float) -> None:
        self._lacked.append((at_s, self.missing_ul))
        while len(self._lacked) > 1 and self._lacked[1][0] <= at_s - self._settles_s:
            self._lacked.popleft()
        if self._lacked[0][0] <= at_s - self._settles_s:
            self.held_ul = max(self.held_ul, min(lacked_ul for _, lacked_ul in self._lacked))
