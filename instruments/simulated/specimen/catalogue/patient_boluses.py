# SPDX-License-Identifier: Apache-2.0
"""Pumps that give the patient too much, too soon, or what nobody expects any more; and logs that keep silent of it."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_boluses, in_rig
from instruments.simulated.specimen.catalogue.where import (
    BOLUS,
    BOLUS_AND_ALARM,
    BOLUS_AND_STOP,
    BUTTON,
    DAY_OF_BOLUSES,
    SLOWED_BOLUS,
    blocks,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_A_DAY_S = 86400.0

PATIENT_BOLUSES = (
    Defect("maximum_by_calendar", _PUMP, "the daily maximum counts from midnight, not in any 24 hours", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, calendar_day=True)), red(DAY_OF_BOLUSES, "PTB-002"),
           "protocol §3: count over a rolling 24 h across midnight"),
    Defect("refused_counts_for_day", _PUMP, "a request that it refuses for the lockout counts for the maximum of a day",
           None, 0.0, 0.0, in_boluses(lambda good, _: replace(good, counts_refused=True)),
           red(DAY_OF_BOLUSES, "PTB-009", "SCH-003"), "protocol §3: counters of boluses"),
    Defect("bolus_again_over_midnight", _PUMP, "a bolus that runs over midnight is given once more after it, uncounted",
           None, 0.0, 0.0, in_boluses(lambda good, _: replace(good, again_over_midnight=True)),
           red(DAY_OF_BOLUSES, "DEL-005", "DEL-009", "SCH-003", "SCH-006"),
           "protocol §3: count over a rolling 24 h across midnight"),
    Defect("lockout_ends_early_s", _PUMP, "the lockout ends this many seconds early", 5.0, 0.0, _A_DAY_S,
           in_boluses(lambda good, x: replace(good, lockout_short_s=x)), red(BOLUS, "PTB-001", "SCH-004"),
           "protocol §3: a request a second before the lockout ends"),
    Defect("lockout_ends_at_stop", _PUMP, "a stop ends the lockout, and the count of the day", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, forgets_at_stop=True)), red(BOLUS_AND_STOP, "PTB-007"),
           "protocol §3: counters kept over power loss and reset"),
    Defect("refused_bolus_not_logged", _PUMP, "a refused request for a bolus is not logged", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, refusals_logged=False)), red(BOLUS, "SCH-004", "SCH-005"),
           "protocol §3: bolus history corrupted"),
    Defect("second_bolus_gain", _PUMP, "the second patient bolus gives this many times its volume, and counts it", 2.0,
           0.0, 100.0, in_boluses(lambda good, x: replace(good, second_gain=x)),
           red(BOLUS, "DEL-004", "DEL-005", "REG-002", "REG-003", "SCH-003", "SCH-005", "SCH-006"),
           "protocol §3: a doubled bolus"),
    Defect("bolus_over_greatest_rate", _PUMP, "a patient bolus brings the pump over its greatest rate", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, keeps_to_greatest_rate=False)),
           red(SLOWED_BOLUS, "DEL-004", "DEL-005", "DEL-006", "PTB-004", "REG-001", "REG-002", "REG-003", "SCH-006"),
           "domain §5.1: bolus and basal rate capped at the greatest rate"),
    Defect("rest_of_bolus_at_start", _PUMP, "a start gives the rest of a bolus that a stop or an alarm cut short", None,
           0.0, 0.0, in_boluses(lambda good, _: replace(good, rest_at_start=True)),
           red(BOLUS_AND_ALARM, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "PTB-005", "REG-001", "REG-002", "REG-003"),
           "domain §5.2, 18: an interrupted dose that is resumed gives a wrong amount"),
    Defect("refused_bolus_at_start", _PUMP, "a start gives the bolus that was refused while the pump stood", None, 0.0,
           0.0, in_boluses(lambda good, _: replace(good, refused_at_start=True)),
           red(BOLUS_AND_STOP, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "PTB-003", "REG-001", "REG-002", "REG-003"),
           "protocol §3: a request while the pump is stopped"),
    Defect("button_bounces", _PUMP, "one press of the patient's button is taken for two requests", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, button_bounces=True)), red(BUTTON, "PTB-006", "SCH-005"),
           "domain §5.2, 20: key bounce"),
    Defect("dead_patient_button", Asset.INSTRUMENT, "the rig's solenoid does not press the patient's button", None, 0.0,
           0.0, in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"patient_button"})),
           blocks(BUTTON)),
)  # fmt: skip
"""Of the patient's alone; what single boluses have in common with them is in `boluses`."""
