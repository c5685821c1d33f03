# SPDX-License-Identifier: Apache-2.0
"""A write goes out once; whatever is not exactly its confirmation leaves it unknown."""

import pytest

from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.line import WriteRefused
from instruments.register_map.block import Block
from instruments.write_unknown import WriteUnknown
from tests.sim.line_under_test import BLOCK, UNIT, VALUES, Honest, Start
from tests.sim.scripted_modbus import (
    Answer,
    at_once,
    in_turn,
    silence,
)


def test_a_block_is_written_in_one_request(start: Start, honest: Honest) -> None:
    device, line = start(honest)
    line.write(UNIT, BLOCK, VALUES)
    assert sum(request.function == 16 for request in device.requests) == 1
    request = device.requests[-1]
    assert (request.unit, request.function, request.address, request.words) == (UNIT, 16, 10, [1, 2, 3, 65535])


@pytest.mark.parametrize("value", [70000, -1, "x", None])
def test_a_value_that_no_register_holds_is_a_plan_error_and_nothing_is_sent(
    start: Start, value: int, honest: Honest
) -> None:
    """Row 8: pymodbus raises a bare struct.error."""
    device, line = start(honest)
    with pytest.raises(PlanError, match=r"p1: .* cannot stand in a uint16"):
        line.write(UNIT, BLOCK, {**VALUES, "p1": value})
    assert device.requests == []


def test_a_write_of_registers_that_are_not_one_closed_run_is_a_plan_error(start: Start, honest: Honest) -> None:
    """Row 8: a gap would be written with zeros."""
    device, line = start(honest)
    with pytest.raises(PlanError, match="not one closed run"):
        line.write(UNIT, Block([BLOCK.points[0], BLOCK.points[2]]), VALUES)
    assert device.requests == []


def test_values_given_to_a_write_are_left_as_they_are_and_one_value_stays_named(start: Start, honest: Honest) -> None:
    """Row 10: pymodbus' conversion lengthens the caller's list and returns a bare scalar for one element."""
    _, line = start(honest)
    given = dict(VALUES)
    line.write(UNIT, BLOCK, given)
    assert given == VALUES
    assert list(line.read(UNIT, Block(BLOCK.points[:1]))) == ["p0"]


def test_a_refused_write_says_so(start: Start, honest: Honest) -> None:
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
def test_a_write_that_is_not_exactly_confirmed_is_unknown_and_never_sent_again(
    start: Start, answer: Answer, honest: Honest
) -> None:
    device, line = start(lambda request: answer(request) if request.function == 16 else honest(request))
    with pytest.raises(WriteUnknown, match="not confirmed"):
        line.write(UNIT, BLOCK, VALUES)
    assert sum(request.function == 16 for request in device.requests) == 1
    assert line.read(UNIT, BLOCK) == honest.last()


def test_after_a_doubt_a_reply_is_seen_before_anything_is_written(start: Start, honest: Honest) -> None:
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
