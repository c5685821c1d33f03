# SPDX-License-Identifier: Apache-2.0
"""The outlet raised and lowered, and the catheter torn in its middle: C·ΔP moves at once, and no volume is lost."""

import math
from dataclasses import replace

import pytest

from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.time.timeline import Timeline

MODEL = PumpModel.named("implantable-20ml")
OUTLET_KPA, RATE_UL_PER_H, HOUR_S = 1.2, 60.0, 3600.0
C_UL_PER_KPA = MODEL.catheter.compliance_ul_per_kpa


def running() -> tuple[Timeline, Hydraulics]:
    timeline = Timeline()
    fluid = Hydraulics(timeline, MODEL, OUTLET_KPA, 1.0)
    fluid.drive(RATE_UL_PER_H)
    timeline.advance_to(HOUR_S)
    return timeline, fluid


def held_ul(fluid: Hydraulics) -> float:
    now = fluid.volumes()
    return math.fsum((now.reservoir_ul, now.vessel_ul, now.leak_ul, now.ambient_ul, now.catheter_ul))


@pytest.mark.parametrize("lift_kpa", [40.0, -13.3])
def test_a_moved_outlet_stores_its_compliance_and_changes_no_flow(lift_kpa: float) -> None:
    timeline, fluid = running()
    before_ul, all_ul = fluid.vessel_ul(), held_ul(fluid)
    fluid.change(replace(fluid.conditions, outlet_lift_kpa=lift_kpa))
    timeline.advance_to(2 * HOUR_S)
    assert fluid.vessel_ul() - before_ul == pytest.approx(RATE_UL_PER_H - C_UL_PER_KPA * lift_kpa, abs=1e-6)
    assert fluid.pressure_kpa() == pytest.approx(OUTLET_KPA + lift_kpa, abs=3.0)
    fluid.change(replace(fluid.conditions, outlet_lift_kpa=0.0))
    timeline.advance_to(3 * HOUR_S)
    assert fluid.vessel_ul() - before_ul == pytest.approx(2 * RATE_UL_PER_H, abs=1e-6)
    assert held_ul(fluid) == pytest.approx(all_ul)


def test_a_torn_catheter_loses_all_of_the_flow_and_keeps_half_of_its_resistance() -> None:
    timeline, fluid = running()
    before_ul, all_ul = fluid.vessel_ul(), held_ul(fluid)
    whole_s = fluid.regime.decay_s
    fluid.change(replace(fluid.conditions, torn=True))
    assert fluid.regime.decay_s == pytest.approx(whole_s / 2)
    timeline.advance_to(2 * HOUR_S)
    assert fluid.vessel_ul() == before_ul
    assert fluid.volumes().ambient_ul == pytest.approx(RATE_UL_PER_H + C_UL_PER_KPA * OUTLET_KPA, abs=0.05)
    assert held_ul(fluid) == pytest.approx(all_ul)
