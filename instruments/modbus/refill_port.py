# SPDX-License-Identifier: Apache-2.0
"""The refill port of a rig behind a register map, over Modbus.

An order goes out with fencing token and number in one request. Where it was not confirmed, the number that the rig
shows tells whether it was taken; the same number sent again moves nothing.
"""

from typing import Self, cast

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine
from instruments.refill_port import RefillReading
from instruments.register_map.map import RegisterMap
from instruments.write_unknown import WriteUnknown

NUMBER = "refill_number"
TOKEN, NEEDLE, VOLUME = "refill_token", "refill_needle", "refill_volume_ul"
_ORDER = (TOKEN, NUMBER, NEEDLE, VOLUME)
_IN, _MOVED, _BUSY = "refill_needle_in", "refill_moved_ul", "refill_busy"
_SENSORS = (_IN, _MOVED, _BUSY)
_NUMBERS = 65536
_MOST_WRITES = 3


class ModbusRefillPort:
    """Gives orders to the refill port of one rig."""

    def __init__(self, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> None:
        self._order = register_map.block(*_ORDER)
        self._sensors = register_map.block(*_SENSORS)
        self._line = line
        self._unit_id = unit_id
        self._asset = asset

    @classmethod
    def of(cls, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> Self | None:
        """Return the port that a map describes, or None where it has none.

        Raises:
            PlanError: the map has a part of it.
        """
        if not {*_ORDER, *_SENSORS} & set(register_map.points):
            return None
        register_map.require([*_ORDER, *_SENSORS])
        return cls(register_map, line, unit_id, asset)

    def order(self, fencing_token: int, needle_in: bool, volume_ul: float) -> None:
        """Give one order.

        Raises:
            WriteRefused: the rig refused it.
            BenchFault: the wire failed, and nobody can tell whether it was taken.
        """
        number = (self._number() + 1) % _NUMBERS or 1
        values = {TOKEN: fencing_token, NUMBER: number, NEEDLE: needle_in, VOLUME: volume_ul}
        seen = ""
        for _ in range(_MOST_WRITES):
            try:
                self._line.write(self._unit_id, self._order, values)
            except WriteUnknown as unknown:
                seen = f" ({unknown.seen})"
                if self._number() != number:
                    continue
            break
        if (shown := self._number()) != number:
            told = f"order {number} was sent, the rig shows order {shown}{seen}"
            raise BenchFault(self._asset, "move the refill port", told, "see who else writes to this rig")

    def read(self) -> RefillReading:
        """Read its sensors."""
        values = self._line.read(self._unit_id, self._sensors)
        return RefillReading(cast(bool, values[_IN]), cast(float, values[_MOVED]), cast(bool, values[_BUSY]))

    def _number(self) -> int:
        return cast(int, self._line.read(self._unit_id, self._order)[NUMBER])
