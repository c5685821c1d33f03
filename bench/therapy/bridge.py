# SPDX-License-Identifier: Apache-2.0
"""Bridge: after a refill with another concentration the old drug in tubing and catheter is given at the rate for it.

Until `bridge_volume_ul` has left the reservoir the pump runs at the rate of the bridge; then the basal therapy begins.
Whatever leaves the reservoir moves the old drug on, so a priming bolus meanwhile counts as well. A stop does not end a
bridge: the next start gives what is left of it. The volume of the bridge and the rate of the basal therapy belong to
two concentrations; `bench.dose.bridged_prescription` computes both.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from bench.therapy.basal_part import BasalPart
from bench.therapy.basal_therapy import BasalTherapy
from bench.therapy.continuous import Continuous
from bench.therapy.description import Description, not_over_zero, number, refuse
from bench.therapy.flex import Flex
from bench.therapy.interval import SECONDS_PER_HOUR
from bench.therapy.therapy import Therapy
from instruments.program import Mode, Program


@dataclass(frozen=True)
class Bridge(BasalTherapy):
    """`bridge_volume_ul` evenly over `bridge_duration_s` from the start, then `basal`.

    Raises:
        PlanError: volume or duration is not over zero, or the basal therapy is neither continuous nor a day schedule.
    """

    basal: Therapy
    bridge_volume_ul: float
    bridge_duration_s: float
    name: ClassVar[str] = "bridge"

    def __post_init__(self) -> None:
        complaints = {
            **not_over_zero(bridge_volume_ul=self.bridge_volume_ul, bridge_duration_s=self.bridge_duration_s),
            f"a bridge cannot lead to {self.basal.name}": not isinstance(self.basal, Continuous | Flex),
        }
        refuse(self.name, complaints)

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of; the basal therapy in it is made already.

        Raises:
            PlanError: there is none, or a number is missing or wrong.
        """
        basal = BasalPart.read(cls.name, description)
        return cls(basal, number(description, "bridge_volume_ul"), number(description, "bridge_duration_s"))

    def describe(self) -> dict[str, object]:
        """Return mode, volume and duration of the bridge, and the description of what it leads to."""
        volume_ul, duration_s = float(self.bridge_volume_ul), float(self.bridge_duration_s)
        return self._part.described(bridge_volume_ul=volume_ul, bridge_duration_s=duration_s)

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return the basal therapy's program with the bridge in front of it, its duration to a whole second."""
        return self._part.program(
            low_reservoir_alarm_ul,
            mode=Mode.BRIDGE,
            bolus_volume_ul=self.bridge_volume_ul,
            bolus_duration_s=round(self.bridge_duration_s),
        )

    @property
    def _part(self) -> BasalPart:
        return BasalPart(self.name, self.basal)

    @property
    def bridge_rate_ul_per_h(self) -> float:
        """Return the rate of the bridge."""
        return self.bridge_volume_ul * SECONDS_PER_HOUR / self.bridge_duration_s

    def left_after(self, given_ul: float) -> Therapy:
        """Return what a start gives when so much has left the reservoir before: the rest of the bridge, or none."""
        left_ul = self.bridge_volume_ul - given_ul
        if left_ul <= 0:
            return self.basal
        return Bridge(self.basal, left_ul, self.bridge_duration_s * left_ul / self.bridge_volume_ul)

    def _scheduled_volume_ul(self, from_s: float, to_s: float, started_s: float, /) -> float:
        over_s = started_s + self.bridge_duration_s
        bridged_s = max(0.0, min(to_s, over_s) - from_s)
        basal_ul = self.basal.volume_ul(max(from_s, over_s), to_s, over_s) if to_s > over_s else 0.0
        return self.bridge_rate_ul_per_h * bridged_s / SECONDS_PER_HOUR + basal_ul

    def _scheduled_rate_ul_per_h(self, at_s: float, started_s: float, /) -> float:
        over_s = started_s + self.bridge_duration_s
        return self.bridge_rate_ul_per_h if at_s < over_s else self.basal.rate_ul_per_h(at_s, over_s)

    def _scheduled_changes_s(self, from_s: float, to_s: float, started_s: float, /) -> tuple[float, ...]:
        over_s = started_s + self.bridge_duration_s
        return (over_s, *(self.basal.boundaries_s(max(from_s, over_s), to_s, over_s) if to_s > over_s else ()))


MODE = Bridge
