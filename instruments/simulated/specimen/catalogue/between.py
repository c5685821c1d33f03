# SPDX-License-Identifier: Apache-2.0
"""Pumps that are right where everybody looks, and wrong beside it: between rates, voltages, and what is asked for."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_interaction, in_motor, in_rig, in_sound
from instruments.simulated.specimen.catalogue.where import (
    ALARM_HEARD,
    ALARM_STANDS,
    HIGH_OUTLET,
    KINKS_BETWEEN_RATES,
    LOW_ALARM_STANDS,
    OFF_BETWEEN_RATES,
    STALL_BETWEEN_RATES,
    WORN_BATTERY,
    decides_nothing,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP

BETWEEN = (
    Defect("deaf_between_two_rates", _PUMP, "between 50 and 900 µL/h it looks for no occlusion", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, deaf_between="occlusion")),
           red(KINKS_BETWEEN_RATES, "ALM-003", "CAT-016", "REG-006"),
           "domain §5.2, 17: tubing occlusion with no alarm"),
    Defect("disconnect_deaf_between_two_rates", _PUMP, "between 50 and 900 µL/h it looks for no disconnection", None,
           0.0, 0.0, in_interaction(lambda good, _: replace(good, deaf_between="disconnect")),
           red(OFF_BETWEEN_RATES, "ALM-003", "DIS-008"), "domain §5.2, 21: no alarm"),
    Defect("stall_deaf_between_two_rates", _PUMP, "between 50 and 900 µL/h it looks for no stall", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, deaf_between="stall")),
           red(STALL_BETWEEN_RATES, "ALM-003", "STL-007"), "domain §5.2, 5: the alarm may be missing"),
    Defect("weak_on_a_worn_battery", _PUMP,
           "while between a fifth and a half of its battery is left a stroke has only this share of its volume", 0.8,
           0.0, 1.0, in_motor(lambda good, x: replace(good, worn_battery_gain=x)),
           red(WORN_BATTERY, "PWR-007"), "protocol §5: a battery that ends"),
    Defect("silence_of_what_comes", _PUMP,
           "a silence that is asked for while no alarm stands is of what comes in its time", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silences_to_come=True)),
           red(ALARM_HEARD, "ALM-005", "ALM-015"), "domain §5.2, 21: no audible alarm"),
    Defect("stop_clears_alarms", _PUMP, "a stop takes the alarms away that stand", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, stop_clears_alarms=True)),
           red(ALARM_STANDS, "ALM-003", "ALM-005", "ALM-016"), "domain §5.2, 5: the alarm may be missing"),
    Defect("load_clears_alarms", _PUMP, "a program that is loaded takes the alarms away that stand", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, load_clears_alarms=True)),
           red(LOW_ALARM_STANDS, "ALM-003", "ALM-005", "ALM-016"), "domain §5.2, 5: the alarm may be missing"),
    Defect("outlet_lift_share", Asset.INSTRUMENT,
           "the outlet moves this share of its way, and both sensors of the rig show all of it", 0.5, 0.0, 1.0,
           in_rig(lambda good, x: replace(good, lift_share=x)), decides_nothing(HIGH_OUTLET)),
)  # fmt: skip
"""Pumps first, then what only seems to be one."""
