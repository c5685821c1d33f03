# SPDX-License-Identifier: Apache-2.0
"""The registers of one device, past its driver: what stands in them, and with which exception a write is refused.

For who tries a device, not for who uses it: nothing here knows what may be written when.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.wire import Refusal
from instruments.register_map.block import Block
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point, Table
from instruments.write_unknown import WriteUnknown

TAKEN = 0
"""Stands for no exception: the write was confirmed."""


class Registers:
    """One device on a line.

    Attributes:
        map: its register map.
    """

    def __init__(self, line: ModbusLine, register_map: RegisterMap, unit_id: int) -> None:
        self.map = register_map
        self._line = line
        self._unit_id = unit_id

    def words(self, table: Table, address: int, count: int) -> Sequence[int]:
        """Return `count` registers as they stand, read in one request.

        Raises:
            BenchFault: no proper reply, or an exception.
        """
        block = Block([_register(table, address + place) for place in range(count)])
        values = self._line.read(self._unit_id, block)
        return [cast(int, values[point.name]) for point in block.points]

    def read(self, *names: str) -> dict[str, Value]:
        """Return the values of points, read in one request.

        Raises:
            BenchFault: no proper reply, or registers that hold what their type cannot mean.
        """
        return self._line.read(self._unit_id, self.map.block(*names))

    def number(self, name: str) -> float:
        """Return the value of a point that is a number or a flag.

        Raises:
            BenchFault: as for `read`.
        """
        return float(cast(float, self.read(name)[name]))

    def write(self, values: Mapping[str, Value]) -> int:
        """Write points that lie side by side in one request, once.

        Returns:
            0 if it was confirmed, else the code of the exception.

        Raises:
            WriteUnknown: neither came.
            NoAnswer: the line is down.
        """
        try:
            self._line.write(self._unit_id, self.map.block(*values), values)
        except (WriteRefused, WriteUnknown) as answer:
            if isinstance(answer.__cause__, Refusal):
                return answer.__cause__.code
            raise
        return TAKEN


def _register(table: Table, address: int) -> Point:
    return Point(name=f"register_{address}", table=table, address=address, type="uint16", meaning="as it stands")
