# SPDX-License-Identifier: Apache-2.0
"""When a pump says that it has to be refilled; not every pump tells it."""

from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault


@runtime_checkable
class TellsRefillDate(Protocol):
    """A pump that computes it."""

    def refill_due_s(self) -> float:
        """Return when the refill is due, in seconds of the device clock; 0 where nothing is programmed.

        Raises:
            BenchFault: the pump's map has no point for it, or the pump does not answer.
        """
        ...


def refill_due_s(pump: object) -> float:
    """Return when a pump says that its refill is due.

    Raises:
        BenchFault: its driver cannot ask for it, or the pump does not answer.
    """
    if isinstance(pump, TellsRefillDate):
        return pump.refill_due_s()
    seen, next_step = "its driver has no `refill_due_s`", "give the driver that verb, see the contract"
    raise BenchFault("pump", "ask for the refill date", seen, next_step)
