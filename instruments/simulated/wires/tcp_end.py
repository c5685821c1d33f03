# SPDX-License-Identifier: Apache-2.0
"""One end of a TCP connection, as a `WireEnd`."""

import asyncio
import socket
import struct

_LINGER_NOT = struct.pack("ii", 1, 0)
_PIECE_BYTES = 65536


class TcpEnd:
    """A connection to the bench or to the device."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._socket: socket.socket = writer.get_extra_info("socket")
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def read(self) -> bytes:
        """Return the next piece that came, empty when the connection has ended in whatever way."""
        try:
            return await self._reader.read(_PIECE_BYTES)
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        """Send `data`; nothing happens when the connection has ended."""
        if not self._writer.is_closing():
            self._writer.write(data)

    def reset(self) -> None:
        """Break the connection off: the other side sees RST and loses what it has not read."""
        if not self._writer.is_closing():
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._writer.transport.abort()

    def close(self) -> None:
        """End the connection after what was written."""
        self._writer.close()
