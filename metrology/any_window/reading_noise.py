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

HOUR_S = 3600.0
_LEAST_READINGS = 3
_LEAST_CHANGES = 20
_TAIL, _TAIL_IN_SD = 0.1, 1.2816
"""A tenth of normal changes lies under −1.28 standard deviations."""


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


def noise_of_falls(times_s: FloatArray, masses_mg: FloatArray) -> Repeatability | None:
    """Return the noise that the falls of the display show, of the hour in which it was worst.

    No pump makes the display fall, so the lower tail of its changes is noise, less what flowed meanwhile. A balance
    that wears, or a draught, shows so at any rate at which it could make a verdict.

    Args:
        times_s: increasing; shape (n,).
        masses_mg: corrected for what evaporates; shape (n,).

    Returns:
        None where no hour holds enough readings.
    """
    changes_mg, hours = np.diff(masses_mg), (times_s[1:] // HOUR_S).astype(np.int64)
    worst: Repeatability | None = None
    for one in np.split(changes_mg, np.flatnonzero(np.diff(hours)) + 1):
        if len(one) >= _LEAST_CHANGES:
            sd_mg = max(0.0, -float(np.quantile(one, _TAIL))) / _TAIL_IN_SD / math.sqrt(2)
            if worst is None or sd_mg > worst.standard_deviation_mg:
                worst = Repeatability(sd_mg, len(one) // 2)
    return worst
