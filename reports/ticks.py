# SPDX-License-Identifier: Apache-2.0
"""Round figures along an axis: few enough to be read, and no fewer than the room allows."""

import math
from collections.abc import Sequence

USUAL_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
SLACK = 1e-9
"""Of a step: what rounding may have moved an end of the axis by."""


def ticks(low: float, high: float, most: int, steps: Sequence[float] = USUAL_STEPS) -> tuple[float, ...]:
    """Return the round figures from `low` to `high`, ascending; none where the axis has no length or no end.

    Args:
        low: where the axis begins.
        high: where it ends.
        most: into how many steps it is divided at most.
        steps: how far apart figures may be, from 1 to 10; powers of ten of these as well.
    """
    least = (high - low) / most
    if not math.isfinite(least) or least <= 0:
        return ()
    power = 10.0 ** math.floor(math.log10(least))
    step = power * next((one for one in steps if one * power >= least * (1 - SLACK)), 10.0)
    first, last = math.ceil(low / step - SLACK), math.floor(high / step + SLACK)
    return tuple(step * count for count in range(first, last + 1))
