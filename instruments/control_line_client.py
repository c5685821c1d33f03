# SPDX-License-Identifier: Apache-2.0
"""The bench's end of the twin's control line: asks for the twin's time and, when it is stepped, moves it.

The protocol is in `instruments/simulated/wires/control_line.py`. A line that failed once is closed for good: nobody
could tell any more which reply belongs to which request. A line whose reply was not waited for, because a Ctrl-C came
in between, is opened anew before the next request, so that a bench on its way to the safe state can go on.

This is in the loop of every sample, so the socket blocks and the kernel keeps the time limit (SO_RCVTIMEO): Python's
own socket time-out costs two more system calls per request.
"""

import re
import socket
import struct
from dataclasses import dataclass
from typing import Self

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline

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

    def __init__(self, address: str, timeout_s: float) -> None:
        self._asset = f"twin control line {address}"
        self._address = address
        self._timeout_s = timeout_s
        self._waiting = False
        self._socket: socket.socket | None = self._connect()

    @classmethod
    def open(cls, address: str, timeout_s: float = 10.0) -> Self:
        """Connect to the control line at `host:port`.

        Args:
            address: as the twin printed it.
            timeout_s: wall time for connecting and for each request; an advance must run its events within it.
        """
        return cls(address, timeout_s)

    def hello(self) -> TwinHello:
        """Ask the twin what it is."""
        reply = self._exchange(b"HELLO\n")
        answer = _HELLO.fullmatch(reply)
        if answer is None:
            raise self._failure("HELLO", f"answered {reply!r}")
        try:
            return TwinHello(answer[1].decode(), float(answer[2]), int(answer[3]), answer[4].decode())
        except ValueError as wrong:
            raise self._failure("HELLO", f"answered {reply!r}") from wrong

    def now_us(self) -> int:
        """Return the twin's present instant in microseconds."""
        reply = self._exchange(b"NOW\n")
        answer = _INSTANT.fullmatch(reply)
        if answer is None:
            raise self._failure("NOW", f"answered {reply!r}")
        return int(answer[1])

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
        if self._waiting:
            connection.close()
            connection = self._socket = self._connect()
        deadline = Deadline(self._timeout_s)
        self._waiting = True
        try:
            connection.sendall(request)
            reply = connection.recv(LONGEST_REPLY)
            if reply[-1:] != b"\n":
                reply += self._rest(connection, deadline)
        except BlockingIOError as late:
            raise self._failure(operation, f"no answer within {self._timeout_s:g} s") from late
        except OSError as trouble:
            raise self._failure(operation, str(trouble)) from trouble
        self._waiting = False
        if not reply:
            raise self._failure(operation, "the twin hung up")
        if reply.find(b"\n") != len(reply) - 1:
            raise self._failure(operation, f"answered {reply!r}")
        return reply[:-1]

    def _rest(self, connection: socket.socket, deadline: Deadline) -> bytes:
        """Return the rest of a reply that came in pieces, empty or without its end when it does not come."""
        rest = b""
        while not rest.endswith(b"\n") and len(rest) < LONGEST_REPLY and not deadline.passed():
            _limit_reads(connection, deadline.remaining_s())
            piece = connection.recv(LONGEST_REPLY)
            if not piece:
                break
            rest += piece
        _limit_reads(connection, self._timeout_s)
        return rest

    def _connect(self) -> socket.socket:
        host, _, port = self._address.rpartition(":")
        try:
            connection = socket.create_connection((host.strip("[]"), int(port)), self._timeout_s)
        except (OSError, ValueError, OverflowError) as trouble:
            raise BenchFault(self._asset, "connect", str(trouble), _NEXT_STEP) from trouble
        connection.setblocking(True)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _limit_reads(connection, self._timeout_s)
        self._waiting = False
        return connection

    def _failure(self, operation: str, seen: str) -> BenchFault:
        self.close()
        return BenchFault(self._asset, operation, seen, _NEXT_STEP)


def _limit_reads(connection: socket.socket, limit_s: float) -> None:
    # zero would mean no limit at all
    seconds, microseconds = divmod(max(1, round(limit_s * 1e6)), 1_000_000)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", seconds, microseconds))
