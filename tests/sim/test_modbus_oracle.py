# SPDX-License-Identifier: Apache-2.0
"""Our Modbus TCP server against the stock one of pymodbus: two equal twins, one stream of bytes, the same replies.

The stock server is the oracle. It takes one request at a time, so it gets each frame of the stream when the reply to
the one before has come; ours gets the stream in whatever pieces hypothesis cuts it into. Requests for functions that
the twin does not serve are not put to the oracle, which answers some of them about itself.
"""

import asyncio
import itertools
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.simulated.twin.twin import Twin
from instruments.simulated.wires.frame_server import FrameServer
from instruments.simulated.wires.modbus_functions import SERVED
from instruments.simulated.wires.modbus_server import MakeModbusServer
from instruments.simulated.wires.pymodbus_server import PymodbusServer
from instruments.simulated.wires.register_bank import RegisterBank
from tests.unit.fuzzing import bounded, spoiled_bytes

LIMIT_S = 10.0
LONGEST = 264
MAPS = {1: RegisterMap.named("pump"), 2: RegisterMap.named("rig")}
PROBE = struct.pack(">HHHBBHH", 0xBEEF, 0, 6, 1, 4, 20, 1)
"""Reads what never changes."""
EDGES = sorted(
    {
        point.address + offset
        for register_map in MAPS.values()
        for point in register_map.points.values()
        for offset in (0, point.registers)
        if "[" not in point.name
    }
    | {256 + offset for offset in range(20)}
    | {311, 312, 415, 416, 417, 65535}
)

units = st.sampled_from([1, 1, 1, 2, 2, 2, 2, 0, 3, 255])
addresses = st.one_of(st.sampled_from(EDGES), st.integers(0, 430))
counts = st.one_of(st.integers(1, 20), st.sampled_from([0, 1, 57, 121, 122, 123, 124, 125, 126, 65535]))
words = st.one_of(st.sampled_from([0, 1, 2, 5, 100, 500, 1000, 1001, 0x41A0, 0x7FC0, 65535]), st.integers(0, 65535))
runs = st.one_of(st.lists(words, min_size=1, max_size=9), st.lists(words, min_size=55, max_size=60))
lies = st.sampled_from([0, 0, 0, 0, 0, 0, 0, 1, -1, 2])


@st.composite
def writes(draw: st.DrawFn) -> bytes:
    written = draw(runs)
    head = struct.pack(">HHB", draw(addresses), len(written) + draw(lies), (2 * len(written) + draw(lies)) % 256)
    return b"\x10" + head + struct.pack(f">{len(written)}H", *written)


@st.composite
def reads_and_writes(draw: st.DrawFn) -> bytes:
    written = draw(runs)
    fields = draw(addresses), draw(counts), draw(addresses), len(written) + draw(lies), 2 * len(written) + draw(lies)
    return b"\x17" + struct.pack(">HHHHB", *fields) + struct.pack(f">{len(written)}H", *written)


HEARTBEAT_AT = MAPS[2].point("heartbeat").address
HEARTBEAT = st.builds(
    lambda word, count: struct.pack(">BHHHHBH", 23, 256, count, HEARTBEAT_AT, 1, 2, word), words, st.integers(1, 16)
)
READS = st.builds(lambda function, *at: struct.pack(">BHH", function, *at), st.sampled_from([3, 4]), addresses, counts)
SINGLES = st.builds(lambda *fields: struct.pack(">BHH", 6, *fields), addresses, words)
MASKS = st.builds(lambda *fields: struct.pack(">BHHH", 22, *fields), addresses, words, words)
ODD = st.builds(bytes.__add__, st.sampled_from([bytes((code,)) for code in (0, 1, 2, 5, 15, 43, 90, 131)]), st.binary())
pdus = st.one_of(READS, READS, SINGLES, writes(), writes(), MASKS, reads_and_writes(), HEARTBEAT)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A request as it should be, or with a few bytes more or less behind its data."""
    pdu: bytes = draw(st.one_of(pdus, pdus, pdus, ODD.filter(lambda odd: len(odd) < 200)))
    pdu = draw(st.sampled_from([pdu, pdu, pdu, pdu, pdu + b"\0", pdu[:-1], pdu[:3]]))
    return struct.pack(">HHHB", draw(st.integers(0, 65535)), 0, len(pdu) + 1, draw(units)) + pdu


streams = st.lists(
    st.one_of(frames(), frames(), frames(), frames().flatmap(spoiled_bytes), st.binary(max_size=30)),
    min_size=1,
    max_size=12,
)
seconds = st.lists(st.floats(0.0, 4000.0), min_size=12, max_size=12)
piece_lengths = st.lists(st.one_of(st.integers(1, 30), st.just(4000)), min_size=1, max_size=40)


@dataclass
class Served:
    """A twin behind a server, one line to it, and one beside to learn that whatever is answered has been answered."""

    twin: Twin
    banks: dict[int, RegisterBank]
    line: socket.socket
    beside: socket.socket

    async def replies_to(self, data: bytes) -> bytes:
        """Return all that comes back for `data`."""
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.line, data)
        for _ in range(2):
            await loop.sock_sendall(self.beside, PROBE)
            assert len(await asyncio.wait_for(loop.sock_recv(self.beside, 100), LIMIT_S)) == 11
        came = b""
        with suppress(BlockingIOError):
            while piece := self.line.recv(65536):
                came += piece
        return came

    def registers(self) -> list[list[int]]:
        """Return every register of both devices."""
        return [
            bank.read(table, start, min(100, bank.extents[table] - start))
            for bank in self.banks.values()
            for table in Table
            for start in range(0, bank.extents[table], 100)
        ]


@asynccontextmanager
async def served(make_server: MakeModbusServer) -> AsyncIterator[Served]:
    """Serve a twin, which nobody but the caller moves."""
    twin = Twin.assemble()
    banks = {1: RegisterBank(MAPS[1], twin.pump), 2: RegisterBank(MAPS[2], twin.rig)}
    server = make_server(banks, lambda: twin.timeline.now_s)
    try:
        address = "127.0.0.1", await server.listen_tcp("127.0.0.1", 0)
        with socket.create_connection(address) as line, socket.create_connection(address) as beside:
            for connection in (line, beside):
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield Served(twin, banks, line, beside)
    finally:
        await server.close()
        for _ in range(3):
            await asyncio.sleep(0)  # lets the transports that were just closed report to their protocols


def whole_frames(stream: bytes) -> tuple[list[bytes], bytes]:
    """Cut a stream by the lengths that it tells, and return also what is no whole frame yet, or never one.

    Written from the header's layout alone: transaction, protocol 0, length, unit.
    """
    frames: list[bytes] = []
    while len(stream) >= 8:
        protocol, length = struct.unpack_from(">HH", stream, 2)
        if protocol or not 6 + length <= min(len(stream), LONGEST):
            break
        frames.append(stream[: 6 + length])
        stream = stream[6 + length :]
    return frames, stream if len(stream) <= LONGEST else b""


async def reply_of_the_oracle(stock: Served, frame: bytes) -> bytes:
    """Return the reply to one whole frame; none to one without a function, a refusal of a function nobody serves."""
    if len(frame) < 8:
        return b""
    if frame[7] in SERVED:
        return await stock.replies_to(frame)
    return frame[:4] + struct.pack(">HBBB", 3, frame[6], frame[7] | 0x80, 1)


@asynccontextmanager
async def both_served() -> AsyncIterator[tuple[Served, Served]]:
    """Serve two equal twins, by our server and by the stock one; nothing may break inside either."""
    broken: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
    async with served(FrameServer) as ours, served(PymodbusServer) as stock:
        yield ours, stock
    assert not broken


async def compare(messages: list[bytes], waits_s: list[float], lengths: list[int]) -> None:
    async with both_served() as (ours, stock):
        rest = b""
        for message, wait_s, length in zip(messages, waits_s, itertools.cycle(lengths), strict=False):
            for side in (ours, stock):
                side.twin.timeline.advance_to(side.twin.timeline.now_s + wait_s)
            for start in range(0, len(message), length):
                piece = message[start : start + length]
                frames, rest = whole_frames(rest + piece)
                told = await ours.replies_to(piece)
                assert told == b"".join([await reply_of_the_oracle(stock, frame) for frame in frames])
                event("answered" if told else "not answered")
        assert ours.registers() == stock.registers()


@bounded(0.4)
@given(streams, seconds, piece_lengths)
def test_every_reply_is_byte_for_byte_that_of_the_stock_server(
    messages: list[bytes], waits_s: list[float], lengths: list[int]
) -> None:
    asyncio.run(compare(messages, waits_s, lengths))


READ = struct.pack(">HHHBBHH", 7, 0, 6, 1, 4, 20, 8)


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param([struct.pack(">HHHBBHH", 7, 1, 6, 1, 4, 20, 8), READ, READ * 20, READ], id="another protocol"),
        pytest.param([b"GET / HTTP/1.0\r\n\r\n", READ, b"x" * 300, READ], id="another language"),
        pytest.param([READ[:3], READ[3:7], READ[7:11], READ[11:]], id="in pieces"),
        pytest.param([READ[:11], READ, b"x" * 300, READ], id="one byte lost"),
        pytest.param(
            [struct.pack(">HHHBBHH", 7, 0, 60000, 1, 4, 20, 8), READ, b"x" * 300, READ], id="too long a length"
        ),
        pytest.param([struct.pack(">HHHB", 7, 0, 299, 1) + b"\4" + bytes(297), READ], id="too long a request"),
        pytest.param([struct.pack(">HHHBBHH", 7, 0, 0, 1, 4, 20, 8), READ, READ], id="no length"),
        pytest.param([struct.pack(">HHHB", 7, 0, 1, 1)], id="no function"),
        pytest.param([struct.pack(">HHHBB", 7, 0, 2, 1, 4), READ], id="no data"),
    ],
)
def test_what_is_no_request_is_met_like_the_stock_server_meets_it(stream: list[bytes]) -> None:
    async def scene() -> None:
        async with both_served() as (ours, stock):
            for piece in stream:
                assert await ours.replies_to(piece) == await stock.replies_to(piece), piece

    asyncio.run(scene())


def test_requests_that_come_together_are_answered_in_order_each_with_its_own_number() -> None:
    requests = [struct.pack(">HHHBBHH", number, 0, 6, 1 + number % 2, 4, 12, number + 1) for number in range(40)]
    beats = [struct.pack(">HHHBBHH", 100 + number, 0, 6, 2, 6, HEARTBEAT_AT, number) for number in range(40)]
    together = b"".join(request + beat for request, beat in zip(requests, beats, strict=True))

    async def scene() -> None:
        async with both_served() as (ours, stock):
            one_by_one = [await stock.replies_to(frame) for frame in whole_frames(together)[0]]
            assert await ours.replies_to(together) == b"".join(one_by_one)
            assert [reply[:2] for reply in one_by_one[1::2]] == [
                (100 + number).to_bytes(2, "big") for number in range(40)
            ]

    asyncio.run(scene())


def rig(function: int, name: str, word: int) -> bytes:
    """A request of two numbers to the rig: the address of a point, and a count or a value."""
    return struct.pack(">HHHBBHH", 1, 0, 6, 2, function, MAPS[2].point(name).address, word)


def test_what_is_written_is_read_in_the_same_instant() -> None:
    read, write = rig(3, "heartbeat", 1), rig(6, "heartbeat", 77)

    async def scene() -> None:
        async with both_served() as (ours, _):
            assert (await ours.replies_to(read))[-2:] == b"\0\0"
            assert (await ours.replies_to(write + read))[-2:] == b"\0\x4d"

    asyncio.run(scene())


def test_what_time_changes_is_read_in_the_next_instant() -> None:
    read = rig(4, "rig_clock_s", 2)

    async def scene() -> None:
        async with both_served() as (ours, _):
            for seconds in range(3):
                ours.twin.timeline.advance_to(float(seconds))
                for _ in range(2):
                    assert (await ours.replies_to(read))[-4:] == struct.pack(">HH", 100 * seconds, 0)

    asyncio.run(scene())


def test_the_reply_to_a_single_write_tells_what_the_register_reads_then() -> None:
    requests = [rig(6, "watchdog_timeout_s", 1), rig(6, "safe_state", 0)]

    async def scene() -> None:
        async with both_served() as sides:
            for side in sides:
                await side.replies_to(requests[0])
                side.twin.timeline.advance_to(5.0)
                assert (await side.replies_to(requests[1]))[-2:] == b"\0\1", "a tripped watchdog keeps the rig safe"

    asyncio.run(scene())


def test_one_request_beats_the_heart_and_reads_the_feedback_where_the_map_says_so() -> None:
    def request(unit: int) -> bytes:
        return struct.pack(">HHHBBHHHHBH", 9, 0, 13, unit, 23, 256, 16, HEARTBEAT_AT, 1, 2, 5)

    async def scene() -> None:
        async with both_served() as (ours, stock):
            for side in (ours, stock):
                side.twin.timeline.advance_to(10.0)
                reply = await side.replies_to(request(2))
                assert reply[:9] == struct.pack(">HHHBBB", 9, 0, 35, 2, 23, 32)
                assert list(struct.unpack(">16H", reply[9:])) == side.banks[2].read(Table.INPUT, 0, 16)
                assert side.banks[2].read(Table.INPUT, 14, 2) == [0, 0], "the heartbeat came before the reading"
                assert await side.replies_to(request(1)) == struct.pack(">HHHBBB", 9, 0, 3, 1, 0x97, 1)

    asyncio.run(scene())
