# SPDX-License-Identifier: Apache-2.0
"""Pump and rig on a real Modbus wire, frame by frame: pymodbus, and a server that is not pymodbus."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from instruments.register_map.map import RegisterMap
from instruments.simulated.wires.frame_server import FrameServer
from instruments.simulated.wires.modbus_server import MakeModbusServer
from instruments.simulated.wires.pymodbus_server import PymodbusServer
from instruments.simulated.wires.register_bank import RegisterBank
from tests.sim.foreign_modbus_server import PyModbusTcpServer
from tests.sim.stand_in_twin import StandInTwin

LIMIT_S = 5.0
PUMP, RIG = RegisterMap.named("pump"), RegisterMap.named("rig")
SERVERS: list[MakeModbusServer] = [FrameServer, PymodbusServer, PyModbusTcpServer]


class Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, unit: int, pdu: bytes) -> bytes:
        self.writer.write(struct.pack(">HHHB", 7, 0, len(pdu) + 1, unit) + pdu)
        head = await asyncio.wait_for(self.reader.readexactly(7), LIMIT_S)
        transaction, protocol, length, answered = struct.unpack(">HHHB", head)
        assert (transaction, protocol, answered) == (7, 0, unit)
        return await asyncio.wait_for(self.reader.readexactly(length - 1), LIMIT_S)

    async def read(self, unit: int, function: int, address: int, count: int) -> list[int]:
        reply = await self.ask(unit, struct.pack(">BHH", function, address, count))
        assert reply[:2] == bytes([function, 2 * count]), reply
        return list(struct.unpack(f">{count}H", reply[2:]))


class Table:
    def __init__(self) -> None:
        self.twin = StandInTwin()
        self.catch_ups = 0
        self.port = 0
        self.lines: list[Line] = []

    def catch_up(self) -> float:
        self.catch_ups += 1
        return self.twin.timeline.now_s

    async def line(self) -> Line:
        self.lines.append(Line(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self.lines[-1]


@asynccontextmanager
async def served(make_server: MakeModbusServer) -> AsyncIterator[Table]:
    table = Table()
    banks = {1: RegisterBank(PUMP, table.twin.pump), 2: RegisterBank(RIG, table.twin.rig)}
    server = make_server(banks, table.catch_up)
    table.port = await server.listen_tcp("127.0.0.1", 0)
    try:
        yield table
    finally:
        for line in table.lines:
            line.writer.close()
        await server.close()
        await asyncio.sleep(0)


def on_a_table(make_server: MakeModbusServer, scene: Callable[[Table, Line], Awaitable[None]]) -> None:
    async def play() -> None:
        async with served(make_server) as table:
            await scene(table, await table.line())

    asyncio.run(play())


each_server = pytest.mark.parametrize("make_server", SERVERS)
our_own = pytest.mark.parametrize("make_server", SERVERS[:2])


@each_server
def test_both_units_answer_with_their_own_map_and_word_order(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        table.twin.timeline.advance_to(655.37)
        clock = PUMP.point("device_clock_s")
        assert await line.read(1, 4, clock.address, 2) == [1, 1]  # 65537 hundredths, big word first
        age = RIG.point("heartbeat_age_s")
        table.twin.timeline.advance_to(655.38)
        assert await line.read(2, 4, age.address, 2) == [2, 1]  # little word first

    on_a_table(make_server, scene)


@each_server
def test_every_block_of_both_maps_is_read_back_as_the_device_holds_it(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        for unit, register_map, device in ((1, PUMP, table.twin.pump), (2, RIG, table.twin.rig)):
            for point in register_map.points.values():
                function = 4 if point.table == "input" else 3
                registers = await line.read(unit, function, point.address, point.registers)
                assert point.decode(registers) == device.values[point.name]

    on_a_table(make_server, scene)


@each_server
def test_the_timeline_is_brought_to_the_present_before_every_access(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        await line.read(1, 4, 32, 2)
        await line.ask(2, struct.pack(">BHHBH", 16, 9, 1, 2, 5))
        assert table.catch_ups == 2

    on_a_table(make_server, scene)


@each_server
def test_a_write_reaches_the_device_as_one_request_and_reads_back(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        pdu = struct.pack(">BHHB4H", 16, 0, 4, 8, 7, 0, 500, 1)  # token 7, clamp 50 %, disconnected
        assert await line.ask(2, pdu) == struct.pack(">BHH", 16, 0, 4)
        assert table.twin.rig.requests == [{"fencing_token": 7, "kink_clamp_percent": 50.0, "disconnect_valve": True}]
        assert await line.read(2, 3, 0, 4) == [7, 0, 500, 1]
        assert await line.ask(2, struct.pack(">BHH", 6, 9, 99)) == struct.pack(">BHH", 6, 9, 99)
        assert table.twin.rig.requests[1:] == [{"heartbeat": 99}]

    on_a_table(make_server, scene)


ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3


REFUSED = [
    (struct.pack(">BHH", 4, 9000, 1), ILLEGAL_ADDRESS),
    (struct.pack(">BHH", 4, 8990, 20), ILLEGAL_ADDRESS),
    (struct.pack(">BHH", 3, 60000, 1), ILLEGAL_ADDRESS),
    (struct.pack(">BHH", 3, 9100, 1), ILLEGAL_ADDRESS),
    (struct.pack(">BHHBH", 16, 3, 1, 2, 0), ILLEGAL_ADDRESS),  # half of a step's rate
    (struct.pack(">BHH", 6, 60, 0), ILLEGAL_ADDRESS),  # between two points
    (struct.pack(">BHHBH", 16, 1, 1, 2, 14), ILLEGAL_VALUE),  # the device refuses
    (struct.pack(">BHH", 6, 0, 99), ILLEGAL_VALUE),  # a mode that has no name
]


@each_server
def test_a_refused_request_gets_its_exception_code_and_changes_nothing(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        for pdu, code in REFUSED:
            assert await line.ask(1, pdu) == bytes([pdu[0] | 0x80, code]), pdu
            assert table.twin.pump.requests == []
        assert len(await line.read(1, 4, 32, 17)) == 17

    on_a_table(make_server, scene)


@our_own
def test_single_bits_are_no_function_of_these_devices(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        for function in (1, 2):
            reply = await line.ask(1, struct.pack(">BHH", function, 0, 1))
            assert reply == bytes([function | 0x80, ILLEGAL_FUNCTION])

    on_a_table(make_server, scene)


@each_server
def test_five_clients_at_once_get_the_same_snapshot_of_a_frozen_instant(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        table.twin.timeline.advance_to(12.34)
        lines = [line, *[await table.line() for _ in range(4)]]
        snapshots = await asyncio.gather(*(each.read(1, 4, 32, 17) for each in lines))
        assert all(snapshot == snapshots[0] for snapshot in snapshots)
        assert snapshots[0][:2] == [0, 1234]

    on_a_table(make_server, scene)


@our_own
def test_a_port_that_is_taken_is_told(make_server: MakeModbusServer) -> None:
    async def scene(table: Table, line: Line) -> None:
        with pytest.raises(OSError, match=str(table.port)):
            await make_server({1: RegisterBank(PUMP, table.twin.pump)}, table.catch_up).listen_tcp(
                "127.0.0.1", table.port
            )

    on_a_table(make_server, scene)
