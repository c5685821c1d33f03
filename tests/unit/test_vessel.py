# SPDX-License-Identifier: Apache-2.0
"""What the vessel on the pan does to the display by itself: it floats in air that changes, and holds a tube up."""

import math
from dataclasses import replace

import numpy as np
import pytest

from metrology.gravimetry import Conditions, Load, Vessel
from metrology.gravimetry.air_density import air_density_kg_m3

AIR = Conditions(20.0, 1013.25, 50.0)
AIR_AT = np.array([20.0, 1013.25, 50.0])
GLASS = Vessel.of(Load(50.0, 2230.0), Load(10.0, 998.2, 20.0))


def test_the_excess_volume_is_that_of_the_load_less_that_of_the_weights() -> None:
    assert GLASS.excess_volume_ml == pytest.approx(50 / 2.230 - 50 / 8 + 10 / 0.9982 - 10 / 8)
    assert GLASS.excess_volume_half_width_ml == pytest.approx(20 / 0.9982 - 20 / 8)


def test_air_that_grows_denser_takes_from_the_display() -> None:
    lost = GLASS.lost_to_air(replace(AIR, air_pressure_rise_hpa=3.0)).number
    assert lost.x == pytest.approx(GLASS.excess_volume_ml * 3.0 * 1.1836e-3, rel=0.01)
    assert lost.x == pytest.approx(0.0885, abs=1e-3)
    assert GLASS.lost_to_air(replace(AIR, temperature_rise_c=1.0)).number.x < 0 < lost.x


def test_a_vessel_that_nobody_stated_is_not_corrected_and_widens_the_uncertainty() -> None:
    rising = replace(AIR, air_pressure_rise_hpa=3.0)
    stated, unstated = GLASS.lost_to_air(rising).number, Vessel().lost_to_air(rising).number
    assert unstated.x == 0.0
    assert unstated.u > 2 * stated.u
    assert math.sqrt(3) * unstated.u > stated.x + math.sqrt(3) * stated.u


def test_even_in_still_air_sensors_tell_a_change_only_so_well() -> None:
    assert GLASS.lost_to_air(AIR).number.x == 0.0
    by_air, by_load = 24.9 / math.sqrt(6), 17.5 / math.sqrt(3)
    assert GLASS.lost_to_air(AIR).number.u == pytest.approx(0.0005 * math.hypot(by_air, by_load), rel=0.01)


def test_what_sensors_miss_of_a_change_is_the_difference_of_two_readings() -> None:
    """Each is off by anything within 0.05 °C, 0.05 hPa and 0.5 %: what that makes of the density is not more than u."""
    draw, most = np.random.default_rng(1), np.array([0.05, 0.05, 0.5])
    first, second = (AIR_AT + most * draw.uniform(-1, 1, (2000, 3)) for _ in range(2))
    change = [
        air_density_kg_m3(*later) - air_density_kg_m3(*earlier) for earlier, later in zip(first, second, strict=True)
    ]
    known = Vessel(excess_volume_ml=24.9, excess_volume_half_width_ml=0.0).lost_to_air_in_blank(AIR).number.u / 24.9
    assert np.std(change) <= known <= 1.2 * np.std(change)


def test_a_millimetre_in_twenty_makes_a_quarter_of_a_per_cent() -> None:
    share = replace(GLASS, tube_share=(1 / 20) ** 2).tube().number
    assert 1 / (1 - share.x) - 1 == pytest.approx(0.0025, rel=0.01)
    assert GLASS.tube().number.u == 0.0


def test_a_load_that_nobody_stated_floats_by_the_whole_change_of_the_air_and_what_the_sensors_leave_open() -> None:
    lost = Vessel(0.0, 80.0).lost_to_air(replace(AIR, air_pressure_rise_hpa=3.0)).number
    assert lost.x == 0.0
    assert lost.u == pytest.approx(80.0 * (3.0 * 1.184e-3 + 0.0005) / math.sqrt(3), rel=0.01)
