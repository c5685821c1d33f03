# SPDX-License-Identifier: Apache-2.0
"""What may come in a span of consecutive parts: the accuracy of what was programmed, and what no accuracy can promise.

In a short part the accuracy is less than a stroke. There counts what the profile says of any window: no more at once
than so many seconds' worth, no interruption longer than so many seconds, each with the strokes that a window may cut.
A span has this allowance once, however many parts it is made of, so what no part shows alone a longer span does.

    (1 − a)·P − (1 − a)·r·interruption − strokes − less   ≤   came   ≤   (1 + a)·P + r·excess + strokes + more
"""

from collections.abc import Sequence
from dataclasses import dataclass

from metrology.phases.part import Part

_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Tolerance:
    """What a pump promises of any window.

    Attributes:
        accuracy: greatest relative error of a delivered volume.
        excess_s: seconds' worth of the rate that may come at once beside it.
        interruption_s: the longest time for which nothing may come.
        strokes_ul: volume of the strokes that a window may hold more or less.
        excess_ul: the excess as a volume, whatever the rate; None where `excess_s` says it.
    """

    accuracy: float
    excess_s: float
    interruption_s: float
    strokes_ul: float
    excess_ul: float | None = None

    def limits_ul(self, parts: Sequence[Part]) -> tuple[float, float]:
        """Return the least and the greatest volume that may come in consecutive parts, one or more."""
        first, last = parts[0], parts[-1]
        return self.limits_of_sums_ul(
            programmed_ul=sum(part.programmed_ul for part in parts),
            tolerated_ul=sum(part.tolerated_ul for part in parts),
            rate_ul_per_h=max(part.rate_ul_per_h for part in parts),
            more_ul=sum(part.own.more_ul for part in parts) + first.at_start.more_ul + last.at_end.more_ul,
            less_ul=sum(part.own.less_ul for part in parts) + first.at_start.less_ul + last.at_end.less_ul,
        )

    def limits_of_sums_ul(
        self, *, programmed_ul: float, tolerated_ul: float, rate_ul_per_h: float, more_ul: float, less_ul: float
    ) -> tuple[float, float]:
        """Return the same of what was added up already."""
        rate_ul_per_s = rate_ul_per_h / _SECONDS_PER_HOUR
        within_ul = self.accuracy * tolerated_ul + self.strokes_ul
        least_ul = programmed_ul - within_ul - (1 - self.accuracy) * rate_ul_per_s * self.interruption_s - less_ul
        excess_ul = rate_ul_per_s * self.excess_s if self.excess_ul is None else self.excess_ul
        return least_ul, programmed_ul + within_ul + excess_ul + more_ul
