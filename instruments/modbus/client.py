# SPDX-License-Identifier: Apache-2.0
"""What our two pymodbus clients share: they collect one frame of known length against one deadline.

The length of a reply follows from the request: there is one length for the answer and one for an exception. pymodbus
does not use that. It hands on whatever came, hunts for a frame in it and waits for more until an idle time is over,
so a slow drip holds it, and garbage in front of a frame, or behind it, is passed over in silence.
"""

from abc import abstractmethod

from pymodbus.client.base import ModbusBaseSyncClient

from groundfloor.wall_clock import Deadline
from instruments.modbus.request import Request

_EXCEPTION_BYTES = 2
_MOST_TO_SHOW = 24


class WireDoubt(Exception):
    """What came, if anything, is not exactly one reply to the request; the wire must be restored before it is used."""


class ModbusClient(ModbusBaseSyncClient):
    """A synchronous pymodbus client that receives exactly one frame, or raises `WireDoubt`.

    Attributes:
        frame_overhead: bytes of a frame around function code and data.
        function_code_at: where the function code stands in a frame.
        timeout_s: how long a device may take for its reply.
        more_due: whether another reply is due behind the one that is received; its bytes may have come with it.
    """

    frame_overhead: int
    function_code_at: int
    timeout_s: float
    more_due = False
    _rest = b""

    def expect(self, head: bytes, pdu_bytes: int) -> None:
        """Say what the next reply looks like; its deadline starts when the request is sent.

        Args:
            head: how the reply begins, from the unit id on: function code and byte count, or the whole confirmation.
            pdu_bytes: how many bytes function code and data have together.
        """
        self._head = head
        self._expected = pdu_bytes + self.frame_overhead

    def start_deadline(self, wire_s: float = 0.0) -> None:
        """Let the total time of this exchange run: the device's time-out and `wire_s` for the bytes themselves."""
        self._deadline = Deadline(self.timeout_s + wire_s)

    def ask(self, request: Request) -> None:
        """Send `request` once; its deadline begins.

        Raises:
            OSError: the wire is broken.
        """
        self.expect(request.reply_head, request.reply_bytes)
        request.pdu.transaction_id = self.transaction.getNextTID()
        self.send(self.framer.buildFrame(request.pdu))

    def answer(self, request: Request) -> bytes:
        """Return function code and data of the reply to `request`, which was asked last.

        Raises:
            WireDoubt: none came in time, or what came is not exactly one reply.
            OSError: the wire is broken.
        """
        frame = self.recv(None)
        used, reply = self.framer.handleFrame(frame, request.pdu.dev_id, request.pdu.transaction_id)
        if reply is None or used != len(frame):
            raise WireDoubt(f"{self.strange(frame) or 'a frame whose checksum is wrong'}: {shown(frame)}")
        return frame[self.function_code_at : self.function_code_at + used - self.frame_overhead]

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002  pymodbus' signature
        """Return one whole frame.

        Raises:
            WireDoubt: none came in time, or it has another length or another beginning.
        """
        frame, self._rest = self._rest or self.receive(self._deadline), b""
        if len(frame) != self._expected or not frame.startswith(self._head, self.function_code_at - 1):
            frame = self._completed(frame)
        return frame

    @abstractmethod
    def receive(self, deadline: Deadline) -> bytes:
        """Return what has come, waiting for the first byte until `deadline`; nothing when it has passed.

        Raises:
            OSError: the wire is broken.
        """

    def strange(self, frame: bytes) -> str:  # noqa: ARG002  only some wires can tell
        """Return what a frame is that is no reply, where the wire can tell; else nothing."""
        return ""

    def keep(self, rest: bytes) -> None:
        """Keep bytes that came before they were asked for: the next frame begins with them."""
        self._rest = rest

    @abstractmethod
    def close(self) -> None:
        """Let the wire go."""

    def _completed(self, frame: bytes) -> bytes:
        """Return the whole frame that begins with `frame`: it came in pieces, or is an exception, or is wrong."""
        more = frame
        while more:
            self._check(frame)
            if len(frame) >= (due := self._due(frame)):
                self._rest = frame[due:]
                return frame[:due]
            more = self.receive(self._deadline)
            frame += more
        within = f"within {self._deadline.limit_s:.3g} s"
        if not frame:
            raise WireDoubt(f"no reply {within}")
        raise WireDoubt(f"{len(frame)} of {self._due(frame)} bytes {within}: {shown(frame)}")

    def _check(self, frame: bytes) -> None:
        head = frame[self.function_code_at - 1 :]
        refusal = bytes((self._head[0], self._head[1] | 0x80))
        if not self._head.startswith(head[: len(self._head)]) and not refusal.startswith(head[:2]):
            told = self.strange(frame) or "a reply to another request (unit, function or count is another)"
            raise WireDoubt(f"{told}: {shown(frame)}")
        if len(frame) > self._due(frame) and not self.more_due:
            told = self.strange(frame) or f"{len(frame) - self._due(frame)} bytes too many"
            raise WireDoubt(f"{told}: {shown(frame)}")

    def _due(self, frame: bytes) -> int:
        if len(frame) > self.function_code_at and frame[self.function_code_at] & 0x80:
            return _EXCEPTION_BYTES + self.frame_overhead
        return self._expected


def shown(frame: bytes) -> str:
    """Return the bytes of a frame for a person to read, the end of a long one cut off."""
    return frame[:_MOST_TO_SHOW].hex(" ") + (" …" if len(frame) > _MOST_TO_SHOW else "")
