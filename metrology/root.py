# SPDX-License-Identifier: Apache-2.0
"""Where a function of one number changes its sign, by the method of Chandrupatla.

It brackets as bisection does, and interpolates where three points tell that this is safe; so it needs as few calls as
Brent's method. `scipy.optimize` has that one, but to load it takes 24 MiB and a fifth of a second, in each run.

Source: Chandrupatla, Advances in Engineering Software 28 (1997), 145, doi 10.1016/S0965-9978(96)00051-8.
"""

import sys
from collections.abc import Callable

_EPSILON = 2 * sys.float_info.epsilon


def root_of(
    function: Callable[[float], float], low: float, high: float, absolute: float, relative: float = 0.0
) -> float:
    """Return a place between `low` and `high` at which `function` is zero.

    Args:
        function: of opposite signs at both ends, or zero at one of them.
        low: one end.
        high: the other.
        absolute: how far off the place may be.
        relative: how far off it may be on top of that, as a share of it.

    Raises:
        ValueError: the signs at both ends are the same.
    """
    a, b = high, low
    at_a, at_b = function(a), function(b)
    if at_a == 0 or at_b == 0:
        return a if at_a == 0 else b
    if (at_a > 0) == (at_b > 0):
        raise ValueError(f"the function has one sign at {low} and at {high}: {at_b} and {at_a}")
    share = 0.5
    while True:
        place = a + share * (b - a)
        at_place = function(place)
        if (at_place > 0) == (at_a > 0):
            c, at_c = a, at_a
        else:
            c, at_c, b, at_b = b, at_b, a, at_a
        a, at_a = place, at_place
        best, at_best = (a, at_a) if abs(at_a) < abs(at_b) else (b, at_b)
        near = (0.5 * absolute + (relative + _EPSILON) * abs(best)) / abs(b - a)
        if near > 0.5 or at_best == 0:
            return best
        share = min(1 - near, max(near, _interpolated(a, at_a, b, at_b, c, at_c)))


def _interpolated(a: float, at_a: float, b: float, at_b: float, c: float, at_c: float) -> float:
    """Return the share of the way from `a` to `b`, by inverse quadratic interpolation where it is safe, else a half."""
    xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    if not (phi * phi < xi and (1 - phi) * (1 - phi) < 1 - xi):
        return 0.5
    return at_a / (at_b - at_a) * at_c / (at_b - at_c) + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
