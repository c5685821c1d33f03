# SPDX-License-Identifier: Apache-2.0
"""MT-SICS: one set of commands and one memory, shared by all hosts."""

from collections.abc import Callable, Container

from instruments.simulated.balance.sics_client import SicsClient
from instruments.simulated.balance.sics_commands import SicsCommands
from instruments.simulated.served.devices import WeighingCell
from instruments.simulated.served.twin import ServedTimeline


class SicsDialect:
    """A `BalanceDialect`; `known` are the commands of a balance that does not know all of MT-SICS."""

    def __init__(self, cell: WeighingCell, timeline: ServedTimeline, known: Container[str] | None = None) -> None:
        self._cell = cell
        self._timeline = timeline
        self._commands = SicsCommands(cell, known)

    def client(self, patience_s: float, write: Callable[[bytes], None]) -> SicsClient:
        """Take on a host."""
        return SicsClient(self._cell, self._commands, self._timeline, patience_s, write)

    def restart(self) -> None:
        """Take note that the cell has no tare any more."""
        self._commands.weight.forget()
