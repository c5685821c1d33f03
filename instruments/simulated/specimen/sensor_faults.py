# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with what a pump makes of a sensor that has failed; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SensorFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        noticed: whether it notices at all that the sensor has failed.
        stops: whether it stops when it has noticed.
        alarm: whether it says so.
        logged: whether its log says so.
        once: whether it notices that once in its life.
        late_s: how much later than a good pump it notices.
    """

    noticed: bool = True
    stops: bool = True
    alarm: bool = True
    logged: bool = True
    once: bool = False
    late_s: float = 0.0
