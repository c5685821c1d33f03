# SPDX-License-Identifier: Apache-2.0
"""One line to the balance: takes commands in turn, waits for stability, streams.

Waiting and streaming are events on the twin's timeline, so a stream's lines that fall due during an advance are
written before the advance is acknowledged.
"""

from collections import deque
from collections.abc import Callable

from instruments.simulated.balance.sics_change_watch import SicsChangeWatch
from instruments.simulated.balance.sics_commands import (
    INTERNAL_TEST,
    SYNTAX_ERROR,
    TRANSMISSION_ERROR,
    SicsCommands,
)
from instruments.simulated.balance.sics_internal_test import SicsInternalTest
from instruments.simulated.balance.sics_stream import SicsStream
from instruments.simulated.served.devices import LoadStatus, WeighingCell
from instruments.simulated.served.twin import ServedTimeline

LONGEST_LINE = 256
MOST_LINES_AT_ONCE = 1000
LEAST_WAIT_S = 0.05


class SicsClient:
    """What one host sees of the balance.

    Args:
        cell: what is weighed on.
        commands: the balance's commands and memory, shared by all clients.
        timeline: where waits and streams become events.
        patience_s: how long `S`, `Z` and `T` wait for stability before they answer `I`; 0 while time stands still.
        write: sends bytes to the host; called once for all that came up since the last `flush`.
    """

    def __init__(
        self,
        cell: WeighingCell,
        commands: SicsCommands,
        timeline: ServedTimeline,
        patience_s: float,
        write: Callable[[bytes], None],
    ) -> None:
        self._cell = cell
        self._commands = commands
        self._timeline = timeline
        self._patience_s = patience_s
        self._write = write
        self._pending = b""
        self._outgoing: list[str] = []
        self._queue: deque[str] = deque()
        self._wait: object | None = None
        self._stream: SicsStream | None = None
        self._test: SicsInternalTest | None = None

    def receive(self, data: bytes) -> None:
        """Take bytes from the host and answer every command that they complete."""
        *lines, self._pending = (self._pending + data).split(b"\r\n")
        for line in lines:
            self._take(line)
        if len(self._pending) > LONGEST_LINE:
            self._pending = b""
            self.send(TRANSMISSION_ERROR)
        self.flush()

    def send(self, *lines: str) -> None:
        """Put lines behind what waits to be written to the host."""
        self._outgoing += lines
        if len(self._outgoing) >= MOST_LINES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what waits, in one piece."""
        if self._outgoing:
            data = "".join(f"{line}\r\n" for line in self._outgoing).encode("ascii")
            self._outgoing.clear()
            self._write(data)

    def cancel(self) -> None:
        """Drop the stream, the wait, the internal test and everything queued behind it."""
        self._wait = None
        if self._test is not None:
            self._test.cancel()
        self._queue.clear()
        self._end_stream()

    def restart(self) -> None:
        """Drop what is under way and tell the serial number, as a balance does that has just come up."""
        self.cancel()
        self.send(self._commands.identification())

    def _take(self, line: bytes) -> None:
        if not line.isascii() or not line.decode("latin-1").isprintable():
            self.send(TRANSMISSION_ERROR)
        elif line == b"@":
            self.cancel()
            self.send(self._commands.identification())
        elif self._wait is None:
            self._carry_out(line.decode("ascii"))
        else:
            self._queue.append(line.decode("ascii"))

    def _carry_out(self, line: str) -> None:
        name, _, parameter = line.partition(" ")
        if name in ("S", "SI", "SIR", "SR"):
            self._end_stream()
        if name == "SR":
            self._send_on_change(parameter)
        elif line == "SIR":
            self._start_stream(lambda: self._commands.weight.line("S"))
        elif line in ("S", "Z", "T"):
            self._wait_for_stability(line)
        elif line == INTERNAL_TEST and self._commands.tests_itself:
            self._test_itself()
        elif name in ("S", "Z", "T", "SIR"):
            self.send(SYNTAX_ERROR)
        else:
            self.send(*self._commands.answer(line))

    def _send_on_change(self, parameter: str) -> None:
        change_g = self._commands.weight.grams(parameter) if parameter else None
        if parameter and change_g is None:
            self.send("SR L")
        else:
            self._start_stream(SicsChangeWatch(self._cell, self._commands, change_g))

    def _start_stream(self, look: Callable[[], str | None]) -> None:
        rate_per_s = self._commands.update_rate_per_s
        self._stream = SicsStream(self._cell, look, rate_per_s, self._timeline, self.send)
        self._stream.start()

    def _end_stream(self) -> None:
        if self._stream is not None:
            self._stream.stop()
            self._stream = None

    def _wait_for_stability(self, name: str) -> None:
        wait = self._wait = object()
        deadline_s = self._timeline.now_s + self._patience_s
        restarts = self._cell.restarts

        def look() -> None:
            if self._wait is not wait or self._cell.restarts != restarts:
                return
            weighing, now_s = self._cell.weigh(), self._timeline.now_s
            if weighing.status is not LoadStatus.IN_RANGE:
                self._finish(f"{name} {self._commands.out_of_range()}")
            elif weighing.stable:
                self._finish(self._commands.carry_out_stable(name))
            elif now_s >= deadline_s:
                self._finish(f"{name} I")
            else:
                self._timeline.at(min(max(self._cell.stable_at_s(), now_s + LEAST_WAIT_S), deadline_s), look)

        look()

    def _test_itself(self) -> None:
        self._end_stream()
        self._wait = object()
        self.send(f"{INTERNAL_TEST} B")
        self._test = SicsInternalTest(self._cell, self._commands.weight, self._timeline, self._finish)

    def _finish(self, reply: str) -> None:
        self._wait = None
        self.send(reply)
        while self._queue and self._wait is None:
            self._carry_out(self._queue.popleft())
