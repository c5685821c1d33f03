# SPDX-License-Identifier: Apache-2.0
"""The drug sensor and the valve block of a rig behind a register map, over Modbus.

An order to fill goes out with fencing token and number in one request; the same number sent again fills nothing.
"""

import math
from typing import Self, cast

from groundfloor.errors import BenchFault
from instruments.drug_path import Filled
from instruments.modbus.line import ModbusLine
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.write_unknown import WriteUnknown

SENSOR, DONE = "drug_concentration_ug_per_ml", "exchanges_done"
TOKEN, NUMBER, PART, DRUG = "exchange_token", "exchange_number", "exchange_part", "exchange_ug_per_ml"
_POINTS = (SENSOR, TOKEN, NUMBER, PART, DRUG, DONE)
_NUMBERS = 65536
_MOST_WRITES = 3


class ModbusDrugPath:
    """Sees and changes the drug of one rig."""

    def __init__(self, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> None:
        self._sensor = register_map.block(SENSOR)
        self._order = register_map.block(TOKEN, NUMBER, PART, DRUG)
        self._number_alone = register_map.block(NUMBER)
        self._done = register_map.block(DONE)
        self._line = line
        self._unit_id = unit_id
        self._asset = asset

    @classmethod
    def of(cls, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> Self | None:
        """Return what a map describes, or None where it has none of it.

        Raises:
            PlanError: the map has a part of it.
        """
        if not set(_POINTS) & set(register_map.points):
            return None
        register_map.require(_POINTS)
        return cls(register_map, line, unit_id, asset)

    def concentration_ug_per_ml(self) -> float:
        """Return what the sensor shows.

        Raises:
            BenchFault: it gives no number, or the rig does not answer.
        """
        shown = cast(float, self._line.read(self._unit_id, self._sensor)[SENSOR])
        if not math.isfinite(shown):
            raise BenchFault(self._asset, "look at the drug", f"its sensor shows {shown}", "check the drug sensor")
        return shown

    def fill(self, fencing_token: int, part: Filled, concentration_ug_per_ml: float) -> None:
        """Give one order to fill.

        Raises:
            WriteRefused: the rig refused it.
            BenchFault: the wire failed, and nobody can tell whether it was taken.
        """
        number = (self._number() + 1) % _NUMBERS or 1
        order: dict[str, Value] = {
            TOKEN: fencing_token, NUMBER: number, PART: str(part), DRUG: float(concentration_ug_per_ml),
        }  # fmt: skip
        seen = ""
        for _ in range(_MOST_WRITES):
            try:
                self._line.write(self._unit_id, self._order, order)
            except WriteUnknown as unknown:
                seen = f" ({unknown.seen})"
                if self._number() != number:
                    continue
            break
        if (shown := self._number()) != number:
            told = f"order {number} was sent, the rig shows order {shown}{seen}"
            raise BenchFault(self._asset, f"fill the {part}", told, "see who else writes to this rig")

    def done(self) -> int:
        """Return how many fillings are done."""
        return cast(int, self._line.read(self._unit_id, self._done)[DONE])

    def _number(self) -> int:
        return cast(int, self._line.read(self._unit_id, self._number_alone)[NUMBER])
