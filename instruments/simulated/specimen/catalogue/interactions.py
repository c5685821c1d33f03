# SPDX-License-Identifier: Apache-2.0
"""Pumps in which one event spoils a function that it has nothing to do with; rigs that lie about an event."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_interaction, in_rig
from instruments.simulated.specimen.catalogue.where import (
    ALARM_HEARD,
    BUTTON,
    DISCONNECT,
    FULL_KINK,
    LOW_BATTERY,
    POWER_GONE,
    QUIET,
    STALL,
    WARM,
    WITHDRAWN_AND_REFILLED,
    Test,
    blocks,
    decides_nothing,
    is_harmless,
    red,
)
from instruments.simulated.specimen.defect import Asset, Change, Defect

_PUMP, _INSTRUMENT = Asset.PUMP, Asset.INSTRUMENT
_A_DAY_H = 24.0
AFTER_A_REFILL: Test = ("interaction", "after_a_visit and refill")
AFTER_A_CHANGE: Test = ("interaction", "after_a_visit and program_change")
AFTER_A_RESET: Test = ("interaction", "loss_of_power")
IN_A_SCHEDULE: Test = ("interaction", "beside_another")
KINK_AGAIN: Test = ("interaction", "an_occlusion_alarm")
OFF_AGAIN: Test = ("interaction", "a_disconnect_alarm")
VISIT_IN_LOCKOUT: Test = ("interaction", "no_visit")
ALARM_IN_LOCKOUT: Test = ("interaction", "no_alarm")
STEP_AFTER_A_RESET: Test = ("interaction", "in_its_time")
RESET_IN_AN_ALARM: Test = ("interaction", "an_alarm_outlives")
OVER_A_STEP: Test = ("interaction", "over_its_steps")


def _deaf_after(event: str) -> Change:
    return in_interaction(lambda good, _: replace(good, deaf_after=event))


def _forgets_after(event: str) -> Change:
    return in_interaction(lambda good, _: replace(good, forgets_boluses_after=event))


def _missed_over(what: str) -> Change:
    return in_interaction(lambda good, _: replace(good, step_missed_over=what))


def _lets_go(output: str) -> Change:
    return in_rig(lambda good, x: replace(good, lets_go_s=((output, x),)))


def _echoes(output: str) -> Change:
    return in_rig(
        lambda good, _: replace(
            good,
            dead_actuators=good.dead_actuators | {output},
            echoing_sensors=good.echoing_sensors | {output},
        )
    )


INTERACTIONS = (
    Defect("deaf_after_refill", _PUMP, "after a refill it looks for no occlusion any more", None, 0.0, 0.0,
           _deaf_after("refill"), red(AFTER_A_REFILL, "CAT-014", "REG-006")),
    Defect("deaf_after_program_change", _PUMP,
           "after a change of program in mid-infusion it looks for no occlusion any more", None, 0.0, 0.0,
           _deaf_after("program"), red(AFTER_A_CHANGE, "CAT-014", "REG-006")),
    Defect("deaf_after_reset", _PUMP, "after a loss of power it looks for no occlusion any more", None, 0.0, 0.0,
           _deaf_after("reset"), red(AFTER_A_RESET, "CAT-001", "CAT-014", "REG-006"),
           "domain §5.2, 8: a reset leaves other settings than before"),
    Defect("deaf_beside_another_alarm", _PUMP, "it looks for no occlusion while another alarm stands", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, deaf_beside_another=True)),
           red(IN_A_SCHEDULE, "CAT-014", "DEL-009", "REG-006")),
    Defect("deaf_in_schedule", _PUMP, "it looks for no occlusion in a day schedule", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, deaf_in_schedule=True)),
           red(IN_A_SCHEDULE, "CAT-014", "DEL-009", "REG-006")),
    Defect("occlusion_not_told_again", _PUMP,
           "an occlusion that was acknowledged is not told again while the catheter is shut", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, occlusion_again=False)),
           red(KINK_AGAIN, "ALM-012", "DEL-009", "REG-006"),
           "domain §5.2, 14: after the first alarm is cleared its sensitivity changes"),
    Defect("disconnection_not_told_again", _PUMP,
           "a disconnection that was acknowledged is not told again while the catheter is off", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, disconnect_again=False)),
           red(OFF_AGAIN, "ALM-012")),
    Defect("program_ends_lockout", _PUMP, "a program that is loaded ends the lockout, and the count of the day", None,
           0.0, 0.0, _forgets_after("program"), red(VISIT_IN_LOCKOUT, "PTB-008"),
           "protocol §3: counters kept over power loss and reset"),
    Defect("lockout_of_first_program", _PUMP, "the lockout of the first program stays in force, read-back right", None,
           0.0, 0.0, in_interaction(lambda good, _: replace(good, first_lockout_stays=True)),
           red(VISIT_IN_LOCKOUT, "PTB-008"), "protocol §3: working copy and read-back"),
    Defect("refill_ends_lockout", _PUMP, "a refill ends the lockout, and the count of the day", None, 0.0, 0.0,
           _forgets_after("refill"), red(VISIT_IN_LOCKOUT, "PTB-008"),
           "protocol §3: counters kept over power loss and reset"),
    Defect("acknowledge_ends_lockout", _PUMP, "an acknowledge ends the lockout, and the count of the day", None, 0.0,
           0.0, _forgets_after("acknowledge"), red(ALARM_IN_LOCKOUT, "PTB-008"),
           "protocol §3: counters kept over power loss and reset"),
    Defect("step_over_stop_missed", _PUMP, "a step of the day schedule that begins while it is stopped is not taken",
           None, 0.0, 0.0, _missed_over("stop"),
           red(OVER_A_STEP, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-002", "REG-003", "SCH-006", "SCH-010")),
    Defect("step_over_bolus_missed", _PUMP, "a step of the day schedule that begins in a bolus is not taken", None, 0.0,
           0.0, _missed_over("bolus"),
           red(OVER_A_STEP, "DEL-004", "DEL-005", "DEL-009", "REG-002", "REG-003", "SCH-006", "SCH-010")),
    Defect("begins_with_first_step", _PUMP,
           "after a start the first step of the day schedule runs until the next one begins", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, begins_with_first_step=True)),
           red(OVER_A_STEP, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-002", "REG-003", "SCH-006", "SCH-010")),
    Defect("reset_clears_alarms", _PUMP, "a loss of power takes the alarms away that stand", None, 0.0, 0.0,
           in_interaction(lambda good, _: replace(good, reset_clears_alarms=True)),
           red(RESET_IN_AN_ALARM, "ALM-003", "ALM-005", "ALM-013", "REG-001"),
           "domain §5.2, 8: a reset leaves other settings than before"),
    Defect("schedule_late_after_reset_h", _PUMP, "after a loss of power its day schedule runs so many hours late", 2.0,
           0.0, _A_DAY_H, in_interaction(lambda good, x: replace(good, schedule_late_h=x)),
           red(STEP_AFTER_A_RESET, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-002", "REG-003", "SCH-010"),
           "domain §5.2, 8: a reset leaves other settings than before"),
    Defect("double_hours_after_acknowledge_h", _PUMP, "so many hours after an acknowledge it gives double for an hour",
           3.0, 0.0, _A_DAY_H, in_interaction(lambda good, x: replace(good, late_double_h=x)),
           red(AFTER_A_RESET, "CAT-014", "DEL-004", "DEL-005", "DEL-009", "SCH-010")),
    Defect("kink_clamp_lets_go_s", _INSTRUMENT,
           "so many seconds after it was shut the kink clamp opens by itself, and its sensor shows it shut", 60.0, 0.1,
           1e6, _lets_go("kink_clamp_percent"), blocks(FULL_KINK), also=(600.0,)),
    Defect("disconnect_valve_lets_go_s", _INSTRUMENT,
           "so many seconds after it was opened the disconnect valve closes by itself, and its sensor shows it open",
           60.0, 0.1, 1e6, _lets_go("disconnect_valve"), blocks(DISCONNECT)),
    Defect("magnet_falls_off_s", _INSTRUMENT,
           "so many seconds after it was put there the magnet falls off, and its sensor shows it", 30.0, 0.1, 1e6,
           _lets_go("magnet_field"), blocks(STALL)),
    Defect("magnet_sensor_echoes", _INSTRUMENT, "the magnet does not move, and its sensor shows what was ordered", None,
           0.0, 0.0, _echoes("magnet_field"), blocks(STALL)),
    Defect("supply_sensor_echoes", _INSTRUMENT,
           "the supply gives nothing, and its sensor shows what was ordered", None, 0.0, 0.0,
           _echoes("supply_voltage_mv"), blocks(POWER_GONE)),
    Defect("supply_high_mv", _INSTRUMENT, "the supply gives so many mV more than its sensor shows", 600.0, 0.0, 5000.0,
           in_rig(lambda good, x: replace(good, supply_high_mv=x)), blocks(LOW_BATTERY), also=(80.0,)),
    Defect("refill_meter_gain", _INSTRUMENT,
           "the flow sensor of the refill port shows so many times what moved", 1.25, 0.1, 10.0,
           in_rig(lambda good, x: replace(good, refill_meter_gain=x)), decides_nothing(WITHDRAWN_AND_REFILLED)),
    Defect("telephone_every_min", _INSTRUMENT, "something else in the room sounds every so many minutes", 17.0, 1.0,
           1e4, in_rig(lambda good, x: replace(good, foreign_tone_every_s=60.0 * x)), decides_nothing(ALARM_HEARD)),
    Defect("chamber_echoes", _INSTRUMENT,
           "the chamber's sensors show what was ordered, and it stays at the climate of the room", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"chamber"}, chamber_echoes=True)),
           is_harmless(WARM)),
    Defect("microphone_dull_db", _INSTRUMENT, "the microphone takes tones for so much softer", 3.0, 0.0, 60.0,
           in_rig(lambda good, x: replace(good, microphone_dull_db=x)), is_harmless(ALARM_HEARD), also=(10.0,)),
    Defect("button_strikes", _INSTRUMENT,
           "the solenoid presses the patient's button so many times for one order, and its sensor counts one", 1.0, 1.0,
           9.0, in_rig(lambda good, x: replace(good, button_strikes=round(x))), is_harmless(BUTTON), also=(2.0,)),
    Defect("rig_leak_opens_share", _INSTRUMENT,
           "after two and a half hours this share of the flow leaks out between pump and clamp", 0.05, 0.0, 0.99,
           in_rig(lambda good, x: replace(good, leak_opens_share=x)), is_harmless(QUIET), also=(0.2,)),
)  # fmt: skip
"""Beside what single functions do wrongly."""
