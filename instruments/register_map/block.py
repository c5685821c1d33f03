# SPDX-License-Identifier: Apache-2.0
"""A block of a register map: neighbouring points, read in one request because only then they are one snapshot."""

from collections.abc import Mapping, Sequence

from instruments.register_map.codec import Codec, Value
from instruments.register_map.point import Point

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
        self._codec = Codec(self.points, self.address, self.count)

    def decode(self, words: Sequence[int]) -> dict[str, Value]:
        """Return the values of all points of the block by name.

        Args:
            words: the `count` registers, 0 to 65535 each.

        Raises:
            ValueError: there are not `count` registers, or one of them holds what its type cannot mean.
        """
        if len(words) != self.count:
            raise ValueError(f"{len(words)} registers came, {self.count} were asked for")
        return self._codec.decode(words)

    def decode_bytes(self, raw: bytes) -> dict[str, Value]:
        """Return the values of all points of the block by name.

        Args:
            raw: the `count` registers as they stand on a wire, the high byte of each first.

        Raises:
            ValueError: there are not `count` registers, or one of them holds what its type cannot mean.
        """
        if len(raw) != 2 * self.count:
            raise ValueError(f"{len(raw)} bytes came, {2 * self.count} were asked for")
        return self._codec.decode_bytes(raw)

    def encode(self, values: Mapping[str, Value]) -> list[int]:
        """Return the block's registers for `values`; gaps between points are zero.

        Raises:
            ValueError: a value is missing or cannot stand in its point.
        """
        return self._codec.encode(values)

    def encode_bytes(self, values: Mapping[str, Value]) -> bytes:
        """Return the same as they stand on a wire, the high byte of each first.

        Raises:
            ValueError: as for `encode`.
        """
        return self._codec.encode_bytes(values)
