# SPDX-License-Identifier: Apache-2.0
"""What a picture draws of a long curve: at most 2000 points, the extremes of each bin among them, and says so."""

import numpy as np
import numpy.typing as npt

from reports.minmax import minmax

Floats = npt.NDArray[np.float64]

POINTS = 2000


def points(across: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Return the points to draw; a curve that bends nowhere is thinned like any other."""
    kept = minmax(up, POINTS)
    return across[kept], up[kept]


def thinned_note(count: int) -> str:
    """Return the sentence for a picture of so many points."""
    return f"{POINTS} of {count} points shown, min/max per bin." if count > POINTS else f"All {count} points shown."
