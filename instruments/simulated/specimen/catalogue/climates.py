# SPDX-License-Identifier: Apache-2.0
"""Pumps that give another rate in another climate."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_climate, in_rig
from instruments.simulated.specimen.catalogue.where import (
    COLD,
    DENSE_AIR,
    THIN_AIR,
    WARM,
    WITHDRAWN_AND_REFILLED,
    blocks,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP, _INSTRUMENT = Asset.PUMP, Asset.INSTRUMENT

CLIMATES = (
    Defect("rate_per_kelvin", _PUMP, "every stroke grows by this fraction with each kelvin over room temperature", 0.02,
           -1.0, 1.0, in_climate(lambda good, x: replace(good, per_kelvin=x)),
           red(WARM, "DEL-004", "DEL-005", "DEL-009", "ENV-001"),
           "protocol §10: 30 to 36 °C, up to +25 %"),
    Defect("stands_in_the_cold_c", _PUMP, "colder than this its rotor turns and delivers nothing", 10.0, -50.0, 100.0,
           in_climate(lambda good, x: replace(good, stands_below_c=x)),
           red(COLD, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "ENV-001"),
           "domain §1.1: environmental conditions"),
    Defect("rate_per_hpa", _PUMP, "every stroke grows by this fraction with each hPa that its air is thinner", 0.001,
           -1.0, 1.0, in_climate(lambda good, x: replace(good, per_hpa=x)),
           red(THIN_AIR, "DEL-004", "DEL-005", "DEL-009", "ENV-002"),
           "protocol §10: -19 to -64 % at 800 hPa"),
    Defect("bent_by_dense_air", _PUMP, "back from dense air every stroke has grown by this fraction for good", 0.25,
           -1.0, 1.0, in_climate(lambda good, x: replace(good, after_dense_air=x)),
           red(DENSE_AIR, "DEL-004", "DEL-005", "DEL-009", "ENV-003"),
           "protocol §10: pressure may bend the bottom shield"),
    Defect("dead_chamber", _INSTRUMENT, "the chamber stays at the climate of the room", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"chamber"})), blocks(WARM)),
    Defect("dead_refill_port", _INSTRUMENT, "needle and drive of the refill port do not move", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"refill_port"})),
           blocks(WITHDRAWN_AND_REFILLED)),
)  # fmt: skip
"""Warmth and air, and the parts of a rig that make them or refill."""
