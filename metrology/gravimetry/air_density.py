# SPDX-License-Identifier: Apache-2.0
"""Density of moist air by CIPM-2007 (Picard et al. 2008, Metrologia 45, 149, doi 10.1088/0026-1394/45/2/004)."""

from metrology.gravimetry.vapour_pressure import saturation_pressure_hpa

_R = 8.314472  # J/(mol K)
_M_WATER = 18.01528e-3  # kg/mol
_CO2_FRACTION = 0.0004
_M_DRY_AIR = 28.96546e-3 + 12.011e-3 * (_CO2_FRACTION - 0.0004)  # kg/mol


def air_density_kg_m3(temperature_c: float, air_pressure_hpa: float, humidity_percent: float) -> float:
    """Return the density of air in kg/m³.

    Args:
        temperature_c: of the air; the formula is meant for 15 to 27 °C.
        air_pressure_hpa: 600 to 1100 hPa.
        humidity_percent: relative, 0 to 100 %.

    Each may be a float or a GTC uncertain number; with one of these an uncertain number comes back.
    """
    t, p, kelvin = temperature_c, 100 * air_pressure_hpa, temperature_c + 273.15
    x = humidity_percent * _enhancement(t, p) * saturation_pressure_hpa(t) / p
    moist = 1 - x * (1 - _M_WATER / _M_DRY_AIR)
    return p * _M_DRY_AIR / (_compressibility(t, p, x) * _R * kelvin) * moist


def _enhancement(t: float, p: float) -> float:
    return 1.00062 + 3.14e-8 * p + 5.6e-7 * t * t


def _compressibility(t: float, p: float, x: float) -> float:
    """Return Z of moist air; `x` is the mole fraction of water vapour."""
    r = p / (t + 273.15)
    dry = 1.58123e-6 - 2.9331e-8 * t + 1.1043e-10 * t * t
    mixed = (5.707e-6 - 2.051e-8 * t) * x
    wet = (1.9898e-4 - 2.376e-6 * t) * x * x
    return 1 - r * (dry + mixed + wet) + r * r * (1.83e-11 - 0.765e-8 * x * x)
