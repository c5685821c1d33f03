# SPDX-License-Identifier: Apache-2.0
"""How much more water vapour the air would take up: what drives evaporation.

Water leaves a covered vessel by diffusion, as fast as the pressure of vapour above the water exceeds that of the room
(domain §3.4: flux = D·Δc/L). So a rate that was measured in one air is scaled to another by the ratio of the deficits.
"""

import math

from GTC import exp


def saturation_pressure_hpa(temperature_c: float) -> float:
    """Return the pressure of saturated vapour over water (CIPM-2007), in hPa.

    Args:
        temperature_c: a float or a GTC uncertain number, which then comes back as well.
    """
    kelvin = temperature_c + 273.15
    exponent = 1.2378847e-5 * kelvin * kelvin - 1.9121316e-2 * kelvin + 33.93711047 - 6343.1645 / kelvin
    # asked for each sample, where GTC's own function takes ten times as long for a float
    pressure_pa: float = (math.exp if isinstance(exponent, float) else exp)(exponent)
    return pressure_pa / 100


def vapour_deficit_hpa(temperature_c: float, humidity_percent: float) -> float:
    """Return by how much the vapour in the air falls short of saturation, in hPa."""
    return saturation_pressure_hpa(temperature_c) * (1 - humidity_percent / 100)
