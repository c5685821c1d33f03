# SPDX-License-Identifier: Apache-2.0
"""What a record shows of its own readings: their scatter, the last digit, the steps in between."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShownScatter:
    """All in mg, or in µL for a recorded volume.

    Attributes:
        scatter_mg: standard deviation of one reading about the flow.
        dof: its degrees of freedom.
        digit_mg: the last digit of the display.
        steps_mg: what came in steps that nobody explained, and what the ends of excluded stretches leave open.
    """

    scatter_mg: float = 0.0
    dof: float = 1.0
    digit_mg: float = 0.0
    steps_mg: float = 0.0
