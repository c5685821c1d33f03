# SPDX-License-Identifier: Apache-2.0
"""The fault proxy does what its log says, the same for the same seed, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.fault_proxy import FaultProxy
from instruments.simulated.wires.fault_schedule import FaultSchedule
from instruments.simulated.wires.faulty_wires import FaultyWires
from instruments.simulated.wires.wire_fault import Direction, FaultKind, FaultRecord, Framing, WireFault

MESSAGE = bytes.fromhex("0001000000060104002000 02".replace(" ", ""))
LATE_S = 0.08
TURN_S = 0.01
FOREIGN = b"\xee\xff"


class Script:
    """A schedule that is written down."""

    def __init__(self, *faults: WireFault) -> None:
        self._faults = list(faults)

    def next(self) -> WireFault | None:
        return self._faults.pop(0) if self._faults else None


@dataclass
class Seen:
    """What came of one message: at the device, back at the bench, and in the log."""

    device: list[bytes] = field(default_factory=list)
    bench: bytes = b""
    log: list[FaultRecord] = field(default_factory=list)
    reset: bool = False
    took_s: float = 0.0


async def _answer_nothing(device: list[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1000):
            device.append(data)
    except ConnectionResetError:
        pass
    writer.close()


async def _send_back(device: list[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1000):
            device.append(data)
            writer.write(data)
    except ConnectionResetError:
        pass
    writer.close()


Device = Callable[[list[bytes], asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def passed(way: Direction, *faults: WireFault, silent: bool = False, wait_s: float = 3 * LATE_S) -> Seen:
    """Send one message through a proxy and wait for all that may come of it."""
    seen = Seen()

    async def go() -> None:
        device: Device = _send_back if way is Direction.TO_BENCH else _answer_nothing
        server = await asyncio.start_server(lambda *ends: device(seen.device, *ends), "127.0.0.1", 0)
        schedules = {direction: Script(*(faults if direction is way else ())) for direction in Direction}
        proxy = FaultProxy("modbus", Framing.MODBUS_TCP, schedules, seen.log.append)  # type: ignore[arg-type]
        proxy.silent = silent
        port = await proxy.listen_tcp(server.sockets[0].getsockname()[:2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        writer.write(MESSAGE)

        async def listen() -> None:
            try:
                while piece := await reader.read(1000):
                    seen.bench += piece
                    seen.took_s = loop.time() - began_s
            except ConnectionResetError:
                seen.reset = True

        listening = asyncio.create_task(listen())
        quiet = 0
        while quiet < wait_s / TURN_S and not listening.done():
            heard = len(seen.bench)
            await asyncio.sleep(TURN_S)  # turns are counted, not time: a machine that stalls loses one of them
            quiet = 0 if len(seen.bench) > heard else quiet + 1
        listening.cancel()
        await asyncio.wait({listening})
        writer.close()
        await proxy.close()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.01)

    asyncio.run(go())
    return seen


def fault(kind: FaultKind, variant: int = 0) -> WireFault:
    return WireFault(kind, LATE_S, 0.5, variant, FOREIGN)


def test_without_a_fault_everything_passes_as_it_came() -> None:
    seen = passed(Direction.TO_BENCH)
    assert (seen.device, seen.bench, seen.log) == ([MESSAGE], MESSAGE, [])


def test_a_delay_holds_a_message_up() -> None:
    seen = passed(Direction.TO_BENCH, fault(FaultKind.DELAY))
    assert seen.bench == MESSAGE
    assert seen.took_s >= LATE_S


@pytest.mark.parametrize("way", list(Direction))
def test_a_drop_loses_it(way: Direction) -> None:
    seen = passed(way, fault(FaultKind.DROP))
    assert seen.bench == b""
    assert seen.device == ([MESSAGE] if way is Direction.TO_BENCH else [])


@pytest.mark.parametrize(("variant", "through"), [(0, 0), (1, 6), (2, 12)])
def test_a_reset_breaks_the_connection_before_within_or_behind_a_request(variant: int, through: int) -> None:
    seen = passed(Direction.TO_DEVICE, fault(FaultKind.RESET, variant))
    assert seen.reset
    assert b"".join(seen.device) == MESSAGE[:through]


def test_a_half_frame_ends_in_the_midst() -> None:
    assert passed(Direction.TO_BENCH, fault(FaultKind.HALF)).bench == MESSAGE[:6]


@pytest.mark.parametrize("variant", [0, 1, 2])
@pytest.mark.parametrize("way", list(Direction))
def test_a_duplicate_arrives_twice(way: Direction, variant: int) -> None:
    seen = passed(way, fault(FaultKind.DUPLICATE, variant))
    assert (seen.bench if way is Direction.TO_BENCH else b"".join(seen.device)) == 2 * MESSAGE


@pytest.mark.parametrize(("variant", "arrives"), [(0, FOREIGN + MESSAGE), (1, MESSAGE + FOREIGN), (2, FOREIGN)])
def test_garbage_comes_before_behind_or_instead(variant: int, arrives: bytes) -> None:
    assert passed(Direction.TO_BENCH, fault(FaultKind.GARBAGE, variant)).bench == arrives


@pytest.mark.parametrize(("way", "unit"), [(Direction.TO_DEVICE, 77), (Direction.TO_BENCH, 0)])
def test_a_wrong_unit_id_is_the_only_byte_that_differs(way: Direction, unit: int) -> None:
    seen = passed(way, fault(FaultKind.WRONG_UNIT))
    arrived = seen.bench if way is Direction.TO_BENCH else b"".join(seen.device)
    assert arrived == MESSAGE[:6] + bytes((unit,)) + MESSAGE[7:]


def test_a_drip_is_whole_in_the_end() -> None:
    seen = passed(Direction.TO_BENCH, fault(FaultKind.DRIP))
    assert seen.bench == MESSAGE
    assert seen.took_s >= LATE_S * 0.9


def test_a_cable_that_is_out_lets_nothing_through() -> None:
    assert passed(Direction.TO_DEVICE, silent=True).device == []


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_is_in_the_log_with_its_instant_and_what_it_did(kind: FaultKind) -> None:
    (record,) = passed(Direction.TO_DEVICE, fault(kind)).log
    assert (record.wire, record.direction, record.kind, record.message) == (
        "modbus",
        Direction.TO_DEVICE,
        kind,
        MESSAGE,
    )
    assert 0 <= record.at_s < 5
    assert record.did
    assert record.as_dict()["message"] == MESSAGE.hex()


def test_a_bench_that_comes_while_the_device_is_away_is_turned_off() -> None:
    async def go() -> bytes:
        schedules = {direction: Script() for direction in Direction}
        proxy = FaultProxy("modbus", Framing.MODBUS_TCP, schedules, lambda _: None)  # type: ignore[arg-type]
        port = await proxy.listen_tcp(("127.0.0.1", 1))  # nobody but root may listen there, and nobody does
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await asyncio.wait_for(reader.read(1), 5)
        finally:
            writer.close()
            await proxy.close()

    with pytest.raises(ConnectionResetError):
        asyncio.run(go())


def test_one_seed_gives_the_same_faults_to_the_same_messages() -> None:
    def faults(seed: int, name: str = "modbus") -> list[WireFault | None]:
        schedule = FaultSchedule(name, Direction.TO_BENCH, Framing.MODBUS_TCP.kinds, seed, 0.1, 1.0)
        return [schedule.next() for _ in range(1000)]

    assert faults(1) == faults(1)
    assert faults(1) != faults(2)
    assert faults(1) != faults(1, "balance")
    assert sum(one is not None for one in faults(1)) == pytest.approx(100, abs=40)


def test_the_rate_says_how_many_messages_meet_a_fault_not_which_fault_they_meet() -> None:
    def faults(rate: float) -> list[WireFault | None]:
        schedule = FaultSchedule("modbus", Direction.TO_BENCH, Framing.MODBUS_TCP.kinds, 1, rate, 1.0)
        return [schedule.next() for _ in range(300)]

    assert all(few == many for few, many in zip(faults(0.1), faults(0.5), strict=True) if few is not None)


def test_a_twin_behind_bad_wires_has_other_addresses_and_the_same_clock() -> None:
    with TwinChild(TwinOptions()) as there, FaultyWires(there, seed=1, rate=0.0) as wires:
        assert wires.addresses.pump != there.pump
        assert wires.addresses.pump == wires.addresses.rig
        assert wires.addresses.balance != there.balance
        assert wires.addresses.control == there.control
