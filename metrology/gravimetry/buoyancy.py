# SPDX-License-Identifier: Apache-2.0
"""Air carries part of the liquid's weight, and part of that of the weights that the balance was adjusted with."""

CONVENTIONAL_WEIGHT_DENSITY_KG_M3 = 8000.0
"""Balances are adjusted with weights as if of this density (OIML D 28)."""


def buoyancy_factor(air_density_kg_m3: float, liquid_density_kg_m3: float) -> float:
    """Return mass per displayed mass of a liquid weighed in air, about 1.00105 for water.

    Both densities may be floats or GTC uncertain numbers.
    """
    weights = 1 - air_density_kg_m3 / CONVENTIONAL_WEIGHT_DENSITY_KG_M3
    return weights / (1 - air_density_kg_m3 / liquid_density_kg_m3)
