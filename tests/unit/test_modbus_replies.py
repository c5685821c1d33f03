# SPDX-License-Identifier: Apache-2.0
"""Replies decoded in one step mean what pymodbus' own mean."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.pdu.register_message import ReadInputRegistersResponse, WriteMultipleRegistersResponse

from instruments.modbus.replies import REPLIES, HoldingRegisters, InputRegisters, WriteConfirmation

REGISTERS = st.lists(st.integers(0, 65535), min_size=1, max_size=125)


@given(REGISTERS)
def test_registers_are_those_that_pymodbus_reads(registers: list[int]) -> None:
    data = ReadInputRegistersResponse(registers=registers).encode()
    for reply in (InputRegisters(), HoldingRegisters()):
        reply.decode(data)
        assert list(reply.registers) == registers


@given(REGISTERS, st.integers(1, 250))
def test_a_reply_that_is_shorter_than_it_says_is_refused(registers: list[int], missing: int) -> None:
    data = ReadInputRegistersResponse(registers=registers).encode()
    with pytest.raises(struct.error):
        InputRegisters().decode(data[: max(1, len(data) - missing)])


def test_a_confirmation_tells_address_and_count() -> None:
    reply = WriteConfirmation()
    reply.decode(WriteMultipleRegistersResponse(address=7, count=3).encode())
    assert (reply.address, reply.count) == (7, 3)


def test_each_stands_for_its_own_function() -> None:
    assert [reply.function_code for reply in REPLIES] == [3, 4, 16]
