# SPDX-License-Identifier: Apache-2.0
"""A therapy mode: the rate rises in equal steps over the day, and begins anew at midnight.

    [plugins.therapy]
    ramp = "plugins/ramp.py:Ramp"

A test then says `with infusion(Ramp(10.0, 40.0, 4)) as run:`. The pump gets a day schedule; what must come out is told
here in closed form, and what is composed here is told once more by the shipped mode that it is programmed as.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from bench.therapy import AcceptedBolus, Flex, Step
from groundfloor.errors import PlanError
from instruments.program import Program

PUMPBENCH_INTERFACE = 1
MINUTES_PER_DAY = 1440


@dataclass(frozen=True)
class Ramp:
    """From `from_ul_per_h` at midnight to `to_ul_per_h` in the last of `steps` equal parts of the day."""

    from_ul_per_h: float
    to_ul_per_h: float
    steps: int
    name: ClassVar[str] = "ramp"

    def __post_init__(self) -> None:
        """Refuse what is no ramp."""
        if not 2 <= self.steps <= 13 or MINUTES_PER_DAY % self.steps:
            seen = f"{self.steps} steps are not 2 to 13 equal parts of a day in whole minutes"
            raise PlanError("therapy ramp", "make", seen, "take 2, 3, 4, 5, 6, 8, 9, 10 or 12")

    @classmethod
    def example(cls) -> Self:
        """Return one to try; the conformance kit asks for it."""
        return cls(10.0, 40.0, 4)

    @classmethod
    def from_description(cls, description: Mapping[str, object], /) -> Self:
        """Make the therapy that `describe` spoke of."""
        first, last, steps = (description.get(one) for one in ("from_ul_per_h", "to_ul_per_h", "steps"))
        if not isinstance(first, int | float) or not isinstance(last, int | float) or not isinstance(steps, int):
            raise PlanError("therapy ramp", "read a description", f"{dict(description)!r}", "give three numbers")
        return cls(float(first), float(last), steps)

    def describe(self) -> dict[str, object]:
        """Return mode and numbers."""
        told = {"from_ul_per_h": self.from_ul_per_h, "to_ul_per_h": self.to_ul_per_h, "steps": self.steps}
        return {"mode": self.name, **told}

    @property
    def day(self) -> Flex:
        """Return the day schedule that it is programmed as."""
        rise = (self.to_ul_per_h - self.from_ul_per_h) / (self.steps - 1)
        length = MINUTES_PER_DAY // self.steps
        return Flex(tuple(Step(one * length, self.from_ul_per_h + one * rise) for one in range(self.steps)))

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return what a pump is programmed with."""
        return self.day.program(low_reservoir_alarm_ul)

    def volume_ul(self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the volume scheduled between two instants."""
        return self.day.volume_ul(from_s, to_s, started_s, boluses)

    def rate_ul_per_h(self, at_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the scheduled rate from an instant on."""
        return self.day.rate_ul_per_h(at_s, started_s, boluses)

    def boundaries_s(
        self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()
    ) -> tuple[float, ...]:
        """Return the instants between the two at which the rate changes."""
        return self.day.boundaries_s(from_s, to_s, started_s, boluses)
