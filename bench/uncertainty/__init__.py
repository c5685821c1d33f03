# SPDX-License-Identifier: Apache-2.0
"""Quantities with their influences, from which every budget and every expanded uncertainty comes (GUM, GUM-S1)."""

from bench.uncertainty.component import Component, Distribution
from bench.uncertainty.influence import Influence
from bench.uncertainty.output_distribution import OutputDistribution
from bench.uncertainty.possible_mass import is_possible, refuse_impossible
from bench.uncertainty.quantity import Quantity, quantity_from

__all__ = [
    "Component",
    "Distribution",
    "Influence",
    "OutputDistribution",
    "Quantity",
    "is_possible",
    "quantity_from",
    "refuse_impossible",
]
