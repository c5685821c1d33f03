# SPDX-License-Identifier: Apache-2.0
"""Finds a flow that dies away towards the end of a record: a reservoir that runs dry does not stop at once.

The record is cut into stretches; a decline is a row of them at the end, each below all that came before and below the
one in front of it, by far more than stretches differ otherwise.
"""

import numpy as np

from metrology.recording.recording import Floats

_STRETCHES = (24, 16, 10)
"""Tried from fine to coarse: noise hides a decline in short ones."""
_READINGS_A_STRETCH = 4
_BEGINNING = 0.1
_LEAST_FALL = 0.12
_SIGMAS = 6.0
_MAD = 1.4826


def decline(times_s: Floats, amounts: Floats) -> tuple[int, float] | None:
    """Return the reading from which the flow dies away, and the share of it that is left in the end; None for none."""
    for stretches in _STRETCHES:
        if stretches * _READINGS_A_STRETCH < len(times_s):
            found = _decline(times_s, amounts, stretches)
            if found is not None:
                return found
    return None


def _decline(times_s: Floats, amounts: Floats, stretches: int) -> tuple[int, float] | None:
    edges_s = np.linspace(times_s[0], times_s[-1], stretches + 1)
    gained = np.diff(np.interp(edges_s, times_s, amounts))
    begin = int(np.ceil(_BEGINNING * stretches))
    usual = float(np.median(gained[begin : begin + (stretches - begin) * 2 // 3]))
    if usual <= 0:
        return None
    early = gained[begin : begin + (stretches - begin) // 2]
    scatter = _MAD * float(np.median(np.abs(early - np.median(early))))
    low = gained < usual - max(_SIGMAS * scatter, _LEAST_FALL / 2 * usual)
    tail = 0
    while tail < stretches - begin and low[stretches - 1 - tail]:
        tail += 1
    if tail < 2 or tail > stretches // 2:
        return None
    dying = gained[stretches - tail :]
    falls = bool(np.all(np.diff(dying) <= _SIGMAS * scatter + _LEAST_FALL / 2 * usual)) and dying[-1] < dying[0]
    left = float(dying[-1]) / usual
    if not falls or left > 1 - _LEAST_FALL:
        return None
    return int(np.searchsorted(times_s, edges_s[stretches - tail])), left
