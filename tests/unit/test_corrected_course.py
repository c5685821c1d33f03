# SPDX-License-Identifier: Apache-2.0
"""The volume at each sample is what the whole chain of corrections gives for the same two readings."""

import math
from dataclasses import dataclass, replace

import pytest

from metrology.gravimetry import (
    AirCourse,
    Amendment,
    BalanceMark,
    BalanceSpecification,
    Conditions,
    CorrectedCourse,
    Evaporation,
    Liquid,
    Load,
    Vessel,
    WeighedGain,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)

BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, sensitivity_per_c=1.5e-6)
BLANK = Evaporation(0.06, 0.012, 59, 1.0, 1800.0, 0.02, -0.01, 21.0, 50.0, 0.1)
VESSEL = Vessel.of(Load(50.0, 2230.0), Load(10.0, 998.0, 20.0), tube_share=0.0025)
SETUP = WeighingSetup(BALANCE, BLANK, vessel=VESSEL)
FIRST_S, EVERY_S, SAMPLES = 1000.0, 30.0, 2880


def air_at(time_s: float) -> Conditions:
    """A room that swings by three degrees and thirty per cent."""
    turn = 2 * math.pi * time_s / 86400
    return Conditions(21 + 3 * math.sin(turn), 1013 + 8 * math.sin(turn / 3), 50 + 29 * math.sin(turn + 1))


def mass_mg_at(time_s: float, rate_mg_per_h: float = 2.0) -> float:
    return 3000.0 + rate_mg_per_h * (time_s - FIRST_S) / 3600


@dataclass(frozen=True)
class OwnCorrection:
    """A lab's own, with a bent line for a balance, or with a rough formula for buoyancy."""

    name: str
    replaces: str = ""
    version: str = "1"
    sha256: str = ""

    def amendment(self, gain: WeighedGain) -> Amendment:
        if self.replaces:
            return Amendment(gain.gained_mg * gain.air_kg_m3 * (1 / gain.liquid_kg_m3 - 1 / 8000), 0.01)
        return Amendment(0.01 * (gain.end_g**2 - gain.start_g**2), 0.02 + 0.001 * gain.hours)


BENT, ROUGH = OwnCorrection("bent"), OwnCorrection("rough", "buoyancy")


@pytest.mark.parametrize(
    "setup",
    [
        SETUP,
        replace(SETUP, liquid=Liquid(volume_at_c=37.0)),
        replace(SETUP, evaporation=Evaporation(0.06, 0.012, 59, 1.0)),
        replace(SETUP, evaporation=replace(BLANK, denser_kg_m3_per_h=0.004, denser_after_kg_m3_per_h=0.001)),
        replace(SETUP, corrections=(BENT,)),
        replace(SETUP, corrections=(ROUGH, BENT)),
    ],
    ids=[
        "as weighed",
        "stated at 37 °C",
        "a blank without its air",
        "blanks in air that grew denser",
        "with a correction of the lab's own",
        "with another one in place of buoyancy",
    ],
)
def test_every_sample_has_the_volume_of_the_whole_chain(setup: WeighingSetup) -> None:
    course = CorrectedCourse(setup, FIRST_S, mass_mg_at(FIRST_S), air_at(FIRST_S))
    seen = AirCourse()
    for number in range(1, SAMPLES + 1):
        time_s = FIRST_S + EVERY_S * number
        air = air_at(time_s)
        volume_ul = course.volume_ul(time_s, mass_mg_at(time_s), air)
        if number % 240 == 0 or number < 3:
            over = seen.over(FIRST_S, air_at(FIRST_S), time_s, air)
            assert volume_ul == pytest.approx(chain_ul(setup, time_s, over), rel=1e-12)
        seen.see(time_s, air.temperature_c, air.air_pressure_hpa, air.humidity_percent)


def chain_ul(setup: WeighingSetup, time_s: float, air: Conditions) -> float:
    start, end = (BalanceMark(at_s, mass_mg_at(at_s) / 1000, 0.0, 0.0, 9, 11) for at_s in (FIRST_S, time_s))
    return delivered_volume(setup, WeighedSpan(start, end, air, 0.5, 2.0)).quantity.value


def test_at_the_first_sample_nothing_has_come() -> None:
    assert CorrectedCourse(SETUP, 5.0, 100.0, air_at(5.0)).volume_ul(5.0, 100.0, air_at(5.0)) == 0.0


def test_what_grows_with_time_is_blank_change_drift_and_a_share_of_the_volume() -> None:
    course = CorrectedCourse(SETUP, 0.0, 0.0, air_at(0.0))
    at_rest = course.growth_ul_per_h(0.0)
    assert at_rest == pytest.approx(2 * math.hypot(0.012, 0.01 / math.sqrt(6)) + 0.02 + 0.2 / 24, rel=1e-6)
    assert course.growth_ul_per_h(1000.0) - at_rest == pytest.approx(1000 * (2.2e-4 + 2.5e-4), rel=0.05)


def test_what_stood_on_the_pan_in_the_blank_grows_with_time() -> None:
    denser = replace(SETUP, evaporation=replace(BLANK, denser_kg_m3_per_h=-0.004))
    usual, more = (CorrectedCourse(one, 0.0, 0.0, air_at(0.0)).growth_ul_per_h(2.0) for one in (SETUP, denser))
    assert more - usual == pytest.approx(0.004 * VESSEL.excess_volume_half_width_ml, rel=1e-6)


def test_growth_covers_what_the_budget_says_of_a_longer_window() -> None:
    growth = CorrectedCourse(SETUP, FIRST_S, 0.0, air_at(0.0)).growth_ul_per_h(2.0)
    still = Conditions(21.0, 1013.0, 50.0)
    short, long = (
        delivered_volume(SETUP, WeighedSpan(mark(0.0), mark(h * 3600.0), still, 0.5, 2.0)).quantity for h in (1, 48)
    )
    assert long.expanded_uncertainty() - short.expanded_uncertainty() < 47 * growth


def mark(time_s: float) -> BalanceMark:
    return BalanceMark(time_s, mass_mg_at(time_s) / 1000, 0.0, 0.0, 9, 11)


def test_what_a_correction_of_the_lab_leaves_open_is_its_worst_so_far() -> None:
    course = CorrectedCourse(replace(SETUP, corrections=(BENT, ROUGH)), 0.0, 0.0, air_at(0.0))
    assert course.open_in_corrections_mg == ()
    for hours in (1.0, 10.0):
        course.volume_ul(3600 * hours, 2.0 * hours, air_at(3600 * hours))
    assert dict(course.open_in_corrections_mg) == pytest.approx({"correction bent": 0.06, "correction rough": 0.02})
