# SPDX-License-Identifier: Apache-2.0
"""A Modbus line: blocks of points are read from it and written to it, over TCP or RTU.

A read that came to nothing is asked again, at most twice. A write is sent once and never again by itself: without its
confirmation nobody knows whether it was carried out, and the driver has to read back before anything else happens.
Devices on one address share one line.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Self, TypeVar

from groundfloor.errors import BenchFault, NoAnswer, PlanError
from groundfloor.wall_clock import Deadline
from instruments.modbus.address import RtuAddress, TcpAddress, parse_modbus_address
from instruments.modbus.client import WireDoubt
from instruments.modbus.request import Request, beat_request
from instruments.modbus.rtu_wire import RtuWire
from instruments.modbus.tcp_wire import TcpWire
from instruments.modbus.wire import ModbusWire, Refusal
from instruments.register_map.block import MOST_REGISTERS_IN_ONE_WRITE, Block
from instruments.register_map.codec import Value
from instruments.register_map.point import Table
from instruments.write_unknown import WriteUnknown

_MOST_READS = 3
_BUDGET_IN_TIMEOUTS = 5
_CHECK_WIRE = "check that the device is powered, cabled and reachable at this address and unit"
_MEANINGS = {
    1: "function not supported",
    2: "no such register",
    3: "value not accepted",
    4: "device failure",
    5: "accepted, still at work",
    6: "device busy",
    7: "cannot be carried out",
    8: "memory parity error",
    10: "gateway has no path to the unit",
    11: "unit behind the gateway is silent",
}
_BAD_VALUE = 3
_PASSING = frozenset({4, 5, 6, 10, 11})
"""Refusals that may be gone the next moment; what was not read may be asked for again."""
_UNDECIDED = frozenset({5, 11})
"""Answers to a write after which the device may have carried it out, or may yet."""
Answer = TypeVar("Answer")


class WriteRefused(BenchFault):
    """The device answered a write with an exception code."""


class ModbusLine:
    """One Modbus connection or serial line with all units on it.

    Attributes:
        address: where it leads, as in the bench file.
        timeout_s: how long a device may take for a reply.
    """

    def __init__(self, wire: ModbusWire, timeout_s: float) -> None:
        self.address = str(wire.address)
        self.timeout_s = timeout_s
        self._wire = wire
        self._names: dict[int, str] = {}
        self._at_once: dict[int, int] = {}
        self._singly: set[int] = set()
        self._beats: dict[tuple[int, int, int, int, int], Request] = {}

    @classmethod
    def open(cls, address: str, timeout_s: float = 0.5) -> Self:
        """Open the line at `address` (`tcp://host:port` or `rtu:///dev/ttyX?…`).

        Args:
            address: see `instruments.modbus.address`.
            timeout_s: how long a device may take for a reply; on RTU choose it above the device's worst.

        Raises:
            PlanError: it is no address.
            BenchFault: nothing can be opened there.
        """
        where = parse_modbus_address(address)
        wire = _wire(where, timeout_s)
        try:
            wire.prepare()
        except WireDoubt as closed:
            raise BenchFault(str(where), "open", str(closed), _CHECK_WIRE) from closed
        return cls(wire, timeout_s)

    def call_unit(self, unit_id: int, name: str, requests_at_once: int = 1, *, writes_singly: bool = False) -> None:
        """Say what a person calls the device at `unit_id`, for error messages, and what it takes.

        Args:
            unit_id: its number.
            name: what a person calls it.
            requests_at_once: how many requests it takes before it has answered the first.
            writes_singly: it knows no function 16; each register is written by itself, in the order of addresses.

        Raises:
            PlanError: RTU has no such unit; 0 would speak to all of them.
        """
        if isinstance(self._wire.address, RtuAddress) and not 1 <= unit_id <= 247:
            raise PlanError(name, f"use unit {unit_id}", "RTU units are 1 to 247", "mend the bench file or the map")
        self._singly = (self._singly - {unit_id}) | ({unit_id} if writes_singly else set())
        self._names[unit_id] = f"{name} at {self.address} unit {unit_id}"
        self._at_once[unit_id] = requests_at_once
        self._wire.most_at_once = min(self._at_once.values())
        self._wire.devices = len(self._at_once)

    def read(self, unit_id: int, block: Block) -> dict[str, Value]:
        """Return the values of the block's points, read in one request.

        Raises:
            NoAnswer: no proper reply came.
            BenchFault: the device refused, or a point holds what its type cannot mean.
        """
        return self._decoded(unit_id, block, self._bytes(unit_id, block))

    def ask_ahead(self, unit_id: int, block: Block) -> Callable[[], dict[str, Value]]:
        """Send the request of a read, if the wire is in order, and return what takes the values; see `read`."""
        wire, place = self._wire, (unit_id, block.table, block.address, block.count)
        asked = wire.ask_ahead(wire.read_request(*place))
        if asked is None:
            return lambda: self.read(unit_id, block)
        untaken = [asked]

        def attempt() -> bytes:
            return wire.take(untaken.pop()) if untaken else wire.read(*place)

        return lambda: self._decoded(unit_id, block, self._attempt(attempt, unit_id, block, "read"))

    def beat_ahead(
        self, unit_id: int, beat: Block, values: Mapping[str, Value], block: Block
    ) -> Callable[[], dict[str, Value]] | None:
        """Send one request that writes `values` and then reads `block` (function 23), and return what takes the values.

        What is returned asks nothing again: it raises NoAnswer when no reply came that is beyond doubt. None where the
        wire cannot ask ahead now; nothing was sent then.

        Args:
            unit_id: the device.
            beat: what is written.
            values: of its points.
            block: what is read, of holding registers.
        """
        asked = self._wire.ask_ahead(self._beat(unit_id, beat, block).carrying(self._encoded(unit_id, beat, values)))
        if asked is None:
            return None

        def take() -> dict[str, Value]:
            try:
                raw = self._wire.take(asked)
            except WireDoubt as doubt:
                raise NoAnswer(self._asset(unit_id), _told("read", block), str(doubt), _CHECK_WIRE) from doubt
            except Refusal as refusal:
                seen = f"{_meaning(refusal, block)}, with function 23"
                kind = NoAnswer if refusal.code in _PASSING else BenchFault
                next_step = "take `inputs_mirrored_at` out of its register map if it knows no function 23"
                raise kind(self._asset(unit_id), _told("read", block), seen, next_step) from refusal
            return self._decoded(unit_id, block, raw)

        return take

    def _beat(self, unit_id: int, beat: Block, block: Block) -> Request:
        """Return the request of a beat, which is made once; what it writes comes into it each time."""
        place = (unit_id, beat.address, beat.count, block.address, block.count)
        if place not in self._beats:
            self._beats[place] = beat_request(*place)
        return self._beats[place]

    def _decoded(self, unit_id: int, block: Block, raw: bytes) -> dict[str, Value]:
        try:
            return block.decode_bytes(raw)
        except ValueError as strange:
            next_step = "check that the register map belongs to this device and its firmware"
            raise BenchFault(self._asset(unit_id), _told("read", block), str(strange), next_step) from strange

    def write(self, unit_id: int, block: Block, values: Mapping[str, Value]) -> None:
        """Write the block's points in one request, which is sent once; or each register by itself, see `call_unit`.

        Raises:
            PlanError: a value cannot stand in its point, or the block is not one closed run of points.
            WriteUnknown: the request went out and was not confirmed.
            WriteRefused: the device answered with an exception code.
            NoAnswer: the line is down; nothing was sent.
        """
        raw = self._encoded(unit_id, block, values)
        self._make_sure(unit_id, block)
        words, written = struct.unpack(f">{block.count}H", raw), 0
        try:
            if unit_id not in self._singly:
                self._wire.write(unit_id, block.address, words)
            else:
                for written, word in enumerate(words):
                    self._wire.write_one(unit_id, block.address + written, word)
        except Refusal as refusal:
            seen = _meaning(refusal, block)
            if refusal.code in _UNDECIDED or written:
                raise self._unknown(unit_id, block, seen) from refusal
            asset, operation = self._asset(unit_id), _told("write", block)
            raise WriteRefused(asset, operation, seen, "see what the device allows now") from refusal
        except WireDoubt as doubt:
            raise self._unknown(unit_id, block, str(doubt)) from doubt

    def close(self) -> None:
        """Let the line go."""
        self._wire.close()

    def _unknown(self, unit_id: int, block: Block, seen: str) -> WriteUnknown:
        next_step = "read back before anything else; then check cable and device"
        return WriteUnknown(self._asset(unit_id), _told("write", block), f"not confirmed: {seen}", next_step)

    def _encoded(self, unit_id: int, block: Block, values: Mapping[str, Value]) -> bytes:
        if block.table is not Table.HOLDING or not block.closed or block.count > MOST_REGISTERS_IN_ONE_WRITE:
            seen = f"not one closed run of at most {MOST_REGISTERS_IN_ONE_WRITE} holding registers"
            next_step = "lay these points side by side in the register map"
            raise PlanError(self._asset(unit_id), _told("write", block), seen, next_step)
        try:
            return block.encode_bytes(values)
        except ValueError as misfit:
            next_step = "give a value that the register can hold"
            raise PlanError(self._asset(unit_id), _told("write", block), str(misfit), next_step) from misfit

    def _make_sure(self, unit_id: int, block: Block) -> None:
        """Make sure that nothing old is under way, before anything is written."""
        verb = "prepare (nothing was sent) to write"
        if self._wire.trusted:
            self._attempt(self._wire.prepare, unit_id, block, verb)
        if not self._wire.trusted:  # only a reply can prove it
            self._bytes(unit_id, block, verb)

    def _bytes(self, unit_id: int, block: Block, verb: str = "read") -> bytes:
        wire = self._wire
        return self._attempt(lambda: wire.read(unit_id, block.table, block.address, block.count), unit_id, block, verb)

    def _attempt(self, attempt: Callable[[], Answer], unit_id: int, block: Block, verb: str) -> Answer:
        budget = Deadline(_BUDGET_IN_TIMEOUTS * self.timeout_s)
        qualifiers: list[WireDoubt | Refusal] = []
        while len(qualifiers) < _MOST_READS and not (qualifiers and budget.passed()):
            try:
                return attempt()
            except WireDoubt as doubt:
                qualifiers.append(doubt)
            except Refusal as refusal:
                if refusal.code not in _PASSING:
                    asset, operation, seen = self._asset(unit_id), _told(verb, block), _meaning(refusal, block)
                    raise BenchFault(asset, operation, seen, _next_step(refusal, block)) from refusal
                qualifiers.append(refusal)
        reasons = dict.fromkeys(_reason(one, block) for one in qualifiers)
        seen = "; then ".join(reasons) + f" ({len(qualifiers)} attempts); asked for: {_asked(block)}"
        raise NoAnswer(self._asset(unit_id), _told(verb, block), seen, _CHECK_WIRE) from qualifiers[-1]

    def _asset(self, unit_id: int) -> str:
        return self._names.get(unit_id, f"{self.address} unit {unit_id}")


def _wire(where: TcpAddress | RtuAddress, timeout_s: float) -> ModbusWire:
    return TcpWire(where, timeout_s) if isinstance(where, TcpAddress) else RtuWire(where, timeout_s)


def _told(verb: str, block: Block) -> str:
    first, last = block.points[0].name, block.points[-1].name
    return f"{verb} {first}" if first == last else f"{verb} {first} … {last}"


def _reason(doubt: WireDoubt | Refusal, block: Block) -> str:
    return _meaning(doubt, block) if isinstance(doubt, Refusal) else str(doubt)


def _meaning(refusal: Refusal, block: Block) -> str:
    return f"exception {refusal.code} ({_MEANINGS.get(refusal.code, 'not in the standard')}) to {_asked(block)}"


def _asked(block: Block) -> str:
    """Return which registers a request was about, for a person."""
    if block.count == 1:
        return f"{block.table} register {block.address}"
    return f"{block.count} {block.table} registers from {block.address} on"


def _next_step(refusal: Refusal, block: Block) -> str:
    """Return what a person should do; a device that answers 3 to a read takes no such number of registers at once."""
    if refusal.code == _BAD_VALUE and block.count > 1:
        most = "most_registers_in_one_read"
        return f"see how many of {block.count} registers may be read at once, and tell the map: {most} = …"
    return "check unit id, register map and firmware"
