# SPDX-License-Identifier: Apache-2.0
"""Delivered against expected volume."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from metrology.uncertainty import Quantity
from metrology.verdict import relative_error


@given(st.floats(0.1, 1e5), st.floats(-50, 50), st.floats(0, 20))
def test_the_error_is_relative_to_the_expected_volume(expected_ul: float, percent: float, u_percent: float) -> None:
    delivered = Quantity(expected_ul * (1 + percent / 100), "µL", expected_ul * u_percent / 100, 12)
    error = relative_error(delivered, expected_ul)
    assert error.value == pytest.approx(percent, abs=1e-9)
    assert error.standard_uncertainty == pytest.approx(u_percent)
    assert error.unit == "%"


def test_the_start_of_the_schedule_widens_the_error() -> None:
    error = relative_error(Quantity(48.0, "µL", 0.3), 48.0, schedule_half_width_ul=0.2)
    assert error.standard_uncertainty == pytest.approx(math.hypot(0.3, 0.2 / math.sqrt(3)) / 48 * 100)
    assert error.budget[-1].name == "start of the schedule"


@pytest.mark.parametrize(
    ("unit", "expected_ul", "seen"), [("mg", 48.0, "in 'mg'"), ("µL", 0.0, "0 µL"), ("µL", math.nan, "nan µL")]
)
def test_what_cannot_be_compared_is_our_mistake(unit: str, expected_ul: float, seen: str) -> None:
    with pytest.raises(PlanError, match=seen):
        relative_error(Quantity(48.0, unit, 0.3), expected_ul)
