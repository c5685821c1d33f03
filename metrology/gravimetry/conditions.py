# SPDX-License-Identifier: Apache-2.0
"""The air and the water while a volume was collected."""

import math
from dataclasses import dataclass

from groundfloor.inconclusive import Inconclusive
from metrology.gravimetry.vapour_pressure import vapour_deficit_hpa


@dataclass(frozen=True)
class Conditions:
    """Mean conditions from the rig's own sensors, and how far the truth may lie from them.

    The half-widths are assumed where no certificate gives better: water in the vessel is cooler than the air that the
    sensor feels. They move a volume by a few parts in 10⁴. The rises are from the first reading to the second: what
    stands on the pan floats in the air of each. The mean deficit of vapour pressure and the driest air are of all
    samples between them; None where nobody looked in between.

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
    mean_vapour_deficit_hpa: float | None = None
    driest_percent: float | None = None

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

    @property
    def vapour_deficit_hpa(self) -> float:
        """Return the mean deficit of vapour pressure; without samples in between, the mean of both ends."""
        if self.mean_vapour_deficit_hpa is not None:
            return self.mean_vapour_deficit_hpa
        return sum(self._deficits_at_the_ends_hpa) / 2

    @property
    def unseen_vapour_deficit_hpa(self) -> float:
        """Return how far the mean deficit may be off because nobody looked between the ends, ±."""
        first_hpa, last_hpa = self._deficits_at_the_ends_hpa
        return abs(last_hpa - first_hpa) / 2 if self.mean_vapour_deficit_hpa is None else 0.0

    @property
    def least_humidity_percent(self) -> float:
        """Return the humidity of the driest air."""
        if self.driest_percent is not None:
            return self.driest_percent
        return self.humidity_percent - abs(self.humidity_rise_percent) / 2

    @property
    def _deficits_at_the_ends_hpa(self) -> tuple[float, float]:
        first, last = (
            float(
                vapour_deficit_hpa(
                    self.temperature_c + side * self.temperature_rise_c,
                    self.humidity_percent + side * self.humidity_rise_percent,
                )
            )
            for side in (-0.5, 0.5)
        )
        return first, last

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
