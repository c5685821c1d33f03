# SPDX-License-Identifier: Apache-2.0
"""The answers of several devices that were asked at once: each is taken, whatever became of the others."""

from collections.abc import Callable
from typing import TypeVar

from groundfloor.errors import BenchFault, NoAnswer, PumpFailure
from instruments.write_unknown import WriteUnknown

Answer = TypeVar("Answer")
_PASSING = (NoAnswer, WriteUnknown)
"""Faults after which the same may be asked again; any other one is told before them."""


class Answers:
    """Takes answers, and raises what was wrong with them when all are taken."""

    def __init__(self) -> None:
        self._faults: list[BenchFault | PumpFailure] = []

    def take(self, take: Callable[[], Answer]) -> Answer | None:
        """Return the answer; None if it came to a fault, which `raise_faults` raises."""
        try:
            return take()
        except (BenchFault, PumpFailure) as fault:
            self._faults.append(fault)
            return None

    def raise_faults(self) -> None:
        """Raise the fault that matters most, with the others in its notes.

        Raises:
            BenchFault: a device did not answer, or not properly.
            PumpFailure: what the pump answered is impossible.
        """
        if not self._faults:
            return
        first = min(self._faults, key=lambda fault: isinstance(fault, _PASSING))
        for other in self._faults:
            if other is not first:
                first.add_note(f"and {other}")
        raise first
