# SPDX-License-Identifier: Apache-2.0
"""In which test a defect shows, and as what: the shortest test that shows it."""

from instruments.simulated.specimen.showing import Showing

Test = tuple[str, str]
"""A chapter, and what picks a test in it as pytest's `-k` does."""

AT_HIGH_RATE: Test = ("delivery", "high")
AT_LOW_RATE: Test = ("delivery", "[low]")
AT_69_UL_PER_H: Test = ("delivery", "grid and 5")
BETWEEN_RATES: Test = ("delivery", "between_two")
DRAWN_RATES: Test = ("delivery", "nobody_knew")
UNREAD: Test = ("delivery", "nobody_reads")
FULL_KINK: Test = ("kink", "recovers and high")
SECOND_KINK: Test = ("kink", "second_kink")
LOW_KINK: Test = ("kink", "recovers and low")
KINKS_PAST_THE_LOG: Test = ("kink", "than_a_log")
SLOW_KINK: Test = ("kink", "mass")
KINK_IN_BOLUS: Test = ("kink", "kink_in_a_bolus")
KINK_AT_START: Test = ("kink", "started_with")
KINK_WITHOUT_SENSOR: Test = ("kink", "without_a_sensor and high")
PARTIAL_KINK: Test = ("kink", "partial")
BOLUS: Test = ("patient_bolus", "last_second")
DAY_OF_BOLUSES: Test = ("patient_bolus", "24_hours")
BOLUS_AND_STOP: Test = ("patient_bolus", "stopped_pump")
SLOWED_BOLUS: Test = ("patient_bolus", "greatest_rate")
BOLUS_AND_ALARM: Test = ("patient_bolus", "an_alarm_ends")
BUTTON: Test = ("patient_bolus", "press")
TWO_KINKS: Test = ("kink", "recovers and (high or intermediate)")
TWO_RATES: Test = ("delivery", "high or intermediate")
"""Of two infusions each: what a program that is loaded does to what was before."""
TWO_DAYS: Test = ("schedule", "two_day")
ROW_OF_BOLUSES: Test = ("bolus", "example")
STOPPED_BOLUS: Test = ("bolus", "stopped_in_the_middle")
FULL_DAY: Test = ("schedule", "as_many_steps")
PROGRAM_CHANGE: Test = ("programming", "loses_and_doubles")
MANY_CHANGES: Test = ("programming", "many_changes")
SLIPS: Test = ("programming", "slip")
LOW_DOSES: Test = ("programming", "achievable")
LIMITS: Test = ("programming", "each_limit")
HALF_A_PROGRAM: Test = ("programming", "half_written")
LINK_LOST: Test = ("programming", "link_is_lost and stage_first")
LINK_LOST_AFTER_LOADING: Test = ("programming", "link_is_lost and load")
LINK_LOST_WHILE_STOPPED: Test = ("programming", "stops_the_pump and stage_first")
TWO_PROGRAMMERS: Test = ("programming", "two_programmers")
ANOTHER_PUMP: Test = ("programming", "another_pump")
CLOCK_SET: Test = ("programming", "clock_is_set")
WRONG_CALIBRATION: Test = ("programming", "calibration")
LOST_ANSWER: Test = ("telemetry", "answer_is_lost")
OLD_FRAMES: Test = ("telemetry", "come_again")
INTERROGATED_IN_ALARM: Test = ("telemetry", "interrogation")
NEEDLESS: Test = ("telemetry", "nothing_to_do")
MANY_EVENTS: Test = ("telemetry", "two_hundred")
UNPROVEN_FRAMES: Test = ("telemetry", "session_code")
FULL_ALARM_LOG: Test = ("telemetry", "alarm_log and wraps")
MIXED_ALARM_LOG: Test = ("telemetry", "several_kinds")
WITHOUT_SENSOR = "implantable-20ml-no-catheter-sensor"
INTERROGATED: Test = ("programming", "interrogation")
WEEK: Test = ("schedule", "weekdays")
FIRST_FILL: Test = ("priming", "fills_the_path")
PRIMED_IN_A_BOLUS: Test = ("priming", "between")
BRIDGE_TO_STRONGER: Test = ("priming", "a_bridge_gives and stronger")
INTERRUPTED_BRIDGE: Test = ("priming", "interrupted_and_primed")
MINIMUM_RATE: Test = ("delivery", "minimum_rate")
UPDATE: Test = ("firmware_update", "changes_the_firmware")
UPDATE_WITHOUT_POWER: Test = ("firmware_update", "loss_of_power and first_half")
UNFIT_IMAGES: Test = ("firmware_update", "refused")
REFILL_DATE: Test = ("reservoir", "refill_date")
QUIET: Test = ("quiet", "")
LONG_STOP: Test = ("schedule", "standing_for_long")
MONTH: Test = ("endurance", "")
DISCONNECT: Test = ("disconnect", "its_volume_is_missing and high")
DISCONNECT_IN_BOLUS: Test = ("disconnect", "comes_off_in_a_bolus")
LEAK_AT_HIGH_RATE: Test = ("leak", "both_ends and high")
LEAK_IN_BOLUS: Test = ("leak", "of_a_bolus")
HIGH_OUTLET: Test = ("movement", "changes_what and highest")
STEP_OF_HEIGHT: Test = ("movement", "step_of_height and raised")
LOW_OUTLET_STOPPED: Test = ("movement", "stopped_pump and lowest")
TIP_OUT: Test = ("movement", "tip_out")
OFF_SEVERAL_TIMES: Test = ("disconnect", "several_disconnections")
TORN: Test = ("disconnect", "torn and high")
GROWING_LEAK: Test = ("leak", "grows")
LEAK: Test = ("leak", "60")
LEAK_BEFORE_AND_AFTER: Test = ("leak", "as_much_comes")
SMALL_LEAK: Test = ("leak", "leaks_away and 30")
COLD: Test = ("environment", "coldest")
WARM: Test = ("environment", "warmest")
THIN_AIR: Test = ("environment", "least")
DENSE_AIR: Test = ("environment", "greatest")
STEPS_WHEN_WARM: Test = ("conditions", "steps_and_boluses and warmest")
STEPS_ON_LOW_BATTERY: Test = ("conditions", "steps_and_boluses and low_battery")
ALARMS_WHEN_WARM: Test = ("conditions", "alarms_come and warmest")
ALARMS_ON_LOW_BATTERY: Test = ("conditions", "alarms_come and low_battery")
LOW_BATTERY: Test = ("power", "low_battery")
END_OF_SERVICE: Test = ("power", "end_of_its_service")
POWER_GONE: Test = ("power", "off")
POWER_GONE_IN_A_BOLUS: Test = ("power", "lockout")
RUN_DOWN_AND_DRY: Test = ("reservoir", "full_reservoir")
ALARM_VOLUMES: Test = ("reservoir", "both_ends")
EMPTY_BOLUS: Test = ("reservoir", "empty_unknown")
WITHDRAWN_AND_REFILLED: Test = ("reservoir", "needle")

STALL: Test = ("stall", "says_so")
SHORT_STALL: Test = ("stall", "short_field")
STALL_AGAIN: Test = ("stall", "started_in_a_field")
SLOW_TRIAL: Test = ("screening_trial", "low")
TRIAL_BOLUS: Test = ("screening_trial", "millilitres")

ALARM_STANDS: Test = ("alarms", "alarm_stands and occlusion")
ALARM_HEARD: Test = ("alarms", "alarm_is_heard and occlusion")
ALARMS_AFTER_CATHETER_OFF: Test = ("alarms", "reservoir_and_rotor")
CATHETER_ALARMS_AFTER_OTHERS: Test = ("alarms", "those_of_reservoir")
RESET_BESIDE_AN_ALARM: Test = ("interaction", "loss_of_power")
TWO_ALARMS: Test = ("alarms", "in_the_silence_of_another")

LOW_ALARM_STANDS: Test = ("alarms", "alarm_stands and battery")
LOW_ALARM_HEARD: Test = ("alarms", "alarm_is_heard and battery")
LOW_RESERVOIR_STANDS: Test = ("alarms", "system_stands and low_reservoir")
EMPTY_STANDS: Test = ("alarms", "system_stands and reservoir_empty")
FAILURE_STANDS: Test = ("alarms", "system_stands and system_failure")
LOW_RESERVOIR_HEARD: Test = ("alarms", "system_is_heard and low_reservoir")
EMPTY_HEARD: Test = ("alarms", "system_is_heard and reservoir_empty")
FAILURE_HEARD: Test = ("alarms", "system_is_heard and system_failure")
HIGHER_ALARM: Test = ("alarms", "higher_is_heard")

SYSTEM_FAILURE: Test = ("stall", "system_failure")
SENSOR_FAILURE: Test = ("stall", "whose_sensor_fails")
FAILURES: Test = ("stall", "each_failure")
HELD_EMPTY: Test = ("reservoir", "before_it_is_filled")
OVERFILLED: Test = ("reservoir", "no_more_than_it_holds")
ONCE_IN_A_FILLING: Test = ("reservoir", "once_in_a_filling")


def red(test: Test, *requirements: str, at: float | None = None, pump: str = "") -> Showing:
    """Show as FAIL of these requirements and of no others; `pump` names a profile, where it is not the usual one."""
    return Showing(*test, "FAIL", tuple(sorted(requirements)), at, pump)


def blocks(test: Test, at: float | None = None) -> Showing:
    """Show as BLOCKED."""
    return Showing(*test, "BLOCKED", at=at)


def decides_nothing(test: Test, at: float | None = None) -> Showing:
    """Show as INCONCLUSIVE."""
    return Showing(*test, "INCONCLUSIVE", at=at)


def is_harmless(test: Test, at: float | None = None) -> Showing:
    """Show as PASS: the bench corrects for it, or nothing of it shows in a chapter."""
    return Showing(*test, "PASS", at=at)
