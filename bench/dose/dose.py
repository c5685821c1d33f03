# SPDX-License-Identifier: Apache-2.0
"""A dose: a mass of drug that never stands without its unit."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from groundfloor.errors import PlanError

_TEXT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([^\s0-9.]+)\s*")
_SPELT = {"ug": "µg", "μg": "µg", "mcg": "µg"}
"""Other spellings of a unit; the second begins with the Greek letter."""


class MassUnit(StrEnum):
    """Units of a dose."""

    MICROGRAM = "µg"
    MILLIGRAM = "mg"

    @property
    def micrograms(self) -> float:
        """Return how many µg one of it is."""
        return 1000.0 if self is MassUnit.MILLIGRAM else 1.0


@dataclass(frozen=True)
class Dose:
    """So much of a drug.

    Attributes:
        amount: in the unit.
        unit: of the amount; there is no default, as a slip of it is a thousandfold dose.

    Raises:
        PlanError: the amount is not over zero.
    """

    amount: float
    unit: MassUnit

    def __post_init__(self) -> None:
        if not (math.isfinite(self.amount) and self.amount > 0):
            raise PlanError("dose", "check", f"{self.amount} {self.unit} is not over zero", "mend the amount")

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a dose as people write it, such as "0.5 mg" or "500 µg".

        Raises:
            PlanError: the amount or the unit is missing, or the unit is none of a dose.
        """
        found = _TEXT.fullmatch(text)
        unit = _SPELT.get(found.group(2), found.group(2)) if found else ""
        if found is None or unit not in list(MassUnit):
            units = " or ".join(MassUnit)
            raise PlanError(f"dose {text!r}", "read", "it is no amount with a unit of mass", f"write it in {units}")
        return cls(float(found.group(1)), MassUnit(unit))

    @property
    def ug(self) -> float:
        """Return it in µg."""
        return self.amount * self.unit.micrograms

    def __str__(self) -> str:
        return f"{self.amount:g} {self.unit}"
