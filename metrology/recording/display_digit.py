# SPDX-License-Identifier: Apache-2.0
"""The last digit of a display, seen in what it showed: all readings are multiples of it."""

import numpy as np

from metrology.recording.recording import Floats

_LOOKED_AT = 20_000
_STEPS = (1.0, 2.0, 5.0)
_DECADES = range(6, -8, -1)
_ROUNDING = 1e-4
_MOST_LEVELS = 1e8


def display_digit(amounts: Floats) -> float:
    """Return the greatest of 1, 2, 5, 10 … of which all amounts are multiples; 0 where there is none.

    Args:
        amounts: as they were read, with their origin; shape (n,).
    """
    every = max(1, len(amounts) // _LOOKED_AT)
    looked_at = amounts[::every]
    span = float(np.max(np.abs(looked_at))) if len(looked_at) else 0.0
    for decade in _DECADES:
        for step in reversed(_STEPS):
            digit = step * 10.0**decade
            if span < digit or span / digit > _MOST_LEVELS:
                continue
            counts = looked_at / digit
            # Floats of so many levels are no closer to whole numbers than their own spacing allows.
            slack = _ROUNDING + 8 * np.spacing(span) / digit
            if np.all(np.abs(counts - np.round(counts)) <= slack):
                return digit
    return 0.0
