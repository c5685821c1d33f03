# SPDX-License-Identifier: Apache-2.0
"""One end of a serial line that ends in this process; the other end is a device file that a driver opens."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

from groundfloor.system.pseudo_terminal import open_pseudo_terminal

MOST_UNSENT_BYTES = 1 << 20


class PtyLine:
    """A pseudo-terminal on the running loop.

    The slave stays open here as well: otherwise the first driver that closes it would end the line with EIO. As on a
    real line, bytes that nobody reads are lost once the buffers are full.

    Attributes:
        path: the device file for the driver.
        received: called with each piece that the driver sent.
    """

    def __init__(self, received: Callable[[bytes], None]) -> None:
        self.received = received
        self._master, self._slave, self.path = open_pseudo_terminal()
        self._unsent = bytearray()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._master, self._read)

    def write(self, data: bytes) -> None:
        """Send `data` to the driver."""
        if len(self._unsent) < MOST_UNSENT_BYTES:
            self._unsent += data
            self._send()

    def close(self) -> None:
        """End the line; what was not sent is lost."""
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        os.close(self._master)
        os.close(self._slave)

    def _read(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except BlockingIOError:
            return
        self.received(data)

    def _send(self) -> None:
        with suppress(BlockingIOError):
            del self._unsent[: os.write(self._master, self._unsent)]
        if self._unsent:
            self._loop.add_writer(self._master, self._send)
        else:
            self._loop.remove_writer(self._master)
