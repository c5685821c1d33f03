# SPDX-License-Identifier: Apache-2.0
"""How the mass that another bench recorded becomes a volume: evaporation, buoyancy, density, and their uncertainty.

The bench's own chain, `metrology.gravimetry`, does it; here it is fed with single readings instead of marks, and with a
liquid other than water where one is named.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Evaporation,
    LabCorrection,
    WeighedGains,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.liquid import DensityLine, Liquid
from metrology.recording.recording import Floats, Recording
from metrology.recording.shown_scatter import ShownScatter
from metrology.uncertainty import Quantity

STATED_DENSITY_EXPANDED_KG_M3 = 0.5
"""U (k = 2) of a density that somebody stated (assumed)."""


class ColumnCorrection(LabCorrection, Protocol):
    """A correction of a lab that corrects a whole column of readings at once."""

    def added_mg(self, gains: WeighedGains) -> Floats:
        """Return what it adds to the gain up to each reading, in mg."""
        ...


@dataclass(frozen=True)
class WeighedLiquid:
    """The liquid and the air it was weighed in.

    Attributes:
        conditions: mean air and liquid.
        liquid: what was weighed.
        buoyant: whether the air's buoyancy still has to be taken out of the masses.
        evaporation: what the vessel lost by itself.
        corrections: the lab's own, in their order; asked about displays as the file has them.
    """

    conditions: Conditions
    liquid: Liquid
    buoyant: bool
    evaporation: Evaporation
    corrections: tuple[ColumnCorrection, ...] = ()

    def volumes_ul(self, recording: Recording) -> Floats:
        """Return the volume delivered since the first reading at each reading of a recorded mass."""
        volumes_ul: Floats = recording.amounts - recording.amounts[0]
        lost_mg_per_s = self._evaporation_of(recording).rate_mg_per_h / 3600
        if lost_mg_per_s:
            volumes_ul += recording.times_s * lost_mg_per_s
        for one in sorted(self.corrections, key=lambda correction: bool(correction.replaces)):  # that one comes last
            volumes_ul += one.added_mg(self._gains(recording, volumes_ul))
        volumes_ul *= self._ul_per_mg()
        return volumes_ul

    def _gains(self, recording: Recording, gained_mg: Floats) -> WeighedGains:
        air, displays_g = self.conditions, recording.amounts / 1000
        return WeighedGains(
            start_g=float(displays_g[0]),
            end_g=displays_g,
            gained_mg=gained_mg.copy(),
            hours=(recording.times_s - recording.times_s[0]) / 3600,
            temperature_c=air.temperature_c,
            air_pressure_hpa=air.air_pressure_hpa,
            humidity_percent=air.humidity_percent,
            air_kg_m3=float(air_density_kg_m3(air.temperature_c, air.air_pressure_hpa, air.humidity_percent)),
            liquid_kg_m3=float(self.liquid.density_kg_m3(air.temperature_c)),
        )

    def volume(
        self,
        recording: Recording,
        from_s: float,
        to_s: float,
        balance: BalanceSpecification,
        stroke_volume_ul: float,
        shown: ShownScatter | None = None,
    ) -> Quantity:
        """Return the volume delivered between two instants in µL, with its budget.

        Args:
            recording: of a mass.
            from_s: first instant, on the recording's own time.
            to_s: last instant.
            balance: what is known of the balance.
            stroke_volume_ul: what the pump delivers at once; 0 if it does not pulse.
            shown: what the record itself shows of its readings; None where nobody looked.
        """
        shown = shown or ShownScatter()
        start, end = (_mark(recording, instant_s, shown) for instant_s in (from_s, to_s))
        rate_ul_per_h = 3.6e6 * (end.mass_g - start.mass_g) / (to_s - from_s)
        without = frozenset(() if self.buoyant else ("buoyancy",))
        span = WeighedSpan(
            start, end, self.conditions, stroke_volume_ul, rate_ul_per_h, steps_mg=shown.steps_mg, without=without
        )
        setup = WeighingSetup(
            replace(balance, readability_mg=max(balance.readability_mg, shown.digit_mg)),
            self._evaporation_of(recording),
            self.liquid,
            corrections=self.corrections,
        )
        return delivered_volume(setup, span).quantity

    def _evaporation_of(self, recording: Recording) -> Evaporation:
        """Return the loss of the vessel; one that is drawn from loses it beside what was delivered."""
        loss = self.evaporation
        return replace(loss, rate_mg_per_h=-loss.rate_mg_per_h) if recording.from_source else loss

    @property
    def ul_per_mg(self) -> float:
        """Return the volume of a displayed mg."""
        return self._ul_per_mg()

    def _ul_per_mg(self) -> float:
        air = self.conditions
        density_kg_m3 = float(self.liquid.density_kg_m3(air.temperature_c))
        if not self.buoyant or any(one.replaces for one in self.corrections):
            return 1000 / density_kg_m3
        air_kg_m3 = float(air_density_kg_m3(air.temperature_c, air.air_pressure_hpa, air.humidity_percent))
        return buoyancy_factor(air_kg_m3, density_kg_m3) * 1000 / density_kg_m3


def liquid_of_density(density_g_per_ml: float) -> Liquid:
    """Return a liquid of a stated density, whatever the temperature: it was stated for that of the recording."""
    density_kg_m3 = 1000 * density_g_per_ml
    lines = (DensityLine(at_c, density_kg_m3, STATED_DENSITY_EXPANDED_KG_M3) for at_c in (0.0, 40.0))
    return Liquid("the liquid as stated", tuple(lines))


def _mark(recording: Recording, instant_s: float, shown: ShownScatter) -> BalanceMark:
    """Return a mark of a single reading, with the scatter that the record shows of all of them."""
    mass_g = float(np.interp(instant_s, recording.times_s, recording.amounts)) / 1000
    return BalanceMark(
        instant_s, mass_g, 0.0, shown.scatter_mg, shown.dof, 1, reading_takes_s=recording.stamp_half_width_s
    )
