# SPDX-License-Identifier: Apache-2.0
"""The air and the water while a volume was collected."""

import math
from dataclasses import dataclass

from groundfloor.inconclusive import Inconclusive


@dataclass(frozen=True)
class Conditions:
    """Mean conditions from the rig's own sensors, and how far the truth may lie from them.

    The half-widths are assumed where no certificate gives better: water in the vessel is cooler than the air that the
    sensor feels. They move a volume by a few parts in 10⁴. The rises are from the first reading to the second: what
    stands on the pan floats in the air of each.

    Raises:
        Inconclusive: a value is missing (NaN), or no laboratory in which a volume could be weighed looks like that.
    """

    temperature_c: float
    air_pressure_hpa: float
    humidity_percent: float
    temperature_half_width_c: float = 1.0
    air_pressure_half_width_hpa: float = 2.0
    humidity_half_width_percent: float = 5.0
    temperature_rise_c: float = 0.0
    air_pressure_rise_hpa: float = 0.0
    humidity_rise_percent: float = 0.0

    def __post_init__(self) -> None:
        wrong = [
            f"{name} is {value:g} {unit}, not {low:g} to {high:g} {unit}"
            for name, value, low, high, unit in (
                ("temperature", self.temperature_c, 0, 40, "°C"),
                ("air pressure", self.air_pressure_hpa, 600, 1100, "hPa"),
                ("humidity", self.humidity_percent, 0, 100, "%"),
            )
            if not low <= value <= high
        ]
        if wrong:
            raise Inconclusive("rig", "read the conditions of a weighing", "; ".join(wrong), "check the rig's sensors")

    def mean_with(self, other: "Conditions") -> "Conditions":
        """Return the mean of two readings, this one the earlier; half their difference widens the bounds."""
        temperature_c, more_c = _middle(self.temperature_c, other.temperature_c)
        pressure_hpa, more_hpa = _middle(self.air_pressure_hpa, other.air_pressure_hpa)
        humidity_percent, more_percent = _middle(self.humidity_percent, other.humidity_percent)
        return Conditions(
            temperature_c,
            pressure_hpa,
            humidity_percent,
            math.hypot(more_c, max(self.temperature_half_width_c, other.temperature_half_width_c)),
            math.hypot(more_hpa, max(self.air_pressure_half_width_hpa, other.air_pressure_half_width_hpa)),
            math.hypot(more_percent, max(self.humidity_half_width_percent, other.humidity_half_width_percent)),
            other.temperature_c - self.temperature_c,
            other.air_pressure_hpa - self.air_pressure_hpa,
            other.humidity_percent - self.humidity_percent,
        )


def _middle(one: float, other: float) -> tuple[float, float]:
    return (one + other) / 2, abs(one - other) / 2
