# SPDX-License-Identifier: Apache-2.0
"""Open lines by their address: devices on one address share one, and a serial line can only be opened once."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from groundfloor.errors import BenchFault, PlanError


class Line(Protocol):
    """Anything that can be let go."""

    def close(self) -> None:
        """Let the line go."""
        ...


L = TypeVar("L", bound=Line)


class OpenLines:
    """The lines that one user of a bench has opened."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._closers: dict[str, Line] = {}

    def shared(self, address: str, kind: type[L], open_it: Callable[[], L]) -> L:
        """Return the line to `address`, opened by `open_it` the first time.

        Raises:
            PlanError: a driver of another kind has opened this address.
            BenchFault: it cannot be opened; the next call tries again.
        """
        if address not in self._lines:
            self._lines[address] = open_it()
        line = self._lines[address]
        if not isinstance(line, kind):
            seen = f"it is open as a {type(line).__name__}, wanted as a {kind.__name__}"
            raise PlanError(f"line {address}", "share", seen, "give the two devices drivers of one kind, or two lines")
        return line

    def let_go_by(self, address: str, closer: Line) -> None:
        """Have the open line to `address` let go through `closer`, which knows how long that may take."""
        self._closers[address] = closer

    def close(self) -> None:
        """Let all lines go; they are opened anew when somebody asks again.

        Raises:
            BenchFault: one could not be let go; all others are let go all the same.
        """
        closers, self._closers = self._closers, {}
        troubles: list[BenchFault] = []
        while self._lines:
            address, line = self._lines.popitem()
            try:
                closers.get(address, line).close()
            except BenchFault as trouble:
                troubles.append(trouble)
        if troubles:
            raise troubles[0]
