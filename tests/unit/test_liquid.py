# SPDX-License-Identifier: Apache-2.0
"""Densities of water by formula, and of other liquids by a table that is interpolated and never left."""

import pytest
from GTC import ureal
from GTC.lib import UncertainReal

from groundfloor.inconclusive import Inconclusive
from metrology.gravimetry import WATER, DensityLine, Liquid

BACLOFEN = Liquid(
    "baclofen", (DensityLine(18.0, 1006.0, 0.4), DensityLine(21.0, 1005.4, 0.2), DensityLine(25.0, 1004.2, 0.2))
)


def test_between_two_lines_the_density_lies_on_the_straight_line_through_them() -> None:
    assert BACLOFEN.density_kg_m3(18.0) == 1006.0
    assert BACLOFEN.density_kg_m3(20.0) == pytest.approx(1006.0 - 2 * 0.2)
    assert BACLOFEN.density_kg_m3(24.0) == pytest.approx(1005.4 - 3 * 0.3)
    assert BACLOFEN.density_kg_m3(25.0) == pytest.approx(1004.2)


def test_an_uncertain_temperature_makes_an_uncertain_density_by_the_slope_of_the_table() -> None:
    density: UncertainReal = BACLOFEN.density_kg_m3(ureal(23.0, 0.5))
    assert (density.x, density.u) == (pytest.approx(1004.8), pytest.approx(0.5 * 0.3))


def test_the_worse_of_the_two_lines_tells_how_well_the_density_is_known() -> None:
    assert BACLOFEN.influence(20.0).number.u == pytest.approx(0.2)
    assert BACLOFEN.influence(22.0).number.u == pytest.approx(0.1)
    assert (BACLOFEN.influence(20.0).name, BACLOFEN.influence(20.0).number.x) == ("density of baclofen", 0.0)


@pytest.mark.parametrize("temperature_c", [17.9, 25.1, float("nan")])
def test_outside_of_the_table_nothing_is_guessed(temperature_c: float) -> None:
    with pytest.raises(Inconclusive, match=r"liquid baclofen: take its density: .* goes from 18 to 25 °C"):
        BACLOFEN.density_kg_m3(temperature_c)
    with pytest.raises(Inconclusive, match="goes from 18 to 25"):
        BACLOFEN.influence(temperature_c)


def test_water_needs_no_table() -> None:
    assert WATER.density_kg_m3(20.0) == pytest.approx(998.2067, rel=1e-7)
    assert WATER.influence(20.0).number.u < 0.004
