# SPDX-License-Identifier: Apache-2.0
"""Program and counter agree, and the balance shows a multiple of both that lies between a gram and another unit."""

from dataclasses import replace

import pytest

from bench.weighing import DeliveryWindow, ScaleSuspicion
from bench.weighing.scale_suspicion import Suspicion
from tests.unit.test_weighing import HOUR_S, PROGRAMMED_UL, UL_PER_G, mark, weighing, window


def nth(number: int, weighed_ul: float, counted_ul: float = PROGRAMMED_UL) -> DeliveryWindow:
    """The window number `number` of an infusion, two hours each."""
    from_s = HOUR_S * (1 + 2 * number)
    ends = mark(from_s, 1.0, 500.0), mark(from_s + 2 * HOUR_S, 1.0 + weighed_ul / UL_PER_G, 500.0 + counted_ul)
    delivered = weighing().volume(*ends, 0.5)
    return replace(
        window(weighed_ul, counted_ul), name=f"part {number}", start=ends[0], end=ends[1], delivered=delivered
    )


def suspicion(*windows: DeliveryWindow) -> Suspicion | None:
    looking = ScaleSuspicion()
    return next((found for one in windows if (found := looking.add(one)) is not None), None)


@pytest.mark.parametrize(("factor", "unit"), [(5.0, "carat"), (4.9, "carat"), (1000.0, "mg"), (0.643, "pennyweight")])
def test_one_factor_in_two_windows_that_is_that_of_a_unit_is_suspicious(factor: float, unit: str) -> None:
    found = suspicion(nth(0, factor * PROGRAMMED_UL), nth(1, factor * PROGRAMMED_UL))
    assert found is not None
    assert (found.unit, found.factor, found.windows) == (unit, pytest.approx(factor, rel=0.02), ("part 0", "part 1"))
    assert "program and counter agree" in found.told


def test_it_is_told_once() -> None:
    looking = ScaleSuspicion()
    told = [looking.add(nth(number, 5 * PROGRAMMED_UL)) for number in range(4)]
    assert [one is not None for one in told] == [False, True, False, False]


@pytest.mark.parametrize("factor", [0.0, 0.83, 1.0, 1.2, 2.0, 20.0, -1.0])
def test_other_factors_are_the_pumps(factor: float) -> None:
    assert suspicion(nth(0, factor * PROGRAMMED_UL), nth(1, factor * PROGRAMMED_UL)) is None


def test_one_window_is_no_evidence_and_neither_is_the_same_time_twice() -> None:
    one = nth(0, 5 * PROGRAMMED_UL)
    assert suspicion(one, replace(one, name="again")) is None


def test_two_factors_are_no_unit() -> None:
    assert suspicion(nth(0, 4.6 * PROGRAMMED_UL), nth(1, 5.3 * PROGRAMMED_UL)) is None


def test_a_counter_that_goes_along_with_the_balance_speaks_against_the_pump() -> None:
    five = 5 * PROGRAMMED_UL
    assert suspicion(nth(0, five, five), nth(1, five, five)) is None
