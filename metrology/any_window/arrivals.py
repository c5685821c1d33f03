# SPDX-License-Identifier: Apache-2.0
"""Arrivals: where mass does not see it, time does.

Where strokes stand apart each of them shows as a rise between a reading and the next but one. When they come needs no
linearity (no load changes), no evaporation and no scale. It takes a balance whose noise is a seventeenth of a stroke,
and four samples from stroke to stroke.
"""

from dataclasses import dataclass

import numpy as np

from metrology.any_window.span import Span
from metrology.delivery import FloatArray
from metrology.latency import Bracket

NOISES_IN_A_STROKE = 17.0
SAMPLES_IN_A_STROKE = 4.0


def strokes_show(stroke_ul: float, noise_ul: float) -> bool:
    """Tell whether the noise of a reading leaves each stroke visible: a rise of half a stroke is then 6σ of √2σ."""
    return noise_ul * NOISES_IN_A_STROKE <= stroke_ul


def strokes_stand_apart(stroke_ul: float, rate_ul_per_h: float, interval_s: float) -> bool:
    """Tell whether a rate is so slow that there are four samples from stroke to stroke."""
    return rate_ul_per_h <= 0 or stroke_ul / rate_ul_per_h * 3600 >= SAMPLES_IN_A_STROKE * interval_s


@dataclass(frozen=True, eq=False)
class Arrivals:
    """The strokes that arrived at the vessel.

    Attributes:
        times_s: instants of the readings; shape (n,).
        last_before: index of the last reading before each stroke; shape (m,).
        quiet: for each reading but the first and the last, whether nothing arrived about it; shape (n,), its ends
            False.
    """

    times_s: FloatArray
    last_before: np.ndarray[tuple[int], np.dtype[np.intp]]
    quiet: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @classmethod
    def found(cls, times_s: FloatArray, volumes_ul: FloatArray, stroke_ul: float) -> "Arrivals":
        """Find them: a rise of more than half a stroke from a reading to the next but one."""
        arrives = np.zeros(len(times_s), dtype=np.bool_)
        arrives[1:-1] = volumes_ul[2:] - volumes_ul[:-2] > stroke_ul / 2
        # The first reading of a pair that shows it lies before the stroke.
        last_before = np.flatnonzero(arrives[1:] & ~arrives[:-1]) + 1
        quiet = ~arrives
        quiet[[0, -1]] = False
        return cls(times_s, last_before, quiet)

    def bracket(self, number: int) -> Bracket:
        """Return between which readings a stroke arrived."""
        index = int(self.last_before[number])
        return Bracket(float(self.times_s[index]), float(self.times_s[index + 1]))

    def quiet_runs(self, within: Span) -> tuple[tuple[int, int], ...]:
        """Return first and last index of each row of readings within a span about which nothing arrived."""
        quiet = self.quiet & (self.times_s >= within.from_s) & (self.times_s <= within.to_s)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False]))))
        return tuple(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True))

    def any_in(self, span: Span) -> bool:
        """Tell whether anything arrived in a span, both readings that show it being in it."""
        inside = (self.times_s[:-2] >= span.from_s) & (self.times_s[2:] <= span.to_s)
        return bool(np.any(~self.quiet[1:-1] & inside))
