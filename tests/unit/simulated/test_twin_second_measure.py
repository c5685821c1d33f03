# SPDX-License-Identifier: Apache-2.0
"""The second measure of a twin follows the fluid, and nothing of the balance under the vessel."""

import pytest

from instruments.simulated.twin.twin import Twin

HOUR_S = 3600.0
CASES = (
    ("second_balance", -1.0),
    ("flow_sensor", 1.001),
    ("second_balance_scale=0.05", -1.05),
    ("flow_sensor_scale", 0.951),
)
"""Defect, and what the second measure gains per what the vessel does."""


def gained_g(*defects: str) -> tuple[float, float]:
    """Return what the vessel and what the second measure gained in an hour of flow."""
    twin = Twin.assemble(defects=defects)
    assert twin.second is not None
    twin.timeline.advance_to(1.0)
    before = twin.cell.weigh().net_mass_g, twin.second.weigh().net_mass_g
    twin.hydraulics.drive(1000.0)
    twin.timeline.advance_to(HOUR_S)
    twin.hydraulics.drive(0.0)
    twin.timeline.advance_to(2 * HOUR_S)
    return twin.cell.weigh().net_mass_g - before[0], twin.second.weigh().net_mass_g - before[1]


@pytest.mark.parametrize(("defect", "share"), CASES)
def test_the_second_measure_of_the_twin_follows_the_fluid(defect: str, share: float) -> None:
    vessel_g, second_g = gained_g(defect)
    assert vessel_g == pytest.approx(1.0, rel=0.02)
    assert second_g / vessel_g == pytest.approx(share, abs=0.001)


def test_the_scale_of_the_balance_is_none_of_its_own() -> None:
    vessel_g, second_g = gained_g("second_balance", "balance_scale=-0.1667")
    assert -second_g / vessel_g == pytest.approx(1 / 0.8333, rel=0.001)


def test_a_twin_has_none_unless_it_is_asked_for() -> None:
    assert Twin.assemble().second is None
