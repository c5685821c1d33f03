# SPDX-License-Identifier: Apache-2.0
"""Pumps that are wrong about their reservoir: how much is in it, when to tell, and what a refill makes of it."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_reservoir
from instruments.simulated.specimen.catalogue.where import (
    ALARM_VOLUMES,
    EMPTY_BOLUS,
    REFILL_DATE,
    RUN_DOWN_AND_DRY,
    WITHDRAWN_AND_REFILLED,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_MOST_UL = 1e6
_A_DAY_S = 86_400.0

RESERVOIRS = (
    Defect("dry_before_low_alarm", _PUMP,
           "every stroke delivers more by this fraction, inside the accuracy, so that it is dry before its alarm", 0.12,
           0.0, 1.0, lambda good, x: replace(good, rate_gain=1.0 + x), red(RUN_DOWN_AND_DRY, "RES-002"),
           "domain §5.2, 1: the reservoir empties early, and its alarm is computed"),
    Defect("dry_before_low_alarm_of_40_ml", _PUMP,
           "every stroke delivers more by this fraction, by which a pump of 40 mL is dry before its alarm", 0.07, 0.0,
           1.0, lambda good, x: replace(good, rate_gain=1.0 + x),
           red(RUN_DOWN_AND_DRY, "RES-002", pump="implantable-40ml"),
           "protocol §0, 3: from 40 mL with the alarm at 2 mL, +5.3 % and more"),
    Defect("no_empty_alarm", _PUMP, "an empty reservoir raises no alarm, and the motor turns on", None, 0.0, 0.0,
           in_reservoir(lambda good, _: replace(good, empty_alarm=False)),
           red(RUN_DOWN_AND_DRY, "DEL-006", "REG-003", "RES-004"),
           "domain §5.2, 2: running dry"),
    Defect("empty_alarm_by_count", _PUMP, "the empty alarm waits until the computed volume is used up as well", None,
           0.0, 0.0, in_reservoir(lambda good, _: replace(good, empty_by_computed=True)),
           red(EMPTY_BOLUS, "DEL-006", "REG-003", "RES-004"),
           "domain §1.1: the reservoir is a model, not a sensor"),
    Defect("empty_alarm_early_ul", _PUMP, "the empty alarm comes when this much is left", 1000.0, 0.0, _MOST_UL,
           in_reservoir(lambda good, x: replace(good, empty_off_ul=x)), red(RUN_DOWN_AND_DRY, "RES-004"),
           "domain §5.2, 10: 19 mL still in the reservoir at a refill"),
    Defect("flow_fades_below_ul", _PUMP, "below this volume in the reservoir its strokes shrink with what is left",
           3500.0, 0.0, _MOST_UL, in_reservoir(lambda good, x: replace(good, fades_below_ul=x)),
           red(RUN_DOWN_AND_DRY, "DEL-004", "RES-003"),
           "protocol §4: withdrawal at 2.1 to 3.8 mL left in 24 % of 88 patients"),
    Defect("low_alarm_volume_fixed_ul", _PUMP, "its low-reservoir alarm is set to this, whatever it is told", 2500.0,
           1.0, _MOST_UL, in_reservoir(lambda good, x: replace(good, alarm_set_to_ul=x)),
           red(ALARM_VOLUMES, "ALM-001", "REG-004", "RES-001"),
           "protocol §4: withdrawal until the alarm had been set to 4 mL"),
    Defect("low_alarm_after_interrogation_s", _PUMP,
           "so many seconds after an interrogation the low-reservoir alarm sounds", 60.0, 0.1, _A_DAY_S,
           in_reservoir(lambda good, x: replace(good, low_after_interrogation_s=x)),
           red(RUN_DOWN_AND_DRY, "ALM-001", "REG-004", "RES-001", "RES-006"),
           "protocol §0, 5: came too early, mostly after an interrogation"),
    Defect("low_alarm_once", _PUMP, "its low-reservoir alarm sounds once in its life, not once in a filling", None, 0.0,
           0.0, in_reservoir(lambda good, _: replace(good, low_once=True)), red(ALARM_VOLUMES, "RES-001"),
           "domain §5.2, 14: after the first alarm is cleared it does not alarm again"),
    Defect("bolus_at_empty_accepted", _PUMP, "with an empty reservoir it accepts a patient bolus, and gives it later",
           None, 0.0, 0.0, in_reservoir(lambda good, _: replace(good, bolus_when_empty=True)),
           red(EMPTY_BOLUS, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "REG-001", "REG-002", "REG-003",
               "RES-005", "RES-007", "SCH-005"),
           "domain §5.2, 10: a burst after a stop and a start"),
    Defect("refill_adds", _PUMP, "a refill is added to what it computed before", None, 0.0, 0.0,
           in_reservoir(lambda good, _: replace(good, refill_adds=True)),
           red(WITHDRAWN_AND_REFILLED, "REG-004", "RES-001", "RES-007", "RES-008"),
           "protocol §4: enter the new volume"),
    Defect("any_refill_accepted", _PUMP, "it takes a refill of nothing, and one of more than it holds", None, 0.0, 0.0,
           in_reservoir(lambda good, _: replace(good, any_refill=True)), red(WITHDRAWN_AND_REFILLED, "RES-009"),
           "protocol §4: overfill loads the reservoir"),
    Defect("date_of_first_program", _PUMP, "the refill date follows from the first program that was ever loaded", None,
           0.0, 0.0, in_reservoir(lambda good, _: replace(good, date_of_first_program=True)),
           red(REFILL_DATE, "RES-010"), "protocol §3: the refill date is computed anew"),
    Defect("date_of_full_reservoir", _PUMP, "the refill date follows from a full reservoir, whatever it was told", None,
           0.0, 0.0, in_reservoir(lambda good, _: replace(good, date_of_full_reservoir=True)),
           red(REFILL_DATE, "RES-010")),
    Defect("date_without_boluses", _PUMP, "the refill date leaves out the boluses that a patient may ask for", None,
           0.0, 0.0, in_reservoir(lambda good, _: replace(good, date_counts_boluses=False)),
           red(REFILL_DATE, "RES-010"), "protocol §4: refill date with no, some and all allotted boluses"),
)  # fmt: skip
"""By what is wrong: empty, low, refilled."""
