# SPDX-License-Identifier: Apache-2.0
"""Waits for sockets, whatever their number."""

import select
import socket
import sys
from typing import Protocol


class Readiness(Protocol):
    """What is waited for."""

    def poll(self, timeout_ms: float | None = None, /) -> object:
        """Wait until there is something to read, the end too, and tell so; false after `timeout_ms`."""
        ...


if sys.platform == "win32":

    class _Selected:
        def __init__(self, connection: socket.socket) -> None:
            self._connection = connection

        def poll(self, timeout_ms: float | None = None, /) -> object:
            # on Windows it takes any number; a connection that is refused shows in the third list
            timeout_s = None if timeout_ms is None else max(0.0, timeout_ms / 1000)
            readable, _, odd = select.select([self._connection], [], [self._connection], timeout_s)
            return readable or odd

    def readiness_of(connection: socket.socket) -> Readiness:
        """Return what waits for a connection."""
        return _Selected(connection)

else:

    def readiness_of(connection: socket.socket) -> Readiness:
        """Return what waits for a connection; `select` itself would not take a number of 1024 or more."""
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        return poll
