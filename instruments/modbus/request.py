# SPDX-License-Identifier: Apache-2.0
"""A request, and what its only right reply looks like: worked out once, used for every sample."""

import struct
from functools import cached_property
from typing import Self

from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.register_message import ReadWriteMultipleRegistersRequest


class Request:
    """A request to one unit.

    Args:
        pdu: the request.
        reply_data: how its reply begins behind the function code: the byte count, or the whole confirmation.
        reply_bytes: how many bytes function code and data of the reply have together.

    Attributes:
        reply_head: how the reply begins, from the unit id on.
    """

    def __init__(self, pdu: ModbusPDU, reply_data: bytes, reply_bytes: int) -> None:
        self.pdu = pdu
        self.reply_head = bytes((pdu.dev_id, pdu.function_code)) + reply_data
        self.reply_bytes = reply_bytes

    @cached_property
    def behind_transaction(self) -> bytes:
        """Return the request's frame on TCP, from behind the transaction number on."""
        body = bytes((self.pdu.dev_id, self.pdu.function_code)) + self.pdu.encode()
        return _header(len(body)) + body

    @cached_property
    def reply_header(self) -> bytes:
        """Return how the reply's frame goes on behind the transaction number on TCP: protocol, and length."""
        return _header(1 + self.reply_bytes)

    def carrying(self, written: bytes) -> Self:
        """Return the same request with `written` as its last bytes, in a frame that is not made anew; TCP only."""
        other = object.__new__(type(self))
        frame = self.behind_transaction[: -len(written)] + written
        other.__dict__.update(self.__dict__, behind_transaction=frame)  # the rest is known already, and is the same
        return other


def beat_request(unit_id: int, write_at: int, words: int, read_at: int, count: int) -> Request:
    """Return the request that writes so many `words` at `write_at` and then reads `count` registers (function 23).

    It writes zeros; `Request.carrying` makes the one that is sent.
    """
    pdu = ReadWriteMultipleRegistersRequest(
        read_address=read_at, read_count=count, write_address=write_at, write_registers=[0] * words, dev_id=unit_id
    )
    return Request(pdu, bytes((2 * count,)), reply_bytes=2 + 2 * count)


def _header(unit_and_pdu_bytes: int) -> bytes:
    return struct.pack(">HH", 0, unit_and_pdu_bytes)
