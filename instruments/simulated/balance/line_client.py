# SPDX-License-Identifier: Apache-2.0
"""A balance that answers with plain lines, as its hosts see it: commands in turn, orders that wait, streams."""

from collections import deque
from collections.abc import Callable

from instruments.simulated.balance.line_words import LineWords, Order
from instruments.simulated.balance.sics_stream import SicsStream
from instruments.simulated.served.devices import LoadStatus, WeighingCell
from instruments.simulated.served.twin import ServedTimeline

LONGEST_COMMAND = 64
MOST_QUEUED = 100
STREAM_PER_S = 10.0
LEAST_WAIT_S = 0.05


class LineClient:
    """A `BalanceClient`: one host.

    Args:
        cell: what is weighed on.
        words: what is said.
        timeline: where waits and streams become events.
        patience_s: how long an order waits for a stable load; 0 while time stands still.
        write: sends bytes to the host.
    """

    def __init__(
        self,
        cell: WeighingCell,
        words: LineWords,
        timeline: ServedTimeline,
        patience_s: float,
        write: Callable[[bytes], None],
    ) -> None:
        self._cell = cell
        self._words = words
        self._timeline = timeline
        self._patience_s = patience_s
        self._write = write
        self._received = b""
        self._outgoing: list[str] = []
        self._queue: deque[str] = deque()
        self._wait: object | None = None
        self._stream: SicsStream | None = None

    def receive(self, data: bytes) -> None:
        """Take bytes from the host and answer every command that they complete."""
        commands, self._received = self._words.commands(self._received + data)
        if len(self._received) > LONGEST_COMMAND:
            self._received = b""
        for command in commands:
            if self._wait is None:
                self._carry_out(command)
            elif len(self._queue) < MOST_QUEUED:
                self._queue.append(command)
        self.flush()

    def flush(self) -> None:
        """Write what waits to be written, in one piece."""
        if self._outgoing:
            data = "".join(f"{line}\r\n" for line in self._outgoing).encode("latin-1")
            self._outgoing.clear()
            self._write(data)

    def cancel(self) -> None:
        """Drop what the host has under way."""
        self._wait = None
        self._queue.clear()
        self._end_stream()

    def restart(self) -> None:
        """Drop what the host has under way; such a balance comes up without a word."""
        self.cancel()

    def _send(self, *lines: str) -> None:
        self._outgoing += lines

    def _carry_out(self, command: str) -> None:
        words = self._words
        if command in words.orders:
            self._send(*words.begun(command))
            self._wait_for_stability(command)
        elif command == words.stream_begins:
            self._end_stream()
            self._stream = SicsStream(self._cell, words.weight, STREAM_PER_S, self._timeline, self._send)
            self._stream.start()
        else:
            if command == words.stream_ends:
                self._end_stream()
            self._send(*words.answer(command))

    def _end_stream(self) -> None:
        if self._stream is not None:
            self._stream.stop()
            self._stream = None

    def _wait_for_stability(self, command: str) -> None:
        wait = self._wait = object()
        deadline_s = self._timeline.now_s + self._patience_s

        def look() -> None:
            if self._wait is not wait:
                return
            weighing, now_s = self._cell.weigh(), self._timeline.now_s
            if weighing.status is not LoadStatus.IN_RANGE:
                self._finish(self._words.refused(command, weighing.status))
            elif weighing.stable:
                self._finish(self._words.done(command, self._moved(command)))
            elif now_s >= deadline_s:
                self._finish(self._words.refused(command, weighing.status))
            else:
                self._timeline.at(min(max(self._cell.stable_at_s(), now_s + LEAST_WAIT_S), deadline_s), look)

        look()

    def _moved(self, command: str) -> float:
        if self._words.orders[command] is Order.TARE:
            return self._cell.tare()
        self._cell.zero()
        return 0.0

    def _finish(self, lines: list[str]) -> None:
        self._wait = None
        self._send(*lines)
        while self._queue and self._wait is None:
            self._carry_out(self._queue.popleft())
