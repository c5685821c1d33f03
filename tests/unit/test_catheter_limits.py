# SPDX-License-Identifier: Apache-2.0
"""What a profile allows at the catheter: pressure at an alarm, dead time after a step of height, a grid of rates."""

from itertools import pairwise
from pathlib import Path

import pytest

from bench.profile import GRID_PLACES, Profile
from groundfloor.errors import PlanError

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
PUMP = Profile.named("implantable-20ml", PROFILES)
BLIND = Profile.named("implantable-20ml-no-catheter-sensor", PROFILES)


def test_the_pressure_at_an_alarm_is_the_threshold_and_what_the_pump_adds_to_the_stiffest_catheter() -> None:
    assert PUMP.occlusion_pressure_limit_kpa(0.0) == pytest.approx(75.0 + 0.5 / 0.05)
    assert PUMP.occlusion_pressure_limit_kpa(30.0) == pytest.approx(75.0 + (0.5 + 30.0 * 120 / 3600) / 0.05)
    with pytest.raises(PlanError):
        BLIND.occlusion_pressure_limit_kpa(30.0)


def test_the_dead_time_is_what_fills_the_catheter_at_the_rate_and_what_the_accuracy_leaves_open() -> None:
    filled_s = (0.25 * 2.0 + 2 * 0.5) / 30.0 * 3600
    assert PUMP.dead_time_limit_s(30.0, -2.0, 1000.0) == pytest.approx(filled_s + 145.0)
    assert PUMP.dead_time_limit_s(30.0, 2.0, 0.0) == pytest.approx(filled_s)


def test_the_outlet_moves_by_the_pressures_and_the_height_of_the_profile() -> None:
    moved = {move: PUMP.outlet_moved_by_kpa(move) for move in ("lowest", "sunk", "raised", "highest")}
    assert moved["lowest"] == pytest.approx(-13.33, abs=0.01)
    assert moved["highest"] == pytest.approx(40.0, abs=0.01)
    assert moved["raised"] == -moved["sunk"] == pytest.approx(2.94, abs=0.01)


def test_a_profile_without_movement_promises_nothing_of_it() -> None:
    silent = PUMP.model_copy(update={"movement": None})
    assert PUMP.features - silent.features == {"movement"}
    with pytest.raises(PlanError, match="promises nothing of a moved outlet"):
        silent.outlet_moved_by_kpa("raised")


def test_the_grid_goes_from_the_least_rate_to_the_greatest_by_one_ratio() -> None:
    rates = [PUMP.rates.grid_ul_per_h(place) for place in range(1, GRID_PLACES + 1)]
    assert (rates[0], rates[-1]) == pytest.approx((2.0, 1000.0))
    ratios = [later / earlier for earlier, later in pairwise(rates)]
    assert ratios == pytest.approx([500 ** (1 / 7)] * 7)
    with pytest.raises(PlanError):
        PUMP.rates.grid_ul_per_h(GRID_PLACES + 1)


def test_between_two_rates_that_are_tried_lies_less_than_half_as_much_again() -> None:
    grid = [PUMP.rates.grid_ul_per_h(place) for place in range(1, GRID_PLACES + 1)]
    between = [PUMP.rates.between_grid_ul_per_h(place) for place in range(1, GRID_PLACES)]
    tried = sorted([*grid, *between])
    assert len(tried) == 15
    assert max(later / earlier for earlier, later in pairwise(tried)) == pytest.approx(500 ** (1 / 14))
    for place in (0, GRID_PLACES):
        with pytest.raises(PlanError):
            PUMP.rates.between_grid_ul_per_h(place)


def test_rates_drawn_by_lot_are_one_in_each_equal_ratio_and_the_same_for_the_same_lot() -> None:
    drawn = PUMP.rates.drawn_ul_per_h("run 1", 8, 3)
    slowest, middle = 5.0, (2.0 * 41.6667) ** 0.5
    slow = [slowest * (middle / slowest) ** (part / 3) for part in range(3)]
    edges = [*slow, *(middle * (1000.0 / middle) ** (part / 8) for part in range(9))]
    assert all(least <= rate <= most for rate, (least, most) in zip(drawn, pairwise(edges), strict=True))
    assert PUMP.rates.drawn_ul_per_h("run 1", 8, 3) == drawn
    assert not set(PUMP.rates.drawn_ul_per_h("run 2", 8, 3)) & set(drawn)


def test_an_occlusion_alarm_may_differ_from_the_first_by_its_strokes_and_what_registers_take() -> None:
    strokes_s = 2 * 0.5 / 100.0 * 3600 / 0.855
    assert PUMP.alarm_spread_limit_s(100.0) == pytest.approx(strokes_s + 5.0)
