# SPDX-License-Identifier: Apache-2.0
"""A lift of the catheter's outlet, a valve in its middle, a relay in the pump's sensor line; each with a sensor."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from instruments.register_map.codec import Value
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.rig.actuator import Actuator
from instruments.simulated.rig.order_number import OrderNumber
from instruments.simulated.specimen.rig_faults import RigFaults
from instruments.simulated.time.timeline import Timeline

LIFT_TRAVEL_S, VALVE_TRAVEL_S, RELAY_TRAVEL_S = 2.0, 0.1, 0.01
LOWEST_KPA, HIGHEST_KPA = -20.0, 50.0
TOKEN, NUMBER = "line_token", "line_number"
SAFE: Mapping[str, Value] = {"outlet_lift_kpa": 0.0, "mid_catheter_valve": False, "sensor_relay": False}
POINTS = (TOKEN, NUMBER, *SAFE)


class CatheterLine:
    """Moves outlet, valve and relay as it is told to under a number that it has not had.

    Args:
        sensor: tells the pump whether the line of its sensor is open.
    """

    def __init__(
        self,
        timeline: Timeline,
        hydraulics: Hydraulics,
        faults: RigFaults,
        sensor: Callable[[bool], None] = lambda _open: None,
    ) -> None:
        self._hydraulics = hydraulics
        self._sensor = sensor
        self._echoing = faults.echoing_sensors
        self._orders = OrderNumber()
        self._told: dict[str, float] = {name: _number(value) for name, value in SAFE.items()}
        departures = dict(faults.departures)
        self._actuators = {
            name: Actuator(
                timeline,
                travel_s,
                self._pass_on,
                dead=name in faults.dead_actuators,
                departures=departures.get(name, float("inf")),
            )
            for name, travel_s in zip(SAFE, (LIFT_TRAVEL_S, VALVE_TRAVEL_S, RELAY_TRAVEL_S), strict=True)
        }

    @property
    def lift_kpa(self) -> float:
        """Return where the outlet really is, over its rest."""
        return self._actuators["outlet_lift_kpa"].position

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what its registers show."""
        return {
            NUMBER: lambda: self._orders.last,
            "outlet_lift_kpa": lambda: self._told["outlet_lift_kpa"],
            "mid_catheter_valve": lambda: bool(self._told["mid_catheter_valve"]),
            "sensor_relay": lambda: bool(self._told["sensor_relay"]),
            "outlet_lift_measured_kpa": lambda: self._shown("outlet_lift_kpa"),
            "mid_catheter_valve_open": lambda: bool(self._shown("mid_catheter_valve")),
            "sensor_line_open": lambda: bool(self._shown("sensor_relay")),
        }

    def write(self, values: Mapping[str, Value], highest_token: int, *, safe: bool) -> None:
        """Take an order.

        Raises:
            ValueError: token, number and positions do not come together, the token is stale, the rig is safe and the
                order is not, a lift is out of its range, or the number lies behind the last one.
        """
        token, number = values.get(TOKEN), values.get(NUMBER)
        wanted = {name: _number(values[name]) for name in SAFE if name in values}
        if not isinstance(token, int) or not isinstance(number, int) or not wanted:
            raise ValueError("rig: outlet, valve and relay, their token and their number are written together")
        if token < highest_token:
            raise ValueError(f"rig: fencing token {token} is stale, {highest_token} was seen")
        if not LOWEST_KPA <= wanted.get("outlet_lift_kpa", 0.0) <= HIGHEST_KPA:
            raise ValueError(f"rig: the outlet moves from {LOWEST_KPA:g} to {HIGHEST_KPA:g} kPa")
        if safe and any(wanted[name] != _number(SAFE[name]) for name in wanted):
            raise ValueError("rig: outlet, valve and relay cannot leave the safe state")
        if self._orders.repeats(token, number):
            return
        self._orders.take(token, number)
        self._move(wanted)

    def go_safe(self) -> None:
        """Bring the outlet to its rest and close valve and relay."""
        self._move({name: _number(value) for name, value in SAFE.items()})

    def _move(self, wanted: Mapping[str, float]) -> None:
        for name, target in wanted.items():
            self._told[name] = target
            self._actuators[name].go_to(target)

    def _shown(self, name: str) -> float:
        return self._told[name] if name in self._echoing else self._actuators[name].shown

    def _pass_on(self) -> None:
        self._sensor(bool(self._actuators["sensor_relay"].position))
        open_in_the_middle = bool(self._actuators["mid_catheter_valve"].position)
        self._hydraulics.change(
            replace(self._hydraulics.conditions, outlet_lift_kpa=self.lift_kpa, torn=open_in_the_middle)
        )


def _number(value: Value) -> float:
    if isinstance(value, str | frozenset):
        raise TypeError(f"{value!r} is no number")
    return float(value)
