# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on either Modbus wire, injected byte by byte: none of it may become a value.

"Row n" in a docstring means the n-th row of the pitfall table for pymodbus 3.16.1 (reference, instruments, 1.2).
"""

import contextlib
import os
import resource
import signal
import time
from collections.abc import Iterable

import pytest

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine
from instruments.register_map.block import Block
from instruments.register_map.point import Point, Table
from tests.sim.line_under_test import BLOCK, TIMEOUT_S, UNIT, Honest, Start
from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import (
    Delivery,
    ScriptedDevice,
    ScriptedRtu,
    ScriptedTcp,
    at_once,
    in_turn,
    running,
    silence,
)
from tests.sim.stopwatch import Stopwatch


def test_a_block_is_read_in_one_request_that_names_unit_function_and_address(start: Start, honest: Honest) -> None:
    device, line = start(honest)
    assert line.read(UNIT, BLOCK) == honest.last()
    (request,) = device.requests
    assert (request.unit, request.function, request.address, request.count) == (UNIT, 3, 10, 4)


def test_no_request_is_sent_before_the_reply_to_the_last_one_has_come(start: Start, honest: Honest) -> None:
    """Row 1: pymodbus' server drops pipelined requests; we never pipeline."""
    device, line = start(lambda request: [(0.002, honest.frame(request))])
    for _ in range(5):
        assert line.read(UNIT, BLOCK) == honest.last()
    assert device.largest_segment == 1


@pytest.mark.parametrize("function", [4, 6, 16, 23, 0x2B])
def test_a_reply_with_another_function_code_is_refused(start: Start, function: int, honest: Honest) -> None:
    """Row 2."""
    _, line = start(in_turn(lambda request: at_once(request.reply([7] * request.count, function)), honest))
    assert line.read(UNIT, BLOCK) == honest.last()


@pytest.mark.parametrize("more", [-4, -2, -1, 1, 2, 20])
def test_a_reply_with_another_register_count_is_refused(start: Start, more: int, honest: Honest) -> None:
    """Row 2."""
    _, line = start(in_turn(lambda request: at_once(request.reply([7] * (request.count + more))), honest))
    assert line.read(UNIT, BLOCK) == honest.last()


def test_a_reply_with_an_odd_byte_count_is_refused(start: Start, honest: Honest) -> None:
    """Row 2."""
    _, line = start(in_turn(lambda request: at_once(request.frame(b"\x03\x09" + bytes(9))), honest))
    assert line.read(UNIT, BLOCK) == honest.last()


def test_a_reply_that_is_always_of_another_request_is_a_bench_fault_that_shows_the_bytes(start: Start) -> None:
    """Row 2."""
    device, line = start(lambda request: at_once(request.reply([7] * request.count, function=4)))
    line.call_unit(UNIT, "pump")
    with pytest.raises(BenchFault, match=r"pump at .* unit 7: read p0 … p3: a reply to another request.*07 04 08"):
        line.read(UNIT, BLOCK)
    assert len(device.requests) == 3


def test_a_silent_device_is_given_up_within_the_budget(start: Start) -> None:
    _, line = start(silence)
    watch = Stopwatch()
    with pytest.raises(BenchFault, match=r"no reply within"):
        line.read(UNIT, BLOCK)
    assert watch.own_s < 10 * TIMEOUT_S


def test_half_a_reply_whose_rest_comes_late_spoils_nothing(start: Start, honest: Honest) -> None:
    """Row 5."""

    def torn(request: Request) -> Iterable[Delivery]:
        frame = request.reply([7] * request.count)
        return [(0, frame[:8]), (1.2 * TIMEOUT_S, frame[8:])]

    device, line = start(in_turn(torn, honest))
    for _ in range(2):
        read_late(device, line, honest)


def read_late(device: ScriptedDevice, line: ModbusLine, honest: Honest) -> None:
    """Read, where the first reply is late: no later request may be answered with it."""
    read = line.read(UNIT, BLOCK)
    if len(device.requests) > 1:  # else a busy machine looked so late that it was still the answer to its own request
        assert read == honest.last()


@pytest.mark.parametrize("garbage", [b"\x00", b"\xff\x07", b"\x07\x03\x08\x00\x01", b"\x07\x83\x02", bytes(30)])
def test_garbage_before_a_frame_is_refused_and_left_behind(start: Start, garbage: bytes, honest: Honest) -> None:
    """Row 5."""
    _, line = start(in_turn(lambda request: at_once(garbage + request.reply([7] * request.count)), honest))
    assert line.read(UNIT, BLOCK) == honest.last()
    assert line.read(UNIT, BLOCK) == honest.last()


@pytest.mark.parametrize("apart_s", [0.0, 0.004])
def test_garbage_after_a_frame_never_reaches_the_next_reply(start: Start, apart_s: float, honest: Honest) -> None:
    _, line = start(lambda request: [(0, honest.frame(request)), (apart_s, b"\x07\x03\x08")])
    for _ in range(3):
        with contextlib.suppress(BenchFault):
            assert line.read(UNIT, BLOCK) == honest.last()


@pytest.mark.parametrize("late_s", [1.1 * TIMEOUT_S, 1.6 * TIMEOUT_S, 2.3 * TIMEOUT_S])
def test_a_late_reply_is_never_taken_for_the_next_one(start: Start, late_s: float, honest: Honest) -> None:
    """Row 6: on RTU nothing but its length tells a late reply from the next one."""
    device, line = start(in_turn(lambda request: [(late_s, request.reply([7] * request.count))], honest))
    for _ in range(5):
        read_late(device, line, honest)


def test_a_device_that_is_always_late_never_gives_a_value(start: Start) -> None:
    """Row 6: each reply comes when the next request is already out."""
    late_s = 1.7 * TIMEOUT_S
    device, line = start(lambda request: [(late_s, request.reply([len(device.requests)] * request.count))])
    watch = Stopwatch()
    try:
        read = line.read(UNIT, BLOCK)
    except BenchFault:
        return
    assert watch.queued_s > late_s - TIMEOUT_S  # a busy machine looked so late that it was there, for its own request
    assert set(read.values()) == {len(device.requests)}


@pytest.mark.parametrize("apart_s", [0.0, 0.0005, 0.004])
def test_a_repeated_reply_is_never_taken_for_the_next_one(start: Start, apart_s: float, honest: Honest) -> None:
    def twice(request: Request) -> Iterable[Delivery]:
        frame = honest.frame(request)
        return [(0, frame), (apart_s, frame)]

    _, line = start(twice)
    for _ in range(6):
        with contextlib.suppress(BenchFault):
            assert line.read(UNIT, BLOCK) == honest.last()


@pytest.mark.parametrize("kind", [ScriptedTcp, ScriptedRtu])
def test_file_numbers_over_1023_work(kind: type[ScriptedDevice], honest: Honest) -> None:
    """Row 7: `select` cannot watch them, and pymodbus then speaks of a closed connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1200:
        pytest.skip(f"this machine allows only {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1200), hard))
    many = [os.open(os.devnull, os.O_RDONLY) for _ in range(1024)]
    try:
        with running(kind(honest)) as device:
            line = ModbusLine.open(device.address, TIMEOUT_S)
            assert line.read(UNIT, BLOCK) == honest.last()
            line.close()
    finally:
        for file in many:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_text_is_asked_for_by_the_registers_of_the_map(start: Start) -> None:
    """Row 9: pymodbus' SimData counts strings twice; the driver does not use it, and one string is one point."""
    name = Point(name="name", table=Table.INPUT, address=0, type="string", length=4, meaning="")
    device, line = start(lambda request: at_once(request.reply([0x4142, 0x4344, 0x4546, 0, 0, 0, 0][: request.count])))
    assert line.read(UNIT, Block([name])) == {"name": "ABCDEF"}
    assert device.requests[0].count == 4


def test_a_stopped_wall_clock_does_not_hang_the_driver(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 12: pymodbus' serial client takes its time-out from time.time()."""
    _, line = start(silence)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    watch = Stopwatch()
    with pytest.raises(BenchFault):
        line.read(UNIT, BLOCK)
    assert watch.own_s < 10 * TIMEOUT_S


def test_a_slow_drip_of_bytes_is_ended_by_the_total_deadline(start: Start) -> None:
    def drip(request: Request) -> Iterable[Delivery]:
        frame = request.reply([7] * request.count)
        return [(0.01 * place, frame[place : place + 1]) for place in range(len(frame))]

    _, line = start(drip)
    watch = Stopwatch()
    with pytest.raises(BenchFault, match=r"of 1\d bytes within|did not fall silent"):
        line.read(UNIT, BLOCK)
    assert watch.own_s < 12 * TIMEOUT_S


def test_a_reply_of_another_unit_is_refused(start: Start, honest: Honest) -> None:
    def foreign(request: Request) -> Iterable[Delivery]:
        return at_once(
            request.frame(request.reply([7] * request.count)[-10 if request.transaction is None else 8 :], 8)
        )

    _, line = start(in_turn(foreign, honest))
    assert line.read(UNIT, BLOCK) == honest.last()


@pytest.mark.parametrize(
    ("code", "meaning"), [(1, "function not"), (2, "no such reg"), (4, "device fail"), (11, "unit behind")]
)
def test_an_exception_code_to_a_read_is_a_bench_fault_with_its_meaning(start: Start, code: int, meaning: str) -> None:
    _, line = start(lambda request: at_once(request.refusal(code)))
    with pytest.raises(BenchFault, match=rf"exception {code} \({meaning}"):
        line.read(UNIT, BLOCK)


def test_an_exception_of_another_function_is_no_answer(start: Start, honest: Honest) -> None:
    _, line = start(in_turn(lambda request: at_once(request.frame(b"\x90\x02")), honest))
    assert line.read(UNIT, BLOCK) == honest.last()


def test_a_read_that_ctrl_c_ended_leaves_no_reply_behind(start: Start, honest: Honest) -> None:
    _, line = start(in_turn(honest, lambda request: [(0.02, request.reply([7] * request.count))], honest))
    line.read(UNIT, BLOCK)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(KeyboardInterrupt):
            line.read(UNIT, BLOCK)
    finally:
        signal.signal(signal.SIGALRM, before)
    for _ in range(5):
        assert line.read(UNIT, BLOCK) == honest.last()


def test_a_register_that_holds_what_its_type_cannot_mean_is_a_bench_fault_that_names_the_point(start: Start) -> None:
    flag = Point(name="valve_open", table=Table.INPUT, address=0, type="bool", meaning="")
    device, line = start(lambda request: at_once(request.reply([2] * request.count)))
    with pytest.raises(BenchFault, match="valve_open: 2 is neither 0 nor 1"):
        line.read(UNIT, Block([flag]))
    assert len(device.requests) == 1
