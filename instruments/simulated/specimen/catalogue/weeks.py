# SPDX-License-Identifier: Apache-2.0
"""Pumps that take a week of day schedules, read it back, and carry out another one."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_firmware
from instruments.simulated.specimen.catalogue.where import WEEK, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP

WEEKS = (
    Defect("weekdays_late", _PUMP, "the schedules of a week come this many days late", 1.0, 1.0, 6.0,
           in_firmware(lambda good, x: replace(good, weekdays_late=round(x))),
           red(WEEK, "DEL-004", "DEL-005", "DEL-006", "DEL-009", "REG-002", "REG-003", "SCH-001", "SCH-008"),
           "protocol §12: a clock that is set otherwise shifts a schedule"),
    Defect("weekdays_ignored", _PUMP, "the first day's schedule is carried out on every day of a week", None, 0.0, 0.0,
           in_firmware(lambda good, _: replace(good, weekdays_ignored=True)),
           red(WEEK, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-002", "REG-003", "SCH-001", "SCH-008")),
)  # fmt: skip
