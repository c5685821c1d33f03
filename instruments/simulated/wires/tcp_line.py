# SPDX-License-Identifier: Apache-2.0
"""One end of a TCP connection that ends in this process: a plain socket on the running loop, without a transport.

asyncio's own transport asks the kernel for 256 KiB at each read; making and dropping that buffer costs more than all
else that the twin does for a request. Here a request is one `recv` and one `send`.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from instruments.simulated.wires.pty_line import MOST_UNSENT_BYTES

_PIECE_BYTES = 4096


class TcpLine:
    """A connection that was accepted.

    What is written when too much is unsent already is dropped whole: a host that does not read loses messages, and the
    twin's memory stays bounded.

    Args:
        connection: the socket; the line closes it.
        ended: called once with the line when it has ended, from whichever side.

    Attributes:
        received: called with each piece that came.
    """

    def __init__(self, connection: socket.socket, ended: Callable[["TcpLine"], None]) -> None:
        self.received: Callable[[bytes], object] = bytes
        self._connection = connection
        self._ended = ended
        self._unsent = bytearray()
        self._loop = asyncio.get_running_loop()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop.add_reader(connection, self._read)

    def write(self, data: bytes) -> None:
        """Send `data`; nothing happens when the connection has ended."""
        if self._unsent:
            if len(self._unsent) < MOST_UNSENT_BYTES:
                self._unsent += data
            return
        try:
            sent = self._connection.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # the connection broke: the next read tells
        if sent < len(data):
            self._unsent += data[sent:]
            self._loop.add_writer(self._connection, self._send)

    def hang_up(self) -> None:
        """Say that nothing more is sent; what still comes is dropped, for closing on it would cut off the last word.

        What the kernel has not taken yet is lost.
        """
        self.received = bytes
        with suppress(OSError):  # the connection broke: the next read tells
            self._connection.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End the connection; what the kernel has not taken yet is lost."""
        if self._connection.fileno() < 0:
            return
        self._loop.remove_reader(self._connection)
        self._loop.remove_writer(self._connection)
        self._connection.close()
        self._ended(self)

    def _read(self) -> None:
        try:
            data = self._connection.recv(_PIECE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.received(data)
        else:
            self.close()

    def _send(self) -> None:
        try:
            del self._unsent[: self._connection.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._unsent.clear()  # the connection broke: the next read tells
        if not self._unsent:
            self._loop.remove_writer(self._connection)
