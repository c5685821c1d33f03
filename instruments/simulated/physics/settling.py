# SPDX-License-Identifier: Apache-2.0
"""When will the load be stable? Found from the closed form of the balance's lag, not by waiting."""

import math

from instruments.simulated.physics.regime import Regime

_HALVINGS = 50
_DOUBLINGS = 20
_ENOUGH_DECAYS = 50.0


def settled_at_s(regime: Regime, from_s: float, most_lag_ul: float) -> float:
    """Return the first instant from `from_s` on at which the lag is below `most_lag_ul`; infinite if there is none.

    After a stroke the lag rises and then falls, so it is least just before the next one; from stroke to stroke that
    least value runs monotonically to its limit.
    """
    if abs(regime.lag_at(from_s)) < most_lag_ul:
        return from_s
    done = regime.strokes(from_s)

    def end_s(ahead: int) -> float:
        return _just_before(regime, done + ahead, from_s)

    def settles(ahead: int) -> bool:
        return abs(regime.lag_at(end_s(ahead))) < most_lag_ul

    ahead = next((2**power for power in range(_DOUBLINGS) if settles(2**power)), None)
    if ahead is None:
        return math.inf
    low = ahead // 2
    while ahead - low > 1:
        middle = (low + ahead) // 2
        low, ahead = (low, middle) if settles(middle) else (middle, ahead)
    start_s = from_s if ahead == 1 else regime.stroke_s(done + ahead - 1)
    return _halve(regime, start_s, end_s(ahead), most_lag_ul)


def _just_before(regime: Regime, number: int, from_s: float) -> float:
    next_s = regime.stroke_s(number) if number <= regime.most_strokes else math.inf
    if math.isinf(next_s):
        slowest_s = regime.lag_decay_s + (0.0 if math.isinf(regime.decay_s) else regime.decay_s)
        return from_s + _ENOUGH_DECAYS * slowest_s
    return max(from_s, math.nextafter(next_s, -math.inf))


def _halve(regime: Regime, start_s: float, end_s: float, most_lag_ul: float) -> float:
    moving_s, settled_s = start_s, end_s
    for _ in range(_HALVINGS):
        middle_s = (moving_s + settled_s) / 2.0
        if abs(regime.lag_at(middle_s)) < most_lag_ul:
            settled_s = middle_s
        else:
            moving_s = middle_s
    return settled_s
