# SPDX-License-Identifier: Apache-2.0
"""The front of a drug at the outlet: when it came, and how much had been delivered by then."""

from dataclasses import dataclass

from bench.weighing import TimedMark
from metrology.gravimetry import DeliveredVolume
from metrology.uncertainty import Influence, Quantity, quantity_from

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class DrugFront:
    """A change of concentration at the outlet, between two looks of the drug sensor, in bench time.

    Attributes:
        after_s: the last look before it.
        by_s: the first look that shows it.
        rate_ul_per_h: delivered meanwhile.
        mark: weighed right after it.
    """

    after_s: float
    by_s: float
    rate_ul_per_h: float
    mark: TimedMark

    def volume(self, delivered: DeliveredVolume) -> Quantity:
        """Return what had been delivered when the front came.

        Args:
            delivered: the volume from the begin to `mark`; what came between front and mark is taken off it.
        """
        middle_s, half_s = (self.after_s + self.by_s) / 2, (self.by_s - self.after_s) / 2
        since_ul = self._in_ul(self.mark.mass.time_s - middle_s)
        late = Influence.rectangular("volume between front and mark", since_ul, "µL", self._in_ul(half_s))
        whole = delivered.quantity
        return quantity_from(whole.number - late.number, "µL", (whole, late))

    def _in_ul(self, duration_s: float) -> float:
        return self.rate_ul_per_h * duration_s / SECONDS_PER_HOUR
