# SPDX-License-Identifier: Apache-2.0
"""A measured value that knows how well it is known, and why: the budget stands behind the number.

GTC does the arithmetic. A result is built from the numbers of its `Influence`s and converted once, at the end, into a
plain frozen `Quantity` with its combined uncertainty and Welch–Satterthwaite degrees of freedom (GUM annex G). The
coverage factor follows from the distributions of the influences, see `output_distribution`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from GTC import reporting, ureal
from GTC.lib import UncertainReal

from groundfloor.inconclusive import Inconclusive
from groundfloor.json_number import json_number
from metrology.uncertainty.budget_line import BudgetLine
from metrology.uncertainty.influence import Influence
from metrology.uncertainty.output_distribution import OutputDistribution

_DOF_COUNTED_AS_INFINITE = 1e6


@dataclass(frozen=True)
class Quantity:
    """A value, its standard uncertainty and degrees of freedom, and the budget they come from.

    Attributes:
        value: the best estimate, in `unit`; NaN where nothing sensible was measured.
        unit: as printed in reports.
        standard_uncertainty: in `unit`, never negative.
        dof: effective degrees of freedom, at least 1; may be infinite.
        budget: one component per influence, in the order of the measurement model.
    """

    value: float
    unit: str
    standard_uncertainty: float
    dof: float = math.inf
    budget: tuple[BudgetLine, ...] = ()

    def __post_init__(self) -> None:
        if self.standard_uncertainty < 0 or self.dof < 1 or math.isnan(self.dof):
            raise ValueError(f"no such uncertainty: u = {self.standard_uncertainty!r} with {self.dof!r} dof")

    def __str__(self) -> str:
        expanded = self.expanded_uncertainty()
        if not math.isfinite(self.value) or not math.isfinite(expanded) or expanded == 0:
            return f"{self.value:g} ± {expanded:g} {self.unit}"
        decimals = max(0, 1 - math.floor(math.log10(expanded)))  # two significant figures of U (GUM 7.2.6)
        return f"{self.value:.{decimals}f} ± {expanded:.{decimals}f} {self.unit}"

    def coverage_factor(self, confidence: float = 0.95) -> float:
        """Return k, two-sided: from the distributions of the budget; without one, Student's t for the dof (GUM G.3)."""
        if self.budget and 0 < self.standard_uncertainty < math.inf:
            return _coverage_factor(self.budget, confidence)
        return float(reporting.k_factor(self.dof, 100 * confidence))

    def expanded_uncertainty(self, confidence: float = 0.95) -> float:
        """Return U = k·u in `unit`."""
        return self.coverage_factor(confidence) * self.standard_uncertainty

    def reopened(self) -> tuple[UncertainReal, tuple[Influence, ...]]:
        """Return the result as a GTC number again, with its influences, to calculate on without losing the budget.

        Raises:
            Inconclusive: the value or its uncertainty is no number.
        """
        if not (math.isfinite(self.value) and math.isfinite(self.standard_uncertainty)):
            raise Inconclusive("measurement", "calculate", f"{self} is no number", "look for what spoilt the readings")
        if not self.budget:
            itself = Influence.type_a("result", self.value, self.unit, self.standard_uncertainty, self.dof)
            return itself.number, (itself,)
        influences = tuple(
            Influence(
                line.name,
                line.unit,
                line.kind,
                ureal(line.value, line.standard_uncertainty, line.dof),
                line.distribution,
            )
            for line in self.budget
        )
        number = ureal(self.value, 0)
        for line, influence in zip(self.budget, influences, strict=True):
            number += line.sensitivity * (influence.number - line.value)
        return number, influences

    def subtracted_from(self, minuend: float) -> "Quantity":
        """Return `minuend - self`, the minuend being exact: a programmed volume, a counter."""
        number, influences = self.reopened()
        return quantity_from(minuend - number, self.unit, influences)

    def as_dict(self) -> dict[str, object]:
        """Return everything, the expanded uncertainty included, for JSON; NaN and infinity become null."""
        return {
            "value": json_number(self.value),
            "unit": self.unit,
            "standard_uncertainty": json_number(self.standard_uncertainty),
            "dof": json_number(self.dof),
            "coverage_factor": json_number(self.coverage_factor()),
            "expanded_uncertainty": json_number(self.expanded_uncertainty()),
            "budget": [component.as_dict() for component in self.budget],
        }


def quantity_from(number: UncertainReal, unit: str, influences: Sequence[Influence]) -> Quantity:
    """Convert the GTC result `number` of a model with these `influences` into a `Quantity` in `unit`.

    Raises:
        ValueError: the budget does not explain the uncertainty: an influence of `number` is not in the list.
    """
    budget = tuple(_budget_line(number, influence) for influence in influences)
    if not math.isclose(math.hypot(*(line.contribution for line in budget)), number.u, rel_tol=1e-9, abs_tol=1e-150):
        raise ValueError(f"the influences {[line.name for line in budget]} do not make up u = {number.u!r}")
    dof = number.df if number.u > 0 and number.df < _DOF_COUNTED_AS_INFINITE else math.inf
    # Rounding may leave a hair under the least degrees of freedom that there are.
    return Quantity(float(number.x), unit, float(number.u), max(1.0, float(dof)), budget)


def exact(value: float, unit: str) -> Quantity:
    """Return a value that has no uncertainty: a count, a set value."""
    return Quantity(value, unit, 0.0)


def _budget_line(result: UncertainReal, influence: Influence) -> BudgetLine:
    number = influence.number
    return BudgetLine(
        name=influence.name,
        value=float(number.x),
        unit=influence.unit,
        standard_uncertainty=float(number.u),
        kind=influence.kind,
        dof=float(number.df),
        sensitivity=float(reporting.sensitivity(result, number)),
        contribution=abs(float(reporting.u_component(result, number))),
        distribution=influence.distribution,
    )


@lru_cache(maxsize=256)
def _coverage_factor(budget: tuple[BudgetLine, ...], confidence: float) -> float:
    return OutputDistribution(budget).coverage_factor(confidence)
