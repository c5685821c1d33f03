# SPDX-License-Identifier: Apache-2.0
"""A concentration: how much of a drug one millilitre holds."""

import math
from dataclasses import dataclass

from bench.dose.dose import Dose, MassUnit
from groundfloor.errors import PlanError

UL_PER_ML = 1000.0


@dataclass(frozen=True)
class Concentration:
    """So much drug per millilitre.

    Attributes:
        per_ml: amount per millilitre, in the unit.
        unit: of the amount.

    Raises:
        PlanError: the amount is not over zero.
    """

    per_ml: float
    unit: MassUnit

    def __post_init__(self) -> None:
        if not (math.isfinite(self.per_ml) and self.per_ml > 0):
            raise PlanError("concentration", "check", f"{self} is not over zero", "mend the amount")

    @property
    def ug_per_ul(self) -> float:
        """Return it in µg per µL."""
        return self.per_ml * self.unit.micrograms / UL_PER_ML

    @property
    def ug_per_ml(self) -> float:
        """Return it in µg per mL."""
        return self.ug_per_ul * UL_PER_ML

    def volume_ul(self, dose: Dose) -> float:
        """Return the volume that holds a dose."""
        return dose.ug / self.ug_per_ul

    def volume_ul_of_ug(self, dose_ug: float) -> float:
        """Return the volume that holds so many µg."""
        return dose_ug / self.ug_per_ul

    def dose_ug(self, volume_ul: float) -> float:
        """Return the dose that a volume holds."""
        return volume_ul * self.ug_per_ul

    def __str__(self) -> str:
        return f"{self.per_ml:g} {self.unit}/mL"
