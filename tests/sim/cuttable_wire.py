# SPDX-License-Identifier: Apache-2.0
"""A TCP wire between a bench and one device of a twin, which a test can watch, slow down, spoil and cut."""

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Self

POLL_S = 0.02


class CuttableWire:
    """Passes bytes both ways until `cut`; a bench that connects afterwards is refused.

    Attributes:
        port: where the bench connects.
        requests: how many pieces came from the bench.
        request: the last of them.
        on_request: called with their count before a piece goes on to the device.
        delay_s: how much later each answer arrives.
        spoil: what becomes of the bytes of an answer.
        spoil_request: what becomes of the bytes of a request.
    """

    def __init__(self, host: str, port: int) -> None:
        self.requests = 0
        self.request = b""
        self.on_request: Callable[[int], object] = lambda count: None
        self.delay_s = 0.0
        self.spoil: Callable[[bytes], bytes] = lambda data: data
        self.spoil_request: Callable[[bytes], bytes] = lambda data: data
        self._device = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._peers: dict[socket.socket, tuple[socket.socket, bool]] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._thread.join(5)

    def cut(self) -> None:
        """Cut it for good, at the latest before the next piece."""
        self._ended.set()

    def _serve(self) -> None:
        while not self._ended.is_set():
            for key, _ in self._selector.select(POLL_S):
                end = key.fileobj
                assert isinstance(end, socket.socket)
                with contextlib.suppress(OSError):  # one end has gone, which the other end's next read shows
                    self._accept() if end is self._listener else self._pass_on(end)
        self._listener.close()
        for end in self._peers:
            end.close()
        self._selector.close()

    def _accept(self) -> None:
        bench, _ = self._listener.accept()
        try:
            device = socket.create_connection(self._device, 5)
        except OSError:  # the twin has gone
            bench.close()
            return
        self._peers.update({bench: (device, True), device: (bench, False)})
        for end in (bench, device):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(end, selectors.EVENT_READ)

    def _pass_on(self, end: socket.socket) -> None:
        if end not in self._peers:  # closed by the event before this one
            return
        peer, from_bench = self._peers[end]
        try:
            data = end.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._drop(end, peer)
        elif from_bench:
            self.requests += 1
            self.request = data
            self.on_request(self.requests)
            if not self._ended.is_set():
                peer.sendall(self.spoil_request(data))
        else:
            time.sleep(self.delay_s)
            peer.sendall(self.spoil(data))

    def _drop(self, *ends: socket.socket) -> None:
        for end in ends:
            if self._peers.pop(end, None) is not None:
                self._selector.unregister(end)
                end.close()
