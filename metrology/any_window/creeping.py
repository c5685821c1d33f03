# SPDX-License-Identifier: Apache-2.0
"""A display that was moved at once and creeps back: after a door, a draught, a warm hand.

Where it fell and was not lifted again by a jump, what it gains in the next half hour beyond what may be programmed,
up to what it fell by, may be the display on its way home. The same the other way round where it jumped and nothing
answers for it: what then lacks, up to the jump, may be that. Nobody can tell it from a pump; so neither is for sure.
"""

from collections.abc import Sequence

import numpy as np

from metrology.any_window.jumps import Jump
from metrology.any_window.span import Span
from metrology.delivery import FloatArray

HOME_IN_S = 1800.0
"""After so long a display that was moved is home again, or stays where it is (assumed)."""
SINKS_IN_S = 7200.0
"""The same of one that jumped: it sinks by less than flows in meanwhile, or it would be seen to fall (assumed)."""


def crept_up_ul(
    times_s: FloatArray, volumes_ul: FloatArray, allowed_ul: FloatArray, falls: Sequence[Span]
) -> FloatArray:
    """Return how much of each reading may be a display that creeps back up; shape (n,).

    Args:
        times_s: increasing; shape (n,).
        volumes_ul: weighed; shape (n,).
        allowed_ul: what may have come up to each instant; shape (n,).
        falls: intervals in which the display fell, from one reading to the next.
    """
    crept = np.zeros(len(times_s))
    for fall in falls:
        before, after = (int(np.searchsorted(times_s, at_s)) for at_s in (fall.from_s, fall.to_s))
        if after < len(times_s):
            size_ul = float(volumes_ul[before] - volumes_ul[after])
            crept += _home(times_s, volumes_ul - allowed_ul, after, size_ul, HOME_IN_S)
    return crept


def crept_down_ul(times_s: FloatArray, volumes_ul: FloatArray, due_ul: FloatArray, jumps: Sequence[Jump]) -> FloatArray:
    """Return how much may lack at each reading because a display that jumped creeps back down; shape (n,).

    Args:
        times_s: increasing; shape (n,).
        volumes_ul: weighed, the jumps in it; shape (n,).
        due_ul: what must have come up to each instant; shape (n,).
        jumps: those that nothing answers for.
    """
    crept = np.zeros(len(times_s))
    for jump in jumps:
        after = int(np.searchsorted(times_s, jump.span.to_s))
        if after < len(times_s):
            crept += _home(times_s, due_ul - volumes_ul, after, jump.size_ul, SINKS_IN_S)
    return crept


def _home(times_s: FloatArray, level_ul: FloatArray, after: int, size_ul: float, within_s: float) -> FloatArray:
    """Return by how much a level rose since a reading, up to a size, for so long; from then on what it was then."""
    end = int(np.searchsorted(times_s, times_s[after] + within_s, side="right"))
    rose = np.clip(np.maximum.accumulate(level_ul[after:end]) - level_ul[after], 0.0, max(0.0, size_ul))
    home = np.zeros(len(times_s))
    home[after:end] = rose
    home[end:] = rose[-1]
    return home
