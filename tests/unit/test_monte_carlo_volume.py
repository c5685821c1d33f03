# SPDX-License-Identifier: Apache-2.0
"""The budget of a weighed volume against GUM Supplement 1: the same model, written again, fed with drawn numbers.

Nothing of the bench computes here: other formulae for water and air (Kell 1975, CIPM's short form), and draws instead
of sensitivities.
"""

import math

import numpy as np
import numpy.typing as npt
import pytest

from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    DeliveredVolume,
    Evaporation,
    Load,
    Repeatability,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)

DAY_S = 86400.0
N = 400_000
BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, Repeatability(0.023, 18))
BLANK = Evaporation(0.06, 0.012, 59, 1.0, 1800.0, 0.05)
AIR = Conditions(21.5, 1008.0, 47.0, 1.05, 2.1, 5.2, 0.3, -1.5, 2.0)
VESSEL = Vessel.of(Load(50.0, 2230.0), Load(10.0, 998.0, 20.0), tube_share=0.0025)
STROKE_UL = 0.5
WINDOWS = [  # µL/h, s, scatter of a mark in mg
    pytest.param(2.0, DAY_S, 0.02, id="low"),
    pytest.param(2.0, 5 * DAY_S, 0.02, id="low for five days"),
    pytest.param(41.6667, DAY_S, 0.09, id="intermediate"),
    pytest.param(1000.0, DAY_S / 6, 0.15, id="high"),
    pytest.param(41.6667, 3600.0, 0.6, id="noisy"),
]
Draws = npt.NDArray[np.float64]


def volume(rate_ul_per_h: float, duration_s: float, scatter_mg: float) -> DeliveredVolume:
    gained_g = rate_ul_per_h * duration_s / 3600 * 0.997 / 1000
    start = BalanceMark(0.0, 3.0, 0.0, scatter_mg, 9, 11)
    end = BalanceMark(duration_s, 3.0 + gained_g, 0.0, scatter_mg, 9, 11)
    return delivered_volume(
        WeighingSetup(BALANCE, BLANK, vessel=VESSEL), WeighedSpan(start, end, AIR, STROKE_UL, rate_ul_per_h)
    )


def drawn_ul(seed: int, rate_ul_per_h: float, duration_s: float, scatter_mg: float) -> Draws:
    draw = np.random.default_rng(seed)

    def box(half_width: float) -> Draws:
        return draw.uniform(-half_width, half_width, N)

    def t(uncertainty: float, dof: int) -> Draws:
        return uncertainty * draw.standard_t(dof, N)

    hours = duration_s / 3600
    noise_mg, dof = max((0.023, 18), (scatter_mg, 9))
    shown_mg = rate_ul_per_h * hours * 0.997 + t(noise_mg, dof) - t(noise_mg, dof)
    shown_mg += box(0.005) - box(0.005) + box(0.1) - box(0.1) + 0.025 * draw.standard_normal(N)
    shown_mg += box(0.2 * hours / 24)
    lost_mg_per_h = 0.06 + t(math.hypot(0.012, 0.01 / math.sqrt(6)), 59) + box(0.05)
    celsius, hpa, percent = 21.5 + box(1.05), 1008.0 + box(2.1), 47.0 + box(5.2)
    water = kell(celsius) + box(0.005)
    air = short_form(celsius, hpa, percent)
    change = short_form(21.65, 1007.25, 48.0) - short_form(21.35, 1008.75, 46.0)
    load_ml = 50.0 * (1000 / 2230 - 1 / 8) + 10.0 * (1000 / 998.0 - 1 / 8)
    by_load, by_air = 20.0 * (1000 / 998.0 - 1 / 8) * (abs(change) + 0.0005), load_ml * 0.0005
    floating_mg = load_ml * change + math.hypot(by_load, by_air) / math.sqrt(3) * draw.standard_normal(N)
    in_vacuum_mg = (shown_mg + lost_mg_per_h * hours + floating_mg) * (1 - air / 8000) / (1 - air / water)
    ul = in_vacuum_mg / (water / 1000) * (1 - 0.0025 - box(0.00025))
    late_ul = rate_ul_per_h / 3600
    return np.asarray(ul + box(STROKE_UL / 2) - box(STROKE_UL / 2) + box(late_ul) - box(late_ul))


def kell(celsius: Draws) -> Draws:
    t = celsius
    above = 999.83952 + t * (16.945176 + t * (-7.9870401e-3 + t * (-46.170461e-6 + t * 105.56302e-9)))
    return np.asarray(above / (1 + 16.879850e-3 * t))


def short_form(celsius: Draws | float, hpa: Draws | float, percent: Draws | float) -> Draws:
    return np.asarray((0.34848 * hpa - 0.009024 * percent * np.exp(0.0612 * celsius)) / (celsius + 273.15))


@pytest.mark.parametrize(("rate_ul_per_h", "duration_s", "scatter_mg"), WINDOWS)
def test_value_uncertainty_and_interval_are_those_of_the_propagated_distributions(
    rate_ul_per_h: float, duration_s: float, scatter_mg: float
) -> None:
    budget = volume(rate_ul_per_h, duration_s, scatter_mg).quantity
    draws_ul = drawn_ul(4711, rate_ul_per_h, duration_s, scatter_mg)
    u_ul = float(np.sqrt(sum(line.contribution**2 * _spread(line.dof) for line in budget.budget)))
    assert budget.value == pytest.approx(
        float(np.median(draws_ul)), abs=0.01 * budget.standard_uncertainty + 2e-5 * budget.value
    )
    assert u_ul == pytest.approx(float(draws_ul.std()), rel=0.01)
    low_ul, high_ul = np.quantile(draws_ul, [0.025, 0.975])
    assert budget.expanded_uncertainty() == pytest.approx(float(high_ul - low_ul) / 2, rel=0.01)


def _spread(dof: float) -> float:
    """Variance of Student's t: Supplement 1 counts it into u, the GUM into k."""
    return 1.0 if math.isinf(dof) else dof / (dof - 2)
