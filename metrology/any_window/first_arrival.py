# SPDX-License-Identifier: Apache-2.0
"""When the first of a flow arrived after a start."""

import numpy as np

from metrology.any_window.span import Span
from metrology.delivery import FloatArray
from metrology.latency import Bracket


def first_arrival(
    times_s: FloatArray, volumes_ul: FloatArray, started_s: float, within: Span, least_ul: float
) -> Bracket | None:
    """Return between which readings more than `least_ul` had arrived.

    Args:
        times_s: increasing; shape (n,).
        volumes_ul: weighed, corrected; shape (n,).
        started_s: the start; readings in `within` up to it tell the level before.
        within: readings that count.
        least_ul: so much has to arrive, in two readings one after the other, to be more than noise.

    Returns:
        None where nothing arrived, or no reading before the start is there.
    """
    inside = (times_s >= within.from_s) & (times_s <= within.to_s)
    before = np.flatnonzero(inside & (times_s <= started_s))
    after = np.flatnonzero(inside & (times_s > started_s))
    if not len(before) or len(after) < 2:
        return None
    gained_ul = volumes_ul[after] - volumes_ul[before].mean()
    arrived = np.minimum(gained_ul[:-1], gained_ul[1:]) > least_ul
    if not arrived.any():
        return None
    index = int(after[int(np.argmax(arrived))])
    return Bracket(float(times_s[index - 1]), float(times_s[index]))
