# SPDX-License-Identifier: Apache-2.0
"""How a bad pump answers to warmth, cold and thin air; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClimateFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        per_kelvin: by what fraction a stroke grows with each kelvin over the reference, beside a good pump's.
        per_hpa: by what fraction a stroke grows with each hectopascal that its air is thinner than the room's.
        after_dense_air: by what fraction a stroke has grown for good when its air was once far denser than the room's.
        band_gain: volume per stroke between 29 and 34 °C.
        stands_below_c: colder than this the rotor turns and delivers nothing.
    """

    per_kelvin: float = 0.0
    per_hpa: float = 0.0
    after_dense_air: float = 0.0
    band_gain: float = 1.0
    stands_below_c: float = -273.15
