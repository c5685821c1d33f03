# SPDX-License-Identifier: Apache-2.0
"""Whatever is sent to the servers of a twin: they answer an error or nothing, and go on serving."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from instruments.simulated.balance.balance_server import BalanceServer
from instruments.simulated.balance.sics_dialect import SicsDialect
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.twin_time import ClockMode, TwinTime
from instruments.simulated.wires.control_line import ControlLineServer
from tests.sim.stand_in_twin import StandInTwin
from tests.unit.fuzzing import bounded, spoiled_bytes

LIMIT_S = 5.0
GREETING = {"mode": "stepped", "speed": "1", "seed": "4", "model": "implantable-20ml"}
CONTROL = (b"HELLO", b"NOW", b"ADV 5", b"ADV -5", b"ADV 999999999999999999999")
SICS = (b"S", b"SI", b"SIR", b"SIC1", b"T", b"Z", b"I2", b"I4", b"M17 1 2", b"M21 1 0", b"@", b"SNR 5 g", b'D "x"')


def control() -> ControlLineServer:
    return ControlLineServer(TwinTime(Timeline(), ClockMode.STEPPED), GREETING)


@bounded(4)
@given(st.one_of(st.binary(max_size=100), *(spoiled_bytes(line) for line in CONTROL)))
def test_fuzz_a_request_that_is_none_gets_an_error_of_one_visible_line(request: bytes) -> None:
    line = control()
    reply = line.answer(request.replace(b"\n", b""))
    assert reply.isprintable()
    assert reply.startswith(("E ", "T ", "PUMPBENCH-TWIN "))
    assert line.answer(b"NOW").startswith("T ")


streams = st.lists(
    st.one_of(st.binary(max_size=80), *(spoiled_bytes(line + b"\r\n") for line in SICS + CONTROL)), max_size=12
)


@bounded(0.5)
@given(streams)
def test_fuzz_the_control_line_lives(pieces: list[bytes]) -> None:
    async def talk() -> None:
        server = control()
        port = await server.listen("127.0.0.1", 0)
        try:
            await _send(port, [*pieces, b"x" * 3000])
            assert (await _ask(port, b"NOW\n")).startswith(b"T ")
        finally:
            await server.close()

    asyncio.run(talk())


@bounded(0.5)
@given(streams)
def test_fuzz_the_balance_lives(pieces: list[bytes]) -> None:
    async def talk() -> None:
        twin = StandInTwin()
        time = TwinTime(twin.timeline, ClockMode.STEPPED)
        server = BalanceServer(twin.cell, twin.timeline, time, SicsDialect)
        port = await server.listen_tcp("127.0.0.1", 0)
        try:
            await _send(port, [*pieces, b"x" * 3000])
            assert (await _ask(port, b"I4\r\n")).startswith(b"I4 A ")
        finally:
            await server.close()

    asyncio.run(talk())


async def _send(port: int, pieces: list[bytes]) -> None:
    """Send it all over one connection, read nothing, and hang up without a goodbye."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0)
    writer.transport.abort()


async def _ask(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    line = await asyncio.wait_for(reader.readline(), LIMIT_S)
    writer.transport.abort()
    return line
