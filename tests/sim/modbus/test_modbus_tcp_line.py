# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on Modbus TCP alone: connections that end, and transaction numbers."""

import time
from collections.abc import Iterable, Iterator

import pytest

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine
from tests.sim.line_under_test import BLOCK, TIMEOUT_S, UNIT, VALUES, Honest, Start, starter
from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import (
    HANG_UP,
    RESET,
    Delivery,
    ScriptedTcp,
    at_once,
    in_turn,
    running,
    silence,
)


@pytest.fixture
def start() -> Iterator[Start]:
    yield from starter(ScriptedTcp)


@pytest.mark.parametrize("ending", [RESET, HANG_UP])
def test_a_connection_that_ends_in_mid_reply_is_made_anew(start: Start, ending: bytes, honest: Honest) -> None:
    """Row 3."""
    device, line = start(in_turn(lambda request: [(0, request.reply([7] * 4)[:12]), (0.005, ending)], honest))
    assert line.read(UNIT, BLOCK) == honest.last()
    assert device.connections == 2


@pytest.mark.parametrize("ending", [RESET, HANG_UP])
def test_a_connection_that_always_ends_is_a_bench_fault_and_the_next_read_works(
    start: Start, ending: bytes, honest: Honest
) -> None:
    """Row 3."""
    device, line = start(lambda _: at_once(ending))
    with pytest.raises(BenchFault, match=r"read p0 … p3: .*(reset|closed)"):
        line.read(UNIT, BLOCK)
    device.answer = honest
    assert line.read(UNIT, BLOCK) == honest.last()


def test_every_time_out_gives_the_connection_up(start: Start) -> None:
    """Row 4."""
    device, line = start(silence)
    with pytest.raises(BenchFault, match=r"no reply within 0\.05 s \(3 attempts\)"):
        line.read(UNIT, BLOCK)
    assert device.connections == 3


@pytest.mark.parametrize("number", [0, 65535])
def test_a_reply_with_another_transaction_number_is_refused(start: Start, honest: Honest, number: int) -> None:
    """Zero as well, which pymodbus' framer takes for any number."""

    def foreign(request: Request) -> Iterable[Delivery]:
        return at_once(request.frame(b"\x03\x08" + bytes(8), transaction=number))

    _, line = start(in_turn(foreign, honest))
    assert line.read(UNIT, BLOCK) == honest.last()


def test_a_closed_port_is_a_bench_fault_at_open() -> None:
    with running(ScriptedTcp(silence)) as device:
        address = device.address
    with pytest.raises(BenchFault, match=rf"{address}: open: no connection: .*refused.*Next: check"):
        ModbusLine.open(address, TIMEOUT_S)


def test_a_port_that_closes_later_is_a_bench_fault_at_the_next_read(honest: Honest) -> None:
    with running(ScriptedTcp(honest)) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        line.read(UNIT, BLOCK)
    with pytest.raises(BenchFault, match=r"no connection: .*refused"):
        line.read(UNIT, BLOCK)


@pytest.mark.parametrize("ending", [RESET, HANG_UP])
def test_a_connection_that_ended_while_idle_is_made_anew_before_a_write(
    start: Start, ending: bytes, honest: Honest
) -> None:
    device, line = start(lambda request: [(0, honest.frame(request)), (0.002, ending)])
    line.read(UNIT, BLOCK)
    client = line._wire._client  # type: ignore[attr-defined]  # no other way to see that the end has arrived
    while client.idle():
        time.sleep(0.001)
    line.write(UNIT, BLOCK, VALUES)
    assert [request.function for request in device.requests] == [3, 16]
