# SPDX-License-Identifier: Apache-2.0
"""The basal therapy inside one that puts something before it or on top of it: how it is read, told and programmed.

A bridge, a clinician's bolus and a patient's bolus each hold one; what differs between them is their own numbers.
"""

from dataclasses import dataclass, replace

from bench.therapy.description import Description
from bench.therapy.therapy import Therapy
from groundfloor.errors import PlanError
from instruments.program import Program


@dataclass(frozen=True)
class BasalPart:
    """The basal part of a therapy.

    Attributes:
        mode: the name of the mode that it is a part of.
        basal: what runs by itself.
    """

    mode: str
    basal: Therapy

    @classmethod
    def read(cls, mode: str, description: Description) -> Therapy:
        """Return the basal therapy of a description, in which it is made already.

        Raises:
            PlanError: there is none.
        """
        basal = description.get("basal")
        if not isinstance(basal, Therapy):
            raise PlanError(f"therapy {mode}", "read basal", f"{basal!r} is no therapy")
        return basal

    def described(self, **numbers: float) -> dict[str, object]:
        """Return the description of the whole: mode, basal therapy, and the numbers of the mode in their order."""
        return {"mode": self.mode, "basal": self.basal.describe(), **numbers}

    def program(self, low_reservoir_alarm_ul: float, **own: object) -> Program:
        """Return the program of the basal therapy with the mode's own parts in it."""
        return replace(self.basal.program(low_reservoir_alarm_ul), **own)  # type: ignore[arg-type] # fields of Program
