# SPDX-License-Identifier: Apache-2.0
"""Every event of a curve, not only its largest: the maximal windows of Ruzzo and Tompa, in O(n).

A maximal window cannot be made longer, shorter or joined with a neighbour without its rise becoming less; no two of
them overlap, and the largest of all is the worst window (W. L. Ruzzo, M. Tompa: A linear time algorithm for finding all
maximal scoring subsequences, ISMB 1999).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrology.any_window.span import Span
from metrology.any_window.worst_window import WorstWindow, sections
from metrology.delivery import FloatArray


def maximal_windows(
    times_s: FloatArray, level_ul: FloatArray, least_ul: float, breaks: Sequence[int] = ()
) -> tuple[WorstWindow, ...]:
    """Return all maximal windows in which the level rose by `least_ul` or more, in the order of time.

    Args:
        times_s: increasing; shape (n,).
        level_ul: as for `worst_window`; shape (n,).
        least_ul: smaller events are left out.
        breaks: as for `worst_window`. Ends are not confirmed: a single bad reading shows as an event.
    """
    return tuple(
        one
        for part in sections(len(times_s), breaks)
        for one in _maximal(times_s[part], level_ul[part])
        if one.rise_ul >= least_ul
    )


@dataclass(frozen=True)
class _Candidate:
    """A window that may be maximal; the two sums of the paper are the levels at its ends.

    `lower` is the last candidate before it that begins lower: all between begin as high as it or higher, so a search
    may skip them. That is what makes the whole linear.
    """

    begin: int
    end: int
    lower: int


def _maximal(times_s: FloatArray, level_ul: FloatArray) -> list[WorstWindow]:
    kept: list[_Candidate] = []
    level = level_ul.tolist()
    for end in (np.flatnonzero(np.diff(level_ul) > 0) + 1).tolist():
        begin = end - 1
        while True:
            lower = len(kept) - 1
            while lower >= 0 and level[kept[lower].begin] >= level[begin]:
                lower = kept[lower].lower
            if lower < 0 or level[kept[lower].end] >= level[end]:
                kept.append(_Candidate(begin, end, lower))
                break
            begin = kept[lower].begin
            del kept[lower:]
    return [
        WorstWindow(Span(float(times_s[one.begin]), float(times_s[one.end])), level[one.end] - level[one.begin])
        for one in kept
    ]
