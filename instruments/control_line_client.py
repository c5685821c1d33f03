# SPDX-License-Identifier: Apache-2.0
"""The bench's end of the twin's control line: asks for the twin's time and, when it is stepped, moves it.

The protocol is in `instruments/simulated/control_line.py`. A line that failed once is closed for good: nobody could
tell any more which reply belongs to which request.
"""

import re
import socket
from dataclasses import dataclass
from typing import Self

from instruments.errors import BenchFault
from instruments.wall_clock import Deadline

LONGEST_REPLY = 1024

_HELLO = re.compile(rb"PUMPBENCH-TWIN 1 mode=(real|scaled|stepped) speed=([0-9.e+-]+) seed=(-?\d+) model=(\S+)")
_INSTANT = re.compile(rb"T (\d{1,18})")
_NEXT_STEP = "look whether the twin still runs, start it again"


@dataclass(frozen=True)
class TwinHello:
    """What the twin says of itself: clock mode, twin seconds per wall second, seed, pump model."""

    mode: str
    speed: float
    seed: int
    model: str


class ControlLine:
    """One open control line; every call takes at most `timeout_s`.

    Every method raises BenchFault when the twin is gone, late, or answers with anything but what was asked for.
    """

    def __init__(self, address: str, connection: socket.socket, timeout_s: float) -> None:
        self._asset = f"twin control line {address}"
        self._socket: socket.socket | None = connection
        self._timeout_s = timeout_s

    @classmethod
    def open(cls, address: str, timeout_s: float = 10.0) -> Self:
        """Connect to the control line at `host:port`.

        Args:
            address: as the twin printed it.
            timeout_s: wall time for connecting and for each request; an advance must run its events within it.
        """
        host, _, port = address.rpartition(":")
        try:
            connection = socket.create_connection((host.strip("[]"), int(port)), timeout_s)
        except (OSError, ValueError, OverflowError) as trouble:
            raise BenchFault(f"twin control line {address}", "connect", str(trouble), _NEXT_STEP) from trouble
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(address, connection, timeout_s)

    def hello(self) -> TwinHello:
        """Ask the twin what it is."""
        reply = self._exchange(b"HELLO\n")
        told = _HELLO.fullmatch(reply)
        if told is None:
            raise self._failure("HELLO", f"answered {reply!r}")
        try:
            return TwinHello(told[1].decode(), float(told[2]), int(told[3]), told[4].decode())
        except ValueError as wrong:
            raise self._failure("HELLO", f"answered {reply!r}") from wrong

    def now_us(self) -> int:
        """Return the twin's present instant in microseconds."""
        reply = self._exchange(b"NOW\n")
        told = _INSTANT.fullmatch(reply)
        if told is None:
            raise self._failure("NOW", f"answered {reply!r}")
        return int(told[1])

    def advance_to_us(self, instant_us: int) -> int:
        """Let the twin run everything up to `instant_us`, in order, and return the instant it then stands at.

        A refusal (time is not stepped, or would go back) is a BenchFault too, but leaves the line open.
        """
        request = b"ADV %d\n" % instant_us
        reply = self._exchange(request)
        if reply == b"T %d" % instant_us:
            return instant_us
        if reply.startswith(b"E "):
            seen = reply[2:].decode("ascii", "replace")
            raise BenchFault(self._asset, f"advance to {instant_us} us", f"refused: {seen}", "ask for a later instant")
        raise self._failure(f"advance to {instant_us} us", f"answered {reply!r}")

    def close(self) -> None:
        """Let the line go; closing twice does nothing."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> bytes:
        connection = self._socket
        operation = request[:-1].decode()
        if connection is None:
            raise BenchFault(self._asset, operation, "the line is closed", "open it again")
        deadline = Deadline(self._timeout_s)
        try:
            connection.sendall(request)
            reply = connection.recv(LONGEST_REPLY)
            while reply and not reply.endswith(b"\n") and len(reply) < LONGEST_REPLY:
                connection.settimeout(max(1e-3, deadline.remaining_s()))
                piece = b"" if deadline.passed() else connection.recv(LONGEST_REPLY)
                if not piece:
                    break
                reply += piece
        except OSError as trouble:
            raise self._failure(operation, str(trouble) or type(trouble).__name__) from trouble
        if reply.count(b"\n") != 1 or not reply.endswith(b"\n"):
            raise self._failure(operation, f"no whole line within {self._timeout_s:g} s: {reply!r}")
        if connection.gettimeout() != self._timeout_s:
            connection.settimeout(self._timeout_s)
        return reply[:-1]

    def _failure(self, operation: str, seen: str) -> BenchFault:
        self.close()
        return BenchFault(self._asset, operation, seen, _NEXT_STEP)
