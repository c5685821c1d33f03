# SPDX-License-Identifier: Apache-2.0
"""Densities of water and air, by other formulae than the bench's, so that an error in one cannot hide in the other."""

import math

_GAS_CONSTANT_DRY_AIR = 287.05
_GAS_CONSTANT_VAPOUR = 461.5


def water_density_kg_per_m3(temperature_c: float) -> float:
    """Return the density of air-free water at 101.325 kPa, 0 to 100 degC (Kell 1975, J. Chem. Eng. Data 20, 97)."""
    t = temperature_c
    above = 999.83952 + t * (
        16.945176 + t * (-7.9870401e-3 + t * (-46.170461e-6 + t * (105.56302e-9 - 280.54253e-12 * t)))
    )
    return above / (1.0 + 16.879850e-3 * t)


def air_density_kg_per_m3(temperature_c: float, pressure_hpa: float, humidity_percent: float) -> float:
    """Return the density of moist air as a mixture of two ideal gases.

    Saturation pressure by the Magnus formula with the coefficients of Sonntag (1990).
    """
    saturation_hpa = 6.112 * math.exp(17.62 * temperature_c / (243.12 + temperature_c))
    vapour_hpa = humidity_percent / 100.0 * saturation_hpa
    kelvin = temperature_c + 273.15
    dry = (pressure_hpa - vapour_hpa) * 100.0 / (_GAS_CONSTANT_DRY_AIR * kelvin)
    return dry + vapour_hpa * 100.0 / (_GAS_CONSTANT_VAPOUR * kelvin)
