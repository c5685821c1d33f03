# SPDX-License-Identifier: Apache-2.0
"""Finds where delivery ended before the record did: the reservoir ran dry, or somebody stopped the pump.

A mean over such a tail is a wrong rate. The record is cut into equal stretches, and a tail is a row of stretches at its
end with next to no flow, longer than any such row before. What a pulsed pump's pauses and the balance's noise look like
is so taken from the record itself; stretches that are too short to tell a pause from a stop rule themselves out.
"""

from itertools import groupby

import numpy as np
import numpy.typing as npt

from metrology.recording.recording import Floats

STRETCHES = (1000, 500, 200, 100, 50, 20, 10)
"""Tried from fine to coarse; the first that shows a tail says that there is one."""
LITTLE = 0.1
"""A stretch with less than this share of the usual rate counts as one without flow."""
FEWEST_QUIET = 3
BEGINNING = 0.1
"""Share of the record in which a pump may still be starting up; pauses in it say nothing of later ones."""
NOISE_SPAN = 3.0


def flow_end_s(times_s: Floats, amounts: Floats) -> float | None:
    """Return the instant from which nothing was delivered any more; None where delivery goes on to the end.

    Args:
        times_s: strictly increasing.
        amounts: cumulative mass or volume, of any origin.
    """
    for stretches in STRETCHES:
        if stretches <= (len(times_s) - 1) // 2:
            edges_s = np.linspace(times_s[0], times_s[-1], stretches + 1)
            gained = np.diff(np.interp(edges_s, times_s, amounts))
            quiet = _quiet_tail(gained)
            if quiet:
                return _reached_s(times_s, amounts, edges_s[stretches - quiet])
    return None


def _quiet_tail(gained: Floats) -> int:
    """Return how many stretches at the end have no flow, beyond doubt; 0 if none."""
    flowing = gained[gained > LITTLE * np.max(gained)]
    quiet: npt.NDArray[np.bool_] = gained < LITTLE * np.median(flowing)
    tail = len(quiet) - (int(np.flatnonzero(~quiet)[-1]) + 1)
    before = quiet[int(BEGINNING * len(quiet)) : len(quiet) - tail]
    longest = max((len(list(row)) for is_quiet, row in groupby(before) if is_quiet), default=0)
    return tail if tail >= FEWEST_QUIET and tail > 2 * longest else 0


def _reached_s(times_s: Floats, amounts: Floats, tail_from_s: float) -> float:
    """Return when the level of the tail was reached; noise may have hidden the first stretches of the tail."""
    tail = amounts[int(np.searchsorted(times_s, tail_from_s)) :]
    level = float(np.median(tail[: max(len(tail) // 4, 1)]))
    noise = NOISE_SPAN * 1.4826 * float(np.median(np.abs(tail - np.median(tail))))
    return float(times_s[int(np.argmax(amounts >= level - noise))])
