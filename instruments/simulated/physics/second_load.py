# SPDX-License-Identifier: Apache-2.0
"""What a second measure of the flow follows: the pump on a pan, or the mass that has passed the outlet.

Both follow the fluid itself and nothing of the vessel: what evaporates there, drips in or hangs is not seen here.
"""

from instruments.simulated.physics.densities import air_density_kg_per_m3, water_density_kg_per_m3
from instruments.simulated.physics.hydraulics import HOUR_S, Hydraulics
from instruments.simulated.specimen.ambient import Ambient
from instruments.simulated.specimen.second_instrument import Shows
from instruments.simulated.time.timeline import Timeline

PUMP_MG = 165_000.0
"""Full (assumed: within the range of a balance that resolves hundredths of a milligram)."""
_PUMP_KG_PER_M3 = 1900.0
_WEIGHTS_KG_PER_M3 = 8000.0
_AFTER_ALL_ELSE = 10


class SecondLoad:
    """The load of a second weighing cell in mg, as `Vessel` is that of the first.

    Liquid is turned into mass at the density of the hour in which it moves, which is renewed at each full one.
    """

    def __init__(self, timeline: Timeline, hydraulics: Hydraulics, ambient: Ambient, shows: Shows) -> None:
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._ambient = ambient
        self._shows = shows
        self._moved_mg = 0.0
        self._moved_ul = self._now_ul()
        self._mg_per_ul = self._water_mg_per_ul()
        self._hours = 0
        self._refresh()

    def _refresh(self) -> None:
        self._moved_mg = self._total_mg()
        self._moved_ul = self._now_ul()
        self._mg_per_ul = self._water_mg_per_ul()
        self._hours += 1
        self._timeline.at(self._hours * HOUR_S, self._refresh, _AFTER_ALL_ELSE)

    def followed_mg(self, _when_s: float) -> float:
        """Return what it shows; strokes come apart far enough for a lag of half a second not to count."""
        if self._shows is Shows.PASSED:
            return self._total_mg()
        air = self._air_kg_per_m3()
        floating_mg = PUMP_MG * (1.0 - air / _PUMP_KG_PER_M3)
        floating_mg += self._total_mg() * (1.0 - air / (1000.0 * self._mg_per_ul))
        return floating_mg / (1.0 - air / _WEIGHTS_KG_PER_M3)

    def lag_mg(self, _when_s: float) -> float:
        """Return 0: it follows at once."""
        return 0.0

    def settled_at_s(self, from_s: float, _most_lag_mg: float) -> float:
        """Return `from_s`: it is settled at any time."""
        return from_s

    def air_temperature_c(self) -> float:
        """Return the true temperature of the air around it."""
        return self._ambient.temperature_c.at(self._timeline.now_s)

    def _total_mg(self) -> float:
        return self._moved_mg + (self._now_ul() - self._moved_ul) * self._mg_per_ul

    def _now_ul(self) -> float:
        return self._hydraulics.volumes().reservoir_ul if self._shows is Shows.PUMP else self._hydraulics.vessel_ul()

    def _air_kg_per_m3(self) -> float:
        now_s, ambient = self._timeline.now_s, self._ambient
        return air_density_kg_per_m3(
            ambient.temperature_c.at(now_s), ambient.air_pressure_hpa.at(now_s), ambient.humidity_percent.at(now_s)
        )

    def _water_mg_per_ul(self) -> float:
        return water_density_kg_per_m3(self._ambient.temperature_c.at(self._timeline.now_s)) / 1000.0
