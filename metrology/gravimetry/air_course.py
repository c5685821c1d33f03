# SPDX-License-Identifier: Apache-2.0
"""The air from sample to sample, and its mean between two marks.

In a room that swings by day and night the mean of both ends says little about the time between. Mass arrives at the
density of its own hour, and evaporates by the humidity of that hour, so the mean over all samples counts. Each sample
adds to running integrals; a mean is two looks into them, however long the window. A sample takes 64 bytes.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import replace

from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.vapour_pressure import vapour_deficit_hpa

_Air = tuple[float, float, float, float]
"""Temperature in °C, pressure in hPa, humidity in %, deficit of vapour pressure in hPa."""


class AirCourse:
    """Takes the air of one sample after the other. Between two it counts as a straight line, over a gap as well."""

    def __init__(self) -> None:
        self._times_s = array("d")
        self._readings = array("d")  # three figures a sample
        self._integrals = array("d")  # four
        self._newest: _Air = (0.0, 0.0, 0.0, 0.0)
        self._drier_from = array("Q")  # the samples that were drier than all before them
        self._driest_percent = array("d")

    def see(self, time_s: float, temperature_c: float, air_pressure_hpa: float, humidity_percent: float) -> None:
        """Take the air at an instant; one without a number, or not later than the last, adds nothing."""
        if not all(map(math.isfinite, (temperature_c, air_pressure_hpa, humidity_percent))):
            return
        if self._times_s and time_s <= self._times_s[-1]:
            return
        air = _of(temperature_c, air_pressure_hpa, humidity_percent)
        number = len(self._times_s)
        if number:
            step = _area(self._newest, air, time_s - self._times_s[-1])
            self._integrals.extend(_sum(self._integral(number - 1), step))
        else:
            self._integrals.extend((0.0, 0.0, 0.0, 0.0))
        self._times_s.append(time_s)
        self._readings.extend(air[:3])
        self._newest = air
        if not number or humidity_percent < self._driest_percent[-1]:
            self._drier_from.append(number)
            self._driest_percent.append(humidity_percent)

    def _air(self, number: int) -> _Air:
        return _of(*self._readings[3 * number : 3 * number + 3])

    def _integral(self, number: int) -> _Air:
        celsius, hpa, percent, deficit_hpa = self._integrals[4 * number : 4 * number + 4]
        return celsius, hpa, percent, deficit_hpa

    def _driest(self, number: int) -> float:
        return self._driest_percent[bisect_right(self._drier_from, number) - 1]

    def over(self, start_s: float, start: Conditions, end_s: float, end: Conditions) -> Conditions:
        """Return the mean air between two readings of it, with what changed from the one to the other.

        Without a sample in between, half of what changed widens the bounds, as in `Conditions.mean_with`.
        """
        ends = start.mean_with(end)
        first, last = bisect_right(self._times_s, start_s), bisect_left(self._times_s, end_s) - 1
        if last < first:
            return ends
        before, after = _air_of(start), _air_of(end)
        inside = _difference(self._integral(last), self._integral(first))
        to_first = _area(before, self._air(first), self._times_s[first] - start_s)
        from_last = _area(self._air(last), after, end_s - self._times_s[last])
        whole = _sum(_sum(inside, to_first), from_last)
        celsius, hpa, percent, deficit_hpa = (one / (end_s - start_s) for one in whole)
        return replace(
            ends,
            temperature_c=celsius,
            air_pressure_hpa=hpa,
            humidity_percent=percent,
            temperature_half_width_c=max(start.temperature_half_width_c, end.temperature_half_width_c),
            air_pressure_half_width_hpa=max(start.air_pressure_half_width_hpa, end.air_pressure_half_width_hpa),
            humidity_half_width_percent=max(start.humidity_half_width_percent, end.humidity_half_width_percent),
            mean_vapour_deficit_hpa=deficit_hpa,
            # since the course began, for a charge that dry air let come stays for hours
            driest_percent=min(self._driest(last), start.humidity_percent, end.humidity_percent),
        )


def _of(temperature_c: float, air_pressure_hpa: float, humidity_percent: float) -> _Air:
    return temperature_c, air_pressure_hpa, humidity_percent, float(vapour_deficit_hpa(temperature_c, humidity_percent))


def _air_of(one: Conditions) -> _Air:
    return _of(one.temperature_c, one.air_pressure_hpa, one.humidity_percent)


def _area(before: _Air, after: _Air, seconds: float) -> _Air:
    return (
        (before[0] + after[0]) / 2 * seconds,
        (before[1] + after[1]) / 2 * seconds,
        (before[2] + after[2]) / 2 * seconds,
        (before[3] + after[3]) / 2 * seconds,
    )


def _sum(left: _Air, right: _Air) -> _Air:
    return left[0] + right[0], left[1] + right[1], left[2] + right[2], left[3] + right[3]


def _difference(left: _Air, right: _Air) -> _Air:
    return left[0] - right[0], left[1] - right[1], left[2] - right[2], left[3] - right[3]
