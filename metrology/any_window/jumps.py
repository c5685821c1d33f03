# SPDX-License-Identifier: Apache-2.0
"""Jumps: more than is allowed arrived in exactly one interval, and nothing odd beside it.

Flow runs through a catheter: a burst that lasts a minute shows in two intervals or more, always. What shows in one
alone may be a burst of a second, a drop that fell, or a knock that stayed. The display cannot tell which. So a jump is
an open question until something else answers it.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from metrology.any_window.span import Span
from metrology.delivery import FloatArray

_NOISES = 6.0
_NEIGHBOURS = 9
_MADE_UP = 0.5
"""What lacked before a drop falls is what the drop weighs, to this share of it."""


@dataclass(frozen=True)
class Jump:
    """One jump.

    Attributes:
        span: the interval.
        size_ul: what arrived in it beside what is usual about it.
        makes_up: whether as much lacked just before, as it does while a drop grows at the outlet.
    """

    span: Span
    size_ul: float
    makes_up: bool


def find_jumps(
    times_s: FloatArray, volumes_ul: FloatArray, allowed_ul: FloatArray, due_ul: FloatArray, least_ul: float
) -> tuple[Jump, ...]:
    """Return every jump, in the order of time.

    Args:
        times_s: increasing; shape (n,).
        volumes_ul: weighed, corrected, without knocks; shape (n,).
        allowed_ul: what may have come up to each instant; shape (n,).
        due_ul: what must have come up to each instant; shape (n,).
        least_ul: smaller ones are none: see `odd_ul`.
    """
    if len(times_s) < 2:
        return ()
    took_s, gained_ul = np.diff(times_s), np.diff(volumes_ul)
    odd = gained_ul - np.diff(allowed_ul) > least_ul
    beside = np.zeros(len(odd), dtype=bool)
    beside[1:] |= odd[:-1]
    beside[:-1] |= odd[1:]
    usual_ul = ndimage.median_filter(gained_ul / took_s, size=_NEIGHBOURS, mode="nearest") * took_s
    found, since = [], 0
    for interval in np.flatnonzero(odd & ~beside).tolist():
        size_ul = float(gained_ul[interval] - usual_ul[interval])
        lacked_ul = _most_lacking(due_ul[since : interval + 1] - volumes_ul[since : interval + 1])
        span = Span(float(times_s[interval]), float(times_s[interval + 1]))
        found.append(Jump(span, size_ul, abs(lacked_ul - size_ul) <= _MADE_UP * size_ul))
        since = interval + 1
    return tuple(found)


def odd_ul(noise_ul: float, digit_ul: float, stroke_ul: float) -> float:
    """Return what a reading may gain over the one before by noise, last digit and one stroke; more is odd."""
    return _NOISES * 2**0.5 * noise_ul + digit_ul + stroke_ul


def without(times_s: FloatArray, volumes_ul: FloatArray, jumps: tuple[Jump, ...]) -> FloatArray:
    """Return the volumes as they would be if some jumps were none of the pump's; shape (n,)."""
    taken_ul = np.zeros(len(times_s))
    for jump in jumps:
        taken_ul[times_s >= jump.span.to_s] += jump.size_ul
    remaining: FloatArray = volumes_ul - taken_ul
    return remaining


def _most_lacking(behind_ul: FloatArray) -> float:
    """Return how far the volume fell behind up to the end of a stretch, from where it was least behind."""
    return float(behind_ul[-1] - behind_ul.min())
