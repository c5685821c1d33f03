# SPDX-License-Identifier: Apache-2.0
"""Single bolus: one volume over one duration from the start, then nothing."""

from dataclasses import dataclass
from typing import ClassVar, Self

from bench.therapy.basal_therapy import BasalTherapy
from bench.therapy.description import Description, is_over_zero, number, refuse, whole_number
from bench.therapy.interval import SECONDS_PER_HOUR, overlap_s
from instruments.program import Mode, Program


@dataclass(frozen=True)
class SingleBolus(BasalTherapy):
    """`bolus_volume_ul` at an even rate over `bolus_duration_s`.

    Raises:
        PlanError: volume or duration is not over zero.
    """

    bolus_volume_ul: float
    bolus_duration_s: int
    name: ClassVar[str] = "single_bolus"

    def __post_init__(self) -> None:
        volume, duration = self.bolus_volume_ul, self.bolus_duration_s
        complaints = {
            f"bolus_volume_ul {volume} is not over zero": not is_over_zero(volume),
            f"bolus_duration_s {duration} is not over zero": not is_over_zero(duration),
        }
        refuse(self.name, complaints)

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of."""
        return cls(number(description, "bolus_volume_ul"), whole_number(description, "bolus_duration_s"))

    def describe(self) -> dict[str, object]:
        """Return mode, volume and duration."""
        return {
            "mode": self.name,
            "bolus_volume_ul": float(self.bolus_volume_ul),
            "bolus_duration_s": self.bolus_duration_s,
        }

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return a program without steps."""
        return Program(
            Mode.SINGLE_BOLUS,
            bolus_volume_ul=self.bolus_volume_ul,
            bolus_duration_s=self.bolus_duration_s,
            low_reservoir_alarm_ul=low_reservoir_alarm_ul,
        )

    def _scheduled_volume_ul(self, from_s: float, to_s: float, started_s: float, /) -> float:
        runs_s = overlap_s(from_s, to_s, started_s, started_s + self.bolus_duration_s)
        return self.bolus_volume_ul * runs_s / self.bolus_duration_s

    def _scheduled_rate_ul_per_h(self, at_s: float, started_s: float, /) -> float:
        if at_s >= started_s + self.bolus_duration_s:
            return 0.0
        return self.bolus_volume_ul * SECONDS_PER_HOUR / self.bolus_duration_s

    def _scheduled_changes_s(self, _from_s: float, _to_s: float, started_s: float, /) -> tuple[float, ...]:
        return (started_s + self.bolus_duration_s,)


MODE = SingleBolus
