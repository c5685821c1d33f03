# SPDX-License-Identifier: Apache-2.0
"""What one fault does to a motor while it lasts; several at once add up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Push:
    """The defaults do nothing.

    Attributes:
        pace: how many strokes it makes for each that is asked for; they are counted.
        stroke_gain: volume of a stroke over that of a good one; the counter knows nothing of it.
        counted_ul_per_h: what it is driven at on top, counted; under zero for less.
        uncounted_ul_per_h: what it gives on top, uncounted; under zero for less.
    """

    pace: float = 1.0
    stroke_gain: float = 1.0
    counted_ul_per_h: float = 0.0
    uncounted_ul_per_h: float = 0.0

    def with_(self, other: "Push") -> "Push":
        """Return what both do together."""
        return Push(
            self.pace * other.pace,
            self.stroke_gain * other.stroke_gain,
            self.counted_ul_per_h + other.counted_ul_per_h,
            self.uncounted_ul_per_h + other.uncounted_ul_per_h,
        )


NOTHING = Push()
