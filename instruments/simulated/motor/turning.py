# SPDX-License-Identifier: Apache-2.0
"""How a motor turns: strokes, what each of them gives, and how many of them the pump's counter takes notice of."""

from dataclasses import dataclass
from typing import Self

from instruments.simulated.motor.push import Push


@dataclass(frozen=True)
class Turning:
    """One way to turn.

    Attributes:
        rate_ul_per_h: strokes, in nominal volume.
        stroke_gain: volume of a stroke over that of a good one.
        counted_share: share of the strokes that is counted.
    """

    rate_ul_per_h: float = 0.0
    stroke_gain: float = 1.0
    counted_share: float = 1.0

    @classmethod
    def pushed(cls, asked_ul_per_h: float, push: Push) -> Self:
        """Return what becomes of the rate that is asked for.

        What comes on top uncounted are strokes of their own. What is missing uncounted is missing in each stroke, for
        a rotor that turns on is how a pump comes to believe that it delivers.
        """
        believed = max(0.0, asked_ul_per_h * push.pace + push.counted_ul_per_h)
        more = push.uncounted_ul_per_h
        if more > 0.0:
            return cls(believed + more, push.stroke_gain, believed / (believed + more))
        missing = max(0.0, 1.0 + more / believed) if believed else 1.0
        return cls(believed, push.stroke_gain * missing)
