# SPDX-License-Identifier: Apache-2.0
"""What stood on the pan in a blank: before a window the vessel is emptier than in its mean, and after it fuller."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from bench.journal import Journal
from bench.preflight.rejudging import Rejudging
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    DeliveredVolume,
    Evaporation,
    Load,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.gravimetry.weighing_setup import LOAD_IN_BLANK
from metrology.verdict import DecisionRule, Limits, Measurement, judge
from metrology.verdict.judgement import Judgement

BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, sensitivity_per_c=1.5e-6)
AIR, HOURS = Conditions(21.0, 1013.0, 50.0), 24.0
EMPTY_G, GAINED_G = 10.0, 24.0
GLASS = Load(50.0, 2230.0)
HALF_FULL = Vessel.of(GLASS, Load(EMPTY_G + GAINED_G / 2, 998.0, GAINED_G / 2 + 1.0))
THINNER = replace(AIR, air_pressure_rise_hpa=-1.0, temperature_rise_c=1.0)
DENSER = replace(AIR, air_pressure_rise_hpa=1.0, temperature_rise_c=-0.5)
LOSS_MG_PER_H = 0.06


def blank(air: Conditions, liquid_g: float, at_s: float) -> Evaporation:
    """A blank as it is shown by a balance with a vessel of so much liquid, corrected as if it were half full."""
    floated_mg = Vessel.of(GLASS, Load(liquid_g, 998.0)).lost_to_air_mg(air)
    times_s = [at_s + 1800.0 * step for step in (0, 1, 2)]
    masses_g = [50.0 - (LOSS_MG_PER_H + floated_mg) * step / 2000 for step in (0, 1, 2)]
    return Evaporation.from_blank(times_s, masses_g, HALF_FULL.lost_to_air_in_blank(air), air)


BEFORE = blank(THINNER, EMPTY_G, 0.0).that_may_change(0.02)
AFTER = blank(DENSER, EMPTY_G + GAINED_G, 1e5)


def weighed(
    rate: Evaporation, gained_g: float = GAINED_G, vessel: Vessel = HALF_FULL, start_h: float = 0.0
) -> DeliveredVolume:
    marks = (
        BalanceMark(3600 * (start_h + at_h), 50.0 + mass_g, 0.0, 0.0, 9, 11)
        for at_h, mass_g in ((0, 0.0), (HOURS, gained_g - LOSS_MG_PER_H * HOURS / 1000))
    )
    return delivered_volume(WeighingSetup(BALANCE, rate, vessel=vessel), WeighedSpan(*marks, AIR, 0.5, 1000.0))


def line(of: DeliveredVolume):  # type: ignore[no-untyped-def]
    (found,) = (one for one in of.quantity.budget if one.name == LOAD_IN_BLANK)
    return found


def test_the_volume_is_that_of_a_blank_whose_load_was_known() -> None:
    right_ul = weighed(Evaporation(LOSS_MG_PER_H, 0.0, blank_h=1.0, temperature_c=21.0, humidity_percent=50.0))
    missed_ul = HALF_FULL.lost_to_air_mg(THINNER) - Vessel.of(GLASS, Load(EMPTY_G, 998.0)).lost_to_air_mg(THINNER)
    assert abs(missed_ul) * HOURS > 1.0
    for rate in (BEFORE, BEFORE.together_with(AFTER)):
        assert weighed(rate).quantity.value == pytest.approx(right_ul.quantity.value, abs=0.01)


def test_what_a_window_filled_is_no_doubt_about_the_load_any_more() -> None:
    nothing, much = line(weighed(BEFORE, 0.0)), line(weighed(BEFORE))
    assert (nothing.value, nothing.standard_uncertainty) == (0.0, pytest.approx(13.0 / math.sqrt(3), rel=1e-4))
    assert (much.value, much.standard_uncertainty) == (-GAINED_G / 2, pytest.approx(1.0 / math.sqrt(3), rel=1e-3))
    assert nothing.sensitivity == pytest.approx(-BEFORE.denser_kg_m3_per_h * 0.877 * HOURS, rel=0.01)


def test_a_vessel_never_held_less_or_more_than_was_stated() -> None:
    narrow = Vessel.of(GLASS, Load(10.0, 998.0, 5.0))
    found = line(weighed(BEFORE, 24.0, narrow))
    assert (found.value, found.standard_uncertainty) == (-5.0, pytest.approx(0.0, abs=0.01))
    assert line(weighed(BEFORE, -1.0, narrow)).value == 0.0


def test_a_blank_itself_knows_its_load_no_better_than_sensors_tell_a_change_of_the_air() -> None:
    lost, whole = (one(THINNER).number for one in (HALF_FULL.lost_to_air_in_blank, HALF_FULL.lost_to_air))
    excess_ml = math.hypot(HALF_FULL.excess_volume_ml, HALF_FULL.excess_volume_half_width_ml)
    assert lost.x == whole.x
    assert lost.u == pytest.approx(0.0005 * excess_ml / math.sqrt(6))
    assert whole.u > 2 * lost.u


def test_a_blank_whose_air_nobody_read_has_no_such_line() -> None:
    without = weighed(Evaporation(LOSS_MG_PER_H, 0.01, 59, 1.0))
    assert LOAD_IN_BLANK not in {one.name for one in without.quantity.budget}


def test_less_stood_on_the_pan_before_so_the_balance_that_grew_warmer_showed_less() -> None:
    warm = replace(BEFORE, warming_c_per_h=1.0, denser_kg_m3_per_h=0.0)

    def by_sensitivity(gained_g: float) -> float:
        lines = weighed(warm, gained_g).quantity.budget
        return next(one.sensitivity for one in lines if one.name.startswith("sensitivity"))

    assert by_sensitivity(0.0) - by_sensitivity(GAINED_G) == pytest.approx(1000 * GAINED_G * HOURS, rel=0.01)


@pytest.mark.parametrize("air_before", [THINNER, AIR], ids=["thinner", "still"])
@pytest.mark.parametrize("left_g", [1.0, 30.0], ids=["a load that is known", "a load that may be anything"])
def test_judged_again_is_what_the_whole_chain_gives_with_both_loads(
    tmp_path: Path, air_before: Conditions, left_g: float
) -> None:
    vessel = Vessel.of(GLASS, Load(EMPTY_G + GAINED_G / 2, 998.0, GAINED_G / 2 + left_g))
    before = blank(air_before, EMPTY_G, 0.0).that_may_change(0.02)
    setup = WeighingSetup(BALANCE, before, vessel=vessel)
    again = judged_again(tmp_path, setup, weighed(before, vessel=vessel).quantity)
    both = before.together_with(AFTER, 1000 * vessel.gross_g * 1.5e-6, vessel.excess_volume_half_width_ml)
    assert both.denser_after_kg_m3_per_h != 0
    whole = weighed(both, vessel=vessel).quantity
    assert again.value == pytest.approx(whole.value, abs=2e-3)
    assert again.expanded_uncertainty == pytest.approx(whole.expanded_uncertainty(), rel=1e-3)


def test_judged_again_each_window_of_a_difference_has_its_own_load(tmp_path: Path) -> None:
    setup = WeighingSetup(BALANCE, BEFORE, vessel=HALF_FULL)

    def difference(rate: Evaporation) -> DeliveredVolume:
        return weighed(rate, 8.0, start_h=24.0).quantity - weighed(rate, 2.0).quantity  # type: ignore[return-value]

    again = judged_again(tmp_path, setup, difference(BEFORE))  # type: ignore[arg-type]
    both = BEFORE.together_with(AFTER, 1000 * HALF_FULL.gross_g * 1.5e-6, HALF_FULL.excess_volume_half_width_ml)
    assert again.value == pytest.approx(difference(both).value, abs=2e-3)  # type: ignore[attr-defined]


def judged_again(folder: Path, setup: WeighingSetup, quantity) -> Judgement:  # type: ignore[no-untyped-def]
    journal = Journal(folder / "journal.jsonl")
    journal.write("judgement", **judge(Measurement("volume", quantity, Limits(0.0, 1e5, "µL", "labelling"))).as_dict())
    journal.close()
    (again,) = Rejudging(setup, AFTER, DecisionRule.GUARD_BAND).of_run(journal.path)
    return again.second
