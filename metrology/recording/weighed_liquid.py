# SPDX-License-Identifier: Apache-2.0
"""How the mass that another bench recorded becomes a volume: evaporation, buoyancy, density, and their uncertainty.

The bench's own chain, `metrology.gravimetry`, does it; here it is fed with single readings instead of marks, and with a
liquid other than water where one is named.
"""

from dataclasses import dataclass

import numpy as np

from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Evaporation,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.liquid import DensityLine, Liquid
from metrology.recording.recording import Floats, Recording
from metrology.uncertainty import Quantity

STATED_DENSITY_EXPANDED_KG_M3 = 0.5
"""U (k = 2) of a density that somebody stated (assumed)."""


@dataclass(frozen=True)
class WeighedLiquid:
    """The liquid and the air it was weighed in.

    Attributes:
        conditions: mean air and liquid.
        liquid: what was weighed.
        buoyant: whether the air's buoyancy still has to be taken out of the masses.
        evaporation: what the vessel lost by itself.
    """

    conditions: Conditions
    liquid: Liquid
    buoyant: bool
    evaporation: Evaporation

    def volumes_ul(self, recording: Recording) -> Floats:
        """Return the volume delivered since the first reading at each reading of a recorded mass."""
        gained_mg = recording.amounts - recording.amounts[0]
        lost_mg = recording.times_s * (self.evaporation.rate_mg_per_h / 3600)
        volumes_ul: Floats = (gained_mg + lost_mg) * self._ul_per_mg()
        return volumes_ul

    def volume(
        self,
        recording: Recording,
        from_s: float,
        to_s: float,
        balance: BalanceSpecification,
        stroke_volume_ul: float,
    ) -> Quantity:
        """Return the volume delivered between two instants in µL, with its budget.

        Args:
            recording: of a mass.
            from_s: first instant, on the recording's own time.
            to_s: last instant.
            balance: what is known of the balance.
            stroke_volume_ul: what the pump delivers at once; 0 if it does not pulse.
        """
        start, end = (_mark(recording, instant_s) for instant_s in (from_s, to_s))
        rate_ul_per_h = 3.6e6 * (end.mass_g - start.mass_g) / (to_s - from_s)
        without = frozenset(() if self.buoyant else ("buoyancy",))
        span = WeighedSpan(start, end, self.conditions, stroke_volume_ul, rate_ul_per_h, without=without)
        return delivered_volume(WeighingSetup(balance, self.evaporation, self.liquid), span).quantity

    def _ul_per_mg(self) -> float:
        air = self.conditions
        density_kg_m3 = float(self.liquid.density_kg_m3(air.temperature_c))
        if not self.buoyant:
            return 1000 / density_kg_m3
        air_kg_m3 = float(air_density_kg_m3(air.temperature_c, air.air_pressure_hpa, air.humidity_percent))
        return buoyancy_factor(air_kg_m3, density_kg_m3) * 1000 / density_kg_m3


def liquid_of_density(density_g_per_ml: float) -> Liquid:
    """Return a liquid of a stated density, whatever the temperature: it was stated for that of the recording."""
    density_kg_m3 = 1000 * density_g_per_ml
    lines = (DensityLine(at_c, density_kg_m3, STATED_DENSITY_EXPANDED_KG_M3) for at_c in (0.0, 40.0))
    return Liquid("the liquid as stated", tuple(lines))


def _mark(recording: Recording, instant_s: float) -> BalanceMark:
    """Return a mark of single readings: nothing in it tells the scatter, the balance's repeatability has to."""
    mass_g = float(np.interp(instant_s, recording.times_s, recording.amounts)) / 1000
    return BalanceMark(instant_s, mass_g, 0.0, 0.0, 1.0, 1)
