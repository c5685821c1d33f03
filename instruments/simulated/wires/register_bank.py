# SPDX-License-Identifier: Apache-2.0
"""Registers in, points out: binds a device that knows names to a wire that knows addresses.

A request names a run of registers. Which points lie in that run never changes, so the way from values to registers is
worked out once per run (`_Layout`) and kept: a snapshot read costs one `struct` call, not one per point.
"""

import struct
from collections.abc import Callable, Sequence

from instruments.register_map.block import Block
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point, Table, Value
from instruments.simulated.time.contract import RegisterDevice

_CODES = {
    "uint16": "H",
    "int16": "h",
    "uint32": "I",
    "int32": "i",
    "float32": "f",
    "float64": "d",
    "bool": "H",
    "enum": "H",
    "bits": "H",
}

_Packable = int | float | bytes


class IllegalAddress(LookupError):
    """The request reaches past the map, or writes what cannot be written there: Modbus exception 2."""


class RegisterBank:
    """One device behind one unit id.

    Attributes:
        register_map: which point stands where.
        device: whose points they are.
    """

    def __init__(self, register_map: RegisterMap, device: RegisterDevice) -> None:
        self.register_map = register_map
        self.device = device
        self.extents = {table: _extent(register_map, table) for table in Table}
        self._reads: dict[tuple[Table, int, int], _Layout] = {}
        self._writes: dict[tuple[int, int], Block] = {}

    def read(self, table: Table, address: int, count: int) -> list[int]:
        """Return `count` registers from `address` on, all of one instant; gaps between points read 0.

        Raises:
            IllegalAddress: the run reaches past the last point of the table.
            ValueError: the device gave a value that cannot stand in its point; the point is named.
        """
        layout = self._reads.get((table, address, count))
        if layout is None:
            layout = self._reads[table, address, count] = self._layout(table, address, count)
        return layout.encode(self.device.read(layout.names))

    def write(self, address: int, registers: Sequence[int]) -> None:
        """Hand `registers` to the device as one request for all the points that they cover.

        Raises:
            IllegalAddress: the run cuts a point, or covers a register where nothing can be written.
            ValueError: a register holds what its point cannot mean, or the device refuses; nothing was taken.
        """
        key = (address, len(registers))
        block = self._writes.get(key)
        if block is None:
            block = self._writes[key] = self._writable(address, len(registers))
        self.device.write(block.decode(registers))

    def _layout(self, table: Table, address: int, count: int) -> "_Layout":
        if count < 1 or address < 0 or address + count > self.extents[table]:
            raise IllegalAddress(f"{self.register_map.name}: {table} {address} to {address + count - 1}")
        return _Layout([p for p in self._overlapping(table, address, count) if "r" in p.access], address, count)

    def _writable(self, address: int, count: int) -> Block:
        points = self._overlapping(Table.HOLDING, address, count)
        covered = sum(
            point.registers
            for point in points
            if "w" in point.access and point.address >= address and point.address + point.registers <= address + count
        )
        if not points or covered != count:
            raise IllegalAddress(f"{self.register_map.name}: write {address} to {address + count - 1}")
        return Block(points)

    def _overlapping(self, table: Table, address: int, count: int) -> list[Point]:
        return sorted(
            (
                point
                for point in self.register_map.points.values()
                if point.table is table
                and point.address < address + count
                and point.address + point.registers > address
            ),
            key=lambda point: point.address,
        )


class _Layout:
    """The way from the values of some points to a run of registers, worked out once."""

    def __init__(self, points: Sequence[Point], address: int, count: int) -> None:
        self.points = tuple(points)
        self.names = tuple(point.name for point in points)
        start = min([address, *(point.address for point in points)])
        end = max([address + count, *(point.address + point.registers for point in points)])
        self._steps = tuple((point.name, _converter(point)) for point in points)
        self._points = struct.Struct(_format(points, start, end))
        self._registers = struct.Struct(f">{end - start}H")
        self._window = slice(address - start, address - start + count)
        self._swaps = tuple(
            slice(point.address - start, point.address - start + point.registers)
            for point in points
            if point.word_order == "little" and point.registers > 1 and point.type != "string"
        )

    def encode(self, values: dict[str, Value]) -> list[int]:
        try:
            raw = self._points.pack(*[convert(values[name]) for name, convert in self._steps])
        except (struct.error, TypeError, KeyError, OverflowError, ValueError) as misfit:
            self._blame(values)
            raise ValueError(f"{self.names[0]} and after: {misfit}") from misfit
        registers = list(self._registers.unpack(raw))
        for swap in self._swaps:
            registers[swap] = registers[swap][::-1]
        return registers[self._window]

    def _blame(self, values: dict[str, Value]) -> None:
        for point in self.points:
            point.encode(values[point.name])


def _extent(register_map: RegisterMap, table: Table) -> int:
    return max((p.address + p.registers for p in register_map.points.values() if p.table is table), default=0)


def _format(points: Sequence[Point], start: int, end: int) -> str:
    code, at = ">", start
    for point in points:
        code += f"{2 * (point.address - at)}x"
        code += f"{2 * point.length}s" if point.type == "string" else _CODES[point.type]
        at = point.address + point.registers
    return code + f"{2 * (end - at)}x"


def _converter(point: Point) -> "Callable[[Value], _Packable]":
    """Return the cheapest function from a value of `point` to what `struct` packs for it."""
    if point.type == "string":
        return lambda value: b"".join(register.to_bytes(2, "big") for register in point.encode(value))
    if point.type == "enum":
        return _code_of(point)
    return _mask_of(point) if point.type == "bits" else _number_of(point)


def _code_of(point: Point) -> "Callable[[Value], int]":
    codes = dict[Value, int](point.values.items())
    return codes.__getitem__


def _mask_of(point: Point) -> "Callable[[Value], int]":
    masks = {name: 1 << bit for name, bit in point.values.items()}

    def mask(value: Value) -> int:
        if not isinstance(value, frozenset):
            raise TypeError(f"{point.name}: {value!r} is no set of names")
        return sum([masks[name] for name in value])

    return mask


def _number_of(point: Point) -> "Callable[[Value], int | float]":
    divisor = point.divisor
    whole = point.type not in ("float32", "float64")

    def number(value: Value) -> int | float:
        if not isinstance(value, int | float):
            raise TypeError(f"{point.name}: {value!r} is no number")
        return round(value * divisor) if whole else value

    return number
