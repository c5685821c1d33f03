# SPDX-License-Identifier: Apache-2.0
"""The chamber of a rig behind a register map, over Modbus.

An order goes out with its fencing token in one request. It is absolute: given twice it does the same, so one that was
not confirmed is sent again.
"""

from typing import Self, cast

from groundfloor.errors import BenchFault
from instruments.chamber import ChamberReading
from instruments.modbus.line import ModbusLine
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.write_unknown import WriteUnknown

TEMPERATURE = "chamber_temperature_c"
TOKEN, PRESSURE = "chamber_token", "chamber_pressure_hpa"
_ORDER = (TOKEN, TEMPERATURE, PRESSURE)
_WARM, _AIR = "chamber_temperature_measured_c", "chamber_pressure_measured_hpa"
_SENSORS = (_WARM, _AIR)
_MOST_WRITES = 3


class ModbusChamber:
    """Gives orders to the chamber of one rig."""

    def __init__(self, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> None:
        self._order = register_map.block(*_ORDER)
        self._sensors = register_map.block(*_SENSORS)
        self._line = line
        self._unit_id = unit_id
        self._asset = asset

    @classmethod
    def of(cls, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> Self | None:
        """Return the chamber that a map describes, or None where it has none.

        Raises:
            PlanError: the map has a part of it.
        """
        if not {*_ORDER, *_SENSORS} & set(register_map.points):
            return None
        register_map.require([*_ORDER, *_SENSORS])
        return cls(register_map, line, unit_id, asset)

    def order(self, fencing_token: int, temperature_c: float, air_pressure_hpa: float) -> None:
        """Give one order, and read back that it was taken.

        Raises:
            WriteRefused: the rig refused it.
            BenchFault: the wire failed, or the read-back differs.
        """
        wanted: dict[str, Value] = {TEMPERATURE: temperature_c, PRESSURE: air_pressure_hpa}
        for _ in range(_MOST_WRITES):
            try:
                self._line.write(self._unit_id, self._order, {TOKEN: fencing_token, **wanted})
            except WriteUnknown:
                continue
            break
        block = self._order
        shown, told = (
            self._line.read(self._unit_id, block),
            block.decode(block.encode({TOKEN: fencing_token, **wanted})),
        )
        if any(shown[name] != told[name] for name in wanted):
            seen = f"{shown[TEMPERATURE]} °C and {shown[PRESSURE]} hPa are read back of {told[TEMPERATURE]} and "
            seen += f"{told[PRESSURE]}"
            raise BenchFault(self._asset, "move the chamber", seen, "see who else writes to this rig")

    def read(self) -> ChamberReading:
        """Read its sensors."""
        values = self._line.read(self._unit_id, self._sensors)
        return ChamberReading(cast(float, values[_WARM]), cast(float, values[_AIR]))
