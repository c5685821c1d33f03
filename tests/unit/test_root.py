# SPDX-License-Identifier: Apache-2.0
"""The place at which a function changes its sign."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from metrology.root import root_of

FUNCTIONS: dict[str, tuple[Callable[[float], float], float, float]] = {
    "a line": (lambda x: 3 * x - 1, 0.0, 1.0),
    "a steep curve": (lambda x: math.exp(20 * x) - 2, -1.0, 1.0),
    "a flat one": (lambda x: (x - 0.3) ** 9, 0.0, 1.0),
    "a kink": (lambda x: -1.0 if x < 0.7 else 1e-3, 0.0, 1.0),
    "a falling one": (lambda x: math.cos(x) - x, 0.0, 2.0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_where_brents_method_finds_it(name: str) -> None:
    function, low, high = FUNCTIONS[name]
    place = root_of(function, low, high, absolute=1e-10)
    if name == "a flat one":
        assert abs(function(place)) < 1e-15
    else:
        assert place == pytest.approx(brentq(function, low, high, xtol=1e-12), abs=2e-10)


@given(st.floats(0.01, 0.99), st.floats(0.1, 10.0))
def test_it_lies_between_the_ends_and_as_near_as_was_asked(zero: float, power: float) -> None:
    place = root_of(lambda x: x**power - zero**power, 0.0, 1.0, absolute=1e-9)
    assert 0.0 <= place <= 1.0
    assert place == pytest.approx(zero, abs=1.1e-9)


def test_a_zero_at_an_end_is_the_place() -> None:
    assert root_of(lambda x: x, 0.0, 1.0, absolute=1e-9) == 0.0
    assert root_of(lambda x: x - 1, 0.0, 1.0, absolute=1e-9) == 1.0


def test_one_sign_at_both_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="one sign"):
        root_of(lambda x: x * x + 1, -1.0, 1.0, absolute=1e-9)


def test_a_smooth_function_takes_few_calls() -> None:
    calls = 0

    def counted(x: float) -> float:
        nonlocal calls
        calls += 1
        return math.erf(x / math.sqrt(2)) - 0.95

    root_of(counted, 1.4, 2.4, absolute=1e-9)
    assert calls <= 9
