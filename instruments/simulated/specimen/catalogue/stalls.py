# SPDX-License-Identifier: Apache-2.0
"""Rotors that a magnetic field holds for longer than it lasts, and firmware that does not say so."""

import math
from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_alarms, in_rig, in_sensor, in_stall
from instruments.simulated.specimen.catalogue.where import (
    AT_HIGH_RATE,
    SENSOR_FAILURE,
    SHORT_STALL,
    STALL,
    STALL_AGAIN,
    SYSTEM_FAILURE,
    blocks,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_HOUR_S, _A_DAY_H, _A_DAY_MIN = 3600.0, 24.0, 1440.0
_STANDS_ON = ("ALM-001", "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-003", "STL-003")
"""What a rotor reddens that stands when it should turn again: the next start ends in another stall."""

STALLS = (
    Defect("no_stall_alarm", _PUMP, "a rotor that stands raises no alarm", None, 0.0, 0.0,
           in_stall(lambda good, _: replace(good, alarm=False)), red(STALL, "STL-001"),
           "domain §5.2, 5: the alarm may be missing"),
    Defect("late_stall_alarm_min", _PUMP, "the stall alarm comes later by this many minutes", 30.0, 0.0, _A_DAY_MIN,
           in_stall(lambda good, x: replace(good, alarm_late_s=60.0 * x)), red(STALL, "STL-001"),
           "domain §5.2, 5: the alarm may be late"),
    Defect("stall_alarm_once", _PUMP, "the stall alarm comes once, and never again", None, 0.0, 0.0,
           in_stall(lambda good, _: replace(good, once=True)), red(STALL_AGAIN, "STL-006"),
           "domain §5.2, 14: no second alarm after the first was cleared"),
    Defect("stall_alarm_goes_on", _PUMP, "the firmware does not stop at a stall alarm", None, 0.0, 0.0,
           in_stall(lambda good, _: replace(good, stops=False)),
           red(STALL, "ALM-002", "DEL-005", "DEL-009", "PRG-002", "REG-001", "REG-002", "REG-003", "STL-004"),
           "domain §5.1: the rate during each alarm is specified"),
    Defect("counts_in_stall", _PUMP, "strokes that a held rotor does not make are counted", None, 0.0, 0.0,
           in_stall(lambda good, _: replace(good, counts=True)), red(STALL, "DEL-009", "STL-002"),
           "domain §5.2, 6: log and balance disagree"),
    Defect("stall_end_not_logged", _PUMP, "the log never tells that a stall has ended", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, stall_end_logged=False)), red(STALL, "ALM-004", "STL-005"),
           "domain §5.2, 6: recovery missing in the log"),
    Defect("stall_end_at_second_interrogation", _PUMP,
           "the log tells that a stall has ended when it is interrogated for the second time after it", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, stall_end_untold=2)), red(STALL, "ALM-004", "STL-005"),
           "domain §5.2, 6: recovery is missing until the second interrogation"),
    Defect("valves_open_in_field_ul", _PUMP, "in the first quarter of an hour of a field so many µL come", 1000.0, 1.0,
           2e4, in_stall(lambda good, x: replace(good, opens_ul=x)),
           red(STALL, "DEL-005", "DEL-009", "STL-002"), "domain §5.2, 12: valves open in a strong field"),
    Defect("stall_recovers_late_h", _PUMP, "a rotor turns again so many hours after the field has gone", 2.0, 0.2,
           _A_DAY_H, in_stall(lambda good, x: replace(good, recovers_late_s=_HOUR_S * x)), red(STALL, *_STANDS_ON),
           "domain §5.2, 5: delayed resume after MRI, 2 to 24 h", also=(24.0,)),
    Defect("stall_is_permanent", _PUMP, "a rotor that a field has held never turns again", None, 0.0, 0.0,
           in_stall(lambda good, _: replace(good, recovers_late_s=math.inf)), red(STALL_AGAIN, *_STANDS_ON),
           "domain §5.2, 4: permanent stall"),
    Defect("burst_after_stall_ul", _PUMP, "so much comes within ten minutes when a rotor turns again", 300.0, 1.0, 1e3,
           in_stall(lambda good, x: replace(good, burst_ul=x)), red(SHORT_STALL, "DEL-005", "DEL-009", "STL-004"),
           "domain §5.2, 10: a burst after a stop"),
    Defect("starts_in_alarm", _PUMP, "a start while the alarm stands that stopped it is carried out", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, starts_in_alarm=True)),
           red(SYSTEM_FAILURE, "DEL-005", "DEL-008", "DEL-009", "MEM-001", "PRG-002", "REG-001", "REG-002", "REG-003"),
           "domain §5.1: no infusion after a system failure"),
    Defect("sensor_failure_unnoticed", _PUMP, "when the sensor of its rotor fails it infuses on, and tells nobody",
           None, 0.0, 0.0, in_sensor(lambda good, _: replace(good, noticed=False)), red(SENSOR_FAILURE, "MEM-003"),
           "domain §5.1: no infusion after a system failure"),
    Defect("sensor_failure_infuses_on", _PUMP, "when the sensor of its rotor fails it says so, and infuses on", None,
           0.0, 0.0, in_sensor(lambda good, _: replace(good, stops=False)),
           red(SENSOR_FAILURE, "ALM-002", "DEL-005", "DEL-009", "MEM-004", "PRG-002", "REG-001", "REG-002", "REG-003"),
           "domain §5.1: no infusion after a system failure"),
    Defect("sensor_failure_in_silence", _PUMP, "when the sensor of its rotor fails it stops without an alarm", None,
           0.0, 0.0, in_sensor(lambda good, _: replace(good, alarm=False)),
           red(SENSOR_FAILURE, "MEM-003", "REG-001", "REG-002"),
           "domain §5.2, 5: the alarm may be missing"),
    Defect("sensor_failure_not_logged", _PUMP, "the alarm of a sensor that has failed stands in no log", None, 0.0, 0.0,
           in_sensor(lambda good, _: replace(good, logged=False)),
           red(SENSOR_FAILURE, "ALM-003", "ALM-004", "MEM-003"),
           "domain §5.2, 6: missing in the log"),
    Defect("sensor_failure_told_once", _PUMP,
           "started again with a sensor that has failed it infuses, and tells nobody", None, 0.0, 0.0,
           in_sensor(lambda good, _: replace(good, once=True)), red(SENSOR_FAILURE, "MEM-003"),
           "domain §5.2, 14: after the first alarm is cleared it does not alarm again"),
    Defect("late_sensor_failure_min", _PUMP, "it notices a sensor that has failed so many minutes later", 5.0, 1.0,
           _A_DAY_MIN, in_sensor(lambda good, x: replace(good, late_s=60.0 * x)), red(SENSOR_FAILURE, "MEM-003"),
           "domain §5.2, 5: the alarm may be late"),
    Defect("dead_sensor_relay", Asset.INSTRUMENT, "the relay in the line of the pump's sensor does not move", None, 0.0,
           0.0, in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"sensor_relay"})),
           blocks(SENSOR_FAILURE)),
    Defect("rotor_jams_min", _PUMP, "every six hours the rotor jams by itself for so many minutes", 30.0, 1.0,
           _A_DAY_MIN, in_stall(lambda good, x: replace(good, jams_s=60.0 * x)),
           red(AT_HIGH_RATE, "ALM-001", "DEL-003", "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-003"),
           "domain §5.2, 3: three stalls in three days"),
)  # fmt: skip
"""Stalls."""
