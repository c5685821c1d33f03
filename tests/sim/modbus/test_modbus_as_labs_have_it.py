# SPDX-License-Identifier: Apache-2.0
"""Modbus as labs have it: serial servers, echoes, servers that hang up, units 0 and 255, function 6, limits."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import event, given

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.pump import ModbusPump
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.simulated.twin.twin import Twin
from instruments.simulated.wires.modbus_functions import answer as answered_by
from instruments.simulated.wires.register_bank import RegisterBank
from instruments.write_unknown import WriteUnknown
from tests.sim.faulty_modbus import Fault, Kind
from tests.sim.line_under_test import BLOCK, TIMEOUT_S, UNIT, VALUES, Honest, Start, starter
from tests.sim.modbus_frames import Request, take_rtu
from tests.sim.scripted_modbus import (
    HANG_UP,
    Answer,
    Delivery,
    ScriptedRtu,
    ScriptedTcp,
    at_once,
    in_turn,
    running,
    silence,
)
from tests.sim.test_modbus_property import ON_RTU, bounded, faults, operations, outcomes

MAPS = Path(__file__).parents[3] / "instruments" / "maps"


class SerialServer(ScriptedTcp):
    """A serial line behind a server that passes its bytes on."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.address = self.address.replace("tcp://", "rtu+tcp://") + "?baudrate=115200&parity=N"

    def _take(self) -> Request | None:
        return take_rtu(self._stream)


class UnnamedEcho(ScriptedRtu):
    """An adapter that hears itself, and nobody said so."""

    def _receive(self, file: int) -> bytes:
        came = super()._receive(file)
        os.write(file, came)
        return came


class Echo(UnnamedEcho):
    """An adapter that hears itself, as its address says."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.address += "&echo=yes"


class HangingUp(ScriptedTcp):
    """A server whose address says that it closes after each reply."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.address += "?reconnect=yes"


@pytest.fixture(params=[SerialServer, Echo, HangingUp])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    yield from starter(request.param)


@pytest.fixture
def tcp() -> Iterator[Start]:
    yield from starter(ScriptedTcp)


@pytest.fixture
def honest() -> Honest:
    return Honest()


def test_each_of_them_reads_and_writes(start: Start, honest: Honest) -> None:
    device, line = start(honest)
    assert line.read(UNIT, BLOCK) == honest.last()
    line.write(UNIT, BLOCK, VALUES)
    assert [one.words for one in device.requests if one.function == 16] == [list(VALUES.values())]
    assert line.read(UNIT, BLOCK) == honest.last()


@bounded
@given(operations, faults([*ON_RTU, Kind.RESET, Kind.HANG_UP]))
def test_behind_a_serial_server_no_junk_becomes_a_value(operations: list[str], faults: list[Fault]) -> None:
    for value in outcomes(SerialServer, operations, faults):
        event("value" if value else "bench fault")


@bounded
@given(operations, faults(ON_RTU))
def test_with_an_echo_no_junk_becomes_a_value(operations: list[str], faults: list[Fault]) -> None:
    for value in outcomes(Echo, operations, faults):
        event("value" if value else "bench fault")


def test_a_server_that_closes_after_each_reply_costs_no_attempt(honest: Honest) -> None:
    with running(HangingUp(lambda request: [*honest(request), (0.0, HANG_UP)])) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        for _ in range(4):
            assert line.read(UNIT, BLOCK) == honest.last()
        line.write(UNIT, BLOCK, VALUES)
        line.close()
        assert len(device.requests) == 5, "each request went out once"
        assert device.connections >= 5


def test_an_echo_that_nobody_named_is_named(honest: Honest) -> None:
    with running(UnnamedEcho(honest)) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        with pytest.raises(BenchFault, match="the adapter echoes; write echo=yes in its address"):
            line.read(UNIT, BLOCK)
        line.close()


def test_an_echo_that_is_named_and_not_there_is_told() -> None:
    with running(ScriptedRtu(silence)) as device:
        line = ModbusLine.open(device.address + "&echo=yes", TIMEOUT_S)
        with pytest.raises(BenchFault, match=r"0 of the 8 bytes that were sent came back .* leave echo=yes out"):
            line.read(UNIT, BLOCK)
        line.close()


def test_the_silence_between_frames_can_be_set(honest: Honest) -> None:
    with running(ScriptedRtu(honest)) as device:
        line = ModbusLine.open(device.address + "&silence_ms=40", TIMEOUT_S)
        line.read(UNIT, BLOCK)
        begun_s = time.monotonic()
        for _ in range(3):
            line.read(UNIT, BLOCK)
        line.close()
    assert time.monotonic() - begun_s >= 0.12


@pytest.mark.parametrize("unit", [0, 255])
def test_units_0_and_255_are_spoken_to_on_tcp(tcp: Start, unit: int, honest: Honest) -> None:
    device, line = tcp(honest)
    line.call_unit(unit, "pump")
    assert line.read(unit, BLOCK) == honest.last()
    assert device.requests[-1].unit == unit


# --- exceptions of a gateway ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [10, 11])
def test_a_gateway_without_a_path_is_asked_again_for_a_read_and_not_for_a_write(
    tcp: Start, code: int, honest: Honest
) -> None:
    device, line = tcp(in_turn(lambda request: at_once(request.refusal(code)), honest))
    assert line.read(UNIT, BLOCK) == honest.last()
    device.answer = lambda request: at_once(request.refusal(code))
    sent = len(device.requests)
    with pytest.raises(WriteRefused if code == 10 else WriteUnknown):
        line.write(UNIT, BLOCK, VALUES)
    assert len(device.requests) == sent + 1


def test_what_was_asked_for_is_told_with_its_number_of_registers(tcp: Start) -> None:
    _, line = tcp(silence)
    with pytest.raises(BenchFault, match="asked for: 4 holding registers from 10 on"):
        line.read(UNIT, BLOCK)


# --- function 6 -------------------------------------------------------------------------------------------------------


def _singly(request: Request, honest: Honest) -> Iterable[Delivery]:
    if request.function == 16:
        return at_once(request.refusal(1))
    return at_once(request.frame(request.pdu[:5])) if request.function == 6 else honest(request)


def test_a_device_that_knows_function_6_alone_is_written_register_by_register(start: Start, honest: Honest) -> None:
    device, line = start(lambda request: _singly(request, honest))
    line.call_unit(UNIT, "pump", writes_singly=True)
    line.write(UNIT, BLOCK, VALUES)
    written = [(one.address, int.from_bytes(one.pdu[3:5], "big")) for one in device.requests if one.function == 6]
    assert written == [(10, 1), (11, 2), (12, 3), (13, 65535)]


def test_a_write_that_ends_half_way_is_unknown_and_one_that_never_began_is_refused(tcp: Start, honest: Honest) -> None:
    device, line = tcp(honest)
    line.call_unit(UNIT, "pump", writes_singly=True)

    def refuses(address: int) -> Answer:
        return lambda request: at_once(request.refusal(4)) if request.address == address else _singly(request, honest)

    device.answer = refuses(12)
    with pytest.raises(WriteUnknown):
        line.write(UNIT, BLOCK, VALUES)
    device.answer = refuses(10)
    with pytest.raises(WriteRefused):
        line.write(UNIT, BLOCK, VALUES)


# --- a whole pump on a device with limits -----------------------------------------------------------------------------


def _served(tmp_path: Path, refused: Callable[[Request], int]) -> Answer:
    """Return a pump that refuses what it does not take, with an exception code; 0 for what it takes."""
    served = tmp_path / "map.toml"
    bank = RegisterBank(RegisterMap.load(served), Twin.assemble(pump_map=str(served)).pump)

    def answer(request: Request) -> Iterable[Delivery]:
        if code := refused(request):
            return at_once(request.refusal(code))
        return at_once(request.frame(answered_by(bank, request.pdu)))

    return answer


def _map(tmp_path: Path, *lines: str) -> RegisterMap:
    text = (MAPS / "pump.toml").read_text(encoding="utf-8")
    (tmp_path / "map.toml").write_text(text.replace("unit_id = 1\n", "\n".join(["unit_id = 1", *lines, ""])), "utf-8")
    return RegisterMap.load(tmp_path / "map.toml")


def _goes_through_all(address: str, pump_map: RegisterMap) -> None:
    line = ModbusLine.open(address, 0.5)
    try:
        _use_all_of(ModbusPump(line, pump_map, 1))
    finally:
        line.close()


def _use_all_of(pump: ModbusPump) -> None:
    program = Program(Mode.CONTINUOUS, (Step(0, 40.0),))
    assert pump.identify().serial_number == "SIM20-0001"
    assert (pump.load(program), pump.differences(program)) == (CommandResult.ACCEPTED, ())
    assert pump.command(Command.START) is CommandResult.ACCEPTED
    assert pump.read().active_rate_ul_per_h == 40.0
    assert (pump.alarm_log(), pump.bolus_log()) == ((), ())


def test_a_device_that_lets_few_registers_be_read_and_written_is_a_whole_pump(tmp_path: Path) -> None:
    pump_map = _map(tmp_path, "most_registers_in_one_read = 20", "most_registers_in_one_write = 16")

    def refused(request: Request) -> int:
        return 3 if request.count > (16 if request.function == 16 else 20) else 0

    with running(ScriptedTcp(_served(tmp_path, refused))) as device:
        _goes_through_all(device.address, pump_map)
        with pytest.raises(BenchFault, match=r"how many of \d+ registers .* most_registers_in_one_read = …"):
            _goes_through_all(device.address, RegisterMap.named("pump"))


def test_a_device_that_answers_an_exception_where_it_has_no_register_is_a_whole_pump(tmp_path: Path) -> None:
    pump_map = _map(tmp_path, "reads_gaps = false")
    there = {
        (point.table, point.address + place) for point in pump_map.points.values() for place in range(point.registers)
    }

    def refused(request: Request) -> int:
        table = {3: Table.HOLDING, 4: Table.INPUT}.get(request.function)
        run = range(request.address, request.address + request.count)
        return 2 if table is not None and any((table, at) not in there for at in run) else 0

    with running(ScriptedTcp(_served(tmp_path, refused))) as device:
        _goes_through_all(device.address, pump_map)


@pytest.mark.parametrize("orders", [("little", "big"), ("big", "little"), ("little", "little")])
def test_byte_and_word_order_are_those_of_the_map(tmp_path: Path, orders: tuple[str, str]) -> None:
    word, byte = orders
    pump_map = _map(tmp_path, f'byte_order = "{byte}"')
    if word == "little":
        text = (
            (tmp_path / "map.toml").read_text(encoding="utf-8").replace('word_order = "big"', 'word_order = "little"')
        )
        (tmp_path / "map.toml").write_text(text, "utf-8")
        pump_map = RegisterMap.load(tmp_path / "map.toml")
    with running(ScriptedTcp(_served(tmp_path, lambda _: 0))) as device:
        _goes_through_all(device.address, pump_map)
