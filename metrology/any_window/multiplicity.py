# SPDX-License-Identifier: Apache-2.0
"""How far noise alone may lift the worst of many windows, and how well that noise is known.

A pump that is really over its limit is over it in one window that it chose, not the noise: nothing is multiplied there.
A good pump fails by any of n²/2 windows: only there the choice among many counts.
"""

import math

from scipy import special

NUISANCE = 1e-4
"""The share of one judgement in the false alarms of an infusion: seven of them stay under 1 in 1,000 together."""
_SURE = 0.99


def worst_of_many_factor(readings: int, probability: float = NUISANCE) -> float:
    """Return k: of all pairs of readings some differ by more than k·σ with at most this probability.

    Bonferroni's bound for the n(n−1)/2 differences of normal readings. It holds for any correlation of the noise; for
    independent noise and confirmed ends it is generous.
    """
    pairs = max(1.0, readings * (readings - 1) / 2)
    return math.sqrt(2) * -float(special.ndtri(min(0.5, probability / pairs)))


def upper_standard_deviation(standard_deviation: float, dof: float) -> float:
    """Return what the true standard deviation exceeds in one of a hundred cases only, one side (χ²)."""
    if math.isinf(dof):
        return standard_deviation
    return standard_deviation * math.sqrt(dof / (2 * float(special.gammaincinv(dof / 2, 1 - _SURE))))
