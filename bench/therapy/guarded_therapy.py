# SPDX-License-Identifier: Apache-2.0
"""Stands between the bench and a therapy mode of somebody else: one that hangs or raises is the rig's trouble.

A therapy is asked while a test is planned, for each sample, and while it is judged. It is plain arithmetic, so what
does not come back soon never will.
"""

import math
from collections.abc import Sequence
from typing import Any

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.description import Description
from bench.therapy.therapy import Therapy
from groundfloor.errors import BenchFault, PlanError
from groundfloor.plug_ins.guarded import COMPUTES, guarded
from instruments.program import Program

IF_NAN = "return a number for every instant: nobody else knows what has to come out"
LONGEST_S = 5.0
"""It is asked for every sample."""
OURS = "bench.therapy."
NEUTRAL = frozenset({"Therapy", "BasalTherapy"})
"""Classes of ours by which nobody tells one mode from another."""


class GuardedTherapy:
    """A therapy whose calls come back, with what the protocol says; equal to the one that it stands for.

    Args:
        inner: the therapy.
        told: what its mode is called in an error.
    """

    def __init__(self, inner: Therapy, told: str) -> None:
        self._inner = inner
        self._told = told
        self._asked: Therapy = guarded(inner, told, Therapy, LONGEST_S, if_late=COMPUTES)

    @property
    def name(self) -> str:
        """Return the mode's name."""
        return self._asked.name

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return what a pump is programmed with."""
        return self._asked.program(low_reservoir_alarm_ul)

    def volume_ul(self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the volume scheduled between two instants.

        Raises:
            BenchFault: the mode hangs, raises, or returns no number.
        """
        return self._number("volume_ul", self._asked.volume_ul(from_s, to_s, started_s, boluses))

    def rate_ul_per_h(self, at_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the scheduled rate from an instant on."""
        return self._number("rate_ul_per_h", self._asked.rate_ul_per_h(at_s, started_s, boluses))

    def boundaries_s(
        self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()
    ) -> tuple[float, ...]:
        """Return the instants between the two at which the rate changes."""
        return self._asked.boundaries_s(from_s, to_s, started_s, boluses)

    def describe(self) -> dict[str, object]:
        """Return it in words and numbers."""
        return self._asked.describe()

    def __getattr__(self, name: str) -> object:
        """Return what else the mode has."""
        return getattr(object.__getattribute__(self, "_asked"), name)  # which a copy under way has not yet

    def __eq__(self, other: object) -> bool:
        """Compare with another one, guarded or not."""
        return self._inner == (other._inner if isinstance(other, GuardedTherapy) else other)

    def __hash__(self) -> int:
        """Return that of the therapy."""
        return hash(self._inner)

    def __repr__(self) -> str:
        """Return that of the therapy."""
        return repr(self._inner)

    def _number(self, verb: str, value: float) -> float:
        if math.isnan(value):
            raise BenchFault(self._told, verb, "it returned NaN", IF_NAN)
        return value


def guarded_therapy(therapy: Therapy) -> Therapy:
    """Return a therapy of ours as it is, one of somebody else guarded."""
    if isinstance(therapy, GuardedTherapy) or _is_one_of_ours(type(therapy)):
        return therapy
    mode = type(therapy)
    return GuardedTherapy(therapy, f"therapy mode {mode.__name__} (of {mode.__module__})")


class GuardedMode:
    """A mode of a plug-in: what it makes is guarded, and so is the making.

    Args:
        mode: its class.
        told: what it is called in an error.

    Attributes:
        name: the mode's name.
    """

    def __init__(self, mode: type[Therapy], told: str) -> None:
        self.name = str(mode.name)
        self._mode = mode
        self._told = told
        self._asked = guarded(
            _Makes(mode), told, _Makes, LONGEST_S, last=("from_description", "example"), if_late=COMPUTES
        )

    def from_description(self, description: Description, /) -> Therapy:
        """Make the therapy that `describe` spoke of.

        Raises:
            PlanError: a number is missing or wrong.
            BenchFault: the mode hangs, or returns no therapy.
        """
        return self._guarded(self._asked.from_description(description))

    def example(self) -> Therapy:
        """Return one to try.

        Raises:
            PlanError: the mode makes none.
        """
        if not callable(getattr(self._mode, "example", None)):
            raise PlanError(self._told, "check", "it has no example", "give its class example() -> a therapy to try")
        return self._guarded(self._asked.example())

    def __call__(self, *numbers: object, **named: object) -> Therapy:
        """Make a therapy as its class does."""
        return self._guarded(self._mode(*numbers, **named))

    def _guarded(self, therapy: Therapy) -> Therapy:
        return therapy if _is_one_of_ours(type(therapy)) else GuardedTherapy(therapy, self._told)


class _Makes:
    """What a class is asked to make, as verbs of an object."""

    def __init__(self, mode: type[Therapy]) -> None:
        self._mode: Any = mode

    def from_description(self, description: Description) -> Therapy:
        made: Therapy = self._mode.from_description(description)
        return made

    def example(self) -> Therapy:
        made: Therapy = self._mode.example()
        return made


def _is_one_of_ours(mode: type) -> bool:
    """Tell whether a class is ours, or is taken for one of ours: its kind says more than its verbs."""
    return any(one.__module__.startswith(OURS) and one.__name__ not in NEUTRAL for one in mode.__mro__)
