# SPDX-License-Identifier: Apache-2.0
"""The window in which a level rose most: one pass, whatever the number of windows.

Of all pairs of samples, the later minus the earlier is greatest where the level stands highest above the lowest it has
been. So a running minimum finds the worst of n²/2 windows in O(n). Each end is confirmed by the reading outside it: a
window begins at the higher of two readings and ends at the lower of two, so that one bad reading changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from metrology.any_window.span import Span
from metrology.delivery import FloatArray


@dataclass(frozen=True)
class WorstWindow:
    """The window of the greatest rise.

    Attributes:
        span: its instants.
        rise_ul: how much the level rose in it, over its confirmed ends; never negative.
    """

    span: Span
    rise_ul: float


def worst_window(
    times_s: FloatArray, level_ul: FloatArray, breaks: Sequence[int] = (), *, confirmed: bool = True
) -> WorstWindow | None:
    """Return the window in which `level_ul` rose most.

    Args:
        times_s: increasing; shape (n,).
        level_ul: delivered less allowed, or due less delivered; shape (n,).
        breaks: indices at which a new curve begins, because what came between it and the sample before is not known;
            no window crosses one.
        confirmed: whether the readings outside a window confirm its ends; not needed where readings have no noise.

    Returns:
        None where no curve has samples enough for a window: two, or four with confirmed ends.
    """
    found = [
        one for part in sections(len(times_s), breaks) if (one := _worst_of(times_s[part], level_ul[part], confirmed))
    ]
    return max(found, key=lambda one: one.rise_ul, default=None)


def sections(count: int, breaks: Sequence[int]) -> Iterator[slice]:
    """Cut `count` samples at the breaks."""
    edges = [0, *sorted({one for one in breaks if 0 < one < count}), count]
    return (slice(begin, end) for begin, end in pairwise(edges))


def _worst_of(times_s: FloatArray, level_ul: FloatArray, confirmed: bool) -> WorstWindow | None:
    outside = 1 if confirmed else 0
    if len(level_ul) < 2 + 2 * outside:
        return None
    begins, ends = level_ul[:-1], level_ul[1:]
    if confirmed:
        begins = np.maximum(level_ul[1:-2], level_ul[:-3])
        ends = np.minimum(level_ul[2:-1], level_ul[3:])
    lowest = np.minimum.accumulate(begins)
    last = int(np.argmax(ends - lowest))
    first = int(np.argmin(begins[: last + 1]))
    span = Span(float(times_s[first + outside]), float(times_s[last + outside + 1]))
    return WorstWindow(span, max(0.0, float(ends[last] - lowest[last])))
