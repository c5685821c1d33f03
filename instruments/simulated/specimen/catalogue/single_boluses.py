# SPDX-License-Identifier: Apache-2.0
"""Pumps whose single boluses are right in the mean and wrong one by one, or that give two at once."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_boluses, in_firmware
from instruments.simulated.specimen.catalogue.where import ROW_OF_BOLUSES, STOPPED_BOLUS, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP

SINGLE_BOLUSES = (
    Defect("tenth_bolus_gain", _PUMP, "every tenth single bolus gives this many times its volume, and counts it", 0.5,
           0.0, 100.0, in_boluses(lambda good, x: replace(good, tenth_gain=x)),
           red(ROW_OF_BOLUSES, "BOL-001", "DEL-004", "REG-002", "REG-003", "SCH-006"),
           "domain §2.1: boluses are weighed one by one"),
    Defect("bolus_begins_anew", _PUMP, "a single bolus that is asked for while one runs is taken and begins anew", None,
           0.0, 0.0, in_boluses(lambda good, _: replace(good, anew_at_once=True)),
           red(ROW_OF_BOLUSES, "BOL-002", "DEL-004", "DEL-008", "REG-001", "REG-002", "REG-003"),
           "protocol §3: the same request twice"),
    Defect("bolus_resumed", _PUMP, "a start takes up what the stop before it left of a bolus, and logs it", None,
           0.0, 0.0, in_boluses(lambda good, _: replace(good, resumed=True)),
           red(STOPPED_BOLUS, "BOL-004", "DEL-004", "DEL-005", "DEL-009", "REG-001", "REG-002", "REG-003", "SCH-005"),
           "domain §5.2: a dose that is interrupted and resumed is wrong"),
    Defect("bolus_anew_at_start", _PUMP, "a start gives a bolus that was stopped once more in full", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, anew_at_start=True)),
           red(STOPPED_BOLUS, "BOL-004", "DEL-004", "DEL-005", "DEL-007", "DEL-009", "REG-001", "REG-002", "REG-003"),
           "domain §5.2: a dose that is interrupted and resumed is wrong"),
    Defect("basal_stands_in_bolus", _PUMP, "the basal rate stands while a single bolus is given", None, 0.0, 0.0,
           in_firmware(lambda good, _: replace(good, basal_stands_in_bolus=True)),
           red(STOPPED_BOLUS, "BOL-003", "DEL-004", "REG-002", "REG-003", "SCH-005", "SCH-006")),
)  # fmt: skip
"""Of the clinician's; what they have in common with the patient's is in `boluses`."""
