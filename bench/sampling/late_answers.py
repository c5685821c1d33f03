# SPDX-License-Identifier: Apache-2.0
"""Answers that are one behind: each question for the mass gets what the one before should have got.

The questions of a mark follow each other by a second, the one before the mark is older. While something flows, a
balance that answers late shows in the first reading of a mark what it should have shown at that older question. So the
readings stand on a straight line if each is put where the question before it was asked, and not where its own was; a
knock, a stroke or a flow that changes does not do that.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np

_QUESTIONS = 40
_LEAST_READINGS = 5
_NOISES = 10.0
_STROKES = 1.5
_BETTER = 0.25
"""The line through the shifted instants must leave less than this of what the other one leaves."""


class LateAnswers:
    """Keeps the last questions and their answers.

    Args:
        noise_mg: standard deviation of a reading.
        stroke_volume_ul: what the pump moves at once, which weighs as many mg.
    """

    def __init__(self, noise_mg: float, stroke_volume_ul: float) -> None:
        self._least_mg = _NOISES * noise_mg + _STROKES * stroke_volume_ul
        self._asked: deque[tuple[float, float]] = deque(maxlen=_QUESTIONS)

    def see(self, at_s: float, mass_g: float) -> None:
        """Take a question and its answer, in the order in which they were asked."""
        self._asked.append((at_s, 1000 * mass_g))

    def found_since(self, first_s: float) -> str:
        """Look at the readings of a mark that began at `first_s`.

        Returns:
            What is wrong with them in words; empty while nothing is.
        """
        asked = list(self._asked)
        begin = next((place for place, (at_s, _mass) in enumerate(asked) if at_s >= first_s), len(asked))
        if begin == 0 or len(asked) - begin < _LEAST_READINGS:
            return ""
        masses_mg = [mass for _at, mass in asked[begin:]]
        own_mg = _scatter_mg([at for at, _mass in asked[begin:]], masses_mg)
        before_mg = _scatter_mg([at for at, _mass in asked[begin - 1 : -1]], masses_mg)
        if own_mg < self._least_mg or before_mg > min(_BETTER * own_mg, self._least_mg):
            return ""
        told = f"its readings leave a straight line by {own_mg:.2f} mg"
        return f"{told}, and by {before_mg:.2f} mg if each is the answer to the question before"


def _scatter_mg(times_s: Sequence[float], masses_mg: Sequence[float]) -> float:
    """Return how far the reading that fits worst is from the straight line through all."""
    times, masses = np.asarray(times_s) - times_s[0], np.asarray(masses_mg)
    if not np.ptp(times):
        return 0.0
    slope, offset = np.polyfit(times, masses, 1)
    return float(np.max(np.abs(masses - (slope * times + offset))))
