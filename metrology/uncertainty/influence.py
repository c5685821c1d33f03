# SPDX-License-Identifier: Apache-2.0
"""An input quantity of a measurement model: its GTC uncertain number, and what a budget must say about it.

GTC carries value, uncertainty and degrees of freedom through the arithmetic. It does not know units, nor whether an
uncertainty is type A or B, nor how an influence is distributed; that is kept here beside the number.
"""

import math
from dataclasses import dataclass
from typing import Self

from GTC import type_b, ureal
from GTC.lib import UncertainReal

from metrology.uncertainty.budget_line import Distribution, Evaluation


@dataclass(frozen=True, eq=False)
class Influence:
    """A named input of a measurement model; calculate with `number`.

    Two influences that look alike are still two: they are independent of each other. What several results depend on in
    common is one influence, handed to each of them.
    """

    name: str
    unit: str
    kind: Evaluation
    number: UncertainReal
    distribution: Distribution = Distribution.NORMAL

    @classmethod
    def type_a(cls, name: str, value: float, unit: str, standard_uncertainty: float, dof: float) -> Self:
        """Return an influence whose uncertainty was found from observations, with their degrees of freedom (>= 1)."""
        return cls(name, unit, "A", ureal(value, standard_uncertainty, dof))

    @classmethod
    def type_b(cls, name: str, value: float, unit: str, standard_uncertainty: float) -> Self:
        """Return an influence whose standard uncertainty is known otherwise: a certificate, a data sheet."""
        return cls(name, unit, "B", ureal(value, standard_uncertainty, math.inf))

    @classmethod
    def rectangular(cls, name: str, value: float, unit: str, half_width: float) -> Self:
        """Return an influence that lies anywhere within ± `half_width` (GUM 4.3.7: u = a/√3)."""
        return cls._bounded(name, value, unit, type_b.uniform(half_width), Distribution.RECTANGULAR)

    @classmethod
    def triangular(cls, name: str, value: float, unit: str, half_width: float) -> Self:
        """Return the sum of two equal, independent rectangular influences (GUM 4.3.9: u = a/√6).

        `half_width` is of the sum: twice that of each.
        """
        return cls._bounded(name, value, unit, type_b.triangular(half_width), Distribution.TRIANGULAR)

    @classmethod
    def _bounded(cls, name: str, value: float, unit: str, uncertainty: float, distribution: Distribution) -> Self:
        return cls(name, unit, "B", ureal(value, uncertainty, math.inf), distribution)
