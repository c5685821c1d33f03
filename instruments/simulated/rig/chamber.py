# SPDX-License-Identifier: Apache-2.0
"""A chamber around the pump: it takes its time to a temperature and a pressure, and has sensors of its own."""

from collections.abc import Callable, Mapping

from instruments.register_map.codec import Value
from instruments.simulated.physics.climate import Climate
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

POINTS = ("chamber_token", "chamber_temperature_c", "chamber_pressure_hpa")
TRAVEL_S = 900.0
COLDEST_C, WARMEST_C = 2.0, 60.0
LEAST_HPA, MOST_HPA = 500.0, 2500.0


class Chamber:
    """Holds what it is told, 900 seconds after it was told.

    Args:
        timeline: the twin's time.
        climate: around the pump.
        dead: whether it moves nothing.
        echoes: whether its sensors show what was ordered, wherever it is.
    """

    def __init__(self, timeline: Timeline, climate: Climate, *, dead: bool, echoes: bool = False) -> None:
        self._timeline = timeline
        self._climate = climate
        self._dead = dead
        self._echoes = echoes
        self._wanted = (0.0, 0.0)
        self._timer = Timer(timeline, self._arrive)

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what its registers show."""
        return {
            "chamber_temperature_c": lambda: self._wanted[0],
            "chamber_pressure_hpa": lambda: self._wanted[1],
            "chamber_temperature_measured_c": lambda: self._told(0) or self._climate.temperature_c(),
            "chamber_pressure_measured_hpa": lambda: self._told(1) or self._climate.air_pressure_hpa(),
        }

    def write(self, values: Mapping[str, Value], highest_token: int, *, safe: bool) -> None:
        """Take an order.

        Raises:
            ValueError: its parts do not come together, the token is stale, the rig is safe, or it is outside its range.
        """
        token, *wanted = (values.get(name) for name in POINTS)
        if not isinstance(token, int) or not all(isinstance(one, int | float) for one in wanted):
            raise ValueError("rig: an order to the chamber comes in one request")
        if token < highest_token:
            raise ValueError(f"rig: fencing token {token} is stale, {highest_token} was seen")
        temperature_c, pressure_hpa = (float(str(one)) for one in wanted)
        if safe and (temperature_c or pressure_hpa):
            raise ValueError("rig: the chamber is off in the safe state")
        if temperature_c and not COLDEST_C <= temperature_c <= WARMEST_C:
            raise ValueError(f"rig: the chamber runs from {COLDEST_C} to {WARMEST_C} °C")
        if pressure_hpa and not LEAST_HPA <= pressure_hpa <= MOST_HPA:
            raise ValueError(f"rig: the chamber runs from {LEAST_HPA} to {MOST_HPA} hPa")
        self._go_to(temperature_c, pressure_hpa)

    def go_safe(self) -> None:
        """Leave the pump to the room."""
        self._go_to(0.0, 0.0)

    def _told(self, place: int) -> float:
        return self._wanted[place] if self._echoes else 0.0

    def _go_to(self, temperature_c: float, pressure_hpa: float) -> None:
        if (temperature_c, pressure_hpa) == self._wanted:
            return
        self._wanted = (temperature_c, pressure_hpa)
        if not self._dead:
            self._timer.set_at(self._timeline.now_s + TRAVEL_S)

    def _arrive(self) -> None:
        self._climate.hold(*self._wanted)
