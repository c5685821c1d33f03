# SPDX-License-Identifier: Apache-2.0
"""A balance whose every byte is under the test's control, on TCP or on a pseudo-terminal.

It answers MT-SICS correctly until a test scripts a reply (`script`) or puts a bad wire in between (`wire`). Every
weight that it sends is another one, so a test can tell which request a reading answers.
"""

import binascii
import os
import select
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from decimal import Decimal

from tests.sim.reserved_port import ReservedPort
from tests.sim.reserved_pty import ReservedPty

CLOSE = "close"
RESET = "reset"
POLL_S = 0.005
# bytes are sent in one piece, a float is a pause in seconds
Action = bytes | float | str

SERIAL_NUMBER = "B021002593"
GREETING = f'I4 A "{SERIAL_NUMBER}"\r\n'.encode()


def drip(data: bytes, pause_s: float) -> list[Action]:
    """Return `data` byte by byte, with a pause after each."""
    return [item for byte in data for item in (bytes([byte]), pause_s)]


class ScriptedBalance:
    """Serves until the `with` block ends.

    Attributes:
        commands: every command received, in order.
        weights: the value of every weight that was sent to a weight command, in order.
        overlapped: a command came while the one before it was not answered.
        wire: takes (command, reply) and returns what really goes out.
        ignored: a command that is neither carried out nor answered.
        replies: fixed replies by command; a command without one gets `ES`.
        speak: answers every command, in another dialect than MT-SICS.
    """

    def __init__(self, *, pty: bool = False, sic1: bool = False, unit: str = "g") -> None:
        self.commands: list[bytes] = []
        self.weights: list[Decimal] = []
        self.tare = Decimal("0.0000")
        self.overlapped = False
        self.connections = 0
        self.wire: Callable[[bytes, bytes], list[Action]] = lambda _, reply: [reply]
        self.unit = unit
        self.status = "S"
        self.weigh: Callable[[], Decimal] = lambda: Decimal(1000001 + 7919 * len(self.weights)) / 10000
        self.replies: dict[bytes, bytes] = {
            b"@": GREETING,
            b"I4": GREETING,
            b"I2": b'I2 A "XSR205DU 220.0000 g"\r\n',
            b"I3": b'I3 A "2.10 10.28.0.493.142"\r\n',
            b"M03": b"M03 A 0\r\n",
            b"M17": b"M17 A 00 00 00 0\r\n",
            b"M18": b"M18 A 0\r\n",
            b"M21": f"M21 B 0 { {'g': 0, 'kg': 1, 'mg': 3}[unit] }\r\nM21 B 1 0\r\nM21 A 2 0\r\n".encode(),
        }
        self.knows_tare_memory = True
        self.ignored = b""
        self.speak: Callable[[bytes], bytes] | None = None
        self._sic1 = sic1
        self._scripts: dict[bytes, deque[list[Action]]] = defaultdict(deque)
        self._stop = threading.Event()
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self._pty: ReservedPty | None = None
        self._thread = self._serve_pty() if pty else self._serve_tcp()

    def __enter__(self) -> "ScriptedBalance":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)
        if self._listener is not None:
            self._listener.close()
        self.close_master()

    def script(self, command: bytes, *actions: Action) -> None:
        """Let the next `command` be answered by `actions` in place of its reply."""
        self._scripts[command].append(list(actions))

    def send(self, data: bytes) -> None:
        """Send bytes that nobody asked for."""
        if self._pty is not None and self._pty.master is not None:
            os.write(self._pty.master, data)
        else:
            self._open[-1].sendall(data)

    def restart(self) -> None:
        """Lose tare and zero, as after a power failure, and say nothing."""
        self.tare = Decimal("0.0000")

    def reset_connection(self) -> None:
        """Break the newest connection by RST."""
        _reset(self._open[-1])

    def close_master(self) -> None:
        """Close both ends of the pseudo-terminal, as if its adapter were pulled out."""
        if self._pty is not None:
            self._pty.pull_out()

    def field(self, value: Decimal) -> bytes:
        """Return a weight field: ten characters, blank, unit."""
        return f"{value:>10} {self.unit}".encode()

    def _serve_tcp(self) -> threading.Thread:
        self._port = ReservedPort()
        self._listener = self._port.listener()
        self._listener.settimeout(POLL_S)
        self.resource = f"TCPIP::127.0.0.1::{self._port.number}::SOCKET"
        return threading.Thread(target=self._accept, args=(self._listener,))

    def _serve_pty(self) -> threading.Thread:
        self._pty = ReservedPty()
        self.resource = f"ASRL{self._pty.name}::INSTR"
        return threading.Thread(target=self._serve_master, args=(self._pty,))

    def _accept(self, listener: socket.socket) -> None:
        threads = []
        while not self._stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            connection.settimeout(POLL_S)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(connection)
            threads.append(threading.Thread(target=self._serve_connection, args=(connection,)))
            threads[-1].start()
        for connection in self._open:
            connection.close()
        for thread in threads:
            thread.join(5)

    def _serve_connection(self, connection: socket.socket) -> None:
        received = b""
        while not self._stop.is_set():
            try:
                data = connection.recv(256)
            except TimeoutError:
                continue
            except OSError:
                return
            if not data:
                connection.close()
                return
            received = self._take(received + data, connection.sendall, lambda how: _hang_up(connection, how))

    def _serve_master(self, pty: ReservedPty) -> None:
        received = b""
        while not self._stop.is_set():
            master = pty.master
            if master is None:
                return
            if select.select([master], [], [], POLL_S)[0]:
                try:
                    received += os.read(master, 256)
                except OSError:
                    return
                received = self._take(received, self.send, lambda _: self.close_master())

    def _take(self, received: bytes, write: Callable[[bytes], object], hang_up: Callable[[str], None]) -> bytes:
        *commands, rest = received.split(b"\r\n")
        self.overlapped |= len(commands) + bool(rest) > 1 and b"@" not in commands
        for command in commands:
            self.commands.append(command)
            reply = self._reply(command)
            actions = self._scripts[command].popleft() if self._scripts[command] else self.wire(command, reply)
            for action in actions:
                try:
                    if isinstance(action, bytes):
                        write(action)
                    elif isinstance(action, float):
                        time.sleep(action)
                    else:
                        hang_up(action)
                except (OSError, IndexError):  # the bench has gone meanwhile
                    return b""
        return rest

    def _reply(self, command: bytes) -> bytes:
        if command == self.ignored:
            return b""
        if self.speak is not None:
            return self.speak(command)
        if command in (b"S", b"SI") or (command == b"SIC1" and self._sic1):
            return self._weight(b"SIC1" if command == b"SIC1" else b"S")
        if command == b"TA" and self.knows_tare_memory:
            return b"TA A " + self.field(self.tare) + b"\r\n"
        if command == b"T":
            self.tare = self.weigh()
            return b"T S " + self.field(self.tare) + b"\r\n"
        if command == b"Z":
            self.tare = Decimal("0.0000")
            return b"Z A\r\n"
        return self.replies.get(command, b"ES\r\n")

    def _weight(self, reply_id: bytes) -> bytes:
        value = self.weigh()
        self.weights.append(value)
        line = b" ".join([reply_id, self.status.encode(), self.field(value)])
        if reply_id == b"SIC1":
            line += b" "
            line += b"%04X" % binascii.crc_hqx(line, 0xFFFF)
        return line + b"\r\n"


def _hang_up(connection: socket.socket, how: str) -> None:
    if how == RESET:
        _reset(connection)
    else:
        connection.shutdown(socket.SHUT_RDWR)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
