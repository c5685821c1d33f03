# SPDX-License-Identifier: Apache-2.0
"""Steps of rate that repeat: a day or a week of the pump's own clock, in closed form over any number of them.

Before the first step of a cycle the last one of the cycle before runs on.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from bench.therapy.interval import SECONDS_PER_HOUR


class StepCycle:
    """A cycle of steps that begins at every multiple of its length on the device clock.

    Args:
        length_s: of the cycle.
        steps: start within the cycle in s, and rate in µL/h; starts rise, and there is one step or more.
    """

    def __init__(self, length_s: float, steps: Sequence[tuple[float, float]]) -> None:
        self._length_s = length_s
        self._starts_s = [0.0, *(start_s for start_s, _ in steps)]
        self._rates = [steps[-1][1], *(rate for _, rate in steps)]

    def volume_ul(self, from_s: float, to_s: float) -> float:
        """Return the volume between two instants of the device clock."""
        from_cycle, from_inside_s = divmod(from_s, self._length_s)
        to_cycle, to_inside_s = divmod(to_s, self._length_s)
        whole_ul = (to_cycle - from_cycle) * self._volumes_before[-1]
        return max(0.0, whole_ul + self._since_begin_ul(to_inside_s) - self._since_begin_ul(from_inside_s))

    def rate_ul_per_h(self, at_s: float) -> float:
        """Return the rate from an instant on."""
        return self._rates[bisect_right(self._starts_s, at_s % self._length_s) - 1]

    def changes_s(self, from_s: float, to_s: float) -> list[float]:
        """Return the instants at which the rate changes, of every cycle that the interval touches."""
        cycles = range(math.floor(from_s / self._length_s), math.floor(to_s / self._length_s) + 1)
        changing = [
            start_s
            for start_s, before, after in zip(self._starts_s[1:], self._rates, self._rates[1:], strict=False)
            if before != after
        ]
        return [cycle * self._length_s + start_s for cycle in cycles for start_s in changing]

    @cached_property
    def _volumes_before(self) -> list[float]:
        """Volume from the begin of the cycle to each start, and last that of the whole cycle."""
        volumes = [0.0]
        for (start_s, end_s), rate in zip(pairwise([*self._starts_s, self._length_s]), self._rates, strict=True):
            volumes.append(volumes[-1] + rate * (end_s - start_s) / SECONDS_PER_HOUR)
        return volumes

    def _since_begin_ul(self, inside_s: float) -> float:
        step = bisect_right(self._starts_s, inside_s) - 1
        since_start_s = inside_s - self._starts_s[step]
        return self._volumes_before[step] + self._rates[step] * since_start_s / SECONDS_PER_HOUR
