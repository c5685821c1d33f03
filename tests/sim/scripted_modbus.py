# SPDX-License-Identifier: Apache-2.0
"""Modbus devices whose every reply byte is under a test's control, on a real TCP port and on a real pty.

A device hands each request to `answer`, which returns deliveries: bytes, each after some seconds. `RESET` and `HANG_UP`
end a TCP connection.
"""

import contextlib
import heapq
import os
import select
import socket
import struct
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count

from tests.sim.modbus_frames import Request, take_rtu, take_tcp
from tests.sim.reserved_port import ReservedPort
from tests.sim.reserved_pty import ReservedPty

RESET = b"<reset>"
HANG_UP = b"<hang up>"
Delivery = tuple[float, bytes]
Answer = Callable[[Request], Iterable[Delivery]]


class ScriptedDevice(ABC):
    """Takes requests off a wire in a thread of its own and sends what `answer` says.

    Attributes:
        answer: what to send for a request; may be exchanged while the device runs.
        requests: every request that came, in order.
        address: where the device hangs.
        connections: how many TCP connections there were.
        largest_segment: how many requests came in one piece at most; over 1 the driver pipelines.
    """

    address: str

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.failures: list[BaseException] = []
        self.largest_segment = 0
        self.connections = 0
        self._due: list[tuple[float, int, int, bytes]] = []
        self._order = count()
        self._stream = bytearray()
        self._wake, self._awake = os.pipe()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def send_now(self, data: bytes) -> None:
        """Send bytes that nobody asked for."""
        self._plan([(0.0, data)])
        os.write(self._awake, b"!")

    @abstractmethod
    def _files(self) -> list[int]: ...

    @abstractmethod
    def _receive(self, file: int) -> bytes: ...

    @abstractmethod
    def _send(self, data: bytes) -> None: ...

    @abstractmethod
    def _take(self) -> Request | None: ...

    @abstractmethod
    def _close(self) -> None: ...

    def _serve(self) -> None:
        try:
            while self._serve_once():
                pass
        except BaseException as failure:  # noqa: BLE001  the test thread raises it
            self.failures.append(failure)

    def _serve_once(self) -> bool:
        wait_ms = 1000 * max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
        readable = self._readable(wait_ms)
        if self._wake in readable and os.read(self._wake, 1) == b"q":
            return False
        for file in readable:
            if file != self._wake:
                self._handle(self._receive(file))
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, connection, data = heapq.heappop(self._due)
            if connection == self.connections:
                self._send(data)
        return True

    def _readable(self, wait_ms: float | None) -> list[int]:
        poll = select.poll()  # unlike select.select it takes any file number
        for file in (self._wake, *self._files()):
            poll.register(file, select.POLLIN)
        return [file for file, _ in poll.poll(wait_ms)]

    def _handle(self, came: bytes) -> None:
        self._stream += came
        taken = 0
        while request := self._take():
            taken += 1
            self.requests.append(request)
            self._plan(self.answer(request))
        self.largest_segment = max(self.largest_segment, taken)

    def _plan(self, deliveries: Iterable[Delivery]) -> None:
        now = time.monotonic()
        for after_s, data in deliveries:
            heapq.heappush(self._due, (now + after_s, next(self._order), self.connections, data))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        os.write(self._awake, b"q")
        self._thread.join(5)
        self._close()
        os.close(self._wake)
        os.close(self._awake)
        if self.failures:
            raise self.failures[0]


class ScriptedTcp(ScriptedDevice):
    """On a TCP port; what was to be delivered on a connection ends with it, as TCP has it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self._port = ReservedPort()
        self._server = self._port.listener()
        self._link: socket.socket | None = None
        self.address = f"tcp://127.0.0.1:{self._port.number}"

    def _files(self) -> list[int]:
        return [self._server.fileno(), *([self._link.fileno()] if self._link else [])]

    def _receive(self, file: int) -> bytes:
        if file == self._server.fileno():
            self._hang_up()
            self._link, _ = self._server.accept()
            self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            return b""
        came = b""
        if self._link:
            with contextlib.suppress(ConnectionError):
                came = self._link.recv(4096)
        if not came:
            self._hang_up()
        return came

    def _send(self, data: bytes) -> None:
        if data == RESET and self._link:
            self._link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if data in (RESET, HANG_UP):
            self._hang_up()
        elif self._link:
            with contextlib.suppress(OSError):  # the driver may have hung up
                self._link.sendall(data)

    def _hang_up(self) -> None:
        if self._link:
            self._link.close()
        self._link = None
        self._stream.clear()

    def _take(self) -> Request | None:
        return take_tcp(self._stream)

    def _close(self) -> None:
        self._hang_up()
        self._server.close()


class ScriptedRtu(ScriptedDevice):
    """On a pty."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self._pty = ReservedPty()
        self.address = f"rtu://{self._pty.name}?baudrate=115200&parity=N"

    def _files(self) -> list[int]:
        return [] if self._pty.master is None else [self._pty.master]

    def _receive(self, file: int) -> bytes:
        return os.read(file, 4096)

    def _send(self, data: bytes) -> None:
        if self._pty.master is not None:
            os.write(self._pty.master, data)

    def _take(self) -> Request | None:
        return take_rtu(self._stream)

    def _close(self) -> None:
        self._pty.pull_out()


@contextmanager
def running(device: ScriptedDevice) -> Iterator[ScriptedDevice]:
    """Run `device` for the length of a `with` block."""
    device.start()
    try:
        yield device
    finally:
        device.stop()


def in_turn(*answers: Answer) -> Answer:
    """Answer the first request by the first of `answers` and so on; the last one goes on for ever."""
    turns = iter(answers)
    last: list[Answer] = []

    def answer(request: Request) -> Iterable[Delivery]:
        last[:] = [next(turns, last[0] if last else answers[-1])]
        return last[0](request)

    return answer


def silence(_: Request) -> Iterable[Delivery]:
    """Send nothing."""
    return []


def at_once(*pieces: bytes) -> list[Delivery]:
    """Deliver all pieces now, in this order."""
    return [(0.0, piece) for piece in pieces]
