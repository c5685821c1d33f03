# SPDX-License-Identifier: Apache-2.0
"""Down-sampling for pictures that never hides a spike: each bin shows its smallest and its largest value."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt


def minmax(values: npt.NDArray[np.float64], limit: int = 2000) -> npt.NDArray[np.intp]:
    """Return the indices of at most `limit` values to draw, ascending.

    Each of `limit / 2` bins gives the places of its minimum and its maximum; NaN is chosen only where a bin holds
    nothing else. The same input gives the same indices.

    Args:
        values: the whole series, shape (n,).
        limit: the most points to show; at least 2.
    """
    if len(values) <= limit:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), limit // 2 + 1).astype(np.intp)
    low = np.where(np.isnan(values), np.inf, values)
    high = np.where(np.isnan(values), -np.inf, values)
    bins = list(pairwise(edges))
    smallest = [begin + int(np.argmin(low[begin:end])) for begin, end in bins]
    largest = [begin + int(np.argmax(high[begin:end])) for begin, end in bins]
    return np.unique(np.array([*smallest, *largest], dtype=np.intp))
