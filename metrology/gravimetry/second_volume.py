# SPDX-License-Identifier: Apache-2.0
"""The same flow by a second, independent measure: a balance that the pump stands on, or the total of a flow sensor.

It has an adjustment, a certificate and an uncertainty of its own, and is corrected by nothing that the first one found.
"""

from dataclasses import dataclass

from GTC.lib import UncertainReal

from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.balance_specification import BalanceSpecification
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.liquid import Liquid
from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.mark_influences import MarkInfluences, unfinished_stroke
from metrology.uncertainty import Influence, Quantity, quantity_from


@dataclass(frozen=True)
class SecondInstrument:
    """A second measure of the flow.

    Attributes:
        balance: what is known of its display.
        liquid: what flows.
        weighs_pump: it weighs the pump, which loses what it gives; else it shows the mass that has passed a sensor.
        expanded_uncertainty_percent: of a volume, from its calibration, k = 2.
        expanded_uncertainty_ul: of each volume whatever its size, k = 2: what tubes pull, what the air carries.
    """

    balance: BalanceSpecification
    liquid: Liquid
    weighs_pump: bool
    expanded_uncertainty_percent: float
    expanded_uncertainty_ul: float


def second_volume(
    instrument: SecondInstrument, start: BalanceMark, end: BalanceMark, air: Conditions, stroke_ul: float
) -> Quantity:
    """Return the volume that a second measure saw between two of its marks, in µL.

    Args:
        instrument: what measured.
        start: the earlier mark.
        end: the later mark.
        air: mean air and liquid between them.
        stroke_ul: what the pump moves at once; a mark may cut a stroke in two.

    Raises:
        Inconclusive: the density of the liquid is not known at this temperature.
    """
    first, last = (MarkInfluences.of(one, instrument.balance) for one in (start, end))
    strokes = [unfinished_stroke(one, stroke_ul) for one in (start, end)]
    hours = (end.time_s - start.time_s) / 3600
    drift = Influence.rectangular("drift", 0.0, "mg", instrument.balance.drift_mg_per_day / 24 * hours)
    density = instrument.liquid.influence(air.temperature_c)
    change_mg: UncertainReal = last.shown_mg - first.shown_mg + drift.number
    passed_mg = _in_vacuum(instrument, -change_mg, air) if instrument.weighs_pump else change_mg
    volume = passed_mg / (_density_kg_m3(instrument, air) + density.number) * 1000
    about_ul = float(volume.x)
    scale = Influence.type_b("calibration", 0.0, "µL", abs(about_ul) * instrument.expanded_uncertainty_percent / 200)
    rest = Influence.type_b("tubes and air", 0.0, "µL", instrument.expanded_uncertainty_ul / 2)
    late_s = last.instant.number - first.instant.number
    volume += scale.number + rest.number + strokes[1].number - strokes[0].number + late_s * about_ul / (3600 * hours)
    marks = (one for mark in (first, last) for one in vars(mark).values())
    return quantity_from(volume, "µL", (*marks, *strokes, drift, density, scale, rest))


def _in_vacuum(instrument: SecondInstrument, lost_mg: UncertainReal, air: Conditions) -> UncertainReal:
    at = air_density_kg_m3(air.temperature_c, air.air_pressure_hpa, air.humidity_percent)
    return lost_mg * buoyancy_factor(at, instrument.liquid.density_kg_m3(air.temperature_c))


def _density_kg_m3(instrument: SecondInstrument, air: Conditions) -> float:
    stated_c = instrument.liquid.volume_at_c
    return instrument.liquid.density_kg_m3(air.temperature_c if stated_c is None else stated_c)
