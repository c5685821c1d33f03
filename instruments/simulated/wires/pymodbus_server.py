# SPDX-License-Identifier: Apache-2.0
"""Pump and rig on pymodbus: the twin's server on serial lines, and what our own on TCP is held against.

pymodbus keeps a datastore of its own; here it only gives each unit its shape. Values are fetched from the
`RegisterBank` at the moment of the request, and writes go to it, so the datastore is never a second truth.

A client must wait for its reply: pymodbus 3.16.1 answers only the last of several requests that arrive together.
"""

from collections.abc import Callable, Mapping

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from instruments.register_map.point import Table
from instruments.simulated.wires.register_bank import IllegalAddress, RegisterBank

_TABLES = {3: Table.HOLDING, 4: Table.INPUT, 6: Table.HOLDING, 16: Table.HOLDING, 22: Table.HOLDING, 23: Table.HOLDING}
_READ_WRITE = 23


class PymodbusServer:
    """Serves register banks with pymodbus."""

    def __init__(self, banks: Mapping[int, RegisterBank], catch_up: Callable[[], float]) -> None:
        self._devices = [_device(unit_id, bank, catch_up) for unit_id, bank in banks.items()]
        self._servers: list[ModbusTcpServer | ModbusSerialServer] = []

    async def listen_tcp(self, host: str, port: int) -> int:
        """Serve all units on a TCP port and return its number; port 0 takes a free one.

        Raises:
            OSError: the port cannot be opened.
        """
        server = ModbusTcpServer(self._devices, address=(host, port))
        await self._start(server, f"{host}:{port}")
        return int(server.transport.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # it is a Server

    async def listen_rtu(self, path: str) -> None:
        """Serve all units on the serial line at `path`.

        Raises:
            OSError: the line cannot be opened.
        """
        await self._start(ModbusSerialServer(self._devices, port=path, baudrate=115200), path)

    async def _start(self, server: ModbusTcpServer | ModbusSerialServer, where: str) -> None:
        try:
            await server.serve_forever(background=True)
        except RuntimeError as refused:
            raise OSError(f"{where}: {refused}") from refused  # pymodbus logs the cause and raises this in its place
        self._servers.append(server)

    async def close(self) -> None:
        """Close every port and every connection."""
        while self._servers:
            await self._servers.pop().shutdown()  # type: ignore[no-untyped-call]  # pymodbus left it bare


def _device(unit_id: int, bank: RegisterBank, catch_up: Callable[[], float]) -> SimDevice:
    async def action(
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        written: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        table = _TABLES.get(function)
        if table is None or (function == _READ_WRITE and bank.register_map.inputs_mirrored_at is None):
            return ExcCodes.ILLEGAL_FUNCTION
        catch_up()
        if written is not None:
            return _write(bank, address, [int(register) for register in written])
        try:
            registers[address - start : address - start + count] = bank.read(table, address, count)
        except IllegalAddress:
            return ExcCodes.ILLEGAL_ADDRESS
        return None

    return SimDevice(unit_id, _shape(bank), action=action)


def _write(bank: RegisterBank, address: int, registers: list[int]) -> ExcCodes | None:
    try:
        bank.write(address, registers)
    except IllegalAddress:
        return ExcCodes.ILLEGAL_ADDRESS
    except ValueError:
        return ExcCodes.ILLEGAL_VALUE
    return None


def _shape(bank: RegisterBank) -> tuple[list[SimData], list[SimData], list[SimData], list[SimData]]:
    # pymodbus wants all four tables; the two of single bits are there only to be refused by the action
    bits = [SimData(0, count=16, values=False, datatype=DataType.BITS)]
    holding, inputs = (
        [SimData(0, count=max(1, bank.extents[table]), datatype=DataType.REGISTERS)]
        for table in (Table.HOLDING, Table.INPUT)
    )
    return bits, list(bits), holding, inputs
