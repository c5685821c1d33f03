# SPDX-License-Identifier: Apache-2.0
"""The time axis of a picture: a unit that people think in, and ticks at round figures of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeAxis:
    """A unit of time.

    Attributes:
        unit: its sign.
        seconds: how long one is.
        steps: how far apart ticks may be, in this unit.
    """

    unit: str
    seconds: float
    steps: tuple[float, ...] = (1, 2, 5, 10)


SECONDS = TimeAxis("s", 1.0)
MINUTES = TimeAxis("min", 60.0, (1, 2, 3, 5, 10))
HOURS = TimeAxis("h", 3600.0)
HOURS_OF_DAYS = TimeAxis("h", 3600.0, (1, 2, 3, 4, 6, 10))
DAYS = TimeAxis("d", 86_400.0)


def time_axis(duration_s: float) -> TimeAxis:
    """Return the unit in which `duration_s` reads best."""
    if duration_s <= 180:
        return SECONDS
    if duration_s <= 3 * 3600:
        return MINUTES
    if duration_s <= 10 * 3600:
        return HOURS
    return HOURS_OF_DAYS if duration_s <= 72 * 3600 else DAYS
