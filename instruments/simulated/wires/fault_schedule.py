# SPDX-License-Identifier: Apache-2.0
"""Which message meets which fault: a function of seed, wire, direction and the message's number on that wire."""

from collections.abc import Sequence
from random import Random

from instruments.simulated.wires.wire_fault import Direction, FaultKind, Framing, WireFault

_LONGEST_GARBAGE = 20


class FaultSchedule:
    """The faults of one direction of one wire.

    Args:
        name: whose wire it is; two wires of one seed have different faults.
        direction: which way.
        kinds: the faults to choose from.
        seed: same seed, same faults for the same messages.
        rate: share of messages that meet a fault, from 0 to 1.
        longest_s: longest delay, in wall time; over the driver's time-out it makes replies late.
    """

    def __init__(
        self, name: str, direction: Direction, kinds: Sequence[FaultKind], seed: int, rate: float, longest_s: float
    ) -> None:
        self._random = Random(f"{seed}/{name}/{direction}")  # noqa: S311  repeatable is what it has to be
        self._kinds = kinds
        self._rate = rate
        self._longest_s = longest_s

    def next(self) -> WireFault | None:
        """Return the fault of the next message, mostly None."""
        draw = self._random
        struck = draw.random() < self._rate
        fault = WireFault(  # drawn for every message, so that a fault depends on nothing but its message's number
            kind=draw.choice(self._kinds),
            late_s=draw.uniform(0.0, self._longest_s),
            place=draw.random(),
            variant=draw.randrange(3),
            foreign=draw.randbytes(draw.randint(1, _LONGEST_GARBAGE)),
        )
        return fault if struck else None

    @classmethod
    def of_wire(
        cls, name: str, framing: Framing, seed: int, rate: float, longest_s: float
    ) -> dict[Direction, "FaultSchedule"]:
        """Return the schedules of both directions of one wire."""
        return {way: cls(name, way, framing.kinds, seed, rate, longest_s) for way in Direction}
