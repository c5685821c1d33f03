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
import socket
from collections import deque
from collections.abc import Sequence

from pymodbus.client import ModbusTcpClient

from groundfloor.system.readiness import Readiness, readiness_of
from groundfloor.system.socket_options import LINGER_NOT
from groundfloor.wall_clock import Deadline
from instruments.modbus.address import TcpAddress
from instruments.modbus.client import ModbusClient, WireDoubt, shown
from instruments.modbus.request import Request
from instruments.modbus.wire import Asked, ModbusWire
from instruments.register_map.point import Table

_RECEIVE_BYTES = 4096
_EXCEPTION_HEADER = bytes((0, 0, 0, 3))


class _TcpClient(ModbusClient, ModbusTcpClient):
    """Waits by `poll`, as `select` cannot watch a file number of 1024 or more, and lets errors out unchanged."""

    frame_overhead = 7
    function_code_at = 7

    def __init__(self, address: TcpAddress, timeout_s: float) -> None:
        ModbusTcpClient.__init__(self, address.host, port=address.port, timeout=timeout_s, retries=0)
        self.timeout_s = timeout_s
        self._ready: Readiness | None = None

    def connect(self) -> bool:
        if self.socket is None:
            self.socket = socket.create_connection(
                (self.comm_params.host, self.comm_params.port), timeout=Deadline(self.timeout_s).limit_s
            )
            self.socket.setblocking(False)  # poll does the waiting
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a second request waits for no reply
            self._ready = readiness_of(self.socket)
        return True

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket, self._rest = None, b""

    def abandon(self) -> None:
        """Close by a reset: what was sent and has not arrived never will."""
        with contextlib.suppress(OSError):  # the old connection's end is of no interest
            if self.socket is not None:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            self.close()

    def ask(self, request: Request) -> None:
        """Send `request` in the frame that was made of it once, under a new transaction number."""
        self.expect(request.reply_head, request.reply_bytes)
        self._transaction = self.next_transaction()
        self.send(self._transaction + request.behind_transaction)

    def next_transaction(self) -> bytes:
        """Return the transaction number of one more request, which its reply must have."""
        transaction: bytes = self.transaction.getNextTID().to_bytes(2, "big")
        return transaction

    def answer(self, request: Request) -> bytes:
        return self.answer_to(request, self._transaction)

    def answer_to(self, request: Request, transaction: bytes) -> bytes:
        """Return function code and data of the reply to `request`, which was asked as `transaction`."""
        self.expect(request.reply_head, request.reply_bytes)
        frame = self.recv(None)
        header = request.reply_header if len(frame) == request.reply_bytes + 7 else _EXCEPTION_HEADER
        if frame[:2] != transaction or frame[2:6] != header:
            raise WireDoubt(f"a frame whose transaction number, protocol or length is wrong: {shown(frame)}")
        return frame[7:]

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:  # noqa: ARG002  pymodbus' signature
        self.start_deadline()
        self._open().sendall(request)
        return len(request)

    def receive(self, deadline: Deadline) -> bytes:
        if self._ready is None or not self._ready.poll(1000 * deadline.remaining_s()):
            return b""
        came = self._open().recv(_RECEIVE_BYTES)
        if not came:
            raise ConnectionResetError("the device closed the connection")
        return came

    def idle(self) -> bool:
        """Tell whether the connection stands and nothing waits in it: no late byte, no end of stream."""
        return self.socket is not None and self._ready is not None and not self._ready.poll(0)

    def _open(self) -> socket.socket:
        if self.socket is None:
            raise ConnectionResetError("the connection is closed")
        return self.socket


class TcpWire(ModbusWire):
    """A Modbus TCP connection that renews itself after every doubt.

    A device takes one request at a time unless its map says that it takes more. Then the next request may go out before
    the reply to the first is here, and the replies come in the order of the requests. What several devices are asked
    ahead goes out in one piece, as soon as all of them are asked, and at the latest when the first reply is taken.
    """

    _client: _TcpClient

    def __init__(self, address: TcpAddress, timeout_s: float) -> None:
        super().__init__(address, _TcpClient(address, timeout_s))
        self._ahead: deque[Asked] = deque()
        self._unsent = b""
        self._hangs_up = address.reconnect

    def prepare(self) -> None:
        """Make sure of a connection on which nothing is under way; bytes left over end the old one."""
        self._forget()
        if self.trusted and not self._hangs_up and self._client.idle():
            return
        self._client.abandon()
        try:
            self._client.connect()
        except OSError as closed:
            raise WireDoubt(f"no connection: {closed}") from closed
        self.trusted = True

    def read(self, unit_id: int, table: Table, address: int, count: int) -> bytes:
        """Read once; the transaction number pairs the reply with the request."""
        self.prepare()
        return self._exchange(self.read_request(unit_id, table, address, count))

    def write(self, unit_id: int, address: int, words: Sequence[int]) -> None:
        """Write once; a server that hangs up gets a new connection although a read has just proved the old one."""
        if self._hangs_up:
            self.prepare()
        super().write(unit_id, address, words)

    def ask_ahead(self, request: Request) -> Asked | None:
        """Ask, if no more is under way than the devices take at once."""
        if self._ahead and any(one.request is request for one in self._ahead):
            self._forget()  # nobody took that reply, so it is old, and the connection is renewed
            return None
        if not self._may_ask():
            return None
        self.trusted = False  # until all replies are taken
        asked = Asked(request, self._client.next_transaction())
        self._ahead.append(asked)
        self._unsent += asked.transaction + request.behind_transaction
        if len(self._ahead) >= min(self.most_at_once, self.devices):
            try:  # noqa: SIM105  a third of the time of `suppress`, for each sample
                self._send_asked()
            except OSError:
                pass  # whoever takes the reply finds the wire broken, and restores it
        return asked

    def take(self, asked: Asked) -> bytes:
        """Return the data of the reply, which is the next to come."""
        if not self._ahead or self._ahead[0] is not asked:
            raise WireDoubt("its reply was thrown away, as something else was asked before it was taken")
        self._ahead.popleft()
        self._client.more_due = bool(self._ahead)
        try:
            return self._answer(lambda: self._reply(asked))
        except WireDoubt as doubt:
            self._forget()
            self._note(doubt)
            raise
        finally:
            self._client.more_due = False
            self.trusted = self.trusted and not self._ahead

    def _reply(self, asked: Asked) -> bytes:
        if self._unsent:
            self._send_asked()
        return self._client.answer_to(asked.request, asked.transaction)

    def _send_asked(self) -> None:
        unsent, self._unsent = self._unsent, b""
        self._client.send(unsent)

    def _forget(self) -> None:
        """Expect no reply to what was asked ahead, and send nothing of it that was not sent."""
        self._ahead.clear()
        self._unsent = b""

    def _may_ask(self) -> bool:
        if self._ahead:
            return len(self._ahead) < self.most_at_once
        return self.trusted and not self._hangs_up and self._client.idle()

    def _exchange(self, request: Request) -> bytes:
        try:
            return super()._exchange(request)
        except WireDoubt as doubt:
            self._note(doubt)
            raise

    def _note(self, doubt: WireDoubt) -> None:
        self._hangs_up = self._hangs_up or isinstance(doubt.__cause__, ConnectionError)
