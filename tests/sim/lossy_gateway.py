# SPDX-License-Identifier: Apache-2.0
"""A Modbus TCP gateway in front of a twin that loses requests to the rig, as gateways on real benches do.

It answers 0x0B ("unit behind the gateway is silent") to some, and may deliver what it so refused all the same, later,
when the bench has long gone on. Or it closes the connection after each reply.
"""

import random
import socket
import socketserver
import struct
import threading
from types import TracebackType
from typing import Self

RIG_UNIT = 2
WRITE = 16
SILENT_UNIT = 11


class LossyGateway:
    """Listens on the loopback interface and passes requests on, one at a time.

    Args:
        address: of the twin, `tcp://host:port`.
        lost: share of the requests to the rig that are lost.
        delivers_after: a write that was lost is delivered all the same behind so many later requests; 0 for never.
        closes: whether the connection is closed after each reply.
        seed: which requests are lost.

    Attributes:
        address: where a bench connects.
        lost, late: how many writes were lost, and how many of them delivered late.
    """

    def __init__(
        self, address: str, *, lost: float = 0.0, delivers_after: int = 0, closes: bool = False, seed: int = 1
    ) -> None:
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self._device = (host, int(port))
        self._share = lost
        self._delivers_after = delivers_after
        self._closes = closes
        self._chance = random.Random(seed)
        self._kept: list[tuple[int, bytes]] = []
        self._requests = 0
        self._one_at_a_time = threading.Lock()
        self.lost = self.late = 0
        gateway = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                gateway._serve(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"tcp://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self, bench: socket.socket) -> None:
        try:
            while (request := _frame(bench)) is not None:
                with self._one_at_a_time:
                    bench.sendall(self._answer(request))
                if self._closes:
                    return
        except OSError:  # the bench has given the connection up
            return

    def _answer(self, request: bytes) -> bytes:
        self._requests += 1
        self._deliver_late()
        if request[6] == RIG_UNIT and self._chance.random() < self._share:
            if request[7] == WRITE:
                self.lost += 1
                if self._delivers_after:
                    self._kept.append((self._requests + self._delivers_after, request))
            return request[:4] + struct.pack(">HBBB", 3, request[6], request[7] | 0x80, SILENT_UNIT)
        return self._passed_on(request)

    def _deliver_late(self) -> None:
        due = [request for when, request in self._kept if when <= self._requests]
        self._kept = [(when, request) for when, request in self._kept if when > self._requests]
        for request in due:
            self.late += 1
            self._passed_on(request)

    def _passed_on(self, request: bytes) -> bytes:
        with socket.create_connection(self._device, 10.0) as device:
            device.sendall(request)
            reply = _frame(device)
        assert reply is not None, "the twin closed the connection"
        return reply


def _frame(wire: socket.socket) -> bytes | None:
    head = _exactly(wire, 6)
    return None if head is None else head + (_exactly(wire, struct.unpack(">H", head[4:6])[0]) or b"")


def _exactly(wire: socket.socket, count: int) -> bytes | None:
    received = b""
    while len(received) < count:
        piece = wire.recv(count - len(received))
        if not piece:
            return None
        received += piece
    return received
