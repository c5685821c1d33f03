# SPDX-License-Identifier: Apache-2.0
"""The patient's button of a rig behind a register map, over Modbus.

A press goes out with fencing token and number in one request. Where it was not confirmed, the number that the rig shows
tells whether it was taken; the same number sent again presses nothing.
"""

from typing import Self, cast

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine
from instruments.register_map.map import RegisterMap
from instruments.write_unknown import WriteUnknown

TOKEN, NUMBER, PRESSES = "press_token", "press_number", "button_presses"
_NUMBERS = 65536
_MOST_WRITES = 3


class ModbusPatientButton:
    """Presses the button of one rig."""

    def __init__(self, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> None:
        self._press = register_map.block(TOKEN, NUMBER)
        self._presses = register_map.block(PRESSES)
        self._line = line
        self._unit_id = unit_id
        self._asset = asset

    @classmethod
    def of(cls, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> Self | None:
        """Return the button that a map describes, or None where it has none.

        Raises:
            PlanError: the map has a part of it.
        """
        if not {TOKEN, NUMBER, PRESSES} & set(register_map.points):
            return None
        register_map.require([TOKEN, NUMBER, PRESSES])
        return cls(register_map, line, unit_id, asset)

    def press(self, fencing_token: int) -> None:
        """Press it once.

        Raises:
            WriteRefused: the rig refused it.
            BenchFault: the wire failed, and nobody can tell whether it was pressed.
        """
        number = (self._number() + 1) % _NUMBERS or 1
        seen = ""
        for _ in range(_MOST_WRITES):
            try:
                self._line.write(self._unit_id, self._press, {TOKEN: fencing_token, NUMBER: number})
            except WriteUnknown as unknown:
                seen = f" ({unknown.seen})"
                if self._number() != number:
                    continue
            break
        if (shown := self._number()) != number:
            told = f"press {number} was sent, the rig shows press {shown}{seen}"
            raise BenchFault(self._asset, "press the patient button", told, "see who else writes to this rig")

    def presses(self) -> int:
        """Return how many presses its sensor has felt."""
        return cast(int, self._line.read(self._unit_id, self._presses)[PRESSES])

    def _number(self) -> int:
        return cast(int, self._line.read(self._unit_id, self._press)[NUMBER])
