# SPDX-License-Identifier: Apache-2.0
"""What a Modbus server for the twin is: `frame_server.py` on TCP, `pymodbus_server.py` on serial lines, or another."""

from collections.abc import Callable, Mapping
from typing import Protocol

from instruments.simulated.wires.register_bank import RegisterBank


class ModbusServer(Protocol):
    """A Modbus server for the twin; another library's can take the place of ours to check the drivers."""

    async def listen_tcp(self, host: str, port: int) -> int:
        """Serve all units on a TCP port and return its number; port 0 takes a free one.

        Raises:
            OSError: the port cannot be opened.
        """
        ...

    async def listen_rtu(self, path: str) -> None:
        """Serve all units on the serial line at `path`.

        Raises:
            OSError: the line cannot be opened.
            PlanError: the server knows no serial lines.
        """
        ...

    async def close(self) -> None:
        """Close every port and every connection."""
        ...


MakeModbusServer = Callable[[Mapping[int, RegisterBank], Callable[[], float]], ModbusServer]
"""Builds a server from the bank of each unit id, and what to call before each access: it lets the timeline catch up and
returns the instant in s."""
