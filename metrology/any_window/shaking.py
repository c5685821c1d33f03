# SPDX-License-Identifier: Apache-2.0
"""A display that shakes: it falls again and again, far deeper than readings scatter, and no pump makes it fall once.

A knock is one fall and one jump. Where falls come thick, a table vibrates or a draught blows; readings in there tell
nothing of short windows. They are left out. What came meanwhile still shows between the readings before and after.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrology.any_window.span import Span
from metrology.delivery import FloatArray

WITHIN_S = 600.0
"""Falls that are no further apart belong together (assumed)."""
LEAST_FALLS = 3
_NOISES = 6.0


@dataclass(frozen=True, eq=False)
class Shaking:
    """Where a display shook.

    Attributes:
        still: which readings lie outside of it; shape (n,).
        spans: from the last reading before to the first after each time.
    """

    still: npt.NDArray[np.bool_]
    spans: tuple[Span, ...] = ()

    @classmethod
    def found(cls, times_s: FloatArray, volumes_ul: FloatArray, noise_ul: float, digit_ul: float) -> "Shaking":
        """Find the times in which the display fell at least three times, each fall within ten minutes of another.

        Args:
            times_s: increasing; shape (n,).
            volumes_ul: at these instants; shape (n,).
            noise_ul: standard deviation of one reading.
            digit_ul: of the display.
        """
        still, spans = np.ones(len(times_s), dtype=bool), []
        deep_ul = _NOISES * 2**0.5 * noise_ul + 2 * digit_ul
        falls = np.flatnonzero(np.diff(volumes_ul) < -deep_ul)
        for run in np.split(falls, np.flatnonzero(np.diff(times_s[falls]) > WITHIN_S) + 1):
            if len(run) >= LEAST_FALLS:
                first, last = int(run[0]), int(run[-1]) + 1
                still[first : last + 1] = False
                spans.append(Span(float(times_s[max(first - 1, 0)]), float(times_s[min(last + 1, len(times_s) - 1)])))
        return cls(still, tuple(spans))
