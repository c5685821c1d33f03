# SPDX-License-Identifier: Apache-2.0
"""The strokes of a pump one by one: when each came, what it brought, and how much they differ.

It takes a quiet balance, whose noise is a seventeenth of a stroke, and four readings to each stroke. The volume of a
stroke is the level behind it less the level before it, each the mean of the readings on that level.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from metrology.any_window import Arrivals, strokes_show, strokes_stand_apart
from metrology.delivery import DeliveryCurve
from metrology.recording.recording import Floats
from metrology.recording.shown_scatter import ShownScatter

_FEWEST = 3
_K = 2.0


@dataclass(frozen=True, eq=False)
class SingleStrokes:
    """The strokes that have a level on both sides; all of one shape, and U is for 95 %.

    Attributes:
        times_s: when each came, in the middle between two readings.
        volumes_ul: what each brought.
        expanded_ul: U of that.
        intervals_s: from each to the next; one fewer.
        interval_expanded_s: U of one interval: readings tell an instant only so well.
    """

    times_s: Floats
    volumes_ul: Floats
    expanded_ul: Floats
    intervals_s: Floats
    interval_expanded_s: float

    @property
    def mean_ul(self) -> float:
        """Return the mean stroke."""
        return float(np.mean(self.volumes_ul))

    @property
    def deviation_ul(self) -> float:
        """Return the standard deviation of the volumes; what the balance adds is in it."""
        return float(np.std(self.volumes_ul, ddof=1))

    @property
    def interval_deviation_s(self) -> float:
        """Return the standard deviation of the intervals."""
        return float(np.std(self.intervals_s, ddof=1)) if len(self.intervals_s) > 1 else math.nan


def single_strokes(
    curve: DeliveryCurve, stroke_ul: float, shown: ShownScatter, ul_per_unit: float
) -> tuple[SingleStrokes | None, str]:
    """Return the strokes of a curve, or why they cannot be told apart.

    Args:
        curve: at its own readings.
        stroke_ul: about what one brings.
        shown: of the readings.
        ul_per_unit: µL of one unit of it.
    """
    noise_ul, digit_ul = ul_per_unit * shown.scatter_mg, ul_per_unit * shown.digit_mg
    interval_s = curve.typical_interval_s
    if not strokes_show(stroke_ul, max(noise_ul, digit_ul / math.sqrt(12))):
        return None, f"a reading scatters by {noise_ul:.2g} µL, a stroke of {stroke_ul:.3g} µL does not stand out of it"
    if not strokes_stand_apart(stroke_ul, curve.mean_rate_ul_per_h, interval_s):
        return None, f"a reading every {interval_s:g} s is too rare for strokes that come so fast"
    found = Arrivals.found(curve.times_s, curve.volumes_ul, stroke_ul)
    places = found.last_before
    if len(places) < _FEWEST:
        return None, f"{len(places)} strokes"
    levels = np.array([_level(curve.volumes_ul, a + 1, b) for a, b in pairwise(places.tolist())])
    counts = np.diff(places)
    volumes_ul = np.diff(levels)
    u_ul = np.sqrt(noise_ul**2 * (1 / counts[1:] + 1 / counts[:-1]) + digit_ul**2 / 6)
    times_s = (curve.times_s[places] + curve.times_s[places + 1]) / 2
    inner_s = times_s[1:-1]
    expanded_s = _K * interval_s / math.sqrt(6)
    return SingleStrokes(inner_s, volumes_ul, _K * u_ul, np.diff(inner_s), expanded_s), ""


def _level(volumes_ul: Floats, first: int, last: int) -> float:
    return float(np.mean(volumes_ul[first : last + 1]))
