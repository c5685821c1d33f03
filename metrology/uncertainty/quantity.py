# SPDX-License-Identifier: Apache-2.0
"""A measured value that knows how well it is known, and why: the budget stands behind the number.

GTC does the arithmetic. A `Quantity` keeps the GTC number that it was read off and the `Influence`s that this rests on,
so it can be calculated on: what two quantities share is the same number in both, and goes out or adds up by itself.

    longer = evening + night          # a common mark goes out, a common blank adds up
    share = evening / night           # the quotient of two volumes has no unit

Combined uncertainty and degrees of freedom are those of the GUM (annex G). The coverage factor follows from the
distributions of the influences, see `output_distribution`.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from GTC import reporting, ureal
from GTC.lib import UncertainReal

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from groundfloor.json_number import json_number
from metrology.uncertainty.budget_line import BudgetLine
from metrology.uncertainty.influence import Influence
from metrology.uncertainty.output_distribution import distribution_of

_DOF_COUNTED_AS_INFINITE = 1e6
_USUAL_CONFIDENCE = 0.95


@dataclass(frozen=True)
class _Model:
    """The number that the figures were read off, and all that it depends on."""

    number: UncertainReal
    influences: tuple[Influence, ...]


@dataclass(frozen=True)
class Quantity:
    """A value, its standard uncertainty and degrees of freedom, and the budget they come from.

    Made by `quantity_from`, it is the figures of a living number. Made of bare figures it is a result of which nothing
    else is known, and as an influence it is its own. Two quantities are equal where their figures are.

    Attributes:
        value: the best estimate, in `unit`; NaN where nothing sensible was measured.
        unit: as printed in reports.
        standard_uncertainty: in `unit`, never negative.
        dof: effective degrees of freedom, at least 1; may be infinite.
        budget: one line per influence, in the order of the measurement model.
    """

    value: float
    unit: str
    standard_uncertainty: float
    dof: float = math.inf
    budget: tuple[BudgetLine, ...] = ()
    _read_off: _Model | None = field(default=None, repr=False, compare=False, kw_only=True)

    def __post_init__(self) -> None:
        if self.standard_uncertainty < 0 or self.dof < 1 or math.isnan(self.dof):
            raise ValueError(f"no such uncertainty: u = {self.standard_uncertainty!r} with {self.dof!r} dof")
        if self._read_off is not None and float(self._read_off.number.x) != self.value:
            raise ValueError(f"{self.value!r} is not what was calculated; add the difference to the quantity instead")

    def __str__(self) -> str:
        expanded = self.expanded_uncertainty()
        if not math.isfinite(self.value) or not math.isfinite(expanded) or expanded == 0:
            return f"{self.value:g} ± {expanded:g} {self.unit}"
        decimals = max(0, 1 - math.floor(math.log10(expanded)))  # two significant figures of U (GUM 7.2.6)
        return f"{self.value:.{decimals}f} ± {expanded:.{decimals}f} {self.unit}"

    @property
    def number(self) -> UncertainReal:
        """Return the GTC number to calculate with.

        Raises:
            Inconclusive: the value or its uncertainty is no number.
        """
        return self._model.number

    @property
    def influences(self) -> tuple[Influence, ...]:
        """Return what the number depends on.

        Raises:
            Inconclusive: the value or its uncertainty is no number.
        """
        return self._model.influences

    def __add__(self, other: "Quantity | float") -> "Quantity":
        """Return the sum; of two quantities in one unit, or with an exact figure in it."""
        return self._with(other, self.number + self._term(other))

    __radd__ = __add__

    def __sub__(self, other: "Quantity | float") -> "Quantity":
        """Return the difference, as `__add__` the sum."""
        return self._with(other, self.number - self._term(other))

    def __rsub__(self, minuend: float) -> "Quantity":
        """Return what an exact figure has more: a programmed volume, a counter."""
        return quantity_from(minuend - self.number, self.unit, (self,))

    def __mul__(self, factor: float) -> "Quantity":
        """Return the multiple by an exact factor."""
        return quantity_from(self.number * factor, self.unit, (self,))

    __rmul__ = __mul__

    def __truediv__(self, divisor: "Quantity | float") -> "Quantity":
        """Return the part by an exact divisor, or the ratio of two quantities in one unit, which has none."""
        if isinstance(divisor, Quantity):
            return quantity_from(self.number / self._term(divisor), "", (self, divisor))
        return quantity_from(self.number / divisor, self.unit, (self,))

    def coverage_factor(self, confidence: float = _USUAL_CONFIDENCE) -> float:
        """Return k, two-sided: from the distributions of the budget; without one, Student's t for the dof (GUM G.3)."""
        if confidence == _USUAL_CONFIDENCE:
            return self._usual_coverage_factor
        return self._coverage_factor(confidence)

    @cached_property
    def _usual_coverage_factor(self) -> float:
        return self._coverage_factor(_USUAL_CONFIDENCE)

    def _coverage_factor(self, confidence: float) -> float:
        if self.budget and 0 < self.standard_uncertainty < math.inf:
            return _coverage_factor(self.budget, confidence)
        return float(reporting.k_factor(self.dof, 100 * confidence))

    def expanded_uncertainty(self, confidence: float = _USUAL_CONFIDENCE) -> float:
        """Return U = k·u in `unit`."""
        return self.coverage_factor(confidence) * self.standard_uncertainty

    def as_dict(self) -> dict[str, object]:
        """Return everything, the expanded uncertainty included, for JSON; NaN and infinity become null."""
        return {
            "value": json_number(self.value),
            "unit": self.unit,
            "standard_uncertainty": json_number(self.standard_uncertainty),
            "dof": json_number(self.dof),
            "coverage_factor": json_number(self.coverage_factor()),
            "expanded_uncertainty": json_number(self.expanded_uncertainty()),
            "budget": [line.as_dict() for line in self.budget],
        }

    @cached_property
    def _model(self) -> _Model:
        if self._read_off is not None:
            return self._read_off
        if not (math.isfinite(self.value) and math.isfinite(self.standard_uncertainty)):
            raise Inconclusive("measurement", "calculate", f"{self} is no number", "look for what spoilt the readings")
        if self.budget:
            return _linear_model(self.value, self.budget)
        itself = Influence.type_a("result", self.value, self.unit, self.standard_uncertainty, self.dof)
        return _Model(itself.number, (itself,))

    def _term(self, other: "Quantity | float") -> UncertainReal | float:
        if not isinstance(other, Quantity):
            return other
        if other.unit != self.unit:
            seen = f"one is in {self.unit!r}, the other in {other.unit!r}"
            raise PlanError("measurement", "calculate with two quantities", seen, "bring both into one unit")
        return other.number

    def _with(self, other: "Quantity | float", number: UncertainReal) -> "Quantity":
        return quantity_from(number, self.unit, (self, other) if isinstance(other, Quantity) else (self,))


def quantity_from(number: UncertainReal, unit: str, sources: Sequence[Influence | Quantity]) -> Quantity:
    """Return the `Quantity` in `unit` that GTC calculated as `number`.

    Args:
        number: the result of a model.
        unit: of the result.
        sources: what the model calculated with. What stands behind several of them gets one line of the budget.

    Raises:
        ValueError: the budget does not explain the uncertainty: an influence of `number` is not in the list.
    """
    influences = tuple({id(one.number): one for one in _influences_of(sources)}.values())
    budget = tuple(_budget_line(number, influence) for influence in influences)
    if not math.isclose(math.hypot(*(line.contribution for line in budget)), number.u, rel_tol=1e-9, abs_tol=1e-150):
        raise ValueError(f"the influences {[line.name for line in budget]} do not make up u = {number.u!r}")
    dof = number.df if number.u > 0 and number.df < _DOF_COUNTED_AS_INFINITE else math.inf
    # Rounding may leave a hair under the least degrees of freedom that there are.
    figures = float(number.x), unit, float(number.u), max(1.0, float(dof)), budget
    return Quantity(*figures, _read_off=_Model(number, influences))


def recombined(value: float, unit: str, budget: tuple[BudgetLine, ...]) -> Quantity:
    """Return the quantity of a budget that was read from a record, to first order about `value`.

    Each line is an influence of its own: what two records share is not known from their budgets. Where that counts,
    compute both again from the marks.
    """
    if not math.isfinite(value):
        return Quantity(value, unit, 0.0)
    if budget and all(map(_is_plain, budget)):
        return _of_independent_lines(value, unit, budget)
    model = _linear_model(value, budget)
    return quantity_from(model.number, unit, model.influences)


def _is_plain(line: BudgetLine) -> bool:
    """Tell whether GTC takes a line as it stands: it has no sensitivity to what has no uncertainty."""
    figures = line.value, line.standard_uncertainty, line.sensitivity
    known = line.standard_uncertainty > 0 or (line.standard_uncertainty == 0 and not line.sensitivity)
    return all(map(math.isfinite, figures)) and known and line.dof >= 1


def _of_independent_lines(value: float, unit: str, budget: tuple[BudgetLine, ...]) -> Quantity:
    """Return what GTC makes of the sum of lines that share nothing, bit by bit, without its bookkeeping of each term.

    A record has thousands of budgets, and each is made again whenever somebody checks it (GUM 5.1.2 and G.4.1).
    """
    components = [line.sensitivity * line.standard_uncertainty for line in budget]
    variances = [one * one for one in components]
    uncertainty, in_turn = math.sqrt(math.fsum(variances)), 0.0
    for variance in variances:  # not `fsum`: the last bit is to be that of GTC
        in_turn += variance
    shares = [
        (variance / in_turn if in_turn else 0.0, line.dof) for variance, line in zip(variances, budget, strict=True)
    ]
    inverse_dof = 0.0
    for share, dof in shares:
        inverse_dof += share * share / dof if math.isfinite(dof) else 0.0
    dof = 1 / inverse_dof if inverse_dof else math.inf
    counted = max(1.0, dof) if uncertainty > 0 and dof < _DOF_COUNTED_AS_INFINITE else math.inf
    contributions = map(abs, components)
    again = tuple(
        line if line.contribution == own else replace(line, contribution=own)
        for line, own in zip(budget, contributions, strict=True)
    )
    return Quantity(value, unit, uncertainty, counted, again)


def _influences_of(sources: Iterable[Influence | Quantity]) -> Iterator[Influence]:
    for source in sources:
        if isinstance(source, Quantity):
            yield from source.influences
        else:
            yield source


def _linear_model(value: float, budget: Iterable[BudgetLine]) -> _Model:
    number, influences = ureal(value, 0), []
    for line in budget:
        itself = ureal(line.value, line.standard_uncertainty, line.dof)
        influences.append(Influence(line.name, line.unit, line.kind, itself, line.distribution))
        number += line.sensitivity * (itself - line.value)
    return _Model(number, tuple(influences))


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
    return distribution_of(budget).coverage_factor(confidence)
