# SPDX-License-Identifier: Apache-2.0
"""Knocks: what the display did and no pump can.

A display that falls was moved by something else than a pump. If within twenty minutes it also jumps by as much, either
way round, something stood on the pan or touched it and is gone again: nothing is wrong with the sum. What lies between
the two is kept where it went on as usual there (a weight that stands still hides no flow) and left out where it did
not. A fall that stays alone ends the curve: nobody knows what came while it fell.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from metrology.any_window.span import Span
from metrology.delivery import FloatArray

WITHIN_S = 1200.0
"""A fall and a jump further apart do not belong together (assumed)."""
_NOISES = 6.0
_NEIGHBOURS = 9
_LEAST_KEPT = 3


@dataclass(frozen=True)
class Knock:
    """A fall and a jump of one size.

    Attributes:
        span: from the last reading before to the first after it.
        size_ul: how far the display was off in between; negative where it fell first.
        kept: whether the readings in between are evidence, moved by `size_ul`.
    """

    span: Span
    size_ul: float
    kept: bool


@dataclass(frozen=True, eq=False)
class KnocksTaken:
    """A curve whose knocks are taken out.

    Attributes:
        volumes_ul: what was read, moved back where a knock had moved it; shape (n,).
        kept: which readings count; shape (n,).
        knocks: what was taken out, in the order of time.
        falls: intervals in which the display fell and never came back.
    """

    volumes_ul: FloatArray
    kept: npt.NDArray[np.bool_]
    knocks: tuple[Knock, ...] = ()
    falls: tuple[Span, ...] = ()


def take_knocks(
    times_s: FloatArray, volumes_ul: FloatArray, noise_ul: float, digit_ul: float, stroke_ul: float
) -> KnocksTaken:
    """Find and take out all knocks.

    Args:
        times_s: increasing; shape (n,).
        volumes_ul: as the balance shows it, corrected; shape (n,).
        noise_ul: standard deviation of a reading.
        digit_ul: the last digit.
        stroke_ul: what the pump moves at once.
    """
    moved = _Movements.of(times_s, volumes_ul, _NOISES * 2**0.5 * noise_ul + digit_ul, stroke_ul)
    if not len(moved.falls):
        return KnocksTaken(volumes_ul, np.ones(len(times_s), dtype=bool))
    pairs, alone = moved.paired(times_s)
    volumes_ul, kept = volumes_ul.copy(), np.ones(len(times_s), dtype=bool)
    knocks = tuple(_take(times_s, volumes_ul, kept, moved, pair) for pair in sorted(pairs))
    falls = tuple(Span(float(times_s[one]), float(times_s[one + 1])) for one in alone)
    return KnocksTaken(volumes_ul, kept, knocks, falls)


@dataclass(frozen=True, eq=False)
class _Movements:
    """What each interval gained beside what is usual about it; `falls` and `jumps` are intervals."""

    gained_ul: FloatArray
    usual_ul: FloatArray
    slack_ul: float
    falls: npt.NDArray[np.intp]
    jumps: npt.NDArray[np.intp]

    @classmethod
    def of(cls, times_s: FloatArray, volumes_ul: FloatArray, least_ul: float, stroke_ul: float) -> "_Movements":
        took_s, gained_ul = np.diff(times_s), np.diff(volumes_ul)
        usual_ul: FloatArray = ndimage.median_filter(gained_ul / took_s, size=_NEIGHBOURS, mode="nearest") * took_s
        slack_ul = least_ul + stroke_ul
        falls, jumps = np.flatnonzero(gained_ul < -least_ul), np.flatnonzero(gained_ul - usual_ul > slack_ul)
        return cls(gained_ul, usual_ul, slack_ul, falls, jumps)

    def beyond_ul(self, interval: int) -> float:
        """Return how much more an interval gained than is usual."""
        return float(self.gained_ul[interval] - self.usual_ul[interval])

    def paired(self, times_s: FloatArray) -> tuple[list[tuple[int, int]], list[int]]:
        """Return falls with the nearest jump of their size, earlier interval first, and falls that have none."""
        pairs, alone, free = list[tuple[int, int]](), list[int](), set(self.jumps.tolist())
        for fall in self.falls.tolist():
            fits = [
                jump
                for jump in free
                if abs(times_s[jump] - times_s[fall]) <= WITHIN_S
                and abs(self.beyond_ul(jump) + self.beyond_ul(fall)) < 2 * self.slack_ul
            ]
            if not fits:
                alone.append(fall)
                continue
            jump = min(fits, key=lambda one: abs(one - fall))
            free.remove(jump)
            pairs.append((min(jump, fall), max(jump, fall)))
        return pairs, alone

    def went_on_as_usual(self, begin: int, end: int) -> bool:
        """Tell whether nothing odd happened in the intervals from `begin` up to `end`, and there are enough to say."""
        beyond_ul = self.gained_ul[begin:end] - self.usual_ul[begin:end]
        return end - begin >= _LEAST_KEPT and bool(np.all(np.abs(beyond_ul) <= self.slack_ul))


def _take(
    times_s: FloatArray,
    volumes_ul: FloatArray,
    kept: npt.NDArray[np.bool_],
    moved: _Movements,
    pair: tuple[int, int],
) -> Knock:
    first, last = pair
    inside = slice(first + 1, last + 1)
    span = Span(float(times_s[first]), float(times_s[last + 1]))
    # What came in the two intervals together is known; each gets its share by its length.
    together_ul = moved.gained_ul[first] + moved.gained_ul[last]
    took_s = times_s[first + 1] - times_s[first], times_s[last + 1] - times_s[last]
    size_ul = float(moved.gained_ul[first] - together_ul * took_s[0] / (took_s[0] + took_s[1]))
    evidence = moved.went_on_as_usual(first + 1, last)
    if evidence:
        volumes_ul[inside] -= size_ul
    else:
        kept[inside] = False
    return Knock(span, size_ul, evidence)
