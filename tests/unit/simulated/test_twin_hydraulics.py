# SPDX-License-Identifier: Apache-2.0
"""The closed form of the fluid path against a simulation stroke by stroke, and the balance of volumes."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.simulated.physics.hydraulics import Conditions, Hydraulics, Volumes
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.time.timeline import Timeline
from tests.unit.simulated.stroke_by_stroke import StrokeByStroke

MODEL = PumpModel.named("implantable-20ml")
OUTLET_KPA = 1.2


def fluid_path() -> tuple[Timeline, Hydraulics]:
    timeline = Timeline()
    return timeline, Hydraulics(timeline, MODEL, OUTLET_KPA, 1.0)


def held_ul(volumes: Volumes) -> float:
    return math.fsum(
        (volumes.reservoir_ul, volumes.vessel_ul, volumes.leak_ul, volumes.ambient_ul, volumes.catheter_ul)
    )


rates = st.sampled_from([0.0, 2.0, 41.67, 333.0, 1000.0]) | st.floats(2.0, 2000.0)
kinks = st.sampled_from([0.0, 0.5, 0.9, 1.0]) | st.floats(0.0, 1.0).map(lambda x: round(x, 3))
stretches = st.lists(
    st.tuples(st.floats(0.0, 4000.0), rates, kinks, st.booleans(), st.sampled_from([0.0, 0.3]), st.floats(-0.2, 0.2)),
    min_size=1,
    max_size=6,
)


@given(stretches)
@settings(max_examples=80)
def test_the_closed_form_equals_a_simulation_stroke_by_stroke(
    history: list[tuple[float, float, float, bool, float, float]],
) -> None:
    timeline, fluid = fluid_path()
    brute = StrokeByStroke(MODEL.reservoir_ul, OUTLET_KPA)
    for duration_s, rate, kink, off, leak, bias in history:
        fluid.change(Conditions(rate, kink, off, leak, OUTLET_KPA, bias))
        brute.rate, brute.kink, brute.leak, brute.bias = rate, kink, leak, bias
        brute.disconnect(off)
        timeline.advance_to(timeline.now_s + duration_s)
        brute.to(timeline.now_s)
        if abs(fluid.strokes() - brute.strokes) == 1:  # a stroke within a rounding error of this very instant
            timeline.advance_to(timeline.now_s + 1e-6)
            brute.to(timeline.now_s)
        volumes = fluid.volumes()
        assert fluid.strokes() == brute.strokes
        assert volumes.vessel_ul == pytest.approx(brute.vessel_ul, abs=1e-9)
        assert volumes.leak_ul == pytest.approx(brute.leak_ul, abs=1e-9)
        assert volumes.ambient_ul == pytest.approx(brute.ambient_ul, abs=1e-9)
        assert fluid.pressure_kpa() == pytest.approx(brute.pressure, abs=1e-8)
        assert fluid.regime.lag_at(timeline.now_s) == pytest.approx(brute.behind_ul, abs=1e-9)


@given(stretches)
@settings(max_examples=60)
def test_no_fluid_is_lost_or_made(history: list[tuple[float, float, float, bool, float, float]]) -> None:
    timeline, fluid = fluid_path()
    filled_ul = held_ul(fluid.volumes())
    for duration_s, rate, kink, off, leak, bias in history:
        fluid.change(Conditions(rate, kink, off, leak, OUTLET_KPA, bias))
        timeline.advance_to(timeline.now_s + duration_s)
        assert held_ul(fluid.volumes()) == pytest.approx(filled_ul, abs=1e-9)


def test_the_phase_of_a_stroke_outlives_stops_and_rate_changes() -> None:
    timeline, fluid = fluid_path()
    fluid.drive(100.0)
    timeline.advance_to(9.0)  # half a stroke
    fluid.drive(0.0)
    timeline.advance_to(5000.0)
    assert fluid.strokes() == 0
    fluid.drive(1000.0)
    timeline.advance_to(5000.89)
    assert fluid.strokes() == 0
    timeline.advance_to(5000.91)
    assert fluid.strokes() == 1


def test_the_commanded_volume_is_the_integral_of_the_rate() -> None:
    timeline, fluid = fluid_path()
    for rate in (2.0, 41.67, 0.0, 1000.0):
        fluid.drive(rate)
        timeline.advance_to(timeline.now_s + 3600.0)
    assert fluid.commanded_ul() == pytest.approx(1043.67, abs=1e-9)


def test_strokes_fall_when_the_commanded_volume_reaches_their_multiple() -> None:
    timeline, fluid = fluid_path()
    fluid.drive(41.67)
    for number in (1, 2, 1000):
        when_s = number * 0.5 / 41.67 * 3600.0
        timeline.advance_to(when_s - 1e-3)
        assert fluid.strokes() == number - 1
        timeline.advance_to(when_s + 1e-3)
        assert fluid.strokes() == number


def test_the_reservoir_gives_no_more_strokes_than_it_holds() -> None:
    timeline, fluid = fluid_path()
    fluid.fill(10.2)
    fluid.drive(1000.0)
    timeline.advance_to(3600.0)
    assert fluid.strokes() == 20
    assert fluid.volumes().reservoir_ul == pytest.approx(0.2)


def test_disconnecting_loses_what_the_catheter_held_and_all_flow_to_the_ambient() -> None:
    timeline, fluid = fluid_path()
    fluid.change(Conditions(rate_ul_per_h=100.0, disconnected=True))
    assert fluid.pressure_kpa() == 0.0
    timeline.advance_to(3600.0 + 1e-3)
    assert fluid.volumes().vessel_ul == 0.0
    assert fluid.volumes().ambient_ul == pytest.approx(100.0 + 0.2 * OUTLET_KPA)


def test_a_leak_takes_its_share_of_the_outflow() -> None:
    timeline, fluid = fluid_path()
    fluid.change(Conditions(rate_ul_per_h=100.0, leak_fraction=0.25))
    timeline.advance_to(36_000.0)
    volumes = fluid.volumes()
    assert volumes.leak_ul / (volumes.leak_ul + volumes.vessel_ul) == pytest.approx(0.25)


def test_a_stalled_rotor_strokes_and_delivers_nothing() -> None:
    timeline, fluid = fluid_path()
    fluid.change(Conditions(rate_ul_per_h=100.0, stalled=True))
    timeline.advance_to(3600.0 + 1e-3)
    assert fluid.strokes() == 200
    assert fluid.volumes().vessel_ul == 0.0


@pytest.mark.parametrize("question", [Hydraulics.volumes, Hydraulics.pressure_kpa, Hydraulics.strokes])
def test_asking_often_changes_nothing(question: Callable[[Hydraulics], object]) -> None:
    asked, silent = fluid_path(), fluid_path()
    for timeline, fluid in (asked, silent):
        for hour in range(5):
            fluid.change(replace(fluid.conditions, rate_ul_per_h=100.0 + hour, kink_fraction=0.1 * hour))
            for step in range(2000 if fluid is asked[1] else 1):
                timeline.advance_to(3600.0 * hour + 1.7 * step)
                question(fluid)
            timeline.advance_to(3600.0 * (hour + 1))
    assert asked[1].volumes() == silent[1].volumes()
    assert asked[1].pressure_kpa() == silent[1].pressure_kpa()


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5])
def test_a_leak_of_the_rig_takes_its_share_of_the_flow_and_empties_a_catheter_that_is_shut(share: float) -> None:
    timeline, fluid = fluid_path()
    filled_ul = held_ul(fluid.volumes())
    fluid.change(replace(fluid.conditions, rig_leak_share=share, rate_ul_per_h=1000.0))
    timeline.advance_to(3600.0)
    given = fluid.volumes()
    lost_share = given.leak_ul / (given.leak_ul + given.vessel_ul)
    fluid.change(replace(fluid.conditions, kink_fraction=1.0, rate_ul_per_h=0.0))
    before_kpa = fluid.pressure_kpa() - OUTLET_KPA
    catheter = MODEL.catheter
    emptied_s = 3600 * catheter.resistance_kpa_h_per_ul * catheter.compliance_ul_per_kpa * (1 - share) / share
    timeline.advance_to(3600.0 + emptied_s)
    assert lost_share == pytest.approx(share)
    assert fluid.pressure_kpa() - OUTLET_KPA == pytest.approx(before_kpa / math.e)
    assert fluid.volumes().vessel_ul == given.vessel_ul
    assert held_ul(fluid.volumes()) == pytest.approx(filled_ul)
