# SPDX-License-Identifier: Apache-2.0
"""Pumps that do something else in warmth or on a low battery, beside another alarm, or with each alarm more."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_firmware, in_interaction
from instruments.simulated.specimen.catalogue.where import (
    ALARMS_AFTER_CATHETER_OFF,
    ALARMS_ON_LOW_BATTERY,
    ALARMS_WHEN_WARM,
    CATHETER_ALARMS_AFTER_OTHERS,
    KINKS_PAST_THE_LOG,
    OFF_SEVERAL_TIMES,
    RESET_BESIDE_AN_ALARM,
    STEPS_ON_LOW_BATTERY,
    STEPS_WHEN_WARM,
    red,
)
from instruments.simulated.specimen.defect import Asset, Change, Defect

_PUMP = Asset.PUMP
_AN_HOUR_S = 3600.0


def _doubles_under(condition: str) -> Change:
    return in_interaction(lambda good, _: replace(good, doubles_bolus_under=condition))


def _deaf_under(condition: str) -> Change:
    return in_interaction(lambda good, _: replace(good, deaf_under=condition))


def _deaf_to(alarm: str) -> Change:
    return in_interaction(lambda good, _: replace(good, deaf_to_beside_another=alarm))


CONDITIONS = (
    Defect("bolus_double_on_low_battery", _PUMP, "on a low battery it gives twice what a bolus has, uncounted", None,
           0.0, 0.0, _doubles_under("low_battery"),
           red(STEPS_ON_LOW_BATTERY, "CND-002", "DEL-005", "DEL-009", "SCH-006"), "protocol §5: a battery that ends"),
    Defect("bolus_double_when_warm", _PUMP, "over 30 °C it gives twice what a bolus has, uncounted", None, 0.0, 0.0,
           _doubles_under("warm"), red(STEPS_WHEN_WARM, "CND-002", "DEL-004", "DEL-005", "DEL-009", "SCH-006"),
           "protocol §10: 30 to 36 °C, up to +25 %"),
    Defect("step_kept_on_low_battery", _PUMP, "on a low battery it takes no other step of a day schedule", None, 0.0,
           0.0, in_interaction(lambda good, _: replace(good, keeps_step_under="low_battery")),
           red(STEPS_ON_LOW_BATTERY, "CND-001", "DEL-004", "DEL-005", "DEL-009", "REG-002", "REG-003",
               "SCH-005", "SCH-006"), "protocol §5: a battery that ends"),
    Defect("deaf_when_warm", _PUMP, "over 30 °C it looks for no occlusion and no disconnection", None, 0.0, 0.0,
           _deaf_under("warm"), red(ALARMS_WHEN_WARM, "CND-003"), "domain §1.1: environmental conditions"),
    Defect("deaf_on_low_battery", _PUMP, "on a low battery it looks for no occlusion and no disconnection", None, 0.0,
           0.0, _deaf_under("low_battery"), red(ALARMS_ON_LOW_BATTERY, "CND-003"),
           "protocol §5: a battery that ends"),
    Defect("disconnect_deaf_beside_another", _PUMP, "it looks for no disconnection while another alarm stands", None,
           0.0, 0.0, _deaf_to("disconnect"), red(CATHETER_ALARMS_AFTER_OTHERS, "ALM-014"),
           "domain §5.2, 14: after the first alarm is cleared its sensitivity changes"),
    Defect("stall_deaf_beside_another", _PUMP, "it looks for no stall while another alarm stands", None, 0.0, 0.0,
           _deaf_to("stall"), red(ALARMS_AFTER_CATHETER_OFF, "ALM-014"),
           "domain §5.2, 5: the alarm may be missing"),
    Defect("low_battery_silent_beside_another", _PUMP, "it tells of no low battery while another alarm stands", None,
           0.0, 0.0, _deaf_to("low_battery"), red(ALARMS_AFTER_CATHETER_OFF, "ALM-014"),
           "protocol §5: ambulatory recalls, the low-battery alarm missing"),
    Defect("low_reservoir_silent_beside_another", _PUMP, "it tells of no low reservoir while another alarm stands",
           None, 0.0, 0.0, _deaf_to("low_reservoir"), red(ALARMS_AFTER_CATHETER_OFF, "ALM-014"),
           "domain §5.2, 5: the alarm may be missing"),
    Defect("reset_silent_beside_another", _PUMP, "it tells of no loss of power while another alarm stands", None, 0.0,
           0.0, _deaf_to("memory"), red(RESET_BESIDE_AN_ALARM, "ALM-014", "PWR-002"),
           "protocol §5: the reset is its own event"),
    Defect("next_alarm_clears_others", _PUMP, "an alarm that comes takes those away that stand", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, next_clears=True)),
           red(CATHETER_ALARMS_AFTER_OTHERS, "ALM-003", "ALM-014"),
           "domain §5.2, 5: the alarm may be missing"),
    Defect("occlusion_slower_s", _PUMP, "each occlusion alarm comes by so many seconds later than the one before", 10.0,
           0.0, _AN_HOUR_S, in_interaction(lambda good, x: replace(good, occlusion_slower_s=x)),
           red(KINKS_PAST_THE_LOG, "ALM-003", "CAT-015"),
           "domain §5.2, 14: after the first alarm is cleared its sensitivity changes"),
    Defect("disconnect_slower_s", _PUMP, "each disconnect alarm comes by so many seconds later than the one before",
           30.0, 0.0, _AN_HOUR_S, in_interaction(lambda good, x: replace(good, disconnect_slower_s=x)),
           red(OFF_SEVERAL_TIMES, "DIS-007"),
           "domain §5.2, 14: after the first alarm is cleared its sensitivity changes"),
    Defect("occlusion_alarms_end_after", _PUMP, "after so many occlusion alarms it raises none any more", 16.0, 1.0,
           1e6,
           in_firmware(lambda good, x: replace(good, occlusion_alarms=round(x))),
           red(KINKS_PAST_THE_LOG, "ALM-003", "CAT-011", "REG-006"),
           "domain §5.2, 14: after the first alarm is cleared its sensitivity changes"),
)  # fmt: skip
"""Conditions first, then alarms beside each other and one after the other."""
