# SPDX-License-Identifier: Apache-2.0
"""The absolute yardstick: a raw echo over a socket, from one Python process to another and back."""

import socket
import subprocess
import sys
from types import TracebackType
from typing import Self

_SERVER = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    connection = server.accept()[0]
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := connection.recv(4096):
        connection.sendall(data)
"""
_MESSAGE = b"twelve bytes"  # as long as a Modbus request


class Echo:
    """An echo process and one connection to it, for as long as a `with` block lasts.

    Attributes:
        pid: of the process.
    """

    def __enter__(self) -> Self:
        """Start the process and connect."""
        self._process = subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE)
        self.pid = self._process.pid
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self._connection = socket.create_connection(("127.0.0.1", port))
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up; that ends the process."""
        self._connection.close()
        self._process.communicate()

    def round_trip(self) -> None:
        """Send a message and wait for it to come back."""
        self._connection.sendall(_MESSAGE)
        self._connection.recv(4096)
