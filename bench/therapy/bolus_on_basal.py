# SPDX-License-Identifier: Apache-2.0
"""Bolus on basal: a basal therapy, and a clinician's single bolus on top of it whenever it is asked for."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.bridge import Bridge
from bench.therapy.description import Description, is_over_zero, number, refuse, whole_number
from bench.therapy.on_basal import NOT_ON_A_BRIDGE, OnBasal
from bench.therapy.therapy import Therapy
from groundfloor.errors import PlanError
from instruments.program import Program


@dataclass(frozen=True)
class BolusOnBasal(OnBasal):
    """`bolus_volume_ul` over `bolus_duration_s` on top of `basal`, each time that it is asked for.

    Raises:
        PlanError: volume or duration is not over zero, or the basal therapy has boluses already.
    """

    basal: Therapy
    bolus_volume_ul: float
    bolus_duration_s: int
    name: ClassVar[str] = "bolus_on_basal"

    def __post_init__(self) -> None:
        volume, duration = self.bolus_volume_ul, self.bolus_duration_s
        complaints = {
            f"bolus_volume_ul {volume} is not over zero": not is_over_zero(volume),
            f"bolus_duration_s {duration} is not over zero": not is_over_zero(duration),
            "the basal therapy has boluses already": isinstance(self.basal, OnBasal),
            NOT_ON_A_BRIDGE: isinstance(self.basal, Bridge),
        }
        refuse(self.name, complaints)

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of; the basal therapy in it is made already.

        Raises:
            PlanError: there is none, or a number is missing or wrong.
        """
        basal = description.get("basal")
        if not isinstance(basal, Therapy):
            raise PlanError(f"therapy {cls.name}", "read basal", f"{basal!r} is no therapy")
        return cls(basal, number(description, "bolus_volume_ul"), whole_number(description, "bolus_duration_s"))

    def describe(self) -> dict[str, object]:
        """Return mode, volume and duration, and the description of the basal therapy."""
        return {
            "mode": self.name,
            "basal": self.basal.describe(),
            "bolus_volume_ul": float(self.bolus_volume_ul),
            "bolus_duration_s": self.bolus_duration_s,
        }

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return the basal therapy's program with the single bolus in it."""
        return replace(
            self.basal.program(low_reservoir_alarm_ul),
            bolus_volume_ul=self.bolus_volume_ul,
            bolus_duration_s=self.bolus_duration_s,
        )

    def accepted(self, at_s: float) -> AcceptedBolus:
        """Return the bolus that a request accepted at `at_s` (device clock) obliges the pump to deliver."""
        return AcceptedBolus(at_s, self.bolus_volume_ul, self.bolus_duration_s)

    @property
    def one_bolus(self) -> tuple[float, int]:
        """Return volume in µL and duration in s of one bolus."""
        return self.bolus_volume_ul, self.bolus_duration_s


MODE = BolusOnBasal
