# SPDX-License-Identifier: Apache-2.0
"""Modbus RTU: after any doubt the line must fall silent, and a reply of unmistakable length must come.

Every read asks for a few registers more than it needs, never as many as the reads just before (`ReplyShapes`), so that
a late or repeated reply is refused. A device that has no registers behind a block says so once; from then on a shorter
read of the same block goes ahead of each read of it. The confirmation of a write has only one shape: an old one could
be taken for a new one, so whatever matters is read back by the drivers.
"""

import socket
from collections.abc import Sequence
from pathlib import Path

import serial
from pymodbus.client import ModbusSerialClient
from pymodbus.constants import ExcCodes

from groundfloor.system.line_bytes import LINE_ERRORS, LineBytes, bytes_of
from groundfloor.wall_clock import Deadline, monotonic_s, sleep_s
from instruments.modbus.address import RtuAddress
from instruments.modbus.client import ModbusClient, WireDoubt, shown
from instruments.modbus.reply_shapes import ReplyShapes
from instruments.modbus.wire import ModbusWire, Refusal
from instruments.register_map.block import MOST_REGISTERS_IN_ONE_READ
from instruments.register_map.point import REGISTERS_IN_A_TABLE, Table

_RECEIVE_BYTES = 512
_ENOUGH_TO_TELL = 4
"""So many bytes of a request are no chance."""
_MOST_EXTRA_REGISTERS = 19
_SILENT_CHARACTERS = 3.5
_LEAST_SILENCE_S = 0.00175
"""Above 19200 baud the silence between frames no longer shrinks (Modbus over Serial Line V1.02, 2.5.1.1)."""


class _RtuClient(ModbusClient, ModbusSerialClient):
    """Sleeps in the kernel until bytes come; pymodbus' own client asks every few milliseconds how many there are."""

    frame_overhead = 3
    function_code_at = 1

    def __init__(self, address: RtuAddress, timeout_s: float) -> None:
        ModbusSerialClient.__init__(self, address.device, timeout=timeout_s, retries=0)
        self.timeout_s = timeout_s
        self._address = address
        self._bytes: LineBytes | None = None
        self._sent = b""
        self._last_byte_s = monotonic_s()
        self._silence_s = max(_SILENT_CHARACTERS * address.character_s, _LEAST_SILENCE_S)
        if address.silence_ms is not None:
            self._silence_s = address.silence_ms / 1000

    def connect(self) -> bool:
        if self.socket is None:
            where = self._address
            self.socket = serial.Serial(
                where.device, where.baudrate, parity=where.parity, stopbits=where.stopbits, exclusive=True
            )
            self._bytes = bytes_of(self.socket)
        return True

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:  # noqa: ARG002  pymodbus' signature
        times_sent = 2 if self._address.echo else 1
        self.start_deadline(self._address.character_s * (times_sent * len(request) + self._expected))
        self._sent = request
        self.keep(b"")
        if (sent := self._line().write(request)) != len(request):
            raise WireDoubt(f"only {sent} of {len(request)} bytes could be sent")
        if self._address.echo:
            self._take_the_echo_off(request)
        return sent

    def _take_the_echo_off(self, request: bytes) -> None:
        """Wait for the request itself to come back; bytes behind it begin the reply.

        Raises:
            WireDoubt: it does not, or something else does.
        """
        came = b""
        while len(came) < len(request):
            if not (more := self.receive(self._deadline)):
                seen = f"{len(came)} of the {len(request)} bytes that were sent came back within"
                raise WireDoubt(f"{seen} {self._deadline.limit_s:.3g} s; without an echo leave echo=yes out")
            came += more
            if not came.startswith(request[: len(came)]) and not request.startswith(came[: len(request)]):
                raise WireDoubt(f"what came back is not what was sent: {shown(came)}")
        self.keep(came[len(request) :])

    def strange(self, frame: bytes) -> str:
        """Tell whether a frame that is no reply is the request itself: the line echoes, and nobody said so."""
        begun = self._sent[: min(len(frame), len(self._sent))]
        if self._address.echo or len(begun) < _ENOUGH_TO_TELL or not frame.startswith(begun):
            return ""
        return "the request itself came back: the adapter echoes; write echo=yes in its address"

    def receive(self, deadline: Deadline) -> bytes:
        line = self._line()
        if not line.comes_within(deadline.remaining_s()):
            return b""
        came = line.read(_RECEIVE_BYTES)
        if not came:
            raise OSError("the serial device is gone")
        self._last_byte_s = monotonic_s()
        return came

    def stays_silent(self) -> bool:
        """Let the silence pass that has to lie between two frames, and tell whether it was one."""
        sleep_s(self._last_byte_s + self._silence_s - monotonic_s())
        return not self._line().comes_within(0)

    def fall_silent(self, silence_s: float, limit_s: float) -> None:
        """Throw away what comes until nothing has come for `silence_s`.

        Raises:
            WireDoubt: bytes still came after `limit_s`.
        """
        limit = Deadline(limit_s)
        while self.receive(Deadline(silence_s)):
            if limit.passed():
                raise WireDoubt(f"the line did not fall silent within {limit_s:.3g} s")

    def _line(self) -> LineBytes:
        if self.socket is None or self._bytes is None:
            raise OSError("the serial device is closed")
        return self._bytes


class _ServedRtuClient(_RtuClient):
    """The same on a serial line behind a server that passes its bytes on."""

    def connect(self) -> bool:
        if self.socket is None and self._address.server is not None:
            connection = socket.create_connection(self._address.server, timeout=Deadline(self.timeout_s).limit_s)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._bytes = bytes_of(connection)
            self.socket = connection  # type: ignore[assignment]  # pymodbus knows a serial port here; both have a file
        return True


class RtuWire(ModbusWire):
    """A Modbus RTU line that resynchronises itself after every doubt."""

    _client: _RtuClient

    def __init__(self, address: RtuAddress, timeout_s: float) -> None:
        super().__init__(address, (_RtuClient if address.server is None else _ServedRtuClient)(address, timeout_s))
        self._device = None if address.server is not None else Path(address.device)
        self._silence_s = timeout_s / 2
        self._silence_limit_s = 2 * timeout_s
        self._shapes = ReplyShapes()
        self._cramped: set[tuple[int, Table, int, int]] = set()

    def prepare(self) -> None:
        """Make sure of an open, silent line; bytes that nobody asked for are thrown away and end the trust."""
        try:
            self._client.connect()
            if not self.trusted or not self._client.stays_silent():
                self.trusted = False
                self._client.fall_silent(self._silence_s, self._silence_limit_s)
        except LINE_ERRORS as broken:
            self.close()
            raise WireDoubt(f"the serial line cannot be used: {broken}{self._hint()}") from broken

    def read(self, unit_id: int, table: Table, address: int, count: int) -> bytes:
        """Read with a length that no earlier reply can have; returns the first `count` registers."""
        place = (unit_id, table, address, count)
        most = min(count + _MOST_EXTRA_REGISTERS, MOST_REGISTERS_IN_ONE_READ, REGISTERS_IN_A_TABLE - address)
        if place not in self._cramped and (asked := self._shapes.choose(unit_id, table, range(count, most + 1))):
            try:
                return self._ask(unit_id, table, address, asked)[: 2 * count]
            except Refusal as refusal:
                if asked == count or refusal.code not in (ExcCodes.ILLEGAL_ADDRESS, ExcCodes.ILLEGAL_VALUE):
                    raise
                self._cramped.add(place)
        return self._read_after_another(unit_id, table, address, count)

    def write(self, unit_id: int, address: int, words: Sequence[int]) -> None:
        """Write once; an exception code ends the trust, because one exception looks like another."""
        try:
            super().write(unit_id, address, words)
        except Refusal:
            self.trusted = False
            raise

    def write_one(self, unit_id: int, address: int, word: int) -> None:
        """Write one register once; see `write`."""
        try:
            super().write_one(unit_id, address, word)
        except Refusal:
            self.trusted = False
            raise

    def _read_after_another(self, unit_id: int, table: Table, address: int, count: int) -> bytes:
        between = self._shapes.choose(unit_id, table, range(count - 1, 0, -1))
        if between is None:
            raise WireDoubt(f"{count} registers can be asked for in too few ways to know their reply from an old one")
        self._ask(unit_id, table, address, between)
        self._shapes.ask(unit_id, table, count)
        return self._ask(unit_id, table, address, count)

    def _ask(self, unit_id: int, table: Table, address: int, count: int) -> bytes:
        self.prepare()
        try:
            words = self._exchange(self.read_request(unit_id, table, address, count))
        except Refusal:
            self.trusted = False
            raise
        self._shapes.answered(unit_id, table, count)
        return words

    def _hint(self) -> str:
        device = self._device
        return "" if device is None or not device.is_absolute() or device.exists() else f" ({device} does not exist)"
