# SPDX-License-Identifier: Apache-2.0
"""What arrived on the balance while the pump was primed, and how well that is known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, stdev
from typing import Self

from bench.preflight.check_state import BEYOND_DOUBT


@dataclass(frozen=True)
class Arrived:
    """What arrived on the balance, and how well that is known; a balance that scatters a lot tells nothing of it."""

    mass_mg: float
    half_width_mg: float

    @classmethod
    def between(cls, before_g: Sequence[float], after_g: Sequence[float]) -> Self:
        """Return what arrived between two series of readings."""
        scatter_mg = 1000 * math.hypot(stdev(before_g), stdev(after_g))
        doubt_mg = BEYOND_DOUBT * scatter_mg / math.sqrt(min(len(before_g), len(after_g)))
        return cls(1000 * (median(after_g) - median(before_g)), doubt_mg)

    def is_most_of(self, primed_ul: float) -> bool:
        """Tell whether beyond doubt more than half of it arrived."""
        return self.mass_mg - self.half_width_mg >= primed_ul / 2

    def lacks_most_of(self, primed_ul: float) -> bool:
        """Tell whether beyond doubt less than half of it arrived."""
        return self.mass_mg + self.half_width_mg < primed_ul / 2
