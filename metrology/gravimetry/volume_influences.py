# SPDX-License-Identifier: Apache-2.0
"""Everything that a weighed volume depends on, each with the uncertainty that it brings along."""

from dataclasses import dataclass
from typing import Self

from metrology.gravimetry.mark_influences import MarkInfluences
from metrology.gravimetry.weighed_span import WeighedSpan
from metrology.gravimetry.weighing_setup import WeighingSetup
from metrology.uncertainty import Influence


@dataclass(frozen=True, eq=False)
class VolumeInfluences:
    """The inputs of the model of a volume between two marks; see `delivered_volume`.

    Marks, strokes, forces on the pan, rate of evaporation, sensitivity, density and tube are the setup's, and other
    volumes depend on them as well. All else is of this window alone. The drift that the blank held is taken off with
    its slope; `drift` is what it may since have changed by, as the bench file says.
    """

    start: MarkInfluences
    end: MarkInfluences
    start_stroke: Influence
    end_stroke: Influence
    drift: Influence
    evaporation_rate: Influence
    temperature: Influence
    air_pressure: Influence
    humidity: Influence
    evaporation_change: Influence
    buoyancy_of_load: Influence
    density: Influence
    tube: Influence
    steps: Influence
    start_forces: tuple[Influence, ...] = ()
    end_forces: tuple[Influence, ...] = ()
    deficit: Influence | None = None
    drift_in_blank: Influence | None = None
    sensitivity: Influence | None = None
    load_in_blank: Influence | None = None

    @classmethod
    def of(cls, setup: WeighingSetup, span: WeighedSpan) -> Self:
        """Return the influences on the volume of a window.

        Raises:
            Inconclusive: the density of the liquid is not known at this temperature.
        """
        air = span.conditions
        dry = air.least_humidity_percent < setup.vessel.static_below_percent
        deficit = setup.evaporation.deficit_influence(air)
        drift_mg = setup.balance.drift_mg_per_day / 24 * span.duration_h
        return cls(
            start=setup.influences_of(span.start),
            end=setup.influences_of(span.end),
            start_stroke=setup.stroke_at(span.start, span.stroke_volume_ul),
            end_stroke=setup.stroke_at(span.end, span.stroke_volume_ul),
            drift=Influence.rectangular("drift", 0.0, "mg", drift_mg),
            evaporation_rate=setup.evaporation_rate,
            temperature=Influence.rectangular("temperature", air.temperature_c, "°C", air.temperature_half_width_c),
            air_pressure=Influence.rectangular(
                "air pressure", air.air_pressure_hpa, "hPa", air.air_pressure_half_width_hpa
            ),
            humidity=Influence.rectangular("humidity", air.humidity_percent, "%", air.humidity_half_width_percent),
            evaporation_change=setup.evaporation.change_influence(),
            buoyancy_of_load=setup.vessel.lost_to_air(air),
            density=setup.density_at(air.temperature_c),
            tube=setup.tube,
            # All of a step or none of it came from the pump: U must reach over the whole of it, however large it is.
            steps=Influence.type_b("steps of the display", 0.0, "mg", span.steps_mg),
            start_forces=setup.forces_at(span.start, dry=dry),
            end_forces=setup.forces_at(span.end, dry=dry),
            deficit=deficit,
            drift_in_blank=None if deficit is None else setup.drift_in_blank,
            sensitivity=setup.sensitivity if setup.balance.sensitivity_per_c > 0 else None,
            load_in_blank=setup.load_in_blank(span.end.mass_g - span.start.mass_g),
        )

    @property
    def in_order(self) -> tuple[Influence, ...]:
        """Return all that there are, in the order of a budget."""
        start, end = self.start, self.end
        perhaps = (self.deficit, self.drift_in_blank, self.sensitivity, self.load_in_blank)
        return (
            start.mass,
            end.mass,
            start.resolution,
            end.resolution,
            start.linearity,
            end.linearity,
            start.calibration,
            end.calibration,
            self.drift,
            self.evaporation_rate,
            self.temperature,
            self.air_pressure,
            self.humidity,
            self.start_stroke,
            self.end_stroke,
            start.instant,
            end.instant,
            self.evaporation_change,
            self.buoyancy_of_load,
            self.density,
            self.tube,
            self.steps,
            *self.start_forces,
            *self.end_forces,
            *(one for one in perhaps if one is not None),
        )
