# SPDX-License-Identifier: Apache-2.0
"""The bytes of an open serial line, or of a socket that leads to one: wait, take what came, send."""

import os
import socket
import sys
from typing import Protocol

import serial

from groundfloor.system.readiness import readiness_of


class LineBytes(Protocol):
    """An open line; what goes wrong is one of `LINE_ERRORS`."""

    def comes_within(self, timeout_s: float) -> bool:
        """Tell whether there is something to read within `timeout_s`, the end too."""
        ...

    def read(self, most: int) -> bytes:
        """Return what came; empty when the line is at its end."""
        ...

    def write(self, content: bytes) -> int:
        """Send; return how many bytes were taken."""
        ...


if sys.platform == "win32":
    from groundfloor.wall_clock import Deadline, sleep_s

    LINE_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError)
    """What pyserial lets out."""
    _LOOK_S = 0.001

    class _PortBytes:
        """A port of pyserial, which on Windows cannot be waited for without reading."""

        def __init__(self, port: serial.Serial) -> None:
            self._port = port
            port.write_timeout = 1.0

        def comes_within(self, timeout_s: float) -> bool:
            deadline = Deadline(timeout_s)
            while not self._port.in_waiting:
                if deadline.passed():
                    return False
                sleep_s(_LOOK_S)
            return True

        def read(self, most: int) -> bytes:
            return bytes(self._port.read(min(most, self._port.in_waiting)))

        def write(self, content: bytes) -> int:
            return int(self._port.write(content) or 0)

    class _SocketBytes:
        """A socket, which on Windows is no file."""

        def __init__(self, connection: socket.socket) -> None:
            self._connection = connection
            self._ready = readiness_of(connection)

        def comes_within(self, timeout_s: float) -> bool:
            return bool(self._ready.poll(1000 * timeout_s))

        def read(self, most: int) -> bytes:
            return self._connection.recv(most)

        def write(self, content: bytes) -> int:
            return self._connection.send(content)

    def bytes_of(line: "serial.Serial | socket.socket") -> LineBytes:
        """Return the bytes of an open line."""
        return _SocketBytes(line) if isinstance(line, socket.socket) else _PortBytes(line)

else:
    import select
    import termios

    LINE_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, termios.error)
    """What pyserial lets out."""

    class _FileBytes:
        def __init__(self, descriptor: int) -> None:
            self._descriptor = descriptor
            self._poll = select.poll()
            self._poll.register(descriptor, select.POLLIN)

        def comes_within(self, timeout_s: float) -> bool:
            return bool(self._poll.poll(1000 * timeout_s))

        def read(self, most: int) -> bytes:
            return os.read(self._descriptor, most)

        def write(self, content: bytes) -> int:
            return os.write(self._descriptor, content)

    def bytes_of(line: "serial.Serial | socket.socket") -> LineBytes:
        """Return the bytes of an open line, which is a file here whatever it is."""
        return _FileBytes(int(line.fileno()))
