# SPDX-License-Identifier: Apache-2.0
"""Marks and blanks: lines through readings of the balance."""

import math

import numpy as np
import pytest

from groundfloor.inconclusive import Inconclusive
from metrology.gravimetry import BalanceMark, Conditions, Evaporation


def test_a_mark_is_the_mass_at_the_mean_instant_and_the_flow_is_no_scatter() -> None:
    mark = BalanceMark.fit([100.0, 101.0, 102.0, 103.0], [50.000, 50.001, 50.002, 50.003])
    assert mark.time_s == 101.5
    assert mark.mass_g == pytest.approx(50.0015, abs=1e-12)
    assert mark.scatter_mg == pytest.approx(0.0, abs=1e-6)
    assert (mark.dof, mark.readings) == (2, 4)


def test_the_scatter_about_the_line_is_that_of_least_squares() -> None:
    times_s, masses_mg = [0.0, 1.0, 2.0, 3.0, 4.0], [0.10, -0.05, 0.02, 0.07, -0.11]
    mark = BalanceMark.fit(times_s, [100 + mass_mg / 1000 for mass_mg in masses_mg])
    (residual,) = np.polyfit(times_s, masses_mg, 1, full=True)[1]
    assert mark.scatter_mg == pytest.approx(math.sqrt(residual / 3), rel=1e-6)
    assert mark.standard_uncertainty_mg == pytest.approx(mark.scatter_mg / math.sqrt(5), rel=1e-6)


def test_a_blank_that_loses_mass_is_a_positive_rate() -> None:
    times_s = np.linspace(0, 3600, 61)
    noise_mg = 0.02 * np.random.default_rng(4).standard_normal(61)
    blank = Evaporation.from_blank(list(times_s), list(100 - (0.03 * times_s / 3600 + noise_mg) / 1000))
    assert blank.rate_mg_per_h == pytest.approx(0.03, abs=3 * blank.standard_uncertainty_mg_per_h)
    # σ / √Σ(t - mean)²: 0.02 mg over 61 readings in an hour, were it known that none wandered
    assert 0.0087 < blank.standard_uncertainty_mg_per_h < 2 * 0.0087
    assert 3 <= blank.dof < 59
    assert blank.blank_h == 1.0


def test_a_blank_whose_display_never_moved_is_still_uncertain_by_a_step() -> None:
    blank = Evaporation.from_blank([0.0, 1800.0, 3600.0, 7200.0], [100.0] * 4)
    influence = blank.influence(readability_mg=0.1)
    assert influence.number.x == 0.0
    assert influence.number.u == pytest.approx(0.1 / math.sqrt(6) / 2)
    assert influence.number.df == 2


@pytest.mark.parametrize(
    ("times_s", "masses_g", "seen"),
    [
        ([0.0, 1.0], [50.0, 50.0], "2 readings where at least 3"),
        ([0.0, 1.0, 2.0], [50.0, math.nan, 50.0], "no number"),
        ([0.0, math.inf, 2.0], [50.0, 50.0, 50.0], "no number"),
        ([7.0, 7.0, 7.0], [50.0, 50.0, 50.0], "all of one instant"),
        ([], [], "0 readings"),
    ],
)
def test_readings_that_make_no_line_decide_nothing(times_s: list[float], masses_g: list[float], seen: str) -> None:
    with pytest.raises(Inconclusive, match=seen):
        BalanceMark.fit(times_s, masses_g)
    with pytest.raises(Inconclusive, match=seen):
        Evaporation.from_blank(times_s, masses_g)


@pytest.mark.parametrize(
    ("temperature_c", "pressure_hpa", "humidity_percent", "seen"),
    [
        (math.nan, 1000.0, 50.0, "temperature is nan °C"),
        (20.0, 100.0, 50.0, "air pressure is 100 hPa"),
        (55.0, 1000.0, 120.0, "temperature is 55 °C, not 0 to 40 °C; humidity is 120 %"),
    ],
)
def test_conditions_of_no_laboratory_decide_nothing(
    temperature_c: float, pressure_hpa: float, humidity_percent: float, seen: str
) -> None:
    with pytest.raises(Inconclusive, match=seen):
        Conditions(temperature_c, pressure_hpa, humidity_percent)


def test_conditions_that_changed_are_less_certain_by_half_the_change() -> None:
    mean = Conditions(20.0, 1000.0, 40.0).mean_with(Conditions(23.0, 1010.0, 50.0))
    assert (mean.temperature_c, mean.air_pressure_hpa, mean.humidity_percent) == (21.5, 1005.0, 45.0)
    assert (mean.temperature_rise_c, mean.air_pressure_rise_hpa, mean.humidity_rise_percent) == (3.0, 10.0, 10.0)
    assert mean.temperature_half_width_c == pytest.approx(math.hypot(1.0, 1.5))
    assert mean.air_pressure_half_width_hpa == pytest.approx(math.hypot(2.0, 5.0))
    assert mean.humidity_half_width_percent == pytest.approx(math.hypot(5.0, 5.0))
