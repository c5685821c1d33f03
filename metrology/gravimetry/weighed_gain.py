# SPDX-License-Identifier: Apache-2.0
"""What a correction of a lab is asked about: two displays of the balance, and what lies between them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WeighedGain:
    """What was weighed between two instants, as far as the chain of corrections has come.

    Attributes:
        start_g, end_g: what the display showed at either, in g, corrected for nothing.
        gained_mg: their difference, with the drift and the evaporation of the blank taken off, and with the corrections
            that came before this one, in mg.
        hours: the time between them.
        temperature_c, air_pressure_hpa, humidity_percent: mean air and liquid between them.
        air_kg_m3: density of that air, in kg/m³.
        liquid_kg_m3: density of the liquid at that temperature, in kg/m³.
    """

    start_g: float
    end_g: float
    gained_mg: float
    hours: float
    temperature_c: float
    air_pressure_hpa: float
    humidity_percent: float
    air_kg_m3: float
    liquid_kg_m3: float
