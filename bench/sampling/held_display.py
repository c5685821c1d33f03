# SPDX-License-Identifier: Apache-2.0
"""A display that is held: the same figure to the last digit, again and again, where readings scattered before.

A pump that delivers nothing leaves the balance its noise; a frozen balance has none. So the two are told apart by the
noise alone, and a balance that shows none at its last digit cannot be watched like this.
"""

import math

CHANCE = 1e-9
"""How rarely a good balance may be called held, per reading."""
LEAST_SPAN_S = 60.0
"""Longer than any filter of a balance repeats itself."""
_QUIETER = 0.5
"""At night a balance may scatter by half of what it did in the pre-flight (assumed)."""


class HeldDisplay:
    """Counts how often the same reading came in a row.

    Args:
        noise_mg: standard deviation of a reading, as it was measured.
        readability_mg: the last digit.

    Attributes:
        most_in_a_row: more readings of one figure than this are no chance; infinite where the noise does not show.
    """

    def __init__(self, noise_mg: float, readability_mg: float) -> None:
        self.most_in_a_row = _most_in_a_row(_QUIETER * noise_mg, readability_mg)
        self._mass_g = math.nan
        self._since_s = 0.0
        self._count = 0

    def see(self, at_s: float, mass_g: float) -> str:
        """Take a reading, in the order in which they were made.

        Returns:
            What is wrong with the display in words; empty while nothing is.
        """
        if mass_g != self._mass_g:
            self._mass_g, self._since_s, self._count = mass_g, at_s, 0
        self._count += 1
        span_s = at_s - self._since_s
        if self._count <= self.most_in_a_row or span_s < LEAST_SPAN_S:
            return ""
        return f"{mass_g:.5f} g, the same to the last digit in {self._count} readings over {span_s:.0f} s"


def _most_in_a_row(noise_mg: float, readability_mg: float) -> float:
    """Return after how many equal readings chance is out of the question.

    Two independent readings show the same digit with a probability of readability/(2·√π·noise); the approximation is on
    the safe side from half a digit of noise upwards.
    """
    if noise_mg < 0.5 * readability_mg:
        return math.inf
    same = readability_mg / (2 * math.sqrt(math.pi) * noise_mg)
    return 1 + math.ceil(math.log(CHANCE) / math.log(same))
