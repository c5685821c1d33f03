# SPDX-License-Identifier: Apache-2.0
"""Water, air and buoyancy against check values calculated once, outside of this code, from the published formulae."""

import pytest
from GTC import ureal
from GTC.lib import UncertainReal

from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.water_density import water_density_kg_m3

WATER = [  # °C, kg/m³, mL of water per g displayed at 1013.25 hPa and 50 % humidity
    (4, 999.9749, 1.001140),
    (15, 999.1026, 1.001971),
    (18, 998.5984, 1.002465),
    (20, 998.2067, 1.002851),
    (21, 997.9950, 1.003060),
    (22, 997.7730, 1.003280),
    (23, 997.5408, 1.003510),
    (25, 997.0470, 1.004000),
    (30, 995.6488, 1.005392),
    (37, 993.3290, 1.007716),
]
AIR = [
    (20, 1013.25, 50, 1.19931),
    (23, 1013.25, 50, 1.18608),
    (20, 950, 40, 1.12514),
    (20, 750, 50, 0.88628),
]


@pytest.mark.parametrize(("temperature_c", "density", "_"), WATER)
def test_the_density_of_water_is_that_of_tanaka(temperature_c: float, density: float, _: float) -> None:
    assert water_density_kg_m3(temperature_c) == pytest.approx(density, abs=5.1e-5)


@pytest.mark.parametrize(("temperature_c", "pressure_hpa", "humidity_percent", "density"), AIR)
def test_the_density_of_air_is_that_of_cipm_2007(
    temperature_c: float, pressure_hpa: float, humidity_percent: float, density: float
) -> None:
    assert air_density_kg_m3(temperature_c, pressure_hpa, humidity_percent) == pytest.approx(density, abs=5.1e-6)


@pytest.mark.parametrize(("temperature_c", "_", "ml_per_g"), WATER)
def test_a_displayed_gram_is_the_volume_of_the_table(temperature_c: float, _: float, ml_per_g: float) -> None:
    water, air = water_density_kg_m3(temperature_c), air_density_kg_m3(temperature_c, 1013.25, 50)
    assert 1000 * buoyancy_factor(air, water) / water == pytest.approx(ml_per_g, rel=1e-6)


def test_buoyancy_of_water_in_standard_air_is_a_thousandth() -> None:
    assert buoyancy_factor(1.2, 997.0) == pytest.approx(1.001054, abs=1e-6)


def test_an_uncertain_temperature_makes_an_uncertain_density() -> None:
    water: UncertainReal = water_density_kg_m3(ureal(20, 0.5))
    assert water.u == pytest.approx(0.5 * 0.2068, rel=0.01)


@pytest.mark.parametrize("temperature_c", [-0.1, 40.1, float("nan")])
def test_water_outside_the_formula_is_refused(temperature_c: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 40 °C"):
        water_density_kg_m3(temperature_c)
