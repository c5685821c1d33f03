# SPDX-License-Identifier: Apache-2.0
"""Modbus frames byte by byte, written from the standard and without pymodbus, so that the two can be held together."""

import struct
from dataclasses import dataclass


def crc16(data: bytes) -> bytes:
    """Return the RTU checksum, low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


@dataclass(frozen=True)
class Request:
    """A request as it came in; `transaction` is None on RTU."""

    unit: int
    pdu: bytes
    transaction: int | None = None

    @property
    def function(self) -> int:
        return self.pdu[0]

    @property
    def address(self) -> int:
        return int.from_bytes(self.pdu[1:3], "big")

    @property
    def count(self) -> int:
        return int.from_bytes(self.pdu[3:5], "big")

    @property
    def words(self) -> list[int]:
        return list(struct.unpack(f">{self.count}H", self.pdu[6:]))

    def frame(self, pdu: bytes, unit: int | None = None, transaction: int | None = None) -> bytes:
        """Return `pdu` as a reply frame; unit and transaction are the request's unless given."""
        body = bytes([self.unit if unit is None else unit]) + pdu
        if self.transaction is None:
            return body + crc16(body)
        number = self.transaction if transaction is None else transaction
        return struct.pack(">HHH", number, 0, len(body)) + body

    def reply(self, words: list[int], function: int | None = None) -> bytes:
        """Return the frame that answers a read with `words`."""
        code = self.function if function is None else function
        return self.frame(struct.pack(f">BB{len(words)}H", code, 2 * len(words), *words))

    def confirmation(self) -> bytes:
        """Return the frame that confirms a write."""
        return self.frame(self.pdu[:5])

    def refusal(self, code: int) -> bytes:
        """Return the frame that refuses the request."""
        return self.frame(bytes([self.function | 0x80, code]))


def take_tcp(stream: bytearray) -> Request | None:
    """Take the first whole request off a TCP stream."""
    if len(stream) < 6 or len(stream) < (end := 6 + int.from_bytes(stream[4:6], "big")):
        return None
    raw = bytes(stream[:end])
    del stream[:end]
    return Request(raw[6], raw[7:], int.from_bytes(raw[:2], "big"))


def take_rtu(stream: bytearray) -> Request | None:
    """Take the first whole request off an RTU stream."""
    if len(stream) < 8 or len(stream) < (end := 9 + stream[6] if stream[1] == 16 else 8):
        return None
    raw = bytes(stream[:end])
    del stream[:end]
    assert crc16(raw[:-2]) == raw[-2:], "the driver sent a wrong checksum"
    return Request(raw[0], raw[1:-2])
