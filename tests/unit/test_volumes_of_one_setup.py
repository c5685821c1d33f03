# SPDX-License-Identifier: Apache-2.0
"""Volumes of one setup share marks, blank and liquid: sums, differences and ratios know it, in closed form."""

import json
import math

import pytest

from groundfloor.errors import PlanError
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Evaporation,
    Repeatability,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.uncertainty import Influence, Quantity, quantity_from

HOUR_S = 3600.0
UL_PER_MG = 1.002851
"""Of water at 20 °C, per milligram that a balance in this air displays."""
BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.24, 0.06, Repeatability(0.03, 59))
BLANK = Evaporation(0.05, 0.012, 59, 1.0, 1800.0, 0.02)
VESSEL = Vessel(0.0, 40.0)
EXACT_AIR = Conditions(20.0, 1013.25, 50.0, 0.0, 0.0, 0.0)
STROKE_UL, RATE_UL_PER_H = 0.5, 36.0
FIRST_H, SECOND_H = 2.0, 5.0

MARK_UL2 = (
    UL_PER_MG**2 * (0.03**2 + 0.005**2 / 3 + 0.1**2 / 3 + 0.03**2 / 2)  # noise, half a digit, linearity, certificate
    + 0.25**2 / 3  # half a stroke
    + 0.01**2 / 3  # a second at 36 µL/h
)
BLANK_UL2 = UL_PER_MG**2 * (0.012**2 + 0.01**2 / 6)
"""Per h²: scatter and last digit of the blank."""
OWN_UL2 = UL_PER_MG**2 * (0.01**2 / 3 + 0.02**2 / 3)
"""Per h²: drift, and evaporation since the blank."""
BUOYANCY_UL2 = (UL_PER_MG * 40.0 * 0.0005) ** 2 / 3


def mark(hours: float, mass_mg: float) -> BalanceMark:
    return BalanceMark(hours * HOUR_S, mass_mg / 1000, 0.0, 0.0, 9, 11)


START = mark(0.0, 0.0)
MIDDLE = mark(FIRST_H, FIRST_H * RATE_UL_PER_H / UL_PER_MG)
END = mark(FIRST_H + SECOND_H, (FIRST_H + SECOND_H) * RATE_UL_PER_H / UL_PER_MG)


def setup() -> WeighingSetup:
    return WeighingSetup(BALANCE, BLANK, vessel=VESSEL)


def volume(of: WeighingSetup, start: BalanceMark, end: BalanceMark) -> Quantity:
    return delivered_volume(of, WeighedSpan(start, end, EXACT_AIR, STROKE_UL, RATE_UL_PER_H)).quantity


def test_the_variance_of_the_sum_holds_the_common_blank_twice_over_and_the_common_mark_not_at_all() -> None:
    one = setup()
    whole = volume(one, START, MIDDLE) + volume(one, MIDDLE, END)
    expected_ul2 = (
        2 * MARK_UL2 + BLANK_UL2 * (FIRST_H + SECOND_H) ** 2 + OWN_UL2 * (FIRST_H**2 + SECOND_H**2) + 2 * BUOYANCY_UL2
    )
    assert whole.standard_uncertainty**2 == pytest.approx(expected_ul2, rel=1e-5)
    assert whole.value == pytest.approx(volume(one, START, END).value, rel=1e-12)


def test_the_variance_of_the_difference_holds_the_common_mark_twice_over_and_of_the_blank_what_is_left() -> None:
    one = setup()
    change = volume(one, START, MIDDLE) - volume(one, MIDDLE, END)
    expected_ul2 = (
        (1 + 4 + 1) * MARK_UL2
        + BLANK_UL2 * (FIRST_H - SECOND_H) ** 2
        + OWN_UL2 * (FIRST_H**2 + SECOND_H**2)
        + 2 * BUOYANCY_UL2
    )
    assert change.standard_uncertainty**2 == pytest.approx(expected_ul2, rel=1e-5)


def test_in_the_ratio_of_two_windows_the_tube_goes_out() -> None:
    dipped = WeighingSetup(BALANCE, BLANK, vessel=Vessel(0.0, 40.0, tube_share=0.2))
    ratio = volume(dipped, START, MIDDLE) / volume(dipped, MIDDLE, END)
    (tube,) = [line for line in ratio.budget if line.name == "submerged tube"]
    assert ratio.value == pytest.approx(FIRST_H / SECOND_H, rel=0.01)
    assert ratio.unit == ""
    assert tube.standard_uncertainty > 0.01
    assert tube.contribution == pytest.approx(0.0, abs=1e-4)  # strokes and timing do not go through the tube


def test_what_bears_the_same_name_in_another_setup_is_independent() -> None:
    first, second = volume(setup(), START, MIDDLE), volume(setup(), START, MIDDLE)
    assert [line.name for line in first.budget] == [line.name for line in second.budget]
    difference = first - second
    assert difference.value == 0.0
    assert difference.standard_uncertainty == pytest.approx(math.sqrt(2) * first.standard_uncertainty)
    assert len(difference.budget) == 2 * len(first.budget)


def test_what_bears_another_name_and_is_the_same_number_is_one_influence() -> None:
    slope = Influence.type_b("slope", 1.0, "mg", 0.1)
    renamed = Influence("slope of the blank", "mg", "B", slope.number)
    gone = quantity_from(slope.number, "mg", (slope,)) - quantity_from(renamed.number, "mg", (renamed,))
    assert (gone.standard_uncertainty, len(gone.budget)) == (0.0, 1)


def test_a_mark_that_was_read_back_from_a_record_is_the_mark_that_it_was() -> None:
    one = setup()
    recorded = BalanceMark(**json.loads(json.dumps(MIDDLE.as_dict())))
    apart = volume(one, START, MIDDLE) + volume(one, recorded, END)
    middle = [line.contribution for line in apart.budget if line.name.endswith(" at 7200 s")]
    assert len(middle) == 6
    assert max(middle) == pytest.approx(0.0, abs=1e-12)


def test_a_stopped_pump_cuts_no_stroke_at_a_mark_that_a_running_one_shares() -> None:
    one = setup()
    running = volume(one, START, MIDDLE)
    stopped = delivered_volume(one, WeighedSpan(MIDDLE, END, EXACT_AIR, 0.0, 0.0)).quantity
    (cut,) = [
        line.contribution
        for line in (running + stopped).budget
        if line.name == "stroke quantisation at 7200 s" and line.standard_uncertainty > 0
    ]
    assert cut == pytest.approx(0.25 / math.sqrt(3))


def test_quantities_in_different_units_are_not_added() -> None:
    with pytest.raises(PlanError, match="one is in 'µL', the other in 'mg'"):
        Quantity(1.0, "µL", 0.1) + Quantity(1.0, "mg", 0.1)


def test_a_figure_that_was_not_calculated_is_no_result_of_the_same_number() -> None:
    known = Influence.type_b("known", 1.0, "g", 0.1)
    result = quantity_from(known.number, "g", (known,))
    with pytest.raises(ValueError, match="is not what was calculated"):
        Quantity(2.0, "g", 0.1, _read_off=result._read_off)
    assert (result + 1.0).value == 2.0
    assert ((result * 3).standard_uncertainty, (result / 2).standard_uncertainty) == pytest.approx((0.3, 0.05))


@pytest.mark.parametrize(
    ("rate_mg_per_h", "span_s", "left_ul"),
    [(720.0, 10.0, 0.0), (198.1, 10.0, 0.0), (190.0, 10.0, 0.25), (198.1, 9.9, 0.25), (1500.0, 10.0, 0.25)],
    ids=["four in the mark", "just over one", "hardly one", "a shorter mark", "faster than one in 1.25 s"],
)
def test_a_stroke_is_left_out_only_where_the_mark_shows_more_than_one(
    rate_mg_per_h: float, span_s: float, left_ul: float
) -> None:
    rising = BalanceMark(0.0, 1.0, 0.0, 0.0, 9, 11, rate_mg_per_h, span_s)
    assert setup().stroke_at(rising, STROKE_UL).number.u == pytest.approx(left_ul / math.sqrt(3))
