# SPDX-License-Identifier: Apache-2.0
"""Whether two measures of one volume agree: the degree of equivalence, and its E_n number (ISO/IEC 17043, B.3).

    d = first − second        E_n = d / U(d)        they agree where |E_n| ≤ 1

Both are taken as independent. What they may share (the density of the liquid) would make U(d) smaller than it is told;
beside the rest of either budget it does not count.
"""

import math
from dataclasses import dataclass

from metrology.uncertainty import Quantity


@dataclass(frozen=True)
class Equivalence:
    """One volume by two measures, in µL."""

    first: Quantity
    second: Quantity

    @property
    def difference(self) -> Quantity:
        """Return the degree of equivalence d, with its uncertainty."""
        return self.first - self.second

    @property
    def e_n(self) -> float:
        """Return d over its expanded uncertainty; infinite for a difference that has none."""
        expanded = self.difference.expanded_uncertainty()
        if expanded == 0:
            return math.copysign(math.inf, self.difference.value) if self.difference.value else 0.0
        return self.difference.value / expanded

    @property
    def agrees(self) -> bool:
        """Tell whether the two agree within the uncertainty of their difference; what is no number does not."""
        return abs(self.e_n) <= 1.0
