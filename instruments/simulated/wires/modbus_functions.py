# SPDX-License-Identifier: Apache-2.0
"""The Modbus functions that the twin serves: from the data of a request to the data of its reply.

A request is judged in the order in which pymodbus does it: can it be decoded, are its counts in range, is there such a
unit, are there such registers, does the device take it. A request that cannot be decoded gets exception 1 of function
0, as from pymodbus; the standard would have the function's own number there.

Source: Modbus Application Protocol V1.1b3, 6.3 to 6.17.
"""

import struct
from collections.abc import Callable, Mapping
from functools import partial

from instruments.register_map.block import MOST_REGISTERS_IN_ONE_READ, MOST_REGISTERS_IN_ONE_WRITE
from instruments.register_map.point import Table
from instruments.simulated.wires.register_bank import IllegalAddress, RegisterBank

MOST_WRITTEN_WHILE_READING = 121
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, DEVICE_FAILURE = 1, 2, 3, 4
_UNDECODABLE = bytes((0x80, ILLEGAL_FUNCTION))
_READ, _WRITE_ONE, _WRITE, _MASK = (
    struct.Struct(">HH"),
    struct.Struct(">HH"),
    struct.Struct(">HHB"),
    struct.Struct(">HHH"),
)
_READ_WRITE = struct.Struct(">HHHHB")


class _Undecodable(Exception):
    """The data is too short, or names a count that pymodbus does not decode."""


class _Refused(Exception):
    """The reply is an exception code, which this carries."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def answer(bank: RegisterBank | None, pdu: bytes) -> bytes:
    """Return the reply to a request; both from the function code on.

    Args:
        bank: what the request is for; None where the unit is nobody's.
        pdu: function code and data; at least the former.
    """
    function = SERVED.get(pdu[0])
    if function is None:
        return _exception(pdu, ILLEGAL_FUNCTION)
    try:
        return function(bank, pdu)
    except _Undecodable:
        return _UNDECODABLE
    except _Refused as refused:
        return _exception(pdu, refused.code)


def registers_of(bank: RegisterBank, pdu: bytes) -> Callable[[], bytes]:
    """Return what gives the registers that a proper request of a `READING` function asks for."""
    address, count = _fields(_READ, pdu)
    return partial(bank.read_bytes, READING[pdu[0]], address, count)


def _exception(pdu: bytes, code: int) -> bytes:
    return bytes((pdu[0] | 0x80, code))


def _reading(table: Table) -> Callable[[RegisterBank | None, bytes], bytes]:
    def read(bank: RegisterBank | None, pdu: bytes) -> bytes:
        address, count = _fields(_READ, pdu)
        if not 1 <= count <= MOST_REGISTERS_IN_ONE_READ:
            raise _Undecodable
        if count > _found(bank).register_map.limits.most_read:
            raise _Refused(ILLEGAL_VALUE)
        return bytes((pdu[0], 2 * count)) + _registers(_found(bank), table, address, count)

    return read


def _write_one(bank: RegisterBank | None, pdu: bytes) -> bytes:
    """Write one register; the reply tells what it reads afterwards."""
    address, word = _fields(_WRITE_ONE, pdu)
    _write_words(_found(bank), address, [word])
    return pdu[:3] + _registers(_found(bank), Table.HOLDING, address, 1)


def _write(bank: RegisterBank | None, pdu: bytes) -> bytes:
    address, count, size = _fields(_WRITE, pdu)
    words = pdu[1 + _WRITE.size :]
    if not (1 <= count <= MOST_REGISTERS_IN_ONE_WRITE and size == 2 * count == len(words)):
        raise _Refused(ILLEGAL_VALUE)
    limits = _found(bank).register_map.limits
    if limits.writes_singly:
        raise _Refused(ILLEGAL_FUNCTION)
    if count > limits.most_written:
        raise _Refused(ILLEGAL_VALUE)
    _write_words(_found(bank), address, struct.unpack(f">{count}H", words))
    return pdu[:5]


def _mask(bank: RegisterBank | None, pdu: bytes) -> bytes:
    address, kept, set_ = _fields(_MASK, pdu)
    word = int.from_bytes(_registers(_found(bank), Table.HOLDING, address, 1), "big")
    _write_words(_found(bank), address, [(word & kept) | (set_ & ~kept)])
    return pdu[: 1 + _MASK.size]


def _read_write(bank: RegisterBank | None, pdu: bytes) -> bytes:
    """Write, then read; what was written stays written when the read is refused."""
    read_address, read_count, address, count, size = _fields(_READ_WRITE, pdu)
    if not (1 <= read_count <= MOST_REGISTERS_IN_ONE_READ and 1 <= count <= MOST_REGISTERS_IN_ONE_READ):
        raise _Undecodable
    words = pdu[1 + _READ_WRITE.size :]
    if not (count <= MOST_WRITTEN_WHILE_READING and size == 2 * count == len(words)):
        raise _Refused(ILLEGAL_VALUE)
    bank = _found(bank)
    if address + count > bank.extents[Table.HOLDING]:
        raise _Refused(ILLEGAL_ADDRESS)
    if bank.register_map.inputs_mirrored_at is None:
        raise _Refused(ILLEGAL_FUNCTION)
    _write_words(bank, address, struct.unpack(f">{count}H", words))
    return bytes((pdu[0], 2 * read_count)) + _registers(bank, Table.HOLDING, read_address, read_count)


Function = Callable[[RegisterBank | None, bytes], bytes]
READING = {3: Table.HOLDING, 4: Table.INPUT}
"""Functions that change nothing, and what they read."""
SERVED: Mapping[int, Function] = {
    **{code: _reading(table) for code, table in READING.items()},
    6: _write_one,
    16: _write,
    22: _mask,
    23: _read_write,
}


def _fields(layout: struct.Struct, pdu: bytes) -> tuple[int, ...]:
    """Return the numbers at the beginning of a request's data."""
    if len(pdu) <= layout.size:
        raise _Undecodable
    return layout.unpack_from(pdu, 1)


def _found(bank: RegisterBank | None) -> RegisterBank:
    if bank is None:
        raise _Refused(DEVICE_FAILURE)
    return bank


def _registers(bank: RegisterBank, table: Table, address: int, count: int) -> bytes:
    try:
        return bank.read_bytes(table, address, count)
    except IllegalAddress:
        raise _Refused(ILLEGAL_ADDRESS) from None
    except ValueError:
        raise _Refused(DEVICE_FAILURE) from None  # the device gave a value that cannot stand in its point


def _write_words(bank: RegisterBank, address: int, words: tuple[int, ...] | list[int]) -> None:
    try:
        bank.write(address, words)
    except IllegalAddress:
        raise _Refused(ILLEGAL_ADDRESS) from None
    except ValueError:
        raise _Refused(ILLEGAL_VALUE) from None
