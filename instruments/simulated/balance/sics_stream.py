# SPDX-License-Identifier: Apache-2.0
"""Weights that come without being asked for again: one look at the load at every update of the balance."""

from collections.abc import Callable

from instruments.simulated.served.devices import WeighingCell
from instruments.simulated.served.twin import ServedTimeline


class SicsStream:
    """Looks at the load at every update of the balance and sends what that gives, until it is stopped or power fails.

    Args:
        cell: whose restart ends the stream.
        look: gives the line of this moment, or None for nothing.
        update_rate_per_s: how often to look; a later change does not touch a stream that runs.
        timeline: where each look is an event.
        send: writes a line to the host.
    """

    def __init__(
        self,
        cell: WeighingCell,
        look: Callable[[], str | None],
        update_rate_per_s: float,
        timeline: ServedTimeline,
        send: Callable[[str], None],
    ) -> None:
        self._cell = cell
        self._restarts = cell.restarts
        self._look = look
        self._interval_s = 1 / update_rate_per_s
        self._timeline = timeline
        self._send = send
        self._running = False
        self._start_s = 0.0
        self._count = 0

    def start(self) -> None:
        """Look now, and again at every update."""
        self._running = True
        self._start_s = self._timeline.now_s
        self._tick()

    def stop(self) -> None:
        """Send nothing more."""
        self._running = False

    def _tick(self) -> None:
        if not self._running or self._cell.restarts != self._restarts:
            return
        line = self._look()
        if line is not None:
            self._send(line)
        self._count += 1
        self._timeline.at(self._start_s + self._count * self._interval_s, self._tick)
