# SPDX-License-Identifier: Apache-2.0
"""How far a balance is off at one load, though its two ends are adjusted."""

import math

from instruments.simulated.specimen.noise import Noise

_SHORTEST_PERIOD_MG = 20.0
_PERIOD_SPAN_MG = 20.0


class LinearityError:
    """A saw of even flanks over the load, as an interpolating converter has it: every deviation is equally likely.

    Its period is far below the range and another one in each balance. So a small difference of mass is no better than
    a large one, and nothing of the deviation cancels between two loads: the worst that a data sheet leaves open.

    Args:
        most_mg: deviation at the tips.
        seed: draws period and place.
    """

    def __init__(self, most_mg: float = 0.0, seed: int = 0) -> None:
        self._most_mg = most_mg
        noise = Noise(seed, "linearity")
        self._period_mg = _SHORTEST_PERIOD_MG + _PERIOD_SPAN_MG * noise.share(0)
        self._start = noise.share(1)

    def at(self, load_mg: float) -> float:
        """Return the deviation in mg at a load in mg."""
        turn = math.fmod(load_mg / self._period_mg + self._start, 1.0) % 1.0
        return self._most_mg * (4.0 * abs(turn - 0.5) - 1.0)
