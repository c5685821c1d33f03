# SPDX-License-Identifier: Apache-2.0
"""What surely lacks on the balance of what was counted, what is surely too much, and what was held back for a while."""

import math
from collections.abc import Callable

import pytest

from bench.infusion.count_against_mass import CountAgainstMass
from bench.infusion.trickle import Trickle, most_held_back_ul
from tests.unit.test_trickle import SETTLES_S, TOLERANCE

ACCURACY = 0.145
EVERY_S = 30.0
HOUR_S = 3600.0


def after(hours: float, counted_ul: Callable[[float], float], weighed_ul: Callable[[float], float]) -> CountAgainstMass:
    """Return what is known after a time; evaporation is as the blank found it."""
    count = CountAgainstMass(ACCURACY, SETTLES_S)
    for place in range(int(hours * HOUR_S / EVERY_S)):
        at_s = place * EVERY_S
        mass_mg = weighed_ul(at_s) - TOLERANCE.loss_mg_per_h * at_s / HOUR_S
        count.see(at_s, counted_ul(at_s), mass_mg, TOLERANCE)
    return count


def in_strokes(rate_ul_per_h: float, late_s: float = 0.0, gain: float = 1.0) -> Callable[[float], float]:
    return lambda at_s: gain * 0.5 * max(0.0, math.floor(rate_ul_per_h * (at_s - late_s) / HOUR_S / 0.5))


@pytest.mark.parametrize("rate_ul_per_h", [2.0, 10.0, 41.7, 208.0])
def test_a_good_pump_through_a_free_catheter_holds_nothing_back_and_gives_no_surplus(rate_ul_per_h: float) -> None:
    count = after(12.0, in_strokes(rate_ul_per_h), in_strokes(rate_ul_per_h, late_s=8.0))
    assert (count.held_ul, count.surplus_ul < most_held_back_ul(0.0, TOLERANCE)) == (0.0, True)


def test_what_a_narrowed_catheter_holds_is_known_to_more_than_half() -> None:
    """41.7 µL/h through 889 s: a lag of 10.3 µL."""
    rate_ul_per_s, constant_s = 41.7 / HOUR_S, 889.0

    def arrived_ul(at_s: float) -> float:
        return rate_ul_per_s * (at_s - constant_s * (1 - math.exp(-at_s / constant_s)))

    count = after(3.0, lambda at_s: rate_ul_per_s * at_s, arrived_ul)
    assert count.held_ul == pytest.approx(0.57 * 10.3, rel=0.03)
    assert count.surplus_ul < most_held_back_ul(count.held_ul, TOLERANCE)


def test_a_pump_that_gives_half_as_much_again_all_the_time_gives_a_surplus_within_two_hours() -> None:
    count = after(2.0, in_strokes(2.0), in_strokes(2.0, gain=1.5))
    assert count.surplus_ul > most_held_back_ul(count.held_ul, TOLERANCE)


def test_a_surplus_that_was_taken_note_of_is_looked_for_anew() -> None:
    count = after(2.0, in_strokes(2.0), in_strokes(2.0, gain=1.5))
    count.forget_the_surplus()
    count.see(2 * HOUR_S, 4.0, 6.0, TOLERANCE)
    assert count.surplus_ul == 0.0


def test_a_pump_that_siphons_between_its_strokes_is_no_narrow_catheter() -> None:
    """Of 2 µL/h, 1.5 µL/h more all the time, where no sensor tells: what it counted was there all along."""
    count, trickle, told = CountAgainstMass(ACCURACY, SETTLES_S), Trickle(SETTLES_S, 1.0), ""
    for place in range(int(12 * HOUR_S / EVERY_S)):
        at_s = place * EVERY_S
        counted_ul = in_strokes(2.0)(at_s)
        mass_mg = counted_ul + (1.5 - TOLERANCE.loss_mg_per_h) * at_s / HOUR_S
        count.see(at_s, counted_ul, mass_mg, TOLERANCE)
        if count.surplus_ul > most_held_back_ul(count.held_ul, TOLERANCE):
            count.forget_the_surplus()
            trickle.begin_anew()
        told = told or trickle.see(at_s, counted_ul, mass_mg, math.nan, count.held_ul, TOLERANCE)
    assert told == ""
