# SPDX-License-Identifier: Apache-2.0
"""A rate that holds for days and then takes another value: weather, a cover that was moved, another draught."""

import math
from collections.abc import Callable

from instruments.simulated.specimen.noise import Noise
from instruments.simulated.time.device_clock import DAY_S

FIRST_S = 6 * 3600.0
"""How long it stays as it began."""
BLOCK_S = 5 * DAY_S


class SlowCourse:
    """A piecewise constant rate.

    Args:
        first: what it begins with.
        half_width: how far it may later lie from that, any value being equally likely.
        seed: draws the values.
        channel: keeps its draws apart from those of others.
    """

    def __init__(self, first: float, half_width: float = 0.0, seed: int = 0, channel: str = "") -> None:
        self._first = first
        self._half_width = half_width
        self._noise = Noise(seed, f"slow course/{channel}")

    def integral(self, growth: Callable[[float], float], now_s: float) -> float:
        """Return the integral of the rate over `growth`, a function of time in s, from zero to `now_s`."""
        return self.over(growth)(now_s)

    def over(self, growth: Callable[[float], float]) -> Callable[[float], float]:
        """Return the same as a function of the present; what lies behind the last change is summed up once.

        It is asked about a present that does not go back.
        """
        number, summed, grown, until_s = 0, 0.0, growth(0.0), FIRST_S if self._half_width else math.inf
        value = self._value(0)

        def integral(now_s: float) -> float:
            nonlocal number, summed, grown, until_s, value
            while now_s > until_s:
                grown_before, grown = grown, growth(until_s)
                summed += value * (grown - grown_before)
                number, until_s = number + 1, until_s + BLOCK_S
                value = self._value(number)
            return summed + value * (growth(now_s) - grown)

        return integral

    def _value(self, block: int) -> float:
        return self._first + (self._half_width * (2.0 * self._noise.share(block) - 1.0) if block else 0.0)


STEADY = SlowCourse(1.0)
"""Nothing changes."""
