# SPDX-License-Identifier: Apache-2.0
"""Stability of the rate: scatter from window to window, and drift."""

import numpy as np
import pytest

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import DeliveryCurve, rate_stability


def test_an_even_rate_neither_scatters_nor_drifts() -> None:
    times_s = 30.0 * np.arange(2881)
    stability = rate_stability(DeliveryCurve(times_s, times_s / 90), 30.0, 3600.0)
    assert (stability.count, stability.mean_rate_ul_per_h) == (24, pytest.approx(40.0))
    assert stability.coefficient_of_variation_percent == pytest.approx(0, abs=1e-9)
    assert stability.drift_percent_per_day == pytest.approx(0, abs=1e-9)


def test_alternating_windows_scatter_by_what_the_formula_gives() -> None:
    weighed_ul = np.array([9.0, 11.0] * 12)
    stability = rate_stability(DeliveryCurve(3600.0 * np.arange(25), np.cumsum([0, *weighed_ul])), 3600.0, 3600.0)
    assert stability.mean_rate_ul_per_h == pytest.approx(10.0)
    assert stability.coefficient_of_variation_percent == pytest.approx(10 * np.sqrt(24 / 23))  # n - 1


def test_a_rate_that_creeps_shows_as_drift_in_percent_of_the_mean_rate_per_day() -> None:
    times_s = 60.0 * np.arange(5 * 1440 + 1)
    days = times_s / 86400
    # Rate 24 µL/day at the middle of the five days, 0.48 µL/day more with each day: 2 % per day.
    volumes_ul = 24 * days + 0.48 / 2 * ((days - 2.5) ** 2 - 2.5**2)
    stability = rate_stability(DeliveryCurve(times_s, volumes_ul), 60.0, 7200.0)
    assert stability.drift_percent_per_day == pytest.approx(2.0)
    assert stability.drift_standard_uncertainty_percent_per_day == pytest.approx(0, abs=1e-6)


def test_the_stated_uncertainty_of_the_drift_is_what_repeats_show() -> None:
    rng = np.random.default_rng(5)
    drifts, stated = [], []
    for _ in range(400):
        weighed_ul = 10 + rng.normal(0, 0.1, 48)
        found = rate_stability(DeliveryCurve(3600.0 * np.arange(49), np.cumsum([0, *weighed_ul])), 3600.0, 3600.0)
        drifts.append(found.drift_percent_per_day)
        stated.append(found.drift_standard_uncertainty_percent_per_day)
    assert np.std(drifts) == pytest.approx(np.sqrt(np.mean(np.square(stated))), rel=0.1)


@pytest.mark.parametrize(
    ("window_s", "message"), [(3600.0, "2 whole windows of 3600 s"), (100.0, "sampling intervals"), (0.0, "sampling")]
)
def test_windows_that_do_not_fit_are_refused(window_s: float, message: str) -> None:
    times_s = 30.0 * np.arange(300)
    with pytest.raises(PlanError, match=message):
        rate_stability(DeliveryCurve(times_s, times_s), 30.0, window_s)


def test_a_pump_that_stands_has_no_rate_to_refer_to() -> None:
    times_s = 30.0 * np.arange(300)
    with pytest.raises(PlanError, match="a mean rate of 0 µL/h"):
        rate_stability(DeliveryCurve(times_s, 0 * times_s), 30.0, 600.0)


def test_a_gap_is_refused() -> None:
    times_s = np.delete(30.0 * np.arange(300), [100, 101])
    with pytest.raises(Inconclusive, match="no sample for 90 s"):
        rate_stability(DeliveryCurve(times_s, times_s), 30.0, 600.0)
