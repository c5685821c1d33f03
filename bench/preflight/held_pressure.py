# SPDX-License-Identifier: Apache-2.0
"""One sensor's account of a pressure that was built and then held."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

LEAST_RISE_KPA = 1.0
"""A sensor that rises by less while fluid is pressed in shows nothing of it (assumed)."""


@dataclass(frozen=True)
class HeldPressure:
    """What one sensor showed, in kPa over ambient.

    Attributes:
        of: whose sensor it is.
        rest_kpa: before anything was pressed in; NaN for a sensor that is not there.
        peak_kpa: the highest while it was pressed in.
        begin_kpa, end_kpa: readings at the beginning and at the end of the hold.
    """

    of: str
    rest_kpa: float
    peak_kpa: float
    begin_kpa: Sequence[float]
    end_kpa: Sequence[float]

    @property
    def there(self) -> bool:
        """Tell whether there is such a sensor."""
        return math.isfinite(self.rest_kpa)

    @property
    def responded(self) -> bool:
        """Tell whether it showed that fluid was pressed in."""
        return self.peak_kpa - self.rest_kpa >= LEAST_RISE_KPA

    @property
    def held_kpa(self) -> float:
        """Return what there was to hold."""
        return fmean(self.begin_kpa)

    @property
    def moved_kpa(self) -> float:
        """Return by how much it moved while it was held."""
        return fmean(self.end_kpa) - self.held_kpa

    @property
    def standard_uncertainty_kpa(self) -> float:
        """Return how well that is known, by the scatter of the readings."""
        return math.hypot(*(stdev(one) / math.sqrt(len(one)) for one in (self.begin_kpa, self.end_kpa)))

    @property
    def fell_at_once(self) -> bool:
        """Tell whether most of what was built was gone before the hold began."""
        return self.responded and self.held_kpa - self.rest_kpa < (self.peak_kpa - self.rest_kpa) / 2
