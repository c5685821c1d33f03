# SPDX-License-Identifier: Apache-2.0
"""The outlet lift, the mid-catheter valve and the sensor relay of a rig behind a register map, over Modbus.

An order goes out with fencing token and number in one request. Where it was not confirmed, the number that the rig
shows tells whether it was taken; the same number sent again moves nothing, so a late copy does no harm.
"""

from typing import Self, cast

from groundfloor.errors import BenchFault
from instruments.catheter_line import MID_VALVE, OUTLET_LIFT, SENSOR_RELAY, CatheterLineState, no_catheter_line
from instruments.modbus.line import ModbusLine
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.write_unknown import WriteUnknown

TOKEN, NUMBER = "line_token", "line_number"
LIFT, LIFT_SEEN = "outlet_lift_kpa", "outlet_lift_measured_kpa"
VALVE, VALVE_SEEN = "mid_catheter_valve", "mid_catheter_valve_open"
RELAY, RELAY_SEEN = "sensor_relay", "sensor_line_open"
_SENSORS = {LIFT: LIFT_SEEN, VALVE: VALVE_SEEN, RELAY: RELAY_SEEN}
_NUMBERS = 65536
_MOST_WRITES = 3


class ModbusCatheterLine:
    """Moves the line of one rig.

    Attributes:
        has_lift, has_valve, has_relay: which of them there is.
    """

    def __init__(self, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> None:
        self._moved = [name for name in _SENSORS if name in register_map.points]
        self._orders = register_map.block(TOKEN, NUMBER, *self._moved)
        self._sensors = register_map.block(*(_SENSORS[name] for name in self._moved))
        self._line = line
        self._unit_id = unit_id
        self._asset = asset
        self.has_lift, self.has_valve, self.has_relay = (name in self._moved for name in _SENSORS)

    @classmethod
    def of(cls, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> Self | None:
        """Return the line that a map describes, or None where it has none.

        Raises:
            PlanError: the map has an actuator without its sensor, its token or its number.
        """
        moved = [name for name, sensor in _SENSORS.items() if {name, sensor} & set(register_map.points)]
        if not moved:
            return None
        register_map.require([TOKEN, NUMBER, *moved, *(_SENSORS[name] for name in moved)])
        return cls(register_map, line, unit_id, asset)

    def order(self, wanted: CatheterLineState, fencing_token: int) -> None:
        """Tell all of them where to go.

        Raises:
            WriteRefused: the rig refused it.
            BenchFault: the rig lacks what is asked for, or the wire failed and nobody can tell whether it was taken.
        """
        self._refuse_what_is_missing(wanted)
        told: dict[str, Value] = {
            LIFT: wanted.outlet_lift_kpa, VALVE: wanted.mid_valve_open, RELAY: wanted.sensor_line_open,
        }  # fmt: skip
        number = (self._number() + 1) % _NUMBERS or 1
        order = {TOKEN: fencing_token, NUMBER: number, **{name: told[name] for name in self._moved}}
        seen = ""
        for _ in range(_MOST_WRITES):
            try:
                self._line.write(self._unit_id, self._orders, order)
            except WriteUnknown as unknown:
                seen = f" ({unknown.seen})"
                if self._number() != number:
                    continue
            break
        present = self._line.read(self._unit_id, self._orders)
        written = self._orders.decode(self._orders.encode(order))
        if differing := [name for name in (NUMBER, *self._moved) if present[name] != written[name]]:
            shown = ", ".join(f"{name} is {present[name]}, told was {written[name]}" for name in differing)
            next_step = "see who else writes to this rig, and whether it is in its safe state"
            raise BenchFault(self._asset, "move the catheter's line", f"read-back differs: {shown}{seen}", next_step)

    def ordered(self) -> CatheterLineState:
        """Read back what they were told."""
        return self._state(self._line.read(self._unit_id, self._orders))

    def observed(self) -> CatheterLineState:
        """Return where they are, by sensors of their own."""
        values = self._line.read(self._unit_id, self._sensors)
        return self._state({name: values[_SENSORS[name]] for name in self._moved})

    def _state(self, values: dict[str, Value]) -> CatheterLineState:
        return CatheterLineState(
            cast(float, values.get(LIFT, 0.0)),
            cast(bool, values.get(VALVE, False)),
            cast(bool, values.get(RELAY, False)),
        )

    def _refuse_what_is_missing(self, wanted: CatheterLineState) -> None:
        if wanted.outlet_lift_kpa and not self.has_lift:
            raise no_catheter_line(self._asset, OUTLET_LIFT)
        if wanted.mid_valve_open and not self.has_valve:
            raise no_catheter_line(self._asset, MID_VALVE)
        if wanted.sensor_line_open and not self.has_relay:
            raise no_catheter_line(self._asset, SENSOR_RELAY)

    def _number(self) -> int:
        return cast(int, self._line.read(self._unit_id, self._orders)[NUMBER])
