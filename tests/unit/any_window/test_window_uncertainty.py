# SPDX-License-Identifier: Apache-2.0
"""What one window is worth and what the worst of many is, against figures worked out by hand and by trial."""

import numpy as np
import pytest

from metrology.any_window import (
    WindowUncertainty,
    trumpet_limit_percent,
    upper_standard_deviation,
    worst_of_many_factor,
)
from metrology.gravimetry import BalanceSpecification, Repeatability

BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, Repeatability(0.021, 59))


@pytest.mark.parametrize(("rate", "one_ul", "many_ul"), [(2, 0.174, 0.53), (208.333, 0.198, 0.65), (1000, 0.47, 1.09)])
def test_one_window_and_the_worst_of_a_day_at_three_rates(rate: float, one_ul: float, many_ul: float) -> None:
    windows = WindowUncertainty(BALANCE, None, rate)
    assert windows.one(0.5).expanded_uncertainty() == pytest.approx(one_ul, abs=0.005)
    assert windows.one(0.5).value == 0.5
    assert sum(bound.half_width for bound in windows.bounds(2880, 0.025)) == pytest.approx(many_ul, abs=0.01)


def test_what_else_presses_on_the_pan_counts_at_both_ends_and_what_is_between_once() -> None:
    plain = WindowUncertainty(BALANCE, None, 2.0)
    pressed = WindowUncertainty(BALANCE, None, 2.0, at_each_end_mg=(("drop", 6.0),), between_mg=(("air", 0.3),))
    more_ul = sum(b.half_width for b in pressed.bounds(100)) - sum(b.half_width for b in plain.bounds(100))
    assert more_ul == pytest.approx(2 * 6.0 + 0.3)
    # Two rectangles of ±6 make a triangle of ±12, whose 95 % are ±9.3.
    assert pressed.one(0.0).expanded_uncertainty() == pytest.approx(9.3, abs=0.1)


def test_the_noise_of_the_run_counts_where_it_is_worse_than_the_blank() -> None:
    assert WindowUncertainty(BALANCE, Repeatability(0.2, 30), 2.0).noise_ul == 0.2
    assert WindowUncertainty(BALANCE, Repeatability(0.01, 30), 2.0).noise_ul == 0.021


@pytest.mark.parametrize(("readings", "factor"), [(480, 8.51), (2880, 9.30), (20160, 10.09), (86400, 10.64)])
def test_the_factor_for_many_grows_slowly(readings: int, factor: float) -> None:
    assert worst_of_many_factor(readings) == pytest.approx(factor, abs=0.01)


def test_the_factor_bounds_the_range_of_noise() -> None:
    """2,000 rows of 480 readings: 2.5 % of the ranges may exceed the factor for 2.5 %; a bound, so fewer do."""
    ranges = np.ptp(np.random.default_rng(7).normal(size=(2000, 480)), axis=1)
    # A range has two orders, a window one.
    assert np.mean(ranges > worst_of_many_factor(480, 0.0125)) <= 0.025


def test_few_degrees_of_freedom_leave_the_noise_open() -> None:
    assert upper_standard_deviation(1.0, 59) == pytest.approx(1.268, abs=1e-3)
    assert upper_standard_deviation(1.0, 18) == pytest.approx(1.602, abs=1e-3)
    assert upper_standard_deviation(1.0, float("inf")) == 1.0


def test_a_promised_excess_is_a_hyperbola_in_the_trumpet() -> None:
    windows_s = 60.0 * np.array([2, 5, 11, 19, 31, 60, 150, 930])
    limits = trumpet_limit_percent(windows_s, 41.6667, 14.5, 4.2222)
    assert limits.round(0).tolist() == [318, 136, 70, 46, 34, 25, 19, 15]
