# SPDX-License-Identifier: Apache-2.0
"""Pumps that are right where an implant is used, and wrong in a screening trial: when slow, or in millilitres."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_boluses, in_motor
from instruments.simulated.specimen.catalogue.where import SLOW_TRIAL, TRIAL_BOLUS, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP

EXTERNAL_TRIALS = (
    Defect("slow_gain", _PUMP, "under 15 µL/h a stroke gives this many times its volume", 1.3, 0.0, 100.0,
           in_motor(lambda good, x: replace(good, slow_gain=x)),
           red(SLOW_TRIAL, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "SCR-001", "SCR-002"),
           "protocol §11: rates of a trial from 4 µL/h"),
    Defect("large_bolus_share", _PUMP, "of a bolus over 100 µL only this share comes, and all of it is counted", 0.8,
           0.0, 1.0, in_boluses(lambda good, x: replace(good, large_given_share=x)),
           red(TRIAL_BOLUS, "DEL-004", "DEL-009", "SCR-003"),
           "protocol §11: a trial bolus of 2 mL"),
)  # fmt: skip
"""The trial's pump is another than the one of 20 mL; `Showing.profile` names it."""
