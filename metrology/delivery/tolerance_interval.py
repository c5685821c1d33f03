# SPDX-License-Identifier: Apache-2.0
"""The tolerance interval of several pumps: where a share of all pumps of this kind lies, with stated confidence.

A mean over the pumps tested says nothing about the next one; this does, as long as the pumps scatter normally and were
drawn at random. Makers' accuracy claims are of this kind: ±6 % at 90/90 with 22 pumps.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from groundfloor.inconclusive import Inconclusive
from metrology.delivery.tolerance_factor import one_sided_factor, two_sided_factor

_ASSET = "tolerance interval"


class Sides(StrEnum):
    """Which ends an interval has."""

    BOTH = "two-sided"
    LOWER = "lower limit only"
    UPPER = "upper limit only"


@dataclass(frozen=True)
class ToleranceInterval:
    """A normal tolerance interval; all but counts and shares in the unit of the values.

    Attributes:
        count: n, the pumps in the sample.
        coverage: share of all pumps that it holds.
        confidence: that it does.
        sides: which ends it has.
        k: the exact factor.
        mean: of the sample.
        standard_deviation: of the sample, n - 1 in its denominator.
        lower: `mean - k s`; minus infinity where there is an upper limit only.
        upper: `mean + k s`; infinity where there is a lower limit only.
    """

    count: int
    coverage: float
    confidence: float
    sides: Sides
    k: float
    mean: float
    standard_deviation: float
    lower: float
    upper: float


def tolerance_interval(
    values: Sequence[float], coverage: float = 0.90, confidence: float = 0.90, sides: Sides = Sides.BOTH
) -> ToleranceInterval:
    """Compute the tolerance interval of one value per pump, such as its overall error in %.

    Args:
        values: one per pump, at least two; normally distributed, which is not tested here.
        coverage: share of all pumps.
        confidence: probability with which the interval covers that share.
        sides: which ends it has.

    Raises:
        PlanError: there are fewer than two values, or a share is not between 0 and 1.
        Inconclusive: a value is no number, or all are the same: resolution then hides how much they scatter.
    """
    factor = two_sided_factor if sides is Sides.BOTH else one_sided_factor
    k = factor(len(values), coverage, confidence)
    _refuse(values)
    mean, deviation = float(np.mean(values)), float(np.std(values, ddof=1))
    lower = -math.inf if sides is Sides.UPPER else mean - k * deviation
    upper = math.inf if sides is Sides.LOWER else mean + k * deviation
    return ToleranceInterval(len(values), coverage, confidence, sides, k, mean, deviation, lower, upper)


def _refuse(values: Sequence[float]) -> None:
    for index, value in enumerate(values):
        if not math.isfinite(value):
            raise Inconclusive(_ASSET, "compute it", f"values[{index}] is {value:g}", "look for what spoilt it")
    if min(values) == max(values):
        seen = f"all {len(values)} values are {values[0]:g}"
        raise Inconclusive(_ASSET, "compute it", seen, "measure with more digits, or look for one file copied")
