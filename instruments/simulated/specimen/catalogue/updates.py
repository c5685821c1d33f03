# SPDX-License-Identifier: Apache-2.0
"""Pumps that come out of a firmware update with half of it, without something of their own, or with the wrong one."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_update
from instruments.simulated.specimen.catalogue.where import UNFIT_IMAGES, UPDATE, UPDATE_WITHOUT_POWER, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_FDA = "protocol §9: FDA, no downgrade except authorised, and what was not signed is refused"

UPDATES = (
    Defect("half_image_runs", _PUMP, "after a loss of power in an update it runs the part of the image that had come",
           None, 0.0, 0.0, in_update(lambda good, _: replace(good, half_image_runs=True)),
           red(UPDATE_WITHOUT_POWER, "FWU-002"), "protocol §9: behaviour at interruption in each phase"),
    Defect("update_clears_counter", _PUMP, "a new firmware begins with a counter of zero", None, 0.0, 0.0,
           in_update(lambda good, _: replace(good, clears_counter=True)),
           red(UPDATE, "DEL-004", "DEL-009", "FWU-001", "REG-003"), "protocol §9: counters preserved"),
    Defect("update_clears_program", _PUMP, "a new firmware has no program to read back", None, 0.0, 0.0,
           in_update(lambda good, _: replace(good, clears_program=True)), red(UPDATE, "FWU-001", "PRG-001"),
           "protocol §9: schedule preserved"),
    Defect("update_stops_therapy", _PUMP, "with a new firmware it stands, and no alarm says so", None, 0.0, 0.0,
           in_update(lambda good, _: replace(good, stops_therapy=True)),
           red(UPDATE, "DEL-004", "DEL-006", "DEL-007", "DEL-009",
               "FWU-001", "FWU-003", "REG-001", "REG-002", "REG-003"),
           "protocol §1: left stopped by an update, found after 48 h"),
    Defect("says_new_runs_old", _PUMP, "after an update it shows the new version and runs the old firmware", None,
           0.0, 0.0, in_update(lambda good, _: replace(good, says_new_runs_old=True)), red(UPDATE, "FWU-001"),
           "protocol §14: FDA, older version installed"),
    Defect("older_firmware_taken", _PUMP, "an older firmware is taken from anybody", None, 0.0, 0.0,
           in_update(lambda good, _: replace(good, takes_older=True)), red(UNFIT_IMAGES, "FWU-004"), _FDA),
    Defect("any_firmware_taken", _PUMP, "a firmware is taken that was altered, cut short, or made for another model",
           None, 0.0, 0.0, in_update(lambda good, _: replace(good, takes_any=True)), red(UNFIT_IMAGES, "FWU-004"),
           _FDA),
)  # fmt: skip
