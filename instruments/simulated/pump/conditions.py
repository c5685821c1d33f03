# SPDX-License-Identifier: Apache-2.0
"""Conditions under which a bad pump does something else; a good one does the same under all of them."""

from collections.abc import Callable

from instruments.simulated.physics.climate import Climate

WARM_C, COLD_C = 30.0, 12.0


class Conditions:
    """Tells which condition stands.

    Args:
        climate: around the pump; None where that is not known, and is neither warm nor cold.
        battery_low: tells whether the battery is low.
    """

    def __init__(self, climate: Climate | None, battery_low: Callable[[], bool]) -> None:
        self._climate = climate
        self._battery_low = battery_low

    def stands(self, condition: str) -> bool:
        """Tell whether it is `low_battery`, `warm` or `cold`, as named; no name stands never."""
        if condition == "low_battery":
            return self._battery_low()
        if self._climate is None or not condition:
            return False
        temperature_c = self._climate.temperature_c()
        return temperature_c > WARM_C if condition == "warm" else temperature_c < COLD_C
