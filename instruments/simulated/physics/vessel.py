# SPDX-License-Identifier: Apache-2.0
"""The vessel on the pan: what has run into it, less what has evaporated, and how heavy that seems in air."""

import math
from collections.abc import Iterator

from instruments.simulated.physics.densities import air_density_kg_per_m3, water_density_kg_per_m3
from instruments.simulated.physics.hydraulics import HOUR_S, Hydraulics
from instruments.simulated.physics.settling import settled_at_s
from instruments.simulated.specimen.ambient import Ambient
from instruments.simulated.specimen.recurrence import EVERY_S, FIRST_S, occasions
from instruments.simulated.specimen.slow_course import STEADY, SlowCourse
from instruments.simulated.specimen.vessel_faults import USUAL, VESSEL_MM, VesselFaults
from instruments.simulated.time.timeline import Timeline

GLASS_MG = 50_000.0
WATER_AT_START_MG = 10_000.0
DROP_MG = 12.0
OPEN_GAIN = 10.0
WIDER_GAIN = 3.0
DRAUGHT_S = HOUR_S
_GLASS_KG_PER_M3 = 2230.0
_WEIGHTS_KG_PER_M3 = 8000.0
_EVAPORATION_MG_PER_S_DRY = 0.06 / HOUR_S
"""Into dry air; half of it, 0.03 mg/h, at 50 % RH (domain §3.4: 0.04 mg/h through a narrow gap)."""


class Vessel:
    """The load of the balance in mg.

    Water that arrives is turned into mass at the density of its arrival, which is renewed by `refresh` on a fixed grid:
    mass that has arrived does not change with the temperature later on.
    """

    def __init__(
        self,
        timeline: Timeline,
        hydraulics: Hydraulics,
        ambient: Ambient,
        evaporation_gain: SlowCourse = STEADY,
        faults: VesselFaults = USUAL,
    ) -> None:
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._ambient = ambient
        self._evaporating_s = evaporation_gain.over(self._dry_s)
        self._faults = faults
        opened_s = min(faults.cover_off_at_s, faults.evaporation_changes_at_s)
        self._has_spells = math.isfinite(opened_s) or faults.draught_gain != 1.0
        self._free_share = 1.0 - (faults.tube_mm / VESSEL_MM) ** 2
        self._arrived_mg = 0.0
        self._arrived_ul = hydraulics.vessel_ul()
        self._mg_per_ul = self._water_mg_per_ul()

    def refresh(self) -> None:
        """Let water that arrives from now on have the density of the present temperature."""
        self._arrived_mg = self.arrived_mg()
        self._arrived_ul = self._hydraulics.vessel_ul()
        self._mg_per_ul = self._water_mg_per_ul()

    def arrived_mg(self) -> float:
        """Return the mass that has run into the vessel."""
        return self._arrived_mg + (self._hydraulics.vessel_ul() - self._arrived_ul) * self._mg_per_ul

    def evaporated_mg(self) -> float:
        """Return the mass that has evaporated; no more than there was."""
        now_s = self._timeline.now_s
        dry_s = self._evaporating_s(now_s)
        if self._has_spells:
            for from_s, until_s, gain in self._wider_spells(now_s):
                dry_s += (gain - 1.0) * (self._dry_s(min(until_s, now_s)) - self._dry_s(from_s))
        lost_mg = _EVAPORATION_MG_PER_S_DRY * dry_s
        return min(lost_mg, WATER_AT_START_MG + self._arrived_mg)

    def _wider_spells(self, now_s: float) -> Iterator[tuple[float, float, float]]:
        """Return the spells until now in which it lost more, and how many times as much."""
        faults = self._faults
        for from_s, gain in ((faults.cover_off_at_s, OPEN_GAIN), (faults.evaporation_changes_at_s, WIDER_GAIN)):
            if now_s > from_s:
                yield from_s, math.inf, gain
        for number in range(occasions(now_s) if faults.draught_gain != 1.0 else 0):
            from_s = FIRST_S + number * EVERY_S
            yield from_s, from_s + DRAUGHT_S, faults.draught_gain

    def _dry_s(self, now_s: float) -> float:
        """Return for how long perfectly dry air would have had to stand over the water."""
        return now_s - self._ambient.humidity_percent.integral(now_s) / 100.0

    def air_temperature_c(self) -> float:
        """Return the true temperature of the air around it."""
        return self._ambient.temperature_c.at(self._timeline.now_s)

    def lag_mg(self, when_s: float) -> float:
        """Return how much of the load the balance has not yet followed at `when_s`, now or later."""
        return self._hydraulics.regime.lag_at(when_s) * self._mg_per_ul

    def settled_at_s(self, from_s: float, most_lag_mg: float) -> float:
        """Return from when on the lag is below `most_lag_mg` if nothing changes; infinite if it never is."""
        return settled_at_s(self._hydraulics.regime, from_s, most_lag_mg / self._mg_per_ul)

    def apparent_mg(self) -> float:
        """Return what an ideal balance, adjusted with steel weights, shows for the load in the present air."""
        return self._in_air_mg(self.arrived_mg())

    def followed_mg(self, when_s: float) -> float:
        """Return what a balance with a lag shows for what it had followed at `when_s`, now or a moment ago."""
        followed_ul = self._fallen_ul(self._hydraulics.shown_ul(when_s)) - self._arrived_ul
        return self._in_air_mg(self._arrived_mg + followed_ul * self._mg_per_ul)

    def _fallen_ul(self, left_the_outlet_ul: float) -> float:
        """Return what of it has fallen, where it hangs at the outlet first."""
        drop_ul = self._faults.pendant_drop_ul
        return math.floor(left_the_outlet_ul / drop_ul) * drop_ul if drop_ul else left_the_outlet_ul

    def _in_air_mg(self, arrived_mg: float) -> float:
        now_s, ambient = self._timeline.now_s, self._ambient
        air = air_density_kg_per_m3(
            ambient.temperature_c.at(now_s), ambient.air_pressure_hpa.at(now_s), ambient.humidity_percent.at(now_s)
        )
        dropped_mg = DROP_MG if now_s >= self._faults.drop_falls_at_s else 0.0
        dropped_mg += self._faults.drips_in_mg_per_h * max(0.0, now_s - FIRST_S) / HOUR_S
        # a rising level covers more of the tube, whose share of it weighs like liquid
        water_mg = WATER_AT_START_MG + (arrived_mg + dropped_mg - self.evaporated_mg()) / self._free_share
        floating_mg = water_mg * (1.0 - air / (self._mg_per_ul * 1000.0)) + GLASS_MG * (1.0 - air / _GLASS_KG_PER_M3)
        return floating_mg / (1.0 - air / _WEIGHTS_KG_PER_M3)

    def _water_mg_per_ul(self) -> float:
        water = water_density_kg_per_m3(self._ambient.temperature_c.at(self._timeline.now_s))
        return self._faults.density_ratio * water / 1000.0
