# SPDX-License-Identifier: Apache-2.0
"""A mass that can be: a number, and within what the balance can weigh."""

import math

from groundfloor.inconclusive import Inconclusive


def is_possible(mass_g: float, capacity_g: float) -> bool:
    """Tell whether a net mass can be true: under a tare it runs from minus the capacity to the capacity."""
    return math.isfinite(mass_g) and abs(mass_g) <= capacity_g


def refuse_impossible(mass_g: float, capacity_g: float, operation: str) -> None:
    """Let no mass that cannot be into a mark or a blank, where it would vanish in a mean.

    Raises:
        Inconclusive: it cannot be.
    """
    if not is_possible(mass_g, capacity_g):
        seen = f"it shows {mass_g:g} g, its range ends at {capacity_g:g} g"
        raise Inconclusive("balance", operation, seen, "find out what it shows, then run this test again")
