# SPDX-License-Identifier: Apache-2.0
"""A request, and what its only right reply looks like: worked out once, used for every sample."""

import struct
from functools import cached_property

from pymodbus.pdu import ModbusPDU


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


def _header(unit_and_pdu_bytes: int) -> bytes:
    return struct.pack(">HH", 0, unit_and_pdu_bytes)
