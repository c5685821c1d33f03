# SPDX-License-Identifier: Apache-2.0
"""A catheter that is off though its valve shows it on is the rig's; two witnesses must say so, and long enough."""

import math

from bench.infusion.catheter_off import CatheterOff
from bench.injectors import EffectTolerance

TOLERANCE = EffectTolerance(
    reading_mg=0.1,
    stroke_ul=0.5,
    stored_ul=0.0,
    loss_mg_per_h=0.05,
    loss_half_width_mg_per_h=0.05,
    compliance_ul_per_kpa=0.25,
)
LASTS_S, ERROR_KPA, OUTLET_KPA = 108.0, 0.5, 1.2
UL_PER_H = 40.0


def seen(
    minutes: float, *, pressure_kpa: float = 0.0, outlet_kpa: float = OUTLET_KPA, missing_ul_per_h: float = UL_PER_H
) -> str:
    """Return what was told of so many minutes, sampled each half minute."""
    off, told = CatheterOff(LASTS_S, ERROR_KPA), ""
    for place in range(int(2 * minutes) + 1):
        at_s = 30.0 * place
        told = told or off.see(at_s, pressure_kpa, outlet_kpa, missing_ul_per_h * at_s / 3600, TOLERANCE)
    return told


def test_no_pressure_and_nothing_that_arrives_is_a_catheter_that_is_off() -> None:
    assert "the pressure in the catheter is 0.0 kPa, the outlet's 1.2 kPa" in seen(5.0)
    assert seen(5.0).endswith("the catheter seems off")


def test_one_that_was_just_put_back_on_is_not_told() -> None:
    assert seen(2.0) == ""


def test_a_pump_that_gives_nothing_and_one_whose_sensor_shows_nothing_are_the_pumps() -> None:
    assert seen(60.0, pressure_kpa=OUTLET_KPA) == ""
    assert seen(60.0, missing_ul_per_h=0.0) == ""


def test_where_no_sensor_tells_or_the_outlet_is_not_raised_nothing_is_told() -> None:
    assert seen(60.0, pressure_kpa=math.nan) == ""
    assert seen(60.0, outlet_kpa=0.2) == ""
    assert seen(60.0, outlet_kpa=math.nan) == ""


def test_a_fault_that_was_ordered_begins_it_anew() -> None:
    off = CatheterOff(LASTS_S, ERROR_KPA)
    assert off.see(0.0, 0.0, OUTLET_KPA, 9.0, TOLERANCE) == ""
    off.begin_anew()
    assert off.see(120.0, 0.0, OUTLET_KPA, 9.0, TOLERANCE) == ""
    assert off.see(240.0, 0.0, OUTLET_KPA, 9.0, TOLERANCE)
