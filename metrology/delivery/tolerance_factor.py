# SPDX-License-Identifier: Apache-2.0
"""Exact factors k of normal tolerance intervals: `mean ± k s` covers a share of all pumps, with stated confidence.

One-sided, k follows from the non-central t distribution. Two-sided, the factor is the solution of an integral over
where the sample mean may lie (Wald and Wolfowitz 1946; ISO 16269-6). The closed approximation by Howe, which many
tables print, is 0.3 % too small at ten pumps, which is not the safe side, and is not used.
"""

import math
from collections.abc import Callable

import numpy as np

from groundfloor.errors import PlanError
from metrology.root import root_of

LEAST_COUNT = 2

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
_FURTHEST_MEAN = 9.0  # standard errors; what lies beyond has a probability of 2e-19


def one_sided_factor(count: int, coverage: float, confidence: float) -> float:
    """Return k such that, with `confidence`, a share `coverage` of the population lies below `mean + k s`.

    Args:
        count: pumps in the sample, at least two.
        coverage: between 0 and 1.
        confidence: between 0 and 1.

    Raises:
        PlanError: there is no such factor.
    """
    from scipy.stats import nct, norm  # takes long to import, and an infusion needs none of it

    _refuse(count, coverage, confidence)
    root = math.sqrt(count)
    return float(nct.ppf(confidence, count - 1, norm.ppf(coverage) * root)) / root


def two_sided_factor(count: int, coverage: float, confidence: float) -> float:
    """Return k such that, with `confidence`, a share `coverage` of the population lies within `mean ± k s`.

    With the sample mean z standard errors off, the interval covers enough where its half-width k s is at least the r(z)
    for which `Φ(z/√n + r) - Φ(z/√n - r)` is the coverage. So the confidence is the mean over z of the probability that
    chi-square with n - 1 degrees of freedom is over `(n - 1) r² / k²`, integrated here by Gauss and Legendre.

    Args:
        count: pumps in the sample, at least two.
        coverage: between 0 and 1.
        confidence: between 0 and 1.

    Raises:
        PlanError: there is no such factor.
    """
    from scipy.stats import chi2, ncx2, norm

    _refuse(count, coverage, confidence)
    z = _FURTHEST_MEAN / 2 * (_NODES + 1)
    weights = _FURTHEST_MEAN * _WEIGHTS * norm.pdf(z)  # both signs of z
    r_squared = ncx2.ppf(coverage, 1, z**2 / count)

    def lacking(k: float) -> float:
        return float(weights @ chi2.sf((count - 1) * r_squared / k**2, count - 1)) - confidence

    return root_of(lacking, *_bracket(lacking), absolute=1e-12)


def _bracket(lacking: Callable[[float], float]) -> tuple[float, float]:
    least = greatest = 1.0
    while lacking(least) > 0:
        least /= 2
    while lacking(greatest) < 0:
        greatest *= 2
    return least, greatest


def _refuse(count: int, coverage: float, confidence: float) -> None:
    if not (count >= LEAST_COUNT and 0 < coverage < 1 and 0 < confidence < 1):
        seen = f"{count} pumps, coverage {coverage:g}, confidence {confidence:g}"
        next_step = f"give {LEAST_COUNT} pumps or more, and shares between 0 and 1"
        raise PlanError("tolerance interval", "find the factor k", seen, next_step)
