# SPDX-License-Identifier: Apache-2.0
"""Pumps that fail at their catheter: an occlusion that they take for normal, a rate or a pressure that weakens them."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_alarms, in_motor
from instruments.simulated.specimen.catalogue.where import (
    AT_69_UL_PER_H,
    FIVE_KINKS,
    KINK_AT_START,
    KINK_IN_BOLUS,
    LOW_KINK,
    SLOW_KINK,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_MINUTE_S = 60.0

CATHETERS = (
    Defect("occlusion_threshold_too_high_kpa", _PUMP,
           "the occlusion alarm comes at this pressure, in its time all the same", 92.0, 2.0, 1e3,
           in_alarms(lambda good, x: replace(good, occlusion_kpa=x)), red(LOW_KINK, "CAT-008", "REG-006"),
           "protocol §14: a threshold that drifts"),
    Defect("weak_between_two_rates", _PUMP, "between 50 and 100 µL/h a stroke has only this share of its volume", 0.75,
           0.0, 10.0, in_motor(lambda good, x: replace(good, band_gain=x)),
           red(AT_69_UL_PER_H, "DEL-004", "DEL-010"),
           "protocol §10: light at low rates only"),
    Defect("weaker_by_back_pressure", _PUMP, "with each kPa in the catheter it gives less by this fraction", 0.006, 0.0,
           0.1, in_motor(lambda good, x: replace(good, weaker_per_kpa=x)), red(SLOW_KINK, "CAT-009"),
           "domain §5.2, 11: falling after compliance fills"),
    Defect("slow_occlusion_unnoticed_min", _PUMP,
           "it takes the catheter's pressure for normal anew every so many minutes", 10.0, 1.0, 1e4,
           in_alarms(lambda good, x: replace(good, rests_every_s=x * _MINUTE_S)),
           red(SLOW_KINK, "CAT-009", "CAT-010", "DEL-009", "REG-006"),
           "domain §5.2, 11: no alarm of a catheter that closes slowly"),
    Defect("duller_with_each_alarm_kpa", _PUMP,
           "each occlusion alarm raises the threshold of the next by so many kPa", 15.0, 0.0, 1e3,
           in_alarms(lambda good, x: replace(good, duller_by_kpa=x)), red(FIVE_KINKS, "ALM-003", "CAT-011", "REG-006"),
           "domain §5.2, 14: after the first alarm is cleared its sensitivity changes"),
    Defect("occlusion_in_bolus_unnoticed", _PUMP, "it looks for no occlusion while a bolus runs", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, blind_in_bolus=True)), red(KINK_IN_BOLUS, "CAT-012"),
           "domain §5.2, 23: alarm long after"),
    Defect("kink_at_start_unnoticed", _PUMP, "it takes a catheter that is shut at a start for normal", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, blind_if_kinked_at_start=True)),
           red(KINK_AT_START, "CAT-013", "REG-006"),
           "domain §5.2, 17: tubing occlusion with no alarm"),
)  # fmt: skip
"""Pumps at a bad catheter."""
