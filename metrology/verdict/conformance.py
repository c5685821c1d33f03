# SPDX-License-Identifier: Apache-2.0
"""How sure is a verdict? The probability that the true value lies inside the limits, and the ratio of limits to U.

The rule's own risk is that of the worst pump there can be, whose true value is the limit itself. The conformance
probability is about this measured value: what JCGM 106:2012 calls p_C, with nothing known beforehand. It is taken from
the same distribution as U: that of the budget's influences together, be they normal, t of few readings, or bounds.
"""

import math
from collections.abc import Callable

from scipy import special

from metrology.uncertainty import BudgetLine, Distribution, Quantity, distribution_of
from metrology.verdict.limits import Limits


def conformance_probability(quantity: Quantity, limits: Limits) -> float | None:
    """Return p = F((upper − y)/u) − F((lower − y)/u) (JCGM 106:2012, 7.2).

    F is the distribution behind U: of a budget `OutputDistribution`; without one the normal distribution, or Student's
    t where the degrees of freedom are few (JCGM 101:2008, 6.4.9), so that a scatter from eleven readings makes nobody
    surer than eleven readings can. A limit that is not there is infinitely far. Of an exact value p is 1 or 0.

    Returns:
        A probability; None where value or uncertainty is no finite number.
    """
    value, uncertainty = quantity.value, quantity.standard_uncertainty
    if not (math.isfinite(value) and math.isfinite(uncertainty)):
        return None
    beyond = _beyond(quantity)
    below = 0.0 if limits.lower is None else beyond(value - limits.lower)
    above = 0.0 if limits.upper is None else beyond(limits.upper - value)
    return max(0.0, 1.0 - below - above)


def uncertainty_ratio(quantity: Quantity, limits: Limits) -> float | None:
    """Return the test uncertainty ratio TUR = (upper − lower)/(2U).

    Returns:
        The ratio, infinite for an exact value; None where there is only one limit, and so no span to compare with, or
        where U is no finite number.
    """
    expanded = quantity.expanded_uncertainty()
    if limits.lower is None or limits.upper is None or not math.isfinite(expanded):
        return None
    return (limits.upper - limits.lower) / (2 * expanded) if expanded > 0 else math.inf


def _beyond(quantity: Quantity) -> Callable[[float], float]:
    """Return the function that tells how probable it is that the truth lies further off than a room on one side."""
    uncertainty, dof = quantity.standard_uncertainty, quantity.dof
    if uncertainty == 0:
        return lambda room: 0.0 if room >= 0 else 1.0
    tail = _tail_of(quantity.budget, dof)

    def beyond(room: float) -> float:
        further = min(1.0, max(0.0, tail(abs(room) / uncertainty)))
        return further if room >= 0 else 1.0 - further

    return beyond


def _tail_of(budget: tuple[BudgetLine, ...], dof: float) -> Callable[[float], float]:
    """Return the probability of more than so many standard uncertainties on one side."""
    terms = [line for line in budget if line.contribution > 0]
    if not terms:
        return lambda far: float(special.ndtr(-far) if math.isinf(dof) else special.stdtr(dof, -far))
    if len(terms) > 1:
        distribution = distribution_of(budget)
        return lambda far: (1.0 - distribution.within(far)) / 2
    ((shape, dof),) = ((line.distribution, line.dof) for line in terms)
    if shape is Distribution.RECTANGULAR:
        return lambda far: (1 - far / math.sqrt(3)) / 2
    if shape is Distribution.TRIANGULAR:
        return lambda far: max(0.0, 1 - far / math.sqrt(6)) ** 2 / 2
    return _tail_of((), dof)
