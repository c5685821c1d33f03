# SPDX-License-Identifier: Apache-2.0
"""Modbus TCP: after any doubt the connection is given up and a new one is made.

A new connection holds no old bytes, and the transaction number goes on counting, so an old reply fits no new request.
The old one is reset, not closed: after a close the system would go on delivering a request that is still on its way,
long after the driver has read back that it did not arrive.
TCP itself guards the bytes; Modbus TCP adds no checksum of its own.

Some servers close the connection after each reply. A request that meets the closing is lost, so once that was seen each
request gets a connection of its own.
"""

import contextlib
import select
import socket
import struct
from collections.abc import Sequence

from pymodbus.client import ModbusTcpClient
from pymodbus.pdu import ModbusPDU

from groundfloor.wall_clock import Deadline
from instruments.modbus.address import TcpAddress
from instruments.modbus.client import ModbusClient, WireDoubt
from instruments.modbus.wire import ModbusWire
from instruments.register_map.point import Table

_RECEIVE_BYTES = 4096
_LINGER_NOT = struct.pack("ii", 1, 0)


class _TcpClient(ModbusClient, ModbusTcpClient):
    """Waits by `poll`, as `select` cannot watch a file number of 1024 or more, and lets errors out unchanged."""

    frame_overhead = 7
    function_code_at = 7

    def __init__(self, address: TcpAddress, timeout_s: float) -> None:
        ModbusTcpClient.__init__(self, address.host, port=address.port, timeout=timeout_s, retries=0)
        self.timeout_s = timeout_s
        self._poll = select.poll()

    def connect(self) -> bool:
        if self.socket is None:
            self.socket = socket.create_connection(
                (self.comm_params.host, self.comm_params.port), timeout=Deadline(self.timeout_s).limit_s
            )
            self.socket.setblocking(False)  # poll does the waiting
            self._poll = select.poll()
            self._poll.register(self.socket, select.POLLIN)
        return True

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def abandon(self) -> None:
        """Close by a reset: what was sent and has not arrived never will."""
        with contextlib.suppress(OSError):  # the old connection's end is of no interest
            if self.socket is not None:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self.close()

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:  # noqa: ARG002  pymodbus' signature
        self.start_deadline()
        self._open().sendall(request)
        return len(request)

    def receive(self, deadline: Deadline) -> bytes:
        if not self._poll.poll(1000 * deadline.remaining_s()):
            return b""
        came = self._open().recv(_RECEIVE_BYTES)
        if not came:
            raise ConnectionResetError("the device closed the connection")
        return came

    def idle(self) -> bool:
        """Tell whether the connection stands and nothing waits in it: no late byte, no end of stream."""
        return self.socket is not None and not self._poll.poll(0)

    def _open(self) -> socket.socket:
        if self.socket is None:
            raise ConnectionResetError("the connection is closed")
        return self.socket


class TcpWire(ModbusWire):
    """A Modbus TCP connection that renews itself after every doubt."""

    _client: _TcpClient

    def __init__(self, address: TcpAddress, timeout_s: float) -> None:
        super().__init__(address, _TcpClient(address, timeout_s))
        self._hangs_up = False

    def prepare(self) -> None:
        """Make sure of a connection on which nothing is under way; bytes left over end the old one."""
        if self.trusted and not self._hangs_up and self._client.idle():
            return
        self._client.abandon()
        try:
            self._client.connect()
        except OSError as closed:
            raise WireDoubt(f"no connection: {closed}") from closed
        self.trusted = True

    def read(self, unit_id: int, table: Table, address: int, count: int) -> Sequence[int]:
        """Read once; the transaction number pairs the reply with the request."""
        self.prepare()
        return self._read_once(unit_id, table, address, count)

    def write(self, unit_id: int, address: int, words: Sequence[int]) -> None:
        """Write once; a server that hangs up gets a new connection although a read has just proved the old one."""
        if self._hangs_up:
            self.prepare()
        super().write(unit_id, address, words)

    def _exchange(self, request: ModbusPDU, head: bytes, pdu_bytes: int) -> ModbusPDU:
        try:
            return super()._exchange(request, head, pdu_bytes)
        except WireDoubt as doubt:
            self._hangs_up = self._hangs_up or isinstance(doubt.__cause__, ConnectionError)
            raise
