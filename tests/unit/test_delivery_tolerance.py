# SPDX-License-Identifier: Apache-2.0
"""Tolerance intervals: published factors, an independent integral, coverage in repeats, and what is refused."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi2, norm

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import Sides, tolerance_interval
from metrology.delivery.tolerance_factor import one_sided_factor, two_sided_factor

# confidence/coverage: two-sided 90/90, 95/90, 95/95, 95/99; one-sided 90/90, 95/95
TABLE = {
    5: (3.499, 4.291, 5.077, 6.598, 2.742, 4.203),
    6: (3.141, 3.733, 4.422, 5.758, 2.494, 3.708),
    8: (2.754, 3.156, 3.746, 4.889, 2.219, 3.187),
    10: (2.546, 2.856, 3.393, 4.437, 2.066, 2.911),
    12: (2.414, 2.670, 3.175, 4.156, 1.966, 2.736),
    15: (2.285, 2.492, 2.965, 3.885, 1.867, 2.566),
    20: (2.158, 2.319, 2.760, 3.621, 1.765, 2.396),
    22: (2.123, 2.272, 2.705, 3.549, 1.737, 2.349),
    30: (2.029, 2.145, 2.555, 3.355, 1.657, 2.220),
    60: (1.888, 1.960, 2.335, 3.068, 1.532, 2.022),
}


@pytest.mark.parametrize("count", TABLE)
def test_the_factors_agree_with_the_published_ones_to_every_digit(count: int) -> None:
    two_sided = [two_sided_factor(count, coverage, confidence) for confidence, coverage in _TWO_SIDED]
    one_sided = [one_sided_factor(count, coverage, confidence) for confidence, coverage in _ONE_SIDED]
    assert [*two_sided, *one_sided] == pytest.approx(TABLE[count], abs=0.00051)


_TWO_SIDED = ((0.90, 0.90), (0.95, 0.90), (0.95, 0.95), (0.95, 0.99))
_ONE_SIDED = ((0.90, 0.90), (0.95, 0.95))


def test_the_one_sided_factor_of_forty_is_the_published_one() -> None:
    assert one_sided_factor(40, 0.90, 0.99) == pytest.approx(1.9017, abs=0.00005)


@pytest.mark.parametrize(("count", "coverage", "confidence"), [(2, 0.95, 0.95), (3, 0.5, 0.05), (22, 0.9, 0.9)])
def test_the_two_sided_factor_solves_the_integral(count: int, coverage: float, confidence: float) -> None:
    """The same condition, integrated adaptively and with r found from the normal distribution itself."""
    k = two_sided_factor(count, coverage, confidence)

    def enough(mean: float) -> float:
        def lacking(half: float) -> float:
            return float(norm.cdf(mean + half) - norm.cdf(mean - half)) - coverage

        half_width = brentq(lacking, 0, 20, xtol=1e-12)
        return float(
            chi2.sf((count - 1) * half_width**2 / k**2, count - 1) * norm.pdf(mean, scale=1 / math.sqrt(count))
        )

    integral, _ = quad(enough, 0, 9 / math.sqrt(count), limit=200)
    assert 2 * integral == pytest.approx(confidence, abs=1e-7)


def test_the_interval_covers_its_share_as_often_as_it_says() -> None:
    values = np.random.default_rng(7).normal(size=(20_000, 22))
    half = two_sided_factor(22, 0.90, 0.90) * values.std(axis=1, ddof=1)
    covered = norm.cdf(values.mean(axis=1) + half) - norm.cdf(values.mean(axis=1) - half)
    assert np.mean(covered >= 0.90) == pytest.approx(0.90, abs=0.007)


def test_it_lies_k_standard_deviations_about_the_mean() -> None:
    interval = tolerance_interval([-2.0, 0.0, 1.0, 2.0, 4.0], 0.90, 0.95)
    assert (interval.count, interval.mean, interval.standard_deviation) == (5, 1.0, pytest.approx(math.sqrt(5)))
    assert interval.upper == pytest.approx(1 + 4.2906 * math.sqrt(5), abs=1e-3)
    assert interval.lower == pytest.approx(1 - 4.2906 * math.sqrt(5), abs=1e-3)


def test_a_one_sided_interval_is_open_on_the_other_side_and_tighter() -> None:
    values = [-2.0, 0.0, 1.0, 2.0, 4.0]
    both, upper, lower = (tolerance_interval(values, sides=sides) for sides in (Sides.BOTH, Sides.UPPER, Sides.LOWER))
    assert (upper.lower, lower.upper) == (-math.inf, math.inf)
    assert upper.upper == pytest.approx(1 + 2.7423 * math.sqrt(5), abs=1e-3)
    assert upper.upper < both.upper
    assert lower.lower > both.lower


@pytest.mark.parametrize(
    ("count", "coverage", "confidence"),
    [(1, 0.9, 0.9), (0, 0.9, 0.9), (5, 1.0, 0.9), (5, 0.9, 0.0), (5, math.nan, 0.9)],
)
def test_what_has_no_factor_is_refused(count: int, coverage: float, confidence: float) -> None:
    for factor in (one_sided_factor, two_sided_factor):
        with pytest.raises(PlanError, match=f"{count} pumps"):
            factor(count, coverage, confidence)


def test_a_single_pump_has_no_interval() -> None:
    with pytest.raises(PlanError, match="1 pumps"):
        tolerance_interval([1.0])


@pytest.mark.parametrize(
    ("values", "message"), [([1.0, math.nan, 2.0], r"values\[1\] is nan"), ([2.0, 2.0, 2.0], "all 3 values are 2")]
)
def test_values_that_hide_their_scatter_are_refused(values: list[float], message: str) -> None:
    with pytest.raises(Inconclusive, match=message):
        tolerance_interval(values)
