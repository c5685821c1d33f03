# SPDX-License-Identifier: Apache-2.0
"""Both drivers against servers that others wrote, serving the same maps: pyModbusTCP and pymodbus."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import pytest
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from pyModbusTCP.constants import EXP_DATA_VALUE, EXP_NONE
from pyModbusTCP.server import DataBank, DataHandler, ModbusServer

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.rig import RigOutputs
from tests.sim.register_devices import REGISTERS, PumpRegisters, Refused, RegisterDevice, RigRegisters

TIMEOUT_S = 0.5
Serving = Callable[[Sequence[RegisterDevice]], AbstractContextManager[str]]


class _Handler(DataHandler):  # type: ignore[misc]  # pyModbusTCP has no types
    def __init__(self, devices: Sequence[RegisterDevice]) -> None:
        super().__init__(DataBank(virtual_mode=True))
        self.devices = {device.unit_id: device for device in devices}

    def read_h_regs(self, address: int, count: int, srv_info: ModbusServer.ServerInfo) -> DataHandler.Return:
        return self._read(Table.HOLDING, address, count, srv_info)

    def read_i_regs(self, address: int, count: int, srv_info: ModbusServer.ServerInfo) -> DataHandler.Return:
        return self._read(Table.INPUT, address, count, srv_info)

    def write_h_regs(self, address: int, words_l: list[int], srv_info: ModbusServer.ServerInfo) -> DataHandler.Return:
        try:
            self._device(srv_info).write(address, words_l)
        except Refused:
            return DataHandler.Return(exp_code=EXP_DATA_VALUE)
        return DataHandler.Return(exp_code=EXP_NONE)

    def _read(self, table: Table, address: int, count: int, srv_info: ModbusServer.ServerInfo) -> DataHandler.Return:
        words = self._device(srv_info).read(table, address, count)
        return DataHandler.Return(exp_code=EXP_NONE, data=words)

    def _device(self, srv_info: ModbusServer.ServerInfo) -> RegisterDevice:
        return self.devices[srv_info.recv_frame.mbap.unit_id]


@contextmanager
def by_pymodbus_tcp(devices: Sequence[RegisterDevice]) -> Iterator[str]:
    server = ModbusServer("127.0.0.1", 0, no_block=True, data_hdl=_Handler(devices))
    server.start()
    try:
        yield f"tcp://127.0.0.1:{server._service.socket.getsockname()[1]}"  # it tells its port nowhere else
    finally:
        server.stop()


def _simulated(device: RegisterDevice) -> SimDevice:
    async def action(
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        written: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        if written is None:
            table = Table.INPUT if function == 4 else Table.HOLDING
            registers[address - start : address - start + count] = device.read(table, address, count)
            return None
        try:
            device.write(address, written)
        except Refused:
            return ExcCodes.ILLEGAL_VALUE
        return None

    bits = [SimData(0, count=16, values=False, datatype=DataType.BITS)]
    words = [SimData(0, count=REGISTERS, datatype=DataType.REGISTERS)]
    return SimDevice(device.unit_id, (bits, list(bits), words, list(words)), action=action)


@contextmanager
def by_pymodbus(devices: Sequence[RegisterDevice]) -> Iterator[str]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> ModbusTcpServer:
        server = ModbusTcpServer([_simulated(device) for device in devices], address=("127.0.0.1", 0))
        await server.serve_forever(background=True)
        return server

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(5)
    try:
        yield f"tcp://127.0.0.1:{server.transport.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]  # a Server
    finally:
        asyncio.run_coroutine_threadsafe(server.shutdown(), loop).result(5)  # type: ignore[no-untyped-call]
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@pytest.mark.parametrize("serving", [by_pymodbus_tcp, by_pymodbus])
def test_both_drivers_work_from_end_to_end(serving: Serving) -> None:
    pump_registers = PumpRegisters()
    with serving([pump_registers, RigRegisters()]) as address:
        line = ModbusLine.open(address, TIMEOUT_S)
        pump = ModbusPump(line, RegisterMap.named("pump"), 1)
        rig = ModbusRig(line, RegisterMap.named("rig"), 2)
        program = Program(Mode.FLEX, (Step(0, 10.1), Step(720, 33.3)), ptm_volume_ul=5.0, ptm_duration_s=60)
        assert (pump.identify().model, rig.identify().serial_number) == ("Twenty", "R-1")
        assert pump.load(program) is CommandResult.ACCEPTED
        assert pump.command(Command.START) is CommandResult.ACCEPTED
        assert pump.read().counter_ul == 1234.567
        rig.arm_watchdog(30)
        rig.write(RigOutputs(kink_clamp_percent=100.0))
        rig.send_heartbeat()
        assert rig.read().kink_clamp_position_percent == 100.0
        with pytest.raises(BenchFault, match="exception 3"):
            ModbusRig(line, RegisterMap.named("rig"), 2, fencing_token=1).write(RigOutputs())
        rig.go_safe()
        line.close()
    assert [command for command, _ in pump_registers.done] == ["load_program", "start"]


def test_a_unit_that_pymodbus_does_not_know_is_a_bench_fault() -> None:
    """Row 9: pymodbus answers for it with exception 4."""
    with by_pymodbus([PumpRegisters()]) as address:
        line = ModbusLine.open(address, TIMEOUT_S)
        with pytest.raises(BenchFault, match=r"rig at .* unit 2: .*exception 4 \(device failure\)"):
            ModbusRig(line, RegisterMap.named("rig"), 2)
        line.close()
