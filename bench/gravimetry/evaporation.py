# SPDX-License-Identifier: Apache-2.0
"""What leaves the vessel by itself, measured as a blank: the balance is watched while the pump stands still.

At 2 µL/h a few hundredths of a milligram per hour decide. The slope of a blank also holds the drift that the balance
had meanwhile; the two cannot be told apart, and both must be taken off.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from GTC import type_b

from bench.gravimetry.straight_line import StraightLine
from bench.influence import Influence
from bench.json_number import json_number


@dataclass(frozen=True)
class Evaporation:
    """A rate of loss, positive when the vessel gets lighter.

    Attributes:
        rate_mg_per_h: mean loss.
        standard_uncertainty_mg_per_h: of the rate, from the scatter of the blank, or assumed.
        dof: degrees of freedom of the uncertainty; infinite for an assumed rate.
        blank_h: how long the blank lasted; infinite for an assumed rate.
    """

    rate_mg_per_h: float
    standard_uncertainty_mg_per_h: float
    dof: float = math.inf
    blank_h: float = math.inf

    @classmethod
    def from_blank(cls, times_s: Sequence[float], masses_g: Sequence[float]) -> Self:
        """Return the slope of a blank, the pump being stopped.

        Raises:
            Inconclusive: there are fewer than three readings, they all are of one instant, or one is no number.
        """
        line = StraightLine.fit(times_s, masses_g)
        return cls(-line.slope_mg_per_h, line.slope_uncertainty_mg_per_h, line.dof, line.span_s / 3600)

    def influence(self, readability_mg: float) -> Influence:
        """Return the rate as an input of the measurement model.

        The display steps by `readability_mg`, so either end of the blank can be off by half a step even where the
        readings do not scatter at all; this is counted beside the scatter.
        """
        steps_mg_per_h = type_b.triangular(readability_mg) / self.blank_h
        uncertainty = math.hypot(self.standard_uncertainty_mg_per_h, steps_mg_per_h)
        if math.isinf(self.dof):
            return Influence.type_b("evaporation rate", self.rate_mg_per_h, "mg/h", uncertainty)
        return Influence.type_a("evaporation rate", self.rate_mg_per_h, "mg/h", uncertainty, self.dof)

    def as_dict(self) -> dict[str, object]:
        """Return the rate for JSON; infinity becomes null."""
        return {key: json_number(value) for key, value in asdict(self).items()}
