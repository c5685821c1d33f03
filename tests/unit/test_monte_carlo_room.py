# SPDX-License-Identifier: Apache-2.0
"""The budget of a volume in a room that moved, against GUM Supplement 1: the model written again, fed with draws.

Dry and warm air, a tube that dips in and a balance whose sensitivity moves: all that `test_monte_carlo_volume` leaves
out. Vapour by Magnus, water by Kell, air by the short form.
"""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    DeliveredVolume,
    Evaporation,
    Liquid,
    Load,
    Repeatability,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from tests.unit.test_monte_carlo_volume import Draws, N, kell, short_form

DAY_S = 86400.0
BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, Repeatability(0.023, 18), sensitivity_per_c=1.5e-6)
BLANK = Evaporation(
    0.06,
    0.012,
    59,
    1.0,
    1800.0,
    0.02,
    temperature_c=20.0,
    humidity_percent=60.0,
    warming_c_per_h=0.3,
    denser_kg_m3_per_h=-0.002,
)
AIR = Conditions(22.0, 1008.0, 35.0, 1.0, 2.0, 5.0, -1.0, -1.5, -4.0, mean_vapour_deficit_hpa=17.2, driest_percent=31.0)
LOAD = Vessel.of(Load(50.0, 2230.0), Load(10.0, 998.0, 20.0), tube_share=0.0025)
TUBE = replace(LOAD, tube_mm=1.0, contact_cosine_half_width=0.02)
OUTLETS = {
    "submerged": TUBE,
    "free": replace(LOAD, drop_mg=3.0),
    "charged": replace(LOAD, static_mg=0.7, static_below_percent=40.0),
    "on the wall": LOAD,
}


def volume(rate_ul_per_h: float, duration_s: float, vessel: Vessel, stated_c: float | None) -> DeliveredVolume:
    gained_g = rate_ul_per_h * duration_s / 3600 * 0.997 / 1000
    start, end = BalanceMark(0.0, 3.0, 0.0, 0.02, 9, 11), BalanceMark(duration_s, 3.0 + gained_g, 0.0, 0.02, 9, 11)
    setup = WeighingSetup(BALANCE, BLANK, Liquid(volume_at_c=stated_c), vessel)
    return delivered_volume(setup, WeighedSpan(start, end, AIR, 0.5, rate_ul_per_h))


def vapour(celsius: Draws | float) -> Draws:
    return np.asarray(6.112 * np.exp(17.62 * celsius / (243.12 + celsius)))


def drawn_ul(rate_ul_per_h: float, duration_s: float, vessel: Vessel, stated_c: float | None) -> Draws:
    draw = np.random.default_rng(815)

    def box(half_width: float) -> npt.NDArray[np.float64]:
        return draw.uniform(-half_width, half_width, N)

    def t(uncertainty: float, dof: int) -> npt.NDArray[np.float64]:
        return uncertainty * draw.standard_t(dof, N)

    hours = duration_s / 3600
    shown_mg = rate_ul_per_h * hours * 0.997 + t(0.023, 18) - t(0.023, 18) + box(0.005) - box(0.005)
    shown_mg += box(0.1) - box(0.1) + 0.025 * draw.standard_normal(N) + box(0.2 * hours / 24)
    for half_width in (23.32 * vessel.tube_mm * vessel.contact_cosine_half_width, vessel.drop_mg / 2, vessel.static_mg):
        shown_mg += box(half_width) - box(half_width)
    # the whole load of 80 g is weighed otherwise when the balance grows colder: in the window; and warmer in the blank,
    # when less stood on it by what the window brought, and the air carried less of it because it grew thinner
    per_c = box(1.5e-6)
    shown_mg += per_c * 80_000 * math.hypot(1.0, 0.1 / math.sqrt(6))
    gained_g = rate_ul_per_h * hours * 0.997 / 1000
    load_g = box(20.0 - gained_g / 2) - gained_g / 2
    # both deficits by the same two sensors
    offset_c, offset_percent = box(1.0), box(5.0)
    seen_hpa = vapour(20.0 + offset_c) * (1 - (60.0 + offset_percent) / 100)
    shift_hpa = vapour(22.0 + offset_c) * (1 - (35.0 + offset_percent) / 100) - vapour(22.0) * 0.65
    change_hpa = vapour(22.0 + box(0.1)) * (1 - (35.0 + box(1.0)) / 100) - vapour(22.0) * 0.65
    ratio = (17.2 + shift_hpa + change_hpa) / seen_hpa
    drift = box(0.2 / 24)
    in_blank = 0.06 + t(math.hypot(0.012, 0.01 / math.sqrt(6)), 59) + box(0.02) + drift
    in_blank += 0.3 * per_c * (80_000 - 1000 * gained_g) + 0.002 * load_g * (1000 / 998.0 - 1 / 8)
    shown_mg += (in_blank * ratio - drift) * hours
    celsius, hpa, percent = 22.0 + box(1.0), 1008.0 + box(2.0), 35.0 + box(5.0)
    impure = box(0.005)
    change = short_form(21.5, 1007.25, 33.0) - short_form(22.5, 1008.75, 37.0)
    load_ml = 50.0 * (1000 / 2230 - 1 / 8) + 10.0 * (1000 / 998.0 - 1 / 8)
    by_load, by_air = 20.0 * (1000 / 998.0 - 1 / 8) * (abs(change) + 0.0005), load_ml * 0.0005
    shown_mg += load_ml * change + math.hypot(by_load, by_air) / math.sqrt(3) * draw.standard_normal(N)
    water, air = kell(celsius) + impure, short_form(celsius, hpa, percent)
    stated = water if stated_c is None else kell(np.full(N, stated_c)) + impure
    ul = shown_mg * (1 - air / 8000) / (1 - air / water) / (stated / 1000) * (1 - 0.0025 - box(0.00025))
    late_ul = rate_ul_per_h / 3600
    return np.asarray(ul + box(0.25) - box(0.25) + box(late_ul) - box(late_ul))


@pytest.mark.parametrize(
    ("rate_ul_per_h", "duration_s", "outlet", "stated_c"),
    [
        (2.0, DAY_S, "on the wall", None),
        (2.0, 3 * DAY_S, "submerged", None),
        (2.0, DAY_S, "free", None),
        (41.6667, DAY_S, "charged", 37.0),
        (1000.0, DAY_S, "submerged", 37.0),
    ],
)
def test_value_uncertainty_and_interval_are_those_of_the_propagated_distributions(
    rate_ul_per_h: float, duration_s: float, outlet: str, stated_c: float | None
) -> None:
    budget = volume(rate_ul_per_h, duration_s, OUTLETS[outlet], stated_c).quantity
    draws_ul = drawn_ul(rate_ul_per_h, duration_s, OUTLETS[outlet], stated_c)
    u_ul = math.hypot(*(line.contribution * math.sqrt(_spread(line.dof)) for line in budget.budget))
    middle_ul = float(np.median(draws_ul))
    assert budget.value == pytest.approx(middle_ul, abs=0.03 * budget.standard_uncertainty + 3e-5 * budget.value)
    assert u_ul == pytest.approx(float(draws_ul.std()), rel=0.02)
    low_ul, high_ul = np.quantile(draws_ul, [0.025, 0.975])
    assert budget.expanded_uncertainty() == pytest.approx(float(high_ul - low_ul) / 2, rel=0.02)


def _spread(dof: float) -> float:
    """Variance of Student's t: Supplement 1 counts it into u, the GUM into k."""
    return 1.0 if math.isinf(dof) else dof / (dof - 2)
