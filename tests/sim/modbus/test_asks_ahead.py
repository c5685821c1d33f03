# SPDX-License-Identifier: Apache-2.0
"""Reads that are asked for ahead: each still gets its own reply, and no reply is older than its question."""

from collections.abc import Iterable, Iterator

import pytest

from groundfloor.errors import BenchFault, NoAnswer
from instruments.modbus.line import ModbusLine
from instruments.register_map.block import Block
from instruments.register_map.point import Point, Table
from tests.sim.line_under_test import BLOCK, UNIT, VALUES, Honest, Start, starter
from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import (
    HANG_UP,
    RESET,
    Delivery,
    ScriptedRtu,
    ScriptedTcp,
    at_once,
    in_turn,
    silence,
)

OTHER_UNIT = 9
FEEDBACK = Block([Point(name=f"f{n}", table=Table.INPUT, address=40 + n, type="uint16", meaning="") for n in range(3)])
MIRRORED = Block(
    [
        Point(name=f"f{n}", table=Table.HOLDING, address=240 + n, type="uint16", access="rw", meaning="")
        for n in range(3)
    ]
)
BEAT = Block([Point(name="beat", table=Table.HOLDING, address=8, type="uint16", access="rw", meaning="")])


@pytest.fixture
def start() -> Iterator[Start]:
    yield from starter(ScriptedTcp)


def in_step(line: ModbusLine, at_once: int = 4) -> ModbusLine:
    """Return the line with two units that take so many requests at once, after a first reply."""
    line.call_unit(UNIT, "pump", at_once)
    line.call_unit(OTHER_UNIT, "rig", at_once)
    line.read(UNIT, BLOCK)
    return line


def by_unit(request: Request) -> list[Delivery]:
    """Answer with words that tell who was asked, and for what."""
    return at_once(request.reply([100 * request.unit + place for place in range(request.count)]))


PUMP = {f"p{n}": 100 * UNIT + n for n in range(4)}
RIG = {f"f{n}": 100 * OTHER_UNIT + n for n in range(3)}


def test_two_units_are_asked_before_the_first_is_heard_and_each_gets_its_own_reply(start: Start) -> None:
    held: list[Request] = []

    def both_or_nothing(request: Request) -> Iterable[Delivery]:
        held.append(request)
        return at_once(*(delivery[1] for one in held for delivery in by_unit(one))) if len(held) == 2 else []

    device, line = start(by_unit)
    in_step(line)
    device.answer = both_or_nothing
    take_pump, take_rig = line.ask_ahead(UNIT, BLOCK), line.ask_ahead(OTHER_UNIT, FEEDBACK)
    assert (take_pump(), take_rig()) == (PUMP, RIG)
    assert device.connections == 1
    assert [one.unit for one in device.requests] == [UNIT, UNIT, OTHER_UNIT]


def test_a_device_that_takes_one_request_at_a_time_is_never_asked_a_second_one(start: Start) -> None:
    device, line = start(by_unit)
    in_step(line, at_once=1)
    take_pump, take_rig = line.ask_ahead(UNIT, BLOCK), line.ask_ahead(OTHER_UNIT, FEEDBACK)
    assert len(device.requests) <= 2
    assert (take_pump(), take_rig()) == (PUMP, RIG)
    assert device.connections == 1


def test_on_a_serial_line_nothing_is_asked_ahead_and_the_values_are_the_same() -> None:
    for begin in starter(ScriptedRtu):
        device, line = begin(by_unit)
        line.call_unit(UNIT, "pump", 4)
        line.read(UNIT, BLOCK)
        before = len(device.requests)
        take = line.ask_ahead(UNIT, BLOCK)
        assert len(device.requests) == before
        assert take() == PUMP


def test_a_write_in_between_throws_the_reply_away_and_the_reading_is_newer_than_the_write(
    start: Start, honest: Honest
) -> None:
    device, line = start(honest)
    in_step(line)
    take = line.ask_ahead(UNIT, BLOCK)
    line.write(UNIT, BLOCK, VALUES)
    assert take() == honest.last()
    functions = [one.function for one in device.requests]
    assert functions.index(16) < len(functions) - 1, "the reading was asked for anew after the write"


def test_what_nobody_took_is_no_answer_to_the_next_question(start: Start, honest: Honest) -> None:
    _, line = start(honest)
    in_step(line)
    line.ask_ahead(UNIT, BLOCK)
    assert line.ask_ahead(UNIT, BLOCK)() == honest.last()
    line.ask_ahead(UNIT, BLOCK)
    assert line.read(UNIT, BLOCK) == honest.last()


@pytest.mark.parametrize(
    "first",
    [
        silence,
        lambda _: at_once(RESET),
        lambda _: at_once(HANG_UP),
        lambda request: at_once(request.reply([1] * 4)[:9], RESET),
        lambda request: at_once(request.frame(b"\x03\x08" + bytes(8), transaction=1)),
        lambda request: at_once(request.frame(b"\x04\x06" + bytes(6), unit=OTHER_UNIT)),
        lambda request: at_once(request.refusal(6)),
        lambda request: at_once(b"\x00" + request.reply([1] * 4)),
    ],
    ids=["silent", "reset", "hung up", "half", "old number", "the other's reply", "busy", "a byte in front"],
)
def test_a_fault_on_the_first_of_two_leaves_both_readings_true(start: Start, first: object) -> None:
    device, line = start(by_unit)
    in_step(line)
    device.answer = in_turn(first, by_unit)  # type: ignore[arg-type]  # each of them answers a request
    take_pump, take_rig = line.ask_ahead(UNIT, BLOCK), line.ask_ahead(OTHER_UNIT, FEEDBACK)
    assert (take_pump(), take_rig()) == (PUMP, RIG)
    assert line.read(OTHER_UNIT, FEEDBACK) == RIG


def test_bytes_behind_the_last_reply_are_refused(start: Start) -> None:
    device, line = start(by_unit)
    in_step(line)
    device.answer = in_turn(by_unit, lambda request: at_once(by_unit(request)[0][1] + b"\x07"), by_unit)
    take_pump, take_rig = line.ask_ahead(UNIT, BLOCK), line.ask_ahead(OTHER_UNIT, FEEDBACK)
    assert (take_pump(), take_rig()) == (PUMP, RIG)
    assert device.connections == 2


def test_replies_in_another_order_are_refused(start: Start) -> None:
    held: list[Request] = []

    def swapped(request: Request) -> Iterable[Delivery]:
        held.append(request)
        return at_once(*(by_unit(one)[0][1] for one in reversed(held))) if len(held) == 2 else []

    device, line = start(by_unit)
    in_step(line)
    device.answer = in_turn(swapped, swapped, by_unit)
    take_pump, take_rig = line.ask_ahead(UNIT, BLOCK), line.ask_ahead(OTHER_UNIT, FEEDBACK)
    assert (take_pump(), take_rig()) == (PUMP, RIG)


def both(request: Request) -> list[Delivery]:
    """Answer function 23 with words that tell what was written."""
    count, written = int.from_bytes(request.pdu[3:5], "big"), int.from_bytes(request.pdu[10:12], "big")
    return at_once(request.reply([written + place for place in range(count)]))


def test_heartbeat_and_feedback_go_in_one_request(start: Start) -> None:
    device, line = start(by_unit)
    in_step(line)
    device.answer = both
    take = line.beat_ahead(OTHER_UNIT, BEAT, {"beat": 77}, MIRRORED)
    assert take is not None
    assert take() == {"f0": 77, "f1": 78, "f2": 79}
    sent = device.requests[-1]
    assert (sent.function, sent.address, sent.count) == (23, 240, 3)
    assert sent.pdu[5:] == bytes([0, 8, 0, 1, 2, 0, 77])


def test_a_beat_without_reply_asks_nothing_again_by_itself(start: Start) -> None:
    device, line = start(by_unit)
    in_step(line)
    device.answer = silence
    take = line.beat_ahead(OTHER_UNIT, BEAT, {"beat": 77}, MIRRORED)
    assert take is not None
    with pytest.raises(NoAnswer, match="no reply"):
        take()
    assert [one.function for one in device.requests].count(23) == 1


def test_a_device_that_does_not_know_function_23_is_told_what_to_take_out_of_its_map(start: Start) -> None:
    device, line = start(by_unit)
    in_step(line)
    device.answer = lambda request: at_once(request.refusal(1))
    take = line.beat_ahead(OTHER_UNIT, BEAT, {"beat": 77}, MIRRORED)
    assert take is not None
    with pytest.raises(BenchFault, match=r"exception 1 .* with function 23\. Next: take `inputs_mirrored_at` out"):
        take()
