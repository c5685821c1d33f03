# SPDX-License-Identifier: Apache-2.0
"""Quantities with their influences, from which every budget and every expanded uncertainty comes (GUM, GUM-S1)."""

from metrology.uncertainty.budget_line import BudgetLine, Distribution
from metrology.uncertainty.influence import Influence
from metrology.uncertainty.output_distribution import OutputDistribution, distribution_of
from metrology.uncertainty.possible_mass import is_possible, refuse_impossible
from metrology.uncertainty.quantity import Quantity, quantity_from, recombined

__all__ = [
    "BudgetLine",
    "Distribution",
    "Influence",
    "OutputDistribution",
    "Quantity",
    "distribution_of",
    "is_possible",
    "quantity_from",
    "recombined",
    "refuse_impossible",
]
