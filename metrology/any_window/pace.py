# SPDX-License-Identifier: Apache-2.0
"""The pace of strokes: a rate from counting and a clock, with the mean stroke from the whole infusion."""

from dataclasses import dataclass

import numpy as np

from metrology.any_window.arrivals import Arrivals
from metrology.any_window.span import Span
from metrology.delivery import FloatArray

LEAST_STROKES = 4


@dataclass(frozen=True)
class StrokeSize:
    """The mean stroke of an infusion; its half width is a bound."""

    mean_ul: float
    half_width_ul: float

    @property
    def known_to(self) -> float:
        """Return the half width as a share of the stroke."""
        return self.half_width_ul / self.mean_ul if self.mean_ul > 0 else np.inf


def stroke_size(arrivals: Arrivals, volumes_ul: FloatArray, uncertainty_ul: float) -> StrokeSize | None:
    """Return the mean stroke from the volume from before the first to after the last.

    Args:
        arrivals: the strokes.
        volumes_ul: the readings that they were found in; shape (n,).
        uncertainty_ul: of that volume.

    Returns:
        None where there are fewer than four strokes.
    """
    count = len(arrivals.last_before)
    if count < LEAST_STROKES:
        return None
    before = max(int(arrivals.last_before[0]) - 1, 0)
    after = min(int(arrivals.last_before[-1]) + 2, len(volumes_ul) - 1)
    return StrokeSize(float(volumes_ul[after] - volumes_ul[before]) / count, uncertainty_ul / count)


@dataclass(frozen=True)
class Pace:
    """A rate between two bounds, from so many strokes."""

    least_ul_per_h: float
    greatest_ul_per_h: float
    strokes: int


def pace(arrivals: Arrivals, size: StrokeSize, within: Span, instant_s: float) -> Pace | None:
    """Return the rate from the first stroke to the last within a span.

    Args:
        arrivals: the strokes.
        size: what one delivers.
        within: strokes whose reading before lies in it count.
        instant_s: how far the instant of a reading may be off.

    Returns:
        None where there are fewer than four strokes.
    """
    at_s = arrivals.times_s[arrivals.last_before]
    numbers = np.flatnonzero((at_s >= within.from_s) & (at_s <= within.to_s))
    if len(numbers) < LEAST_STROKES:
        return None
    first, last = arrivals.bracket(int(numbers[0])), arrivals.bracket(int(numbers[-1]))
    longest_s = last.before_s - first.after_s + 2 * instant_s
    shortest_s = last.after_s - first.before_s - 2 * instant_s
    per_period = 3600 * (len(numbers) - 1)
    return Pace(
        (size.mean_ul - size.half_width_ul) * per_period / longest_s,
        (size.mean_ul + size.half_width_ul) * per_period / shortest_s if shortest_s > 0 else np.inf,
        len(numbers),
    )
