# SPDX-License-Identifier: Apache-2.0
"""A twin in this very process, and the wires to it: the bench's own drivers speak their real bytes, without sockets.

Each request and each reply is counted before it has any effect, so that whoever counts can end the bench there.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from unittest.mock import patch

from groundfloor.wall_clock import Deadline
from instruments.control_line_client import ControlLine
from instruments.modbus.address import TcpAddress
from instruments.modbus.tcp_wire import _TcpClient
from instruments.register_map.map import RegisterMap
from instruments.simulated.balance.balance_server import BalanceServer
from instruments.simulated.balance.dialects import SIMULATED_DIALECTS
from instruments.simulated.time.twin_time import ClockMode, TwinTime
from instruments.simulated.twin.twin import Twin
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.control_line import ControlLineServer
from instruments.simulated.wires.modbus_functions import answer
from instruments.simulated.wires.register_bank import RegisterBank
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.modbus_frames import take_tcp

T = TypeVar("T")
_WRITES = frozenset({16, 23})
_ASKS = re.compile(r"SI|SIC1|I\d+|M\d+|C0|TA")
"""Commands of the balance that only ask."""


class Wire(StrEnum):
    """What carries a request."""

    MODBUS = "modbus"
    BALANCE = "balance"
    CONTROL = "control"


@dataclass(frozen=True)
class Exchange:
    """One request.

    Attributes:
        wire: what carries it.
        changes: whether it tells the device to do something; a read of registers, or of the balance, only asks.
        what: its bytes, for people.
        moves_time: whether all that it does is to let time go by.
    """

    wire: Wire
    changes: bool
    what: str
    moves_time: bool = False


Watcher = Callable[[Exchange, str], None]
"""Is called with an exchange, and where it is: `request` before the device has it, `reply` before the bench has it."""


@dataclass
class CountedWire:
    """A twin and the wires to it.

    Attributes:
        twin: the twin; it lives on when the bench does not.
        watch: called before and after the device has taken each request.
        taken: requests that the twin took and that may have changed it.
    """

    options: TwinOptions
    watch: Watcher = lambda _exchange, _where: None
    taken: int = 0
    twin: Twin = field(init=False)

    def __post_init__(self) -> None:
        options = self.options
        self.twin = Twin.assemble(options.model, options.seed, options.defects)
        self.time = TwinTime(self.twin.timeline, ClockMode.STEPPED)
        pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
        self._banks = {
            pump_map.unit_id: RegisterBank(pump_map, self.twin.pump),
            rig_map.unit_id: RegisterBank(rig_map, self.twin.rig),
        }
        dialect = SIMULATED_DIALECTS[options.dialect]
        self._balance = BalanceServer(self.twin.cell, self.twin.timeline, self.time, dialect)
        greeting = {"mode": "stepped", "speed": "1", "seed": str(options.seed), "model": options.model}
        self._control = ControlLineServer(self.time, greeting)

    @property
    def addresses(self) -> TwinAddresses:
        """Return what such a twin would print; nobody listens there."""
        twin, options = self.twin, self.options
        return TwinAddresses(
            pump="tcp://127.0.0.1:2",
            rig="tcp://127.0.0.1:2",
            balance="TCPIP::127.0.0.1::2::SOCKET",
            control="127.0.0.1:2",
            clock="stepped",
            speed=1.0,
            seed=options.seed,
            model=options.model,
            pump_serial=str(twin.pump.read(["serial_number"])["serial_number"]),
            rig_serial=str(twin.rig.read(["rig_serial_number"])["rig_serial_number"]),
            balance_serial=twin.cell.serial_number,
            defects=options.defects,
        )

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Lead every line that the bench opens to this twin."""
        with (
            patch("instruments.modbus.tcp_wire._TcpClient", lambda address, limit_s: _Client(self, address, limit_s)),
            patch("instruments.visa.line.open_port", lambda _name, **_settings: _Port(self)),
            patch.object(ControlLine, "open", classmethod(lambda _cls, address, timeout_s=10.0: _Line(self, address))),
        ):
            yield

    def modbus(self, raw: bytes) -> bytes:
        """Take one request frame and return the reply frame."""
        request = take_tcp(bytearray(raw))
        assert request is not None
        exchange = Exchange(Wire.MODBUS, request.function in _WRITES, raw[6:].hex(" "))
        return self._exchange(exchange, lambda: request.frame(answer(self._banks[request.unit], request.pdu)))

    def control(self, request: bytes) -> bytes:
        """Take one line of the control line and return the reply."""
        advances = request.startswith(b"ADV")
        exchange = Exchange(Wire.CONTROL, advances, request.decode().strip(), moves_time=advances)
        return self._exchange(exchange, lambda: self._control.answer(request.rstrip(b"\n")).encode() + b"\n")

    def balance(self, port: "_Port", data: bytes) -> None:
        """Take bytes for the balance."""
        what = data.decode("latin-1").strip()
        exchange = Exchange(Wire.BALANCE, changes=not _ASKS.fullmatch(what), what=what)
        self._exchange(exchange, lambda: self._balance.receive(port.client, data))

    def _exchange(self, exchange: Exchange, take: Callable[[], T]) -> T:
        self.watch(exchange, "request")
        reply = take()
        self.taken += exchange.changes
        self.watch(exchange, "reply")
        return reply


class _Client(_TcpClient):
    """The bench's Modbus client, whose connection is a call."""

    def __init__(self, wire: CountedWire, address: TcpAddress, timeout_s: float) -> None:
        super().__init__(address, timeout_s)
        self._wire = wire
        self._came = b""

    def connect(self) -> bool:
        return True

    def close(self) -> None:
        super().close()
        self._came = b""

    def abandon(self) -> None:
        self.close()

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:
        self.start_deadline()
        self._came += self._wire.modbus(request)
        return len(request)

    def receive(self, deadline: Deadline) -> bytes:
        came, self._came = self._came, b""
        return came

    def idle(self) -> bool:
        return not self._came


class _Port:
    """A byte port to the balance."""

    def __init__(self, wire: CountedWire) -> None:
        self._wire = wire
        self._came = b""
        self.client = wire._balance.join(self._take)

    def _take(self, data: bytes) -> None:
        self._came += data

    def write(self, data: bytes) -> None:
        self._wire.balance(self, data)

    def read(self, remaining_s: float) -> bytes:
        line, feed, self._came = self._came.partition(b"\n")
        return line + feed

    def waiting(self) -> bool:
        return bool(self._came)

    def abandon(self) -> None:
        self.close()

    def close(self) -> None:
        self._wire._balance.leave(self.client)


class _Line(ControlLine):
    """The bench's control line, whose connection is a call."""

    def __init__(self, wire: CountedWire, address: str) -> None:
        self._wire = wire
        super().__init__(address, 10.0)

    def _connect(self) -> None:  # type: ignore[override]  # there is no socket
        self._waiting = False

    def _exchange(self, request: bytes) -> bytes:
        return self._wire.control(request)[:-1]

    def close(self) -> None:
        """Let the line go."""
