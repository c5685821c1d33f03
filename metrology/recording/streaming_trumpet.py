# SPDX-License-Identifier: Apache-2.0
"""The trumpet curve of samples that come block by block and are not kept: memory does not grow with their number.

A window of k intervals ends at each sample and began k samples before; so the last k samples are all that has to be
remembered, k being that of the longest window.
"""

import math
from collections.abc import Sequence

import numpy as np

from groundfloor.errors import PlanError
from metrology.delivery import Trumpet, TrumpetWindow
from metrology.delivery.sampling_grid import whole_intervals
from metrology.recording.recording import Floats


class StreamingTrumpet:
    """Follows a cumulative volume on an even grid.

    Args:
        set_rate_ul_per_h: r, over zero.
        sample_interval_s: S.
        windows_s: observation windows P, whole multiples of S.

    Raises:
        PlanError: a window is no whole multiple of S, or there is no set rate.
    """

    def __init__(self, set_rate_ul_per_h: float, sample_interval_s: float, windows_s: Sequence[float]) -> None:
        if not set_rate_ul_per_h > 0:
            raise PlanError("trumpet", "refer to a set rate", f"{set_rate_ul_per_h:g} µL/h", "give one over zero")
        self._rate, self._interval_s, self._windows_s = set_rate_ul_per_h, sample_interval_s, tuple(windows_s)
        self._counts = [whole_intervals("observation window", one, sample_interval_s) for one in windows_s]
        self._least = [math.inf] * len(self._counts)
        self._greatest = [-math.inf] * len(self._counts)
        self._last = np.empty(0)
        self._first_ul = math.nan
        self._samples = 0

    def add(self, volumes_ul: Floats) -> None:
        """Take the next samples of the cumulative volume, in µL; shape (n,), n >= 1."""
        if not self._samples:
            self._first_ul = float(volumes_ul[0])
        known = np.concatenate((self._last, volumes_ul))
        for place, count in enumerate(self._counts):
            # Windows that ended before this block were counted with the block before.
            begins = known[max(len(self._last) - count, 0) : len(known) - count] if len(known) > count else known[:0]
            if len(begins):
                came_ul = known[len(known) - len(begins) :] - begins
                self._least[place] = min(self._least[place], float(came_ul.min()))
                self._greatest[place] = max(self._greatest[place], float(came_ul.max()))
        self._samples += len(volumes_ul)
        self._last = known[-max(self._counts) :].copy()

    def trumpet(self) -> Trumpet:
        """Return the curve of all samples so far.

        Raises:
            PlanError: they are fewer than the longest window takes.
        """
        if self._samples <= max(self._counts):
            seen = f"{self._samples} samples, the longest window takes {max(self._counts) + 1}"
            raise PlanError("trumpet", "fit the windows", seen, "record longer, or leave it out")
        took_s = (self._samples - 1) * self._interval_s
        due_ul = self._rate * took_s / 3600
        windows = tuple(
            TrumpetWindow(
                window_s,
                100 * most / (self._rate * window_s / 3600) - 100,
                100 * least / (self._rate * window_s / 3600) - 100,
                self._samples - count,
                None,
                None,
            )
            for window_s, count, least, most in zip(
                self._windows_s, self._counts, self._least, self._greatest, strict=True
            )
        )
        overall = 100 * (float(self._last[-1]) - self._first_ul) / due_ul - 100
        return Trumpet(self._rate, self._interval_s, took_s, overall, windows)
