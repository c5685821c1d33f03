# SPDX-License-Identifier: Apache-2.0
"""Registers in, points out: binds a device that knows names to a wire that knows addresses.

A request names a run of registers. Which points lie in that run never changes, so the way from values to registers is
worked out once per run and kept.
"""

import struct
from collections.abc import Sequence

from instruments.register_map.block import Block
from instruments.register_map.codec import Codec
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point, Table
from instruments.simulated.served.devices import RegisterDevice


class IllegalAddress(LookupError):
    """The request reaches past the map, or writes what cannot be written there: Modbus exception 2."""


class RegisterBank:
    """One device behind one unit id.

    Attributes:
        register_map: which point stands where.
        device: whose points they are.
        extents: how many registers each table has.
    """

    def __init__(self, register_map: RegisterMap, device: RegisterDevice) -> None:
        self.register_map = register_map
        self.device = device
        self._points = [*register_map.points.values(), *_mirrored(register_map)]
        self.extents = {table: _extent(self._points, table) for table in Table}
        self._reads: dict[tuple[Table, int, int], tuple[Sequence[str], Codec]] = {}
        self._writes: dict[tuple[int, int], Block] = {}
        self._begun: dict[int, int] = {}

    def read(self, table: Table, address: int, count: int) -> list[int]:
        """Return `count` registers from `address` on, all of one instant; gaps between points read 0.

        Raises:
            IllegalAddress: the run reaches past the last point of the table.
            ValueError: the device gave a value that cannot stand in its point; the point is named.
        """
        return list(struct.unpack(f">{count}H", self.read_bytes(table, address, count)))

    def read_bytes(self, table: Table, address: int, count: int) -> bytes:
        """Return the same as they stand on a wire, the high byte of each first.

        Raises:
            IllegalAddress, ValueError: as `read`.
        """
        run = self._reads.get((table, address, count))
        if run is None:
            run = self._reads[table, address, count] = self._run(table, address, count)
        names, codec = run
        told = codec.encode_bytes(self.device.read(names))
        return self._with_begun(told, address, count) if self._begun and table is Table.HOLDING else told

    def write(self, address: int, registers: Sequence[int]) -> None:
        """Hand `registers` to the device as one request for all the points that they cover.

        A device whose registers are written one by one keeps the words of a long point until it has all of them.

        Raises:
            IllegalAddress: the run cuts a point, or covers a register where nothing can be written.
            ValueError: a register holds what its point cannot mean, or the device refuses; nothing was taken.
        """
        if len(registers) == 1 and self.register_map.limits.writes_singly:
            address, registers = self._kept_until_whole(address, registers[0])
            if not registers:
                return
        key = (address, len(registers))
        block = self._writes.get(key)
        if block is None:
            block = self._writes[key] = self._writable(address, len(registers))
        self.device.write(block.decode(registers))

    def _kept_until_whole(self, address: int, word: int) -> tuple[int, Sequence[int]]:
        """Return address and registers of the point that one more word makes whole; no registers while it is not."""
        cut = [one for one in self._overlapping(Table.HOLDING, address, 1) if one.registers > 1 and "w" in one.access]
        if not cut:
            return address, [word]
        own = range(cut[0].address, cut[0].address + cut[0].registers)
        self._begun[address] = word
        if any(one not in self._begun for one in own):
            return cut[0].address, []
        return cut[0].address, [self._begun.pop(one) for one in own]

    def _with_begun(self, told: bytes, address: int, count: int) -> bytes:
        words = [*struct.unpack(f">{count}H", told)]
        for at, word in self._begun.items():
            if address <= at < address + count:
                words[at - address] = word
        return struct.pack(f">{count}H", *words)

    def _run(self, table: Table, address: int, count: int) -> tuple[Sequence[str], Codec]:
        if count < 1 or address < 0 or address + count > self.extents[table]:
            raise IllegalAddress(f"{self.register_map.name}: {table} {address} to {address + count - 1}")
        points = [point for point in self._overlapping(table, address, count) if "r" in point.access]
        return tuple(point.name for point in points), Codec(points, address, count)

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
                for point in self._points
                if point.table is table
                and point.address < address + count
                and point.address + point.registers > address
            ),
            key=lambda point: point.address,
        )


def _mirrored(register_map: RegisterMap) -> list[Point]:
    """Return the input points as they stand once more among the holding registers, if they do."""
    offset = register_map.inputs_mirrored_at
    if offset is None:
        return []
    return [
        point.model_copy(update={"table": Table.HOLDING, "address": point.address + offset, "access": "r"})
        for point in register_map.points.values()
        if point.table is Table.INPUT
    ]


def _extent(points: Sequence[Point], table: Table) -> int:
    return max((point.address + point.registers for point in points if point.table is table), default=0)
