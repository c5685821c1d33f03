# SPDX-License-Identifier: Apache-2.0
"""Density of air-free water by Tanaka et al. 2001 (Metrologia 38, 301, doi 10.1088/0026-1394/38/4/3).

Computed, never looked up: wrong copies of the published tables exist.
"""

_A1, _A2 = -3.983035, 301.797  # °C
_A3, _A4 = 522528.9, 69.34881  # °C², °C
_A5 = 999.974950  # kg/m³


def water_density_kg_m3(temperature_c: float) -> float:
    """Return the density of water in kg/m³ at 101.325 kPa.

    Air pressure as the weather changes it moves the density by under 4e-6 of itself and is left out.

    Args:
        temperature_c: of the water, 0 to 40 °C; a float or a GTC uncertain number, which then comes back as well.

    Raises:
        ValueError: outside the range that the formula was fitted to.
    """
    if not 0 <= temperature_c <= 40:
        raise ValueError(f"the density of water is not given at {temperature_c} °C, only from 0 to 40 °C")
    t = temperature_c
    return _A5 * (1 - (t + _A1) * (t + _A1) * (t + _A2) / (_A3 * (t + _A4)))
