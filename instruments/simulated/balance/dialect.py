# SPDX-License-Identifier: Apache-2.0
"""What a dialect of the simulated balance is: it makes of bytes from a host what the cell shall do, and the reply."""

from collections.abc import Callable
from typing import Protocol

from instruments.simulated.served.devices import WeighingCell
from instruments.simulated.served.twin import ServedTimeline


class BalanceClient(Protocol):
    """One host on the balance's line."""

    def receive(self, data: bytes) -> None:
        """Take bytes from the host and answer every command that they complete."""
        ...

    def flush(self) -> None:
        """Write what waits to be written, in one piece."""
        ...

    def cancel(self) -> None:
        """Drop what the host has under way."""
        ...

    def restart(self) -> None:
        """Drop what the host has under way, and tell what a balance tells by itself when it has come up."""
        ...


class BalanceDialect(Protocol):
    """One balance as its commands see it, for any number of hosts."""

    def client(self, patience_s: float, write: Callable[[bytes], None]) -> BalanceClient:
        """Take on a host.

        Args:
            patience_s: how long a command waits for a stable load; 0 while time stands still.
            write: sends bytes to the host.
        """
        ...

    def restart(self) -> None:
        """Take note that the cell came up anew, without zero and tare."""
        ...


MakeDialect = Callable[[WeighingCell, ServedTimeline], BalanceDialect]
"""Builds the dialect of a cell; waits and streams become events on the timeline."""
