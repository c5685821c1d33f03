# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on Modbus RTU alone: checksums, silence, and replies that carry no number."""

import statistics
from collections.abc import Iterable, Iterator

import pytest

from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.line import ModbusLine
from tests.sim.line_under_test import BLOCK, TIMEOUT_S, UNIT, Honest, Start, starter
from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import (
    Delivery,
    ScriptedRtu,
    at_once,
    in_turn,
    running,
)
from tests.sim.stopwatch import Stopwatch


@pytest.fixture
def start() -> Iterator[Start]:
    yield from starter(ScriptedRtu)


def test_an_rtu_read_at_9600_baud_costs_little_more_than_the_silence_between_frames(honest: Honest) -> None:
    """Row 11: pymodbus polls, 8.6 ms at 9600 baud; the silence of 3.5 characters is 3.6 ms."""
    with running(ScriptedRtu(honest)) as device:
        line = ModbusLine.open(device.address.replace("115200", "9600"), TIMEOUT_S)
        wall_s, own_s = [], []
        for _ in range(15):
            watch = Stopwatch()
            line.read(UNIT, BLOCK)
            wall_s.append(watch.wall_s)
            own_s.append(watch.own_s)
        line.close()
    assert statistics.median(wall_s) > 0.003
    assert statistics.median(own_s) < 0.0075


@pytest.mark.parametrize("byte", range(13))
def test_a_broken_checksum_is_refused_whatever_byte_is_wrong(start: Start, byte: int, honest: Honest) -> None:
    def broken(request: Request) -> Iterable[Delivery]:
        frame = bytearray(request.reply([7] * request.count))
        frame[byte] ^= 0x10
        return at_once(bytes(frame))

    _, line = start(in_turn(broken, honest))
    assert line.read(UNIT, BLOCK) == honest.last()


def test_a_missing_serial_device_is_a_bench_fault_at_open() -> None:
    with pytest.raises(BenchFault, match=r"/dev/tty-not-there.*open.*does not exist"):
        ModbusLine.open("rtu:///dev/tty-not-there", TIMEOUT_S)


def test_a_file_that_is_no_serial_device_is_a_bench_fault_at_open() -> None:
    with pytest.raises(BenchFault, match="open: the serial line cannot be used"):
        ModbusLine.open("rtu:///dev/null", TIMEOUT_S)


def test_a_serial_device_that_is_pulled_out_is_a_bench_fault(honest: Honest) -> None:
    with running(ScriptedRtu(honest)) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        line.read(UNIT, BLOCK)
    with pytest.raises(BenchFault):
        line.read(UNIT, BLOCK)
    line.close()


def test_a_serial_device_in_use_is_a_bench_fault(start: Start, honest: Honest) -> None:
    device, _ = start(honest)
    with pytest.raises(BenchFault, match="exclusively lock"):
        ModbusLine.open(device.address, TIMEOUT_S)


def test_a_line_that_never_falls_silent_is_given_up_in_bounded_time(start: Start) -> None:
    _, line = start(lambda _: [(0.005 * n, b"\x55") for n in range(100)])
    watch = Stopwatch()
    with pytest.raises(BenchFault, match="did not fall silent"):
        line.read(UNIT, BLOCK)
    assert watch.own_s < 12 * TIMEOUT_S


@pytest.mark.parametrize("unit", [0, 248])
def test_an_rtu_unit_that_is_no_single_device_is_a_plan_error(start: Start, unit: int, honest: Honest) -> None:
    _, line = start(honest)
    with pytest.raises(PlanError, match="RTU units are 1 to 247"):
        line.call_unit(unit, "rig")


def test_no_rtu_read_is_as_long_as_the_three_before_it(start: Start, honest: Honest) -> None:
    device, line = start(honest)
    for _ in range(6):
        line.read(UNIT, BLOCK)
    counts = [request.count for request in device.requests]
    assert all(count not in counts[max(0, place - 3) : place] for place, count in enumerate(counts))
    assert max(counts) <= 7


def test_a_device_without_registers_behind_the_block_is_read_after_a_shorter_read(start: Start, honest: Honest) -> None:
    device, line = start(lambda request: honest(request) if request.count <= 4 else at_once(request.refusal(2)))
    for _ in range(4):
        assert line.read(UNIT, BLOCK) == honest.last()
    assert [request.count for request in device.requests] == [4, 5, 3, 4, 2, 4, 3, 4]
