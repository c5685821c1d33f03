# SPDX-License-Identifier: Apache-2.0
"""A rate that holds for days and then takes another value: weather, a cover that was moved, another draught."""

from collections.abc import Callable
from itertools import pairwise

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
        if not self._half_width:
            return self._first * (growth(now_s) - growth(0.0))
        edges_s = [0.0, FIRST_S]
        while edges_s[-1] < now_s:
            edges_s.append(edges_s[-1] + BLOCK_S)
        grown = [growth(min(edge_s, now_s)) for edge_s in edges_s]
        return sum(self._value(number) * (after - before) for number, (before, after) in enumerate(pairwise(grown)))

    def _value(self, block: int) -> float:
        return self._first + (self._half_width * (2.0 * self._noise.share(block) - 1.0) if block else 0.0)


STEADY = SlowCourse(1.0)
"""Nothing changes."""
