# SPDX-License-Identifier: Apache-2.0
"""What a correction of a lab adds to a weighed mass."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Amendment:
    """A correction's value.

    Attributes:
        added_mg: what is added to the mass, in mg.
        standard_uncertainty_mg: of that, k = 1, in mg.
    """

    added_mg: float
    standard_uncertainty_mg: float
