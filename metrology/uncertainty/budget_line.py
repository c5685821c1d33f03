# SPDX-License-Identifier: Apache-2.0
"""One line of an uncertainty budget."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from groundfloor.json_number import json_number

Evaluation = Literal["A", "B"]
"""How an uncertainty was found (GUM 2.3.2, 2.3.3): A from repeated observations, B by any other means."""


class Distribution(StrEnum):
    """How an influence may lie about its estimate; NORMAL with degrees of freedom is Student's t."""

    NORMAL = "normal"
    RECTANGULAR = "rectangular"
    TRIANGULAR = "triangular"


@dataclass(frozen=True, slots=True)  # a run keeps thousands
class BudgetLine:
    """What one influence adds to the uncertainty of a result.

    Attributes:
        name: the influence.
        value: its estimate, in `unit`.
        unit: of the influence.
        standard_uncertainty: of the influence, in `unit`.
        kind: type A or B evaluation.
        dof: degrees of freedom of `standard_uncertainty`; infinite where it counts as known.
        sensitivity: change of the result per change of the influence, in the result's unit per `unit`.
        contribution: `|sensitivity| × standard_uncertainty`, in the result's unit.
        distribution: of the influence.
    """

    name: str
    value: float
    unit: str
    standard_uncertainty: float
    kind: Evaluation
    dof: float
    sensitivity: float
    contribution: float
    distribution: Distribution = Distribution.NORMAL

    def as_dict(self) -> dict[str, object]:
        """Return the line for JSON; infinite degrees of freedom become null."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: json_number(value) if isinstance(value, float) else value for name, value in told.items()}
