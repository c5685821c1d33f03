# SPDX-License-Identifier: Apache-2.0
"""A listening TCP port on the running loop: each connection becomes a `TcpLine`, up to a number of them."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from instruments.simulated.wires.tcp_line import TcpLine

MOST_CONNECTIONS = 100

Serve = Callable[[TcpLine], Callable[[], None] | None]
"""Takes a new line into service and returns what to do when it has ended."""


class TcpPort:
    """Accepts connections; one more than `MOST_CONNECTIONS` is closed at once, so that no client starves the others.

    Args:
        host: IPv4 address or name of the interface.
        port: its number; 0 takes a free one.
        serve: takes each new line into service.

    Attributes:
        number: the port's number.

    Raises:
        OSError: the port cannot be opened.
    """

    def __init__(self, host: str, port: int, serve: Serve) -> None:
        self._serve = serve
        self._lines: dict[TcpLine, Callable[[], None] | None] = {}
        try:
            self._listener = socket.create_server((host, port))
        except OSError as refused:
            raise OSError(refused.errno, f"{host}:{port}: {refused.strerror or refused}") from refused
        self._listener.setblocking(False)
        self.number = int(self._listener.getsockname()[1])
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._listener, self._accept)

    def close(self) -> None:
        """Close the port and every connection."""
        if self._listener.fileno() >= 0:
            self._loop.remove_reader(self._listener)
            self._listener.close()
        for line in list(self._lines):
            line.close()

    def _accept(self) -> None:
        with suppress(BlockingIOError, ConnectionError):  # it has hung up again
            connection, _ = self._listener.accept()
            if len(self._lines) >= MOST_CONNECTIONS:
                connection.close()
                return
            line = TcpLine(connection, self._forget)
            self._lines[line] = None
            self._lines[line] = self._serve(line)

    def _forget(self, line: TcpLine) -> None:
        if (ended := self._lines.pop(line)) is not None:
            ended()
