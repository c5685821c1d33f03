# SPDX-License-Identifier: Apache-2.0
"""A block of a register map: neighbouring points, read in one request because only then they are one snapshot."""

import struct
from collections.abc import Mapping, Sequence
from operator import itemgetter

from instruments.register_map.point import PACK_CODES, Point, Value

MOST_REGISTERS_IN_ONE_READ = 125
MOST_REGISTERS_IN_ONE_WRITE = 123


class Block:
    """A run of registers that is read in one request.

    Attributes:
        table: the table it stands in.
        address: its first register.
        count: how many registers.
        points: the points that lie inside it, in the order of their addresses.
        closed: whether no register between its points belongs to none of them, so that it can be written.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = tuple(sorted(points, key=lambda point: point.address))
        self.table = self.points[0].table
        self.address = self.points[0].address
        self.count = max(point.address + point.registers for point in self.points) - self.address
        self.closed = sum(point.registers for point in self.points) == self.count
        order, code = self._layout()
        self._in_order = itemgetter(*order) if order != sorted(order) else tuple
        self._registers = struct.Struct(f">{self.count}H")
        self._numbers = struct.Struct(code)
        self._meanings = [(point.name, point.meaning_of) for point in self.points]

    def _layout(self) -> tuple[list[int], str]:
        order: list[int] = []
        code = ">"
        at = 0
        for point in self.points:
            start = point.address - self.address
            code += f"{2 * (start - at)}x"
            code += f"{2 * point.length}s" if point.type == "string" else PACK_CODES[point.type]
            places = list(range(start, start + point.registers))
            order += range(at, start)
            order += places[::-1] if point.word_order == "little" and point.type != "string" else places
            at = start + point.registers
        return order, code

    def decode(self, words: Sequence[int]) -> dict[str, Value]:
        """Return the values of all points of the block by name.

        Args:
            words: the `count` registers, 0 to 65535 each.

        Raises:
            ValueError: there are not `count` registers, or one of them holds what its type cannot mean.
        """
        if len(words) != self.count:
            raise ValueError(f"{len(words)} registers came, {self.count} were asked for")
        numbers = self._numbers.unpack(self._registers.pack(*self._in_order(words)))
        return {
            name: number if meaning_of is None else meaning_of(number)
            for (name, meaning_of), number in zip(self._meanings, numbers, strict=True)
        }

    def encode(self, values: Mapping[str, Value]) -> list[int]:
        """Return the block's registers for `values`; gaps between points are zero.

        Raises:
            ValueError: a value is missing or cannot stand in its point.
        """
        words = [0] * self.count
        for point in self.points:
            if point.name not in values:
                raise ValueError(f"{point.name}: no value was given")
            start = point.address - self.address
            words[start : start + point.registers] = point.encode(values[point.name])
        return words
