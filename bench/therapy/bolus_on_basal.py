# SPDX-License-Identifier: Apache-2.0
"""Bolus on basal: a basal therapy, and a clinician's single bolus on top of it whenever it is asked for."""

from dataclasses import dataclass
from typing import ClassVar, Self

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.basal_part import BasalPart
from bench.therapy.bridge import Bridge
from bench.therapy.description import Description, not_over_zero, number, refuse, whole_number
from bench.therapy.guarded_therapy import guarded_therapy
from bench.therapy.on_basal import NOT_ON_A_BRIDGE, OnBasal
from bench.therapy.therapy import Therapy
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
        object.__setattr__(self, "basal", guarded_therapy(self.basal))
        complaints = {
            **not_over_zero(bolus_volume_ul=self.bolus_volume_ul, bolus_duration_s=self.bolus_duration_s),
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
        basal = BasalPart.read(cls.name, description)
        return cls(basal, number(description, "bolus_volume_ul"), whole_number(description, "bolus_duration_s"))

    def describe(self) -> dict[str, object]:
        """Return mode, volume and duration, and the description of the basal therapy."""
        volume_ul, duration_s = float(self.bolus_volume_ul), self.bolus_duration_s
        return self._part.described(bolus_volume_ul=volume_ul, bolus_duration_s=duration_s)

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return the basal therapy's program with the single bolus in it."""
        volume_ul, duration_s = self.bolus_volume_ul, self.bolus_duration_s
        return self._part.program(low_reservoir_alarm_ul, bolus_volume_ul=volume_ul, bolus_duration_s=duration_s)

    @property
    def _part(self) -> BasalPart:
        return BasalPart(self.name, self.basal)

    def accepted(self, at_s: float) -> AcceptedBolus:
        """Return the bolus that a request accepted at `at_s` (device clock) obliges the pump to deliver."""
        return AcceptedBolus(at_s, self.bolus_volume_ul, self.bolus_duration_s)

    @property
    def one_bolus(self) -> tuple[float, int]:
        """Return volume in µL and duration in s of one bolus."""
        return self.bolus_volume_ul, self.bolus_duration_s


MODE = BolusOnBasal
