# SPDX-License-Identifier: Apache-2.0
"""A dialect of plain lines: one set of words, shared by all hosts."""

from collections.abc import Callable

from instruments.simulated.balance.line_client import LineClient
from instruments.simulated.balance.line_words import LineWords
from instruments.simulated.served.devices import WeighingCell
from instruments.simulated.served.twin import ServedTimeline


class LineDialect:
    """A `BalanceDialect`.

    Args:
        make_words: makes the words for a cell.
        cell: what is weighed on.
        timeline: where waits and streams become events.
    """

    def __init__(
        self, make_words: Callable[[WeighingCell], LineWords], cell: WeighingCell, timeline: ServedTimeline
    ) -> None:
        self._cell = cell
        self._timeline = timeline
        self._words = make_words(cell)

    def client(self, patience_s: float, write: Callable[[bytes], None]) -> LineClient:
        """Take on a host."""
        return LineClient(self._cell, self._words, self._timeline, patience_s, write)

    def restart(self) -> None:
        """Take note that the cell has no tare any more."""
        self._words.done("", 0.0)
