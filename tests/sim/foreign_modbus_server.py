# SPDX-License-Identifier: Apache-2.0
"""The twin behind a Modbus server that is not pymodbus: pyModbusTCP, one thread per connection.

    python tests/sim/foreign_modbus_server.py --seed 1 …        (options as for python -m instruments.simulated)
    TwinChild(options, program=FOREIGN_PROGRAM)

Balance and control line are the same as ever, on the same timeline. Its threads never touch the twin: each access is
handed to the twin's loop and waited for.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TypeVar

from pyModbusTCP.constants import (
    EXP_DATA_ADDRESS,
    EXP_DATA_VALUE,
    EXP_GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND,
    EXP_NONE,
)
from pyModbusTCP.server import DataBank, DataHandler, ModbusServer

from groundfloor.errors import PlanError
from instruments.register_map.point import Table
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.register_bank import IllegalAddress, RegisterBank

FOREIGN_PROGRAM = (str(Path(__file__).resolve()),)

_T = TypeVar("_T")


class PyModbusTcpServer:
    """Serves register banks with pyModbusTCP, TCP only; must be made on the loop that owns the twin."""

    def __init__(self, banks: Mapping[int, RegisterBank], before_access: Callable[[], float]) -> None:
        self._handler = _BankHandler(banks, before_access, asyncio.get_running_loop())
        self._server: ModbusServer | None = None

    async def listen_tcp(self, host: str, port: int) -> int:
        self._server = ModbusServer(host, port, no_block=True, data_hdl=self._handler)
        self._server.start()
        return int(self._server._service.socket.getsockname()[1])  # it tells its port nowhere else

    async def listen_rtu(self, path: str) -> None:
        raise PlanError("pyModbusTCP", f"serve {path}", "it speaks TCP only", "use --wire tcp")

    async def close(self) -> None:
        if self._server is not None:
            # off the loop: its threads may still be waiting for the loop to answer them
            await asyncio.get_running_loop().run_in_executor(None, self._server.stop)


class _BankHandler(DataHandler):  # type: ignore[misc]  # pyModbusTCP has no types
    def __init__(
        self,
        banks: Mapping[int, RegisterBank],
        before_access: Callable[[], float],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(DataBank(virtual_mode=True))
        self._banks = banks
        self._before_access = before_access
        self._loop = loop

    def read_h_regs(self, address: int, count: int, srv_info: ModbusServer.ServerInfo) -> DataHandler.Return:
        return self._on_loop(self._read(_unit(srv_info), Table.HOLDING, address, count))

    def read_i_regs(self, address: int, count: int, srv_info: ModbusServer.ServerInfo) -> DataHandler.Return:
        return self._on_loop(self._read(_unit(srv_info), Table.INPUT, address, count))

    def write_h_regs(self, address: int, words: list[int], srv_info: ModbusServer.ServerInfo) -> DataHandler.Return:
        return self._on_loop(self._write(_unit(srv_info), address, words))

    def _on_loop(self, access: Coroutine[None, None, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(access, self._loop).result(timeout=10)

    async def _read(self, unit: int, table: Table, address: int, count: int) -> DataHandler.Return:
        if unit not in self._banks:
            return DataHandler.Return(EXP_GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND)
        self._before_access()
        try:
            return DataHandler.Return(EXP_NONE, data=self._banks[unit].read(table, address, count))
        except IllegalAddress:
            return DataHandler.Return(EXP_DATA_ADDRESS)

    async def _write(self, unit: int, address: int, words: list[int]) -> DataHandler.Return:
        if unit not in self._banks:
            return DataHandler.Return(EXP_GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND)
        self._before_access()
        try:
            self._banks[unit].write(address, words)
        except IllegalAddress:
            return DataHandler.Return(EXP_DATA_ADDRESS)
        except ValueError:
            return DataHandler.Return(EXP_DATA_VALUE)
        return DataHandler.Return(EXP_NONE)


def _unit(srv_info: ModbusServer.ServerInfo) -> int:
    return int(srv_info.recv_frame.mbap.unit_id)


if __name__ == "__main__":
    sys.exit(run(TwinOptions.parse(sys.argv[1:]), make_modbus_server=PyModbusTcpServer))
