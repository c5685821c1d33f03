# SPDX-License-Identifier: Apache-2.0
"""A device with a thermometer of its own, beside what it is made for."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Thermometer(Protocol):
    """What a balance can do as well, if its dialect and its model tell a temperature."""

    def read_temperatures_c(self) -> tuple[float, ...]:
        """Return the temperature by each sensor inside the device; none for one that does not tell.

        Raises:
            BenchFault: there is no answer beyond doubt.
        """
        ...
