# SPDX-License-Identifier: Apache-2.0
"""How much readings differ in the run itself, where nothing flows: before start, after stop, between strokes.

The blank's hour does not see a draught at night. What it found counts unless the run shows worse.
"""

import math
from collections.abc import Iterable

import numpy as np

from metrology.any_window.span import Span
from metrology.delivery import FloatArray
from metrology.gravimetry import Repeatability

_LEAST_READINGS = 3


def reading_noise(times_s: FloatArray, masses_mg: FloatArray, still: Iterable[Span]) -> Repeatability | None:
    """Return the scatter of readings about their mean in some stretches, pooled.

    Args:
        times_s: increasing; shape (n,).
        masses_mg: corrected for what evaporates; shape (n,).
        still: stretches in which nothing flows.

    Returns:
        None where no stretch holds three readings.
    """
    squares, dof = 0.0, 0
    for span in still:
        inside = masses_mg[(times_s >= span.from_s) & (times_s <= span.to_s)]
        if len(inside) >= _LEAST_READINGS:
            squares += float(np.sum((inside - inside.mean()) ** 2))
            dof += len(inside) - 1
    return Repeatability(math.sqrt(squares / dof), dof) if dof else None
