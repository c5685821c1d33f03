# SPDX-License-Identifier: Apache-2.0
"""The two ends of a serial line in the midst of which somebody sits, as `WireEnd`s."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from groundfloor.system.open_file import AT_ONCE, open_file
from instruments.simulated.wires.pty_line import PtyLine

_PIECE_BYTES = 4096


class BenchEnd:
    """A new pseudo-terminal for the bench to open.

    Attributes:
        path: its device file.
    """

    def __init__(self) -> None:
        self._came: asyncio.Queue[bytes] = asyncio.Queue()
        self._line = PtyLine(self._came.put_nowait)
        self.path = self._line.path

    async def read(self) -> bytes:
        """Return the next piece that came."""
        return await self._came.get()

    def write(self, data: bytes) -> None:
        """Send `data`."""
        self._line.write(data)

    def reset(self) -> None:
        """Do nothing: a cable cannot be reset."""

    def close(self) -> None:
        """End the line."""
        self._line.close()


class DeviceEnd:
    """The device file that leads to the device."""

    def __init__(self, path: str) -> None:
        self._came: asyncio.Queue[bytes] = asyncio.Queue()
        self._descriptor = open_file(Path(path), os.O_RDWR | AT_ONCE)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._descriptor, self._take)

    async def read(self) -> bytes:
        """Return the next piece that came."""
        return await self._came.get()

    def write(self, data: bytes) -> None:
        """Send `data`; what a full line does not take is lost, as on a real one."""
        with suppress(OSError):  # the device has gone
            os.write(self._descriptor, data)

    def reset(self) -> None:
        """Do nothing: a cable cannot be reset."""

    def close(self) -> None:
        """End the line."""
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _take(self) -> None:
        try:
            self._came.put_nowait(os.read(self._descriptor, _PIECE_BYTES))
        except OSError:
            self._loop.remove_reader(self._descriptor)
