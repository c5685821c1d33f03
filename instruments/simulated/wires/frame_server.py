# SPDX-License-Identifier: Apache-2.0
"""The pump's and the rig's Modbus TCP wire: frames in, frames out, on plain sockets.

The state of an instant is computed once: the reply to a read is kept, as the bytes that go over the wire, until time
moves or anything is written. Injectors only move with time or by a write, so nothing else can change a register.

A stream is cut into frames by the lengths that they tell, and each is answered in its turn, however many came in one
piece or in however many pieces one came. What cannot be the beginning of a request (another protocol, or longer than
any) is never answered, like on pymodbus' server, and is dropped when more of it came than the longest request has.
"""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress

from groundfloor.errors import PlanError
from instruments.simulated.wires.modbus_functions import READING, answer, registers_of
from instruments.simulated.wires.register_bank import RegisterBank
from instruments.simulated.wires.tcp_line import TcpLine
from instruments.simulated.wires.tcp_port import TcpPort

LEAST_FRAME = 8
LONGEST_FRAME = 264
MOST_KEPT = 256
_UNIT_AT = 6
_READ_REQUEST_BYTES = 6
_REGISTERS_AT = 7
"""In a reply without the number of its request."""
_MODBUS = b"\0\0"


class FrameServer:
    """Serves register banks on TCP.

    Args:
        banks: the bank of each unit id; no unit is spoken to by 0.
        catch_up: lets the timeline catch up and returns the instant in s.
    """

    def __init__(self, banks: Mapping[int, RegisterBank], catch_up: Callable[[], float]) -> None:
        self._banks = banks
        self._catch_up = catch_up
        self._kept_at_s = math.nan
        self._kept: dict[bytes, bytes] = {}
        self._prepared: dict[bytes, tuple[bytes, Callable[[], bytes]]] = {}
        self._ports: list[TcpPort] = []

    async def listen_tcp(self, host: str, port: int) -> int:
        """Serve all units on a TCP port and return its number; port 0 takes a free one.

        Raises:
            OSError: the port cannot be opened.
        """
        self._ports.append(TcpPort(host, port, self._serve))
        return self._ports[-1].number

    async def listen_rtu(self, path: str) -> None:
        """Refuse: it speaks TCP only.

        Raises:
            PlanError: always.
        """
        raise PlanError("twin process", f"serve {path}", "this server speaks TCP only", "take the pymodbus server")

    async def close(self) -> None:
        """Close every port and every connection."""
        while self._ports:
            self._ports.pop().close()

    def answer(self, request: bytes) -> bytes:
        """Return the reply to a request, which begins with the unit id, with all of its header but the first number."""
        now_s = self._catch_up()
        if now_s != self._kept_at_s:
            self._kept.clear()
            self._kept_at_s = now_s
        reply = self._kept.get(request)
        return self._answer_anew(request) if reply is None else reply

    def _answer_anew(self, request: bytes) -> bytes:
        if request in self._prepared:
            head, registers = self._prepared[request]
            with suppress(
                ValueError
            ):  # the device gave a value that cannot stand in its point: there is a reply to that
                reply = self._kept[request] = head + registers()
                return reply
        return self._answer_unprepared(request)

    def _answer_unprepared(self, request: bytes) -> bytes:
        pdu = answer(self._banks.get(request[0]), request[1:])
        reply = _MODBUS + (1 + len(pdu)).to_bytes(2, "big") + request[:1] + pdu
        if request[1] not in READING or len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        if request[1] in READING:
            self._kept[request] = reply
            if pdu[0] == request[1] and len(request) == _READ_REQUEST_BYTES:
                self._prepared[request] = reply[:_REGISTERS_AT], registers_of(self._banks[request[0]], request[1:])
        return reply

    def _serve(self, line: TcpLine) -> None:
        line.received = _Stream(self.answer, line.write).take


class _Stream:
    """What came on one connection and is not answered yet."""

    def __init__(self, answer: Callable[[bytes], bytes], write: Callable[[bytes], None]) -> None:
        self._answer = answer
        self._write = write
        self._pending = b""

    def take(self, data: bytes) -> None:
        """Answer every request that `data` completes, in one piece."""
        came = self._pending + data if self._pending else data
        at, replies = 0, []
        while len(came) - at >= LEAST_FRAME and came[at + 2 : at + 4] == _MODBUS:
            end = at + _UNIT_AT + int.from_bytes(came[at + 4 : at + 6], "big")
            if end > min(len(came), at + LONGEST_FRAME):
                break
            if end - at >= LEAST_FRAME:
                replies.append(came[at : at + 2] + self._answer(came[at + _UNIT_AT : end]))
            at = end
        rest = came[at:]
        self._pending = rest if len(rest) <= LONGEST_FRAME else b""
        if replies:
            self._write(b"".join(replies))
