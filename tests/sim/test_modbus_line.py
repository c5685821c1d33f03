# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on a Modbus wire, injected byte by byte: no row of it may become a value.

"Row n" in a docstring means the n-th row of the pitfall table for pymodbus 3.16.1 (reference, instruments, 1.2).
"""

import contextlib
import os
import resource
import signal
import statistics
import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from instruments.errors import BenchFault, PlanError
from instruments.modbus_line import ModbusLine, WriteRefused, WriteUnknown
from instruments.register_map import Block, Point, Table
from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import (
    HANG_UP,
    RESET,
    Answer,
    Delivery,
    ScriptedDevice,
    ScriptedRtu,
    ScriptedTcp,
    at_once,
    in_turn,
    running,
    silence,
)

TIMEOUT_S = 0.03
UNIT = 7
BLOCK = Block(
    [Point(name=f"p{n}", table=Table.HOLDING, address=10 + n, type="uint16", access="rw", meaning="") for n in range(4)]
)
VALUES = {"p0": 1, "p1": 2, "p2": 3, "p3": 65535}
Start = Callable[[Answer], tuple[ScriptedDevice, ModbusLine]]


def words_of(request: Request, number: int) -> list[int]:
    return [1000 * number + place for place in range(request.count)]


class Honest:
    """Answers each request with words that no other request gets."""

    def __init__(self) -> None:
        self.answered = 0

    def __call__(self, request: Request) -> list[Delivery]:
        return at_once(self.frame(request))

    def frame(self, request: Request) -> bytes:
        self.answered += 1
        return request.confirmation() if request.function == 16 else request.reply(words_of(request, self.answered))


def expected(number: int) -> dict[str, int]:
    return {f"p{place}": 1000 * number + place for place in range(4)}


def starter(kinds: type[ScriptedDevice]) -> Iterator[Start]:
    with contextlib.ExitStack() as stack:

        def start(answer: Answer) -> tuple[ScriptedDevice, ModbusLine]:
            device = stack.enter_context(running(kinds(answer)))
            line = ModbusLine.open(device.address, TIMEOUT_S)
            stack.callback(line.close)
            return device, line

        yield start


@pytest.fixture(params=[ScriptedTcp, ScriptedRtu], ids=["tcp", "rtu"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    yield from starter(request.param)


@pytest.fixture
def start_tcp() -> Iterator[Start]:
    yield from starter(ScriptedTcp)


@pytest.fixture
def start_rtu() -> Iterator[Start]:
    yield from starter(ScriptedRtu)


def test_a_block_is_read_in_one_request_that_names_unit_function_and_address(start: Start) -> None:
    device, line = start(Honest())
    assert line.read(UNIT, BLOCK) == expected(1)
    (request,) = device.requests
    assert (request.unit, request.function, request.address, request.count) == (UNIT, 3, 10, 4)


def test_a_block_is_written_in_one_request(start_tcp: Start) -> None:
    device, line = start_tcp(Honest())
    line.write(UNIT, BLOCK, VALUES)
    (request,) = device.requests
    assert (request.unit, request.function, request.address, request.words) == (UNIT, 16, 10, [1, 2, 3, 65535])


def test_no_request_is_sent_before_the_reply_to_the_last_one_has_come(start: Start) -> None:
    """Row 1: pymodbus' server drops pipelined requests; we never pipeline."""
    honest = Honest()
    device, line = start(lambda request: [(0.002, honest.frame(request))])
    for number in range(1, 6):
        assert line.read(UNIT, BLOCK) == expected(number)
    assert device.largest_segment == 1


@pytest.mark.parametrize("function", [4, 6, 16, 23, 0x2B])
def test_a_reply_with_another_function_code_is_refused(start: Start, function: int) -> None:
    """Row 2."""
    _, line = start(in_turn(lambda request: at_once(request.reply([7] * request.count, function)), Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)


@pytest.mark.parametrize("more", [-4, -2, -1, 1, 2, 20])
def test_a_reply_with_another_register_count_is_refused(start: Start, more: int) -> None:
    """Row 2."""
    _, line = start(in_turn(lambda request: at_once(request.reply([7] * (request.count + more))), Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)


def test_a_reply_with_an_odd_byte_count_is_refused(start: Start) -> None:
    """Row 2."""
    _, line = start(in_turn(lambda request: at_once(request.frame(b"\x03\x09" + bytes(9))), Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)


def test_a_reply_that_is_always_of_another_request_is_a_bench_fault_that_shows_the_bytes(start: Start) -> None:
    """Row 2."""
    device, line = start(lambda request: at_once(request.reply([7] * request.count, function=4)))
    line.call_unit(UNIT, "pump")
    with pytest.raises(BenchFault, match=r"pump at .* unit 7: read p0 … p3: a reply to another request.*07 04 08"):
        line.read(UNIT, BLOCK)
    assert len(device.requests) == 3


@pytest.mark.parametrize("ending", [RESET, HANG_UP])
def test_a_connection_that_ends_in_mid_reply_is_made_anew(start_tcp: Start, ending: bytes) -> None:
    """Row 3."""
    device, line = start_tcp(in_turn(lambda request: [(0, request.reply([7] * 4)[:12]), (0.005, ending)], Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)
    assert device.connections == 2


@pytest.mark.parametrize("ending", [RESET, HANG_UP])
def test_a_connection_that_always_ends_is_a_bench_fault_and_the_next_read_works(
    start_tcp: Start, ending: bytes
) -> None:
    """Row 3."""
    device, line = start_tcp(lambda _: at_once(ending))
    with pytest.raises(BenchFault, match=r"read p0 … p3: .*(reset|closed)"):
        line.read(UNIT, BLOCK)
    device.answer = Honest()
    assert line.read(UNIT, BLOCK) == expected(1)


def test_every_time_out_gives_the_connection_up(start_tcp: Start) -> None:
    """Row 4."""
    device, line = start_tcp(silence)
    with pytest.raises(BenchFault, match=r"no reply within 0\.03 s \(3 attempts\)"):
        line.read(UNIT, BLOCK)
    assert device.connections == 3


def test_a_silent_device_is_given_up_within_the_budget(start: Start) -> None:
    _, line = start(silence)
    began_s = time.monotonic()
    with pytest.raises(BenchFault, match=r"no reply within"):
        line.read(UNIT, BLOCK)
    assert time.monotonic() - began_s < 8 * TIMEOUT_S


def test_half_a_reply_whose_rest_comes_late_spoils_nothing(start: Start) -> None:
    """Row 5."""

    def torn(request: Request) -> Iterable[Delivery]:
        frame = request.reply([7] * request.count)
        return [(0, frame[:8]), (1.2 * TIMEOUT_S, frame[8:])]

    _, line = start(in_turn(torn, Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)
    assert line.read(UNIT, BLOCK) == expected(2)


@pytest.mark.parametrize("garbage", [b"\x00", b"\xff\x07", b"\x07\x03\x08\x00\x01", b"\x07\x83\x02", bytes(30)])
def test_garbage_before_a_frame_is_refused_and_left_behind(start: Start, garbage: bytes) -> None:
    """Row 5."""
    honest = Honest()
    _, line = start(in_turn(lambda request: at_once(garbage + request.reply([7] * request.count)), honest))
    assert line.read(UNIT, BLOCK) == expected(1)
    assert line.read(UNIT, BLOCK) == expected(2)


@pytest.mark.parametrize("apart_s", [0.0, 0.004])
def test_garbage_after_a_frame_never_reaches_the_next_reply(start: Start, apart_s: float) -> None:
    honest = Honest()
    device, line = start(lambda request: [(0, honest.frame(request)), (apart_s, b"\x07\x03\x08")])
    for _ in range(3):
        with contextlib.suppress(BenchFault):
            assert line.read(UNIT, BLOCK) == expected(len(device.requests))


@pytest.mark.parametrize("late_s", [1.1 * TIMEOUT_S, 1.6 * TIMEOUT_S, 2.3 * TIMEOUT_S])
def test_a_late_reply_is_never_taken_for_the_next_one(start: Start, late_s: float) -> None:
    """Row 6: on RTU nothing but its length tells a late reply from the next one."""
    honest = Honest()
    _, line = start(in_turn(lambda request: [(late_s, request.reply([7] * request.count))], honest))
    for _ in range(5):
        assert line.read(UNIT, BLOCK) == expected(honest.answered)


def test_a_device_that_is_always_late_never_gives_a_value(start: Start) -> None:
    """Row 6: each reply comes when the next request is already out."""
    _, line = start(lambda request: [(1.7 * TIMEOUT_S, request.reply([7] * request.count))])
    with pytest.raises(BenchFault):
        line.read(UNIT, BLOCK)


@pytest.mark.parametrize("apart_s", [0.0, 0.0005, 0.004])
def test_a_repeated_reply_is_never_taken_for_the_next_one(start: Start, apart_s: float) -> None:
    honest = Honest()

    def twice(request: Request) -> Iterable[Delivery]:
        frame = honest.frame(request)
        return [(0, frame), (apart_s, frame)]

    device, line = start(twice)
    for _ in range(6):
        with contextlib.suppress(BenchFault):
            assert line.read(UNIT, BLOCK) == expected(len(device.requests))


@pytest.mark.parametrize("kind", [ScriptedTcp, ScriptedRtu])
def test_file_numbers_over_1023_work(kind: type[ScriptedDevice]) -> None:
    """Row 7: `select` cannot watch them, and pymodbus then speaks of a closed connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1200:
        pytest.skip(f"this machine allows only {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1200), hard))
    many = [os.open(os.devnull, os.O_RDONLY) for _ in range(1024)]
    try:
        with running(kind(Honest())) as device:
            line = ModbusLine.open(device.address, TIMEOUT_S)
            assert line.read(UNIT, BLOCK) == expected(1)
            line.close()
    finally:
        for file in many:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("value", [70000, -1, "x", None])
def test_a_value_that_no_register_holds_is_a_plan_error_and_nothing_is_sent(start: Start, value: int) -> None:
    """Row 8: pymodbus raises a bare struct.error."""
    device, line = start(Honest())
    with pytest.raises(PlanError, match=r"p1: .* cannot stand in a uint16"):
        line.write(UNIT, BLOCK, {**VALUES, "p1": value})
    assert device.requests == []


def test_a_write_of_registers_that_are_not_one_closed_run_is_a_plan_error(start: Start) -> None:
    """Row 8: a gap would be written with zeros."""
    device, line = start(Honest())
    with pytest.raises(PlanError, match="not one closed run"):
        line.write(UNIT, Block([BLOCK.points[0], BLOCK.points[2]]), VALUES)
    assert device.requests == []


def test_text_is_asked_for_by_the_registers_of_the_map(start: Start) -> None:
    """Row 9: pymodbus' SimData counts strings twice; the driver does not use it, and one string is one point."""
    name = Point(name="name", table=Table.INPUT, address=0, type="string", length=4, meaning="")
    device, line = start(lambda request: at_once(request.reply([0x4142, 0x4344, 0x4546, 0, 0, 0, 0][: request.count])))
    assert line.read(UNIT, Block([name])) == {"name": "ABCDEF"}
    assert device.requests[0].count == 4


def test_values_given_to_a_write_are_left_as_they_are_and_one_value_stays_named(start: Start) -> None:
    """Row 10: pymodbus' conversion lengthens the caller's list and returns a bare scalar for one element."""
    _, line = start(Honest())
    given = dict(VALUES)
    line.write(UNIT, BLOCK, given)
    assert given == VALUES
    assert list(line.read(UNIT, Block(BLOCK.points[:1]))) == ["p0"]


def test_an_rtu_read_at_9600_baud_costs_little_more_than_the_silence_between_frames() -> None:
    """Row 11: pymodbus polls, 8.6 ms at 9600 baud; the silence of 3.5 characters is 3.6 ms."""
    with running(ScriptedRtu(Honest())) as device:
        line = ModbusLine.open(device.address.replace("115200", "9600"), TIMEOUT_S)
        spent_s = []
        for _ in range(15):
            began_s = time.perf_counter()
            line.read(UNIT, BLOCK)
            spent_s.append(time.perf_counter() - began_s)
        line.close()
    assert 0.003 < statistics.median(spent_s) < 0.006


def test_a_stopped_wall_clock_does_not_hang_the_driver(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 12: pymodbus' serial client takes its time-out from time.time()."""
    _, line = start(silence)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    began_s = time.monotonic()
    with pytest.raises(BenchFault):
        line.read(UNIT, BLOCK)
    assert time.monotonic() - began_s < 8 * TIMEOUT_S


def test_a_slow_drip_of_bytes_is_ended_by_the_total_deadline(start: Start) -> None:
    def drip(request: Request) -> Iterable[Delivery]:
        frame = request.reply([7] * request.count)
        return [(0.01 * place, frame[place : place + 1]) for place in range(len(frame))]

    _, line = start(drip)
    began_s = time.monotonic()
    with pytest.raises(BenchFault, match=r"of 1\d bytes within|did not fall silent"):
        line.read(UNIT, BLOCK)
    assert time.monotonic() - began_s < 9 * TIMEOUT_S


def test_a_reply_of_another_unit_is_refused(start: Start) -> None:
    def foreign(request: Request) -> Iterable[Delivery]:
        return at_once(
            request.frame(request.reply([7] * request.count)[-10 if request.transaction is None else 8 :], 8)
        )

    _, line = start(in_turn(foreign, Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)


def test_a_reply_with_another_transaction_number_is_refused(start_tcp: Start) -> None:
    def foreign(request: Request) -> Iterable[Delivery]:
        return at_once(request.frame(b"\x03\x08" + bytes(8), transaction=(request.transaction or 0) + 1))

    _, line = start_tcp(in_turn(foreign, Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)


@pytest.mark.parametrize("byte", range(13))
def test_a_broken_checksum_is_refused_whatever_byte_is_wrong(start_rtu: Start, byte: int) -> None:
    honest = Honest()

    def broken(request: Request) -> Iterable[Delivery]:
        frame = bytearray(request.reply([7] * request.count))
        frame[byte] ^= 0x10
        return at_once(bytes(frame))

    _, line = start_rtu(in_turn(broken, honest))
    assert line.read(UNIT, BLOCK) == expected(1)


@pytest.mark.parametrize(
    ("code", "meaning"), [(1, "function not"), (2, "no such reg"), (4, "device fail"), (11, "unit behind")]
)
def test_an_exception_code_to_a_read_is_a_bench_fault_with_its_meaning(start: Start, code: int, meaning: str) -> None:
    _, line = start(lambda request: at_once(request.refusal(code)))
    with pytest.raises(BenchFault, match=rf"exception {code} \({meaning}"):
        line.read(UNIT, BLOCK)


def test_an_exception_of_another_function_is_no_answer(start: Start) -> None:
    _, line = start(in_turn(lambda request: at_once(request.frame(b"\x90\x02")), Honest()))
    assert line.read(UNIT, BLOCK) == expected(1)


def test_a_refused_write_says_so(start: Start) -> None:
    honest = Honest()
    device, line = start(lambda request: at_once(request.refusal(3)) if request.function == 16 else honest(request))
    with pytest.raises(WriteRefused, match=r"exception 3 \(value not accepted\)"):
        line.write(UNIT, BLOCK, VALUES)
    assert sum(request.function == 16 for request in device.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        silence,
        lambda request: at_once(request.confirmation()[:-1]),
        lambda request: at_once(request.frame(b"\x10\x00\x0b\x00\x04")),
        lambda request: at_once(request.frame(b"\x10\x00\x0a\x00\x03")),
        lambda request: at_once(request.frame(request.pdu[:5], unit=8)),
        lambda request: at_once(request.frame(b"\x06" + request.pdu[1:5])),
    ],
    ids=["silence", "cut", "address", "count", "unit", "function"],
)
def test_a_write_that_is_not_exactly_confirmed_is_unknown_and_never_sent_again(start: Start, answer: Answer) -> None:
    honest = Honest()
    device, line = start(lambda request: answer(request) if request.function == 16 else honest(request))
    with pytest.raises(WriteUnknown, match="not confirmed"):
        line.write(UNIT, BLOCK, VALUES)
    assert sum(request.function == 16 for request in device.requests) == 1
    assert line.read(UNIT, BLOCK) == expected(honest.answered)


def test_after_a_doubt_a_reply_is_seen_before_anything_is_written(start: Start) -> None:
    honest = Honest()
    device, line = start(in_turn(silence, silence, silence, honest))
    with pytest.raises(BenchFault):
        line.read(UNIT, BLOCK)
    line.write(UNIT, BLOCK, VALUES)
    assert [request.function for request in device.requests[3:]] == [3, 16]


def test_a_write_on_a_line_that_is_down_is_not_unknown_but_not_sent(start: Start) -> None:
    device, line = start(silence)
    with pytest.raises(BenchFault):
        line.read(UNIT, BLOCK)
    with pytest.raises(BenchFault, match="nothing was sent") as fault:
        line.write(UNIT, BLOCK, VALUES)
    assert not isinstance(fault.value, WriteUnknown)
    assert all(request.function == 3 for request in device.requests)


@pytest.mark.parametrize("ending", [RESET, HANG_UP])
def test_a_connection_that_ended_while_idle_is_made_anew_before_a_write(start_tcp: Start, ending: bytes) -> None:
    honest = Honest()
    device, line = start_tcp(lambda request: [(0, honest.frame(request)), (0.002, ending)])
    line.read(UNIT, BLOCK)
    time.sleep(0.01)
    line.write(UNIT, BLOCK, VALUES)
    assert [request.function for request in device.requests] == [3, 16]


def test_a_read_that_ctrl_c_ended_leaves_no_reply_behind(start: Start) -> None:
    honest = Honest()
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
    for number in range(2, 7):
        assert line.read(UNIT, BLOCK) == expected(number)


def test_a_closed_port_is_a_bench_fault_at_open() -> None:
    with running(ScriptedTcp(silence)) as device:
        address = device.address
    with pytest.raises(BenchFault, match=rf"{address}: open: no connection: .*refused.*Next: check"):
        ModbusLine.open(address, TIMEOUT_S)


def test_a_port_that_closes_later_is_a_bench_fault_at_the_next_read() -> None:
    with running(ScriptedTcp(Honest())) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        line.read(UNIT, BLOCK)
    with pytest.raises(BenchFault, match=r"no connection: .*refused"):
        line.read(UNIT, BLOCK)


def test_a_missing_serial_device_is_a_bench_fault_at_open() -> None:
    with pytest.raises(BenchFault, match=r"/dev/tty-not-there.*open.*does not exist"):
        ModbusLine.open("rtu:///dev/tty-not-there", TIMEOUT_S)


def test_a_file_that_is_no_serial_device_is_a_bench_fault_at_open() -> None:
    with pytest.raises(BenchFault, match="open: the serial line cannot be used"):
        ModbusLine.open("rtu:///dev/null", TIMEOUT_S)


def test_a_serial_device_that_is_pulled_out_is_a_bench_fault() -> None:
    with running(ScriptedRtu(Honest())) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        line.read(UNIT, BLOCK)
    with pytest.raises(BenchFault):
        line.read(UNIT, BLOCK)
    line.close()


def test_a_serial_device_in_use_is_a_bench_fault(start_rtu: Start) -> None:
    device, _ = start_rtu(Honest())
    with pytest.raises(BenchFault, match="exclusively lock"):
        ModbusLine.open(device.address, TIMEOUT_S)


def test_a_line_that_never_falls_silent_is_given_up_in_bounded_time(start_rtu: Start) -> None:
    _, line = start_rtu(lambda _: [(0.005 * n, b"\x55") for n in range(100)])
    began_s = time.monotonic()
    with pytest.raises(BenchFault, match="did not fall silent"):
        line.read(UNIT, BLOCK)
    assert time.monotonic() - began_s < 10 * TIMEOUT_S


@pytest.mark.parametrize("unit", [0, 248])
def test_an_rtu_unit_that_is_no_single_device_is_a_plan_error(start_rtu: Start, unit: int) -> None:
    _, line = start_rtu(Honest())
    with pytest.raises(PlanError, match="RTU units are 1 to 247"):
        line.call_unit(unit, "rig")


def test_no_rtu_read_is_as_long_as_the_three_before_it(start_rtu: Start) -> None:
    device, line = start_rtu(Honest())
    for _ in range(6):
        line.read(UNIT, BLOCK)
    assert [request.count for request in device.requests] == [4, 5, 6, 7, 4, 5]


def test_a_device_without_registers_behind_the_block_is_read_after_a_shorter_read(start_rtu: Start) -> None:
    honest = Honest()
    device, line = start_rtu(lambda request: honest(request) if request.count <= 4 else at_once(request.refusal(2)))
    for _ in range(4):
        assert line.read(UNIT, BLOCK) == expected(honest.answered)
    assert [request.count for request in device.requests] == [4, 5, 3, 4, 2, 4, 3, 4]


def test_a_register_that_holds_what_its_type_cannot_mean_is_a_bench_fault_that_names_the_point(start: Start) -> None:
    flag = Point(name="valve_open", table=Table.INPUT, address=0, type="bool", meaning="")
    device, line = start(lambda request: at_once(request.reply([2] * request.count)))
    with pytest.raises(BenchFault, match="valve_open: 2 is neither 0 nor 1"):
        line.read(UNIT, Block([flag]))
    assert len(device.requests) == 1
