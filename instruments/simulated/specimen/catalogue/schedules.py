# SPDX-License-Identifier: Apache-2.0
"""Pumps that take a full day schedule, read it back, and carry out another one."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_firmware
from instruments.simulated.specimen.catalogue.where import FULL_DAY, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_MOST_STEPS = 13.0

SCHEDULES = (
    Defect("flex_steps_held", _PUMP, "it carries out only so many steps of a day schedule, and reads back all", 12.0,
           1.0, _MOST_STEPS, in_firmware(lambda good, x: replace(good, flex_steps_held=round(x))),
           red(FULL_DAY, "DEL-004", "DEL-005", "DEL-009", "REG-002", "REG-003", "SCH-001", "SCH-007")),
    Defect("flex_midnight_missed", _PUMP, "a step of the day schedule that begins at midnight is never taken", None,
           0.0, 0.0, in_firmware(lambda good, _: replace(good, misses_midnight=True)),
           red(FULL_DAY, "DEL-004", "DEL-005", "DEL-009", "REG-002", "REG-003", "SCH-001", "SCH-007")),
)  # fmt: skip
"""Beside those that were there before, in `defects`."""
