# SPDX-License-Identifier: Apache-2.0
"""What a correction of a lab is asked about where a whole column is corrected: each reading since the first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrology.gravimetry.weighed_gain import WeighedGain

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WeighedGains:
    """What was weighed from the first reading to each of them; columns of one length, of one air and one liquid.

    Attributes:
        start_g: what the display showed at the first reading, in g.
        end_g: what it showed at each.
        gained_mg: as `WeighedGain` has it, at each.
        hours: since the first reading, at each.
        temperature_c, air_pressure_hpa, humidity_percent, air_kg_m3, liquid_kg_m3: as `WeighedGain` has them.
    """

    start_g: float
    end_g: Floats
    gained_mg: Floats
    hours: Floats
    temperature_c: float
    air_pressure_hpa: float
    humidity_percent: float
    air_kg_m3: float
    liquid_kg_m3: float

    def __len__(self) -> int:
        """Return how many readings there are."""
        return len(self.end_g)

    def __getitem__(self, place: int) -> WeighedGain:
        """Return the gain up to one reading."""
        return WeighedGain(
            start_g=self.start_g,
            end_g=float(self.end_g[place]),
            gained_mg=float(self.gained_mg[place]),
            hours=float(self.hours[place]),
            temperature_c=self.temperature_c,
            air_pressure_hpa=self.air_pressure_hpa,
            humidity_percent=self.humidity_percent,
            air_kg_m3=self.air_kg_m3,
            liquid_kg_m3=self.liquid_kg_m3,
        )

    def __iter__(self) -> Iterator[WeighedGain]:
        """Go through the gains one by one."""
        return (self[place] for place in range(len(self)))
