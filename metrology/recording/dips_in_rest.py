# SPDX-License-Identifier: Apache-2.0
"""Finds readings that go off and come back where a recording rests between boluses: a touch, a draught.

A rest has no flow that a reading could be held against; what tells a dip is that the level before and behind is one.
"""

import numpy as np

from metrology.recording.recording import Floats

MOST_READINGS = 12
"""What comes back within so many readings is a dip (assumed)."""
_MAD = 1.4826
_FAR, _NEAR, _DIGITS = 10.0, 4.0, 3.0


def dips_in_rest(amounts: Floats, digit: float) -> list[tuple[int, int]]:
    """Return dips by the reading before and the one behind each.

    Args:
        amounts: what was read; shape (n,).
        digit: of the display.
    """
    steps = np.diff(amounts)
    noise = _MAD * float(np.median(np.abs(steps - np.median(steps)))) / 2**0.5
    far, near = _FAR * noise + _DIGITS * digit, _NEAR * noise + _DIGITS * digit
    found: list[tuple[int, int]] = []
    for at in np.flatnonzero(steps < -far).tolist():
        ends = (_back_from_above(amounts, at, near), _back_from_below(amounts, at, near))
        dip = next((one for one in ends if one is not None), None)
        if dip is not None and (not found or dip[0] >= found[-1][1]):
            found.append(dip)
    return found


def _back_from_above(amounts: Floats, at: int, near: float) -> tuple[int, int] | None:
    """Return a dip upwards that ends with the fall behind `at`."""
    for before in range(at - 1, max(at - 1 - MOST_READINGS, -1), -1):
        if abs(float(amounts[before] - amounts[at + 1])) <= near:
            return before, at + 1
    return None


def _back_from_below(amounts: Floats, at: int, near: float) -> tuple[int, int] | None:
    """Return a dip downwards that begins with the fall behind `at`."""
    for behind in range(at + 2, min(at + 2 + MOST_READINGS, len(amounts))):
        if abs(float(amounts[behind] - amounts[at])) <= near:
            return at, behind
    return None
