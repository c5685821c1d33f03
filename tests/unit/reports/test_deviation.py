# SPDX-License-Identifier: Apache-2.0
import pytest

from reports.deviation import Deviation, excess


def test_between_two_limits_the_middle_is_0_and_a_limit_is_100() -> None:
    found = Deviation.of(1100.0, 29.0, 855.0, 1145.0)
    assert found is not None
    assert found.percent == pytest.approx(100 * 100 / 145)
    assert found.uncertainty_percent == pytest.approx(20.0)
    assert found.used_percent == pytest.approx(100 * 129 / 145)


def test_a_value_below_the_middle_is_negative_and_uses_up_as_much() -> None:
    found = Deviation.of(900.0, None, 855.0, 1145.0)
    assert found is not None
    assert found.percent == pytest.approx(-100 * 100 / 145)
    assert found.used_percent == pytest.approx(100 * 100 / 145)


def test_a_single_upper_limit_is_100() -> None:
    found = Deviation.of(30.0, 6.0, None, 120.0)
    assert found is not None
    assert (found.percent, found.uncertainty_percent, found.basis) == (25.0, 5.0, "most")


def test_over_a_single_lower_limit_more_is_better_and_u_counts_against_it() -> None:
    found = Deviation.of(4.0, 2.0, 1.0, None)
    assert found is not None
    assert (found.percent, found.basis) == (400.0, "least")
    assert found.used_percent == pytest.approx(50.0)


@pytest.mark.parametrize(("lower", "upper"), [(None, None), (None, 0.0), (5.0, 5.0), (-1.0, None)])
def test_of_limits_that_are_no_scale_nothing_is_a_share(lower: float | None, upper: float | None) -> None:
    assert Deviation.of(1.0, 1.0, lower, upper) is None


@pytest.mark.parametrize(
    ("value", "lower", "upper", "told"),
    [(50.86, 35.91, 48.09, 2.77), (1.0, 1.8, None, -0.8), (40.0, 35.91, 48.09, 0.0), (None, 1.0, 2.0, 0.0)],
)
def test_the_excess_is_what_lies_beyond_the_limit(value: float | None, lower: float, upper: float, told: float) -> None:
    assert excess(value, lower, upper) == pytest.approx(told)
