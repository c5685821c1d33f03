# SPDX-License-Identifier: Apache-2.0
"""The slow influences, renewed once an hour on a fixed grid: stroke bias, outlet pressure, density of arriving water.

They are held in between. The grid belongs to the timeline, so no reading depends on how often anybody asks.
"""

from dataclasses import replace

from instruments.simulated.physics.climate import Climate
from instruments.simulated.physics.hydraulics import HOUR_S, Hydraulics
from instruments.simulated.physics.vessel import Vessel
from instruments.simulated.specimen.ambient import Ambient
from instruments.simulated.specimen.twin_specification import TwinSpecification
from instruments.simulated.time.timeline import Timeline

_AFTER_ALL_ELSE = 10
BAND_C = (29.0, 34.0)
BENDS_HPA = 300.0
"""Air that is denser by this bends the shield of a bad pump."""


class HourlyRefresh:
    """Renews the slow influences now and at every full hour."""

    def __init__(
        self,
        timeline: Timeline,
        hydraulics: Hydraulics,
        vessel: Vessel,
        ambient: Ambient,
        specification: TwinSpecification,
        climate: Climate,
    ) -> None:
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._vessel = vessel
        self._ambient = ambient
        self._climate = climate
        self._faults = specification.climate
        self._model = specification.model
        self._rate_gain = specification.rate_gain
        self._weaker_per_kpa = specification.motor.weaker_per_kpa
        self._fades_below_ul = specification.reservoir.fades_below_ul
        self._bent = False
        self._hours = 0
        climate.changed.subscribe(lambda _now_s: self._renew())
        self._refresh()

    def _refresh(self) -> None:
        self._vessel.refresh()
        self._renew()
        self._hours += 1
        self._timeline.at(self._hours * HOUR_S, self._refresh, _AFTER_ALL_ELSE)

    def _renew(self) -> None:
        self._hydraulics.change(
            replace(
                self._hydraulics.conditions,
                stroke_bias=self._stroke_bias(),
                outlet_kpa=self._ambient.outlet_kpa.at(self._timeline.now_s),
            )
        )

    def _stroke_bias(self) -> float:
        accuracy, full_ul = self._model.accuracy, self._model.reservoir_ul
        left_ul = self._hydraulics.volumes().reservoir_ul
        level = left_ul / full_ul
        temperature_c, faults = self._climate.temperature_c(), self._faults
        if temperature_c < faults.stands_below_c:
            return -1.0
        thinner_hpa = self._climate.thinner_hpa()
        self._bent = self._bent or thinner_hpa < -BENDS_HPA
        bent = faults.after_dense_air if self._bent and thinner_hpa > -BENDS_HPA else 0.0
        warmer_k = temperature_c - accuracy.reference_temperature_c
        bias = (
            accuracy.base_bias
            + accuracy.full_to_empty_half_span * (2.0 * level - 1.0)
            + (accuracy.per_kelvin + faults.per_kelvin) * warmer_k
            + faults.per_hpa * thinner_hpa
            + bent
            + (accuracy.per_kpa - self._weaker_per_kpa) * self._hydraulics.pressure_kpa()
        )
        faded = min(1.0, left_ul / self._fades_below_ul) if self._fades_below_ul else 1.0
        warm_c, warmer_c = BAND_C
        faded *= faults.band_gain if warm_c < temperature_c < warmer_c else 1.0
        return (1.0 + bias) * self._rate_gain * faded - 1.0
