# SPDX-License-Identifier: Apache-2.0
"""How far noise lifts the worst of all windows of a pump that is good: what a promise must leave room for.

The worst of many windows is never too small: each of its ends lies where the noise is greatest. Nothing of that is
taken off when it is judged, so a noisy balance makes good pumps INCONCLUSIVE long before U alone would. Both ends are
confirmed by the reading outside, so the noise counts that two neighbours have in common:

    P(worst > k·σ) ≤ n·Σ_l P(S > k + l·s/σ)        S = min(e₁, e₂) + min(e₃, e₄)

for n readings of independent noise. s is what a good pump stays behind its accuracy from one reading to the next, so
that long windows do not count at high rates.
"""

from functools import lru_cache

import numpy as np
from scipy import special

from metrology.delivery import FloatArray
from metrology.root import root_of

_STEP = 0.02
_GRID = np.arange(-8.0, 8.0 + _STEP / 2, _STEP)
_MOST = 16.0


def worst_of_good_factor(readings: int, behind_per_reading: float, probability: float) -> float:
    """Return k: in so many readings the worst window of a good pump exceeds k·σ with at most this probability.

    Args:
        readings: how many there are; windows begin and end at any of them.
        behind_per_reading: by how many σ the pump stays behind what its accuracy allows, from reading to reading.
        probability: of one infusion.
    """
    behind = round(max(0.0, behind_per_reading), 4)  # no nearer than that: one factor serves many rates
    return _factor(readings, behind, probability)


@lru_cache(maxsize=1024)
def _factor(readings: int, behind: float, probability: float) -> float:
    lags: FloatArray = np.arange(1, readings, dtype=np.float64)

    def too_often(k: float) -> float:
        return readings * float(_exceeds(np.asarray(k + lags * behind, dtype=np.float64)).sum()) - probability

    return 0.0 if too_often(0.0) <= 0 else root_of(too_often, 0.0, _MOST, absolute=1e-4)


def _exceeds(k: FloatArray) -> FloatArray:
    """Return the probability that the noise of two confirmed ends makes more than k·σ."""
    tail = _tail_of_two_ends()
    return np.interp(k, 2 * _GRID[0] + _STEP * np.arange(len(tail)), tail, right=0.0)


@lru_cache(maxsize=1)
def _tail_of_two_ends() -> FloatArray:
    of_one = -np.diff(special.ndtr(_STEP / 2 - _GRID) ** 2, append=0.0)  # the lesser of two normal readings
    of_two = np.convolve(of_one, of_one)
    return np.cumsum(of_two[::-1])[::-1]
