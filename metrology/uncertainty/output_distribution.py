# SPDX-License-Identifier: Apache-2.0
"""How a result is distributed about its value, and so how wide an interval holds 95 % of what it may be.

Student's t with the effective degrees of freedom would be right if every influence were normal. Here a temperature
between two bounds or a pump stroke may make up most of the uncertainty: then k = 1.96 reaches further than the bounds
themselves, and a rare wild scatter added to a wide bound would even make U smaller (GUM H.1 does not foresee either).
GUM Supplement 1 propagates the distributions instead, and gives an influence of type A the t of its own degrees of
freedom (JCGM 101:2008, 6.4.9). For a sum that needs no random numbers: the characteristic function of a sum is the
product of those of its terms, and Gil-Pelaez (Biometrika 38, 1951, 481) gives the probability back.

All terms are symmetric and have one peak, so a wider term never makes the interval narrower (Birnbaum 1948).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from metrology.root import root_of
from metrology.uncertainty.budget_line import BudgetLine, Distribution

_Array = npt.NDArray[np.float64]
_NEGLIGIBLE = 1e-6
"""Share of the combined uncertainty under which a term changes no figure of k."""
_TAIL = 1e-7
_FADED = 1e-10
_FREQUENCIES = np.geomspace(2.0, 1000.0, 64)
_SMALL_ARGUMENT = 1e-2
_MOSTLY_BETWEEN = (1.4, 2.4)
"""Where k mostly lies for 95 %, tried first."""
_COUNTED_AS_NORMAL = 120.0
"""So many degrees of freedom and more count as a normal distribution with the variance of t."""


class OutputDistribution:
    """The distribution of the sum of the terms of a budget, in units of its combined standard uncertainty.

    Args:
        budget: the terms; their distributions, contributions and degrees of freedom count.
    """

    def __init__(self, budget: Iterable[BudgetLine]) -> None:
        terms = [(line.distribution, line.contribution, line.dof) for line in budget]
        combined = math.hypot(*(contribution for _, contribution, _ in terms))
        shares = [(shape, contribution / combined, dof) for shape, contribution, dof in terms if contribution > 0]
        self._terms = [one for one in shares if one[1] > _NEGLIGIBLE]

    def coverage_factor(self, confidence: float) -> float:
        """Return k: ± k standard uncertainties hold the truth with the probability `confidence`."""
        if len(self._terms) == 1:
            ((shape, _, dof),) = self._terms
            return _QUANTILES[shape](confidence, dof)
        near, far = _MOSTLY_BETWEEN
        if not self.within(near) < confidence < self.within(far):
            near, far = 1e-3, 2 * self._reach
        return root_of(lambda k: self.within(k) - confidence, near, far, absolute=1e-9)

    def within(self, distance: float) -> float:
        """Return the probability that the truth lies nearer than `distance`, in combined standard uncertainties."""
        if distance >= self._reach:  # the sum repeats itself far out
            return 1.0
        frequencies, weights = self._spectrum
        return float(np.dot(np.sin(distance * frequencies), weights))

    @cached_property
    def _reach(self) -> float:
        return math.fsum(share * _REACHES[shape](dof) for shape, share, dof in self._terms)

    @cached_property
    def _spectrum(self) -> tuple[_Array, _Array]:
        """Return frequencies, and what each weighs in the integral of Gil-Pelaez by the midpoint rule."""
        faded = self._characteristic(_FREQUENCIES, envelope=True) < _FADED
        highest = _FREQUENCIES[int(np.argmax(faded))] if faded.any() else _FREQUENCIES[-1]
        step = math.pi / (2 * self._reach)
        frequencies = (np.arange(math.ceil(highest / step)) + 0.5) * step
        return frequencies, 2 / math.pi * step * self._characteristic(frequencies) / frequencies

    def _characteristic(self, frequencies: _Array, *, envelope: bool = False) -> _Array:
        """Return the product of the characteristic functions of the terms; for its envelope no term changes sign."""
        product: _Array = np.exp(-self._normal_variance / 2 * frequencies * frequencies)
        if len(self._half_widths):
            arguments = self._half_widths * frequencies
            factors = np.minimum(1.0, 1 / arguments) if envelope else np.sin(arguments) / arguments
            product *= factors.prod(axis=0)
        for (share, dof), count in self._students.items():
            product *= _student(share * frequencies, dof) ** count
        return product

    @cached_property
    def _normal_variance(self) -> float:
        """Return the variance of all normal terms together, which are one."""
        return math.fsum(
            share * share * (1.0 if math.isinf(dof) else dof / (dof - 2))
            for shape, share, dof in self._terms
            if shape is Distribution.NORMAL and dof > _COUNTED_AS_NORMAL
        )

    @cached_property
    def _half_widths(self) -> _Array:
        """Return the half-widths of all rectangular terms, as a column; a triangular term is the sum of two."""
        widths = [math.sqrt(3) * share for shape, share, _ in self._terms if shape is Distribution.RECTANGULAR]
        triangular = [math.sqrt(1.5) * share for shape, share, _ in self._terms if shape is Distribution.TRIANGULAR]
        return np.array([*widths, *triangular, *triangular])[:, np.newaxis]

    @cached_property
    def _students(self) -> Counter[tuple[float, float]]:
        """Return share and degrees of freedom of each term with the distribution of Student, and how many are alike."""
        return Counter(  # both marks of a window bring the same
            (share, dof)
            for shape, share, dof in self._terms
            if shape is Distribution.NORMAL and dof <= _COUNTED_AS_NORMAL
        )


@lru_cache(maxsize=64)
def distribution_of(budget: tuple[BudgetLine, ...]) -> OutputDistribution:
    """Return the distribution of a budget; k and the probability of a verdict are read off the same one."""
    return OutputDistribution(budget)


def _student(x: _Array, dof: float) -> _Array:
    order, argument = dof / 2, math.sqrt(dof) * x
    with np.errstate(all="ignore"):  # the branch that is not taken may overflow
        log = order * np.log(argument) + np.log(special.kve(order, argument)) - argument
        exact = np.exp(log - special.gammaln(order) - (order - 1) * math.log(2))
    if dof <= 3:
        return np.asarray(exact)
    return np.where(argument < _SMALL_ARGUMENT, 1 - argument * argument / (4 * (order - 1)), exact)


_QUANTILES: dict[Distribution, Callable[[float, float], float]] = {
    Distribution.NORMAL: lambda confidence, dof: float(special.stdtrit(dof, (1 + confidence) / 2)),
    Distribution.RECTANGULAR: lambda confidence, _dof: math.sqrt(3) * confidence,
    Distribution.TRIANGULAR: lambda confidence, _dof: math.sqrt(6) * (1 - math.sqrt(1 - confidence)),
}
_REACHES: dict[Distribution, Callable[[float], float]] = {
    Distribution.NORMAL: lambda dof: min(-float(special.stdtrit(dof, _TAIL)), 2000.0),
    Distribution.RECTANGULAR: lambda _dof: math.sqrt(3),
    Distribution.TRIANGULAR: lambda _dof: math.sqrt(6),
}
