# SPDX-License-Identifier: Apache-2.0
"""A therapy that was changed while the pump ran: each program counts from the instant at which it came into force.

The instant of a change belongs to the new program. So no second is counted twice and none is left out, whatever the
programs are, and the volume stays one sum in closed form.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.bridge import Bridge
from bench.therapy.description import refuse
from bench.therapy.interval import between
from bench.therapy.therapy import Therapy
from instruments.program import Program


@dataclass(frozen=True)
class ChangedTherapy:
    """Programs one after the other.

    Attributes:
        first: what the infusion began with.
        later: each change, its instant in seconds of the device clock and what is in force from it on.

    Raises:
        PlanError: the instants go backwards.
    """

    first: Therapy
    later: tuple[tuple[float, Therapy], ...]
    name: ClassVar[str] = "changed"

    def __post_init__(self) -> None:
        instants_s = [at_s for at_s, _ in self.later]
        backwards = any(early > late for early, late in pairwise(instants_s))
        refuse(self.name, {f"the changes at {instants_s} s go backwards": backwards})

    @property
    def newest(self) -> Therapy:
        """Return what is in force after the last change."""
        return self.later[-1][1] if self.later else self.first

    @cached_property
    def parts(self) -> tuple[Therapy, ...]:
        """Return every therapy that was in force, in order."""
        return (self.first, *(therapy for _, therapy in self.later))

    @cached_property
    def changed_s(self) -> tuple[float, ...]:
        """Return the instants of the changes, in seconds of the device clock."""
        return self._from_s[1:]

    @cached_property
    def has_bridge(self) -> bool:
        """Tell whether a bridge is among what was in force."""
        return any(isinstance(one, Bridge) for one in self.parts)

    def changed_to(self, therapy: Therapy, at_s: float) -> "ChangedTherapy":
        """Return this with one more change.

        Raises:
            PlanError: it lies before the last one.
        """
        return replace(self, later=(*self.later, (at_s, therapy)))

    def describe(self) -> dict[str, object]:
        """Return what it began with and each change."""
        changes = [{"at_s": float(at_s), "to": therapy.describe()} for at_s, therapy in self.later]
        return {"mode": self.name, "first": self.first.describe(), "changes": changes}

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return the program in force after the last change."""
        return self.newest.program(low_reservoir_alarm_ul)

    def volume_ul(self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the volume scheduled from `from_s` to `to_s`.

        Raises:
            ValueError: `from_s` lies after `to_s`.
        """
        if from_s > to_s:
            raise ValueError(f"the interval from {from_s} s to {to_s} s runs backwards")
        begins_s = max(from_s, started_s)
        return math.fsum(
            therapy.volume_ul(first_s, last_s, max(started_s, in_force_s), boluses)
            for therapy, in_force_s, first_s, last_s in self._within(begins_s, to_s)
        )

    def rate_ul_per_h(self, at_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the scheduled rate from `at_s` on, boluses included."""
        place = bisect_right(self._from_s, at_s) - 1
        return self.parts[place].rate_ul_per_h(at_s, max(started_s, self._from_s[place]), boluses)

    def boundaries_s(
        self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()
    ) -> tuple[float, ...]:
        """Return the boundaries of each part and the instants of the changes."""
        edges_s = [
            edge_s
            for therapy, in_force_s, first_s, last_s in self._within(from_s, to_s)
            for edge_s in therapy.boundaries_s(first_s, last_s, max(started_s, in_force_s), boluses)
        ]
        changes_s = self.changed_s[bisect_right(self.changed_s, started_s) :]
        return between(from_s, to_s, started_s, *edges_s, *changes_s)

    @cached_property
    def _from_s(self) -> tuple[float, ...]:
        return (-math.inf, *(at_s for at_s, _ in self.later))

    @cached_property
    def _until_s(self) -> tuple[float, ...]:
        return (*self.changed_s, math.inf)

    def _within(self, from_s: float, to_s: float) -> list[tuple[Therapy, float, float, float]]:
        """Return the parts that an interval touches: therapy, in force from when, and what of the interval is its."""
        first, last = bisect_right(self._from_s, from_s) - 1, bisect_left(self._from_s, to_s)
        touched = slice(first, last)
        parts = zip(self.parts[touched], self._from_s[touched], self._until_s[touched], strict=True)
        return [
            (therapy, in_force_s, max(from_s, in_force_s), min(to_s, end_s))
            for therapy, in_force_s, end_s in parts
            if max(from_s, in_force_s) < min(to_s, end_s)
        ]
