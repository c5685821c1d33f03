# SPDX-License-Identifier: Apache-2.0
"""How old a reading is when it is told, beside the lag of the balance's filter."""

from instruments.simulated.specimen.noise import Noise

BLOCK_S = 900.0
"""How long a delay holds: what makes it, a filter that adapts or a busy wire, lasts."""


class ReadingDelay:
    """Any delay from none to twice the mean, each equally likely, drawn anew every quarter of an hour.

    Args:
        mean_s: the mean delay.
        seed: draws the delays.
    """

    def __init__(self, mean_s: float = 0.0, seed: int = 0) -> None:
        self._mean_s = mean_s
        self._noise = Noise(seed, "reading delay")

    def at(self, now_s: float) -> float:
        """Return the delay of a reading that is told at `now_s`, in s."""
        return 2.0 * self._mean_s * self._noise.share(int(now_s // BLOCK_S)) if self._mean_s else 0.0
