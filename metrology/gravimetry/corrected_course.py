# SPDX-License-Identifier: Apache-2.0
"""The corrected volume at each sample's own instant, in plain numbers and constant time.

It is the chain of `delivered_volume` without its uncertainty, from the first sample to each later one: a test holds
that both give the same. What a volume may be off by has a part that belongs to the two readings, and a part that grows
with the time between them; the latter is here as a rate, so that a search over all windows can carry it along.
"""

from dataclasses import replace

from metrology.gravimetry.air_course import AirCourse
from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.lab_correction import BUOYANCY, LabCorrection
from metrology.gravimetry.vessel import TUBE_SHARE_HALF_WIDTH
from metrology.gravimetry.weighed_gain import WeighedGain
from metrology.gravimetry.weighing_setup import WeighingSetup

_COVERAGE = 2.0


class CorrectedCourse:
    """Volumes since a first sample.

    Args:
        setup: what is weighed with.
        first_s: instant of the first sample.
        first_mass_mg: what was displayed then.
        first_conditions: the air then.
    """

    def __init__(
        self, setup: WeighingSetup, first_s: float, first_mass_mg: float, first_conditions: Conditions
    ) -> None:
        self._setup = setup
        self._first_s, self._first_mass_mg, self._first_air = first_s, first_mass_mg, first_conditions
        self._course = AirCourse()
        self._fastest = max(1.0, setup.evaporation.scale_to(first_conditions))
        self._u_mg = dict.fromkeys((one.name for one in setup.corrections), 0.0)

    def volume_ul(self, time_s: float, mass_mg: float, conditions: Conditions) -> float:
        """Return the volume in µL that reached the vessel since the first sample.

        Ask for one sample after the other: each tells the course of the air as well.

        Args:
            time_s: its instant, not before the first.
            mass_mg: what is displayed.
            conditions: the air.

        Raises:
            Inconclusive: the density of the liquid is not known at this temperature.
            BenchFault: a correction of the lab's own gives no value.
        """
        if time_s <= self._first_s:
            return 0.0
        self._fastest = max(self._fastest, self._setup.evaporation.scale_to(conditions))
        air = self._course.over(self._first_s, self._first_air, time_s, conditions)
        self._course.see(time_s, conditions.temperature_c, conditions.air_pressure_hpa, conditions.humidity_percent)
        return self._corrected_ul(mass_mg - self._first_mass_mg, (time_s - self._first_s) / 3600, air)

    @property
    def open_in_corrections_mg(self) -> tuple[tuple[str, float], ...]:
        """Return how far the lab's own corrections may be off between two samples, as bounds (k = 2).

        A window of any length may be as far off as the worst volume since the first sample.
        """
        return tuple((f"correction {name}", _COVERAGE * u_mg) for name, u_mg in self._u_mg.items() if u_mg > 0)

    def growth_ul_per_h(self, rate_ul_per_h: float) -> float:
        """Return by how much a volume may be off per hour between two samples, as a bound.

        Rate of the blank (k = 2), what stood on the pan in it, and what the rate may have changed by since, all in the
        driest air so far; a second blank moves the rate by no more. Drift of the balance. And what is in proportion to
        the volume: density at a temperature known so well, and the tube.
        """
        setup, air = self._setup, self._first_air
        loss = setup.evaporation
        by_blank_mg = _COVERAGE * float(setup.evaporation_rate.number.u) + loss.change_half_width_mg_per_h
        by_blank_mg += setup.vessel.excess_volume_half_width_ml * abs(loss.denser_kg_m3_per_h)
        by_balance_mg = setup.balance.drift_mg_per_day / 24
        density = setup.liquid.density_kg_m3
        warmer_kg_m3 = density(air.temperature_c + air.temperature_half_width_c) - density(air.temperature_c)
        by_density = abs(float(warmer_kg_m3)) + _COVERAGE * float(setup.density_at(air.temperature_c).number.u)
        share = by_density / float(density(air.temperature_c)) + TUBE_SHARE_HALF_WIDTH * setup.vessel.tube_share
        return self._fastest * by_blank_mg + by_balance_mg + share * rate_ul_per_h

    def _corrected_ul(self, gained_mg: float, hours: float, air: Conditions) -> float:
        setup, loss = self._setup, self._setup.evaporation
        density_kg_m3 = float(setup.liquid.density_kg_m3(air.temperature_c))
        air_kg_m3 = float(air_density_kg_m3(air.temperature_c, air.air_pressure_hpa, air.humidity_percent))
        rate_mg_per_h = loss.rate_mg_per_h + loss.drift_mg_per_h
        load = setup.load_in_blank(gained_mg / 1000)
        if load is not None:
            by_load_kg_m3 = loss.denser_kg_m3_per_h - 2 * loss.denser_after_kg_m3_per_h
            rate_mg_per_h -= setup.excess_ml_per_g * by_load_kg_m3 * float(load.number.x)
        evaporated_mg = rate_mg_per_h * loss.scale_to(air) * hours
        in_air_mg = gained_mg - loss.drift_mg_per_h * hours + evaporated_mg
        gain = WeighedGain(
            start_g=self._first_mass_mg / 1000,
            end_g=(self._first_mass_mg + gained_mg) / 1000,
            gained_mg=in_air_mg,
            hours=hours,
            temperature_c=air.temperature_c,
            air_pressure_hpa=air.air_pressure_hpa,
            humidity_percent=air.humidity_percent,
            air_kg_m3=air_kg_m3,
            liquid_kg_m3=density_kg_m3,
        )
        stated_c = setup.liquid.volume_at_c
        stated_kg_m3 = density_kg_m3 if stated_c is None else float(setup.liquid.density_kg_m3(stated_c))
        in_vacuum_mg = self._in_vacuum_mg(gain, setup.vessel.lost_to_air_mg(air))
        return in_vacuum_mg / (stated_kg_m3 / 1000) * (1 - setup.vessel.tube_share)

    def _in_vacuum_mg(self, gain: WeighedGain, lost_to_air_mg: float) -> float:
        """Return the mass with the lab's own corrections, and without the buoyancy of the air."""
        replacing = None
        for one in self._setup.corrections:
            if one.replaces == BUOYANCY:
                replacing = one
            else:
                gain = replace(gain, gained_mg=gain.gained_mg + self._added_mg(one, gain))
        if replacing is not None:
            return gain.gained_mg + self._added_mg(replacing, gain)
        return (gain.gained_mg + lost_to_air_mg) * buoyancy_factor(gain.air_kg_m3, gain.liquid_kg_m3)

    def _added_mg(self, correction: LabCorrection, gain: WeighedGain) -> float:
        amendment = correction.amendment(gain)
        self._u_mg[correction.name] = max(self._u_mg[correction.name], amendment.standard_uncertainty_mg)
        return amendment.added_mg
