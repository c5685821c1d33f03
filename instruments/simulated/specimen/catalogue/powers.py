# SPDX-License-Identifier: Apache-2.0
"""Pumps that tell nothing of a low battery, and those that a loss of power leaves otherwise than promised."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_power
from instruments.simulated.specimen.catalogue.where import (
    END_OF_SERVICE,
    FAILURES,
    LOW_ALARM_STANDS,
    LOW_BATTERY,
    POWER_GONE,
    POWER_GONE_IN_A_BOLUS,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_HOUR_S = 3600.0
_MONTHS_H = 2400.0

POWERS = (
    Defect("no_low_battery_alarm", _PUMP, "a low battery raises no alarm", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, low_alarm=False)), red(LOW_BATTERY, "PWR-001"),
           "protocol §5: ambulatory recalls, the low-battery alarm missing"),
    Defect("late_low_battery_alarm_h", _PUMP, "the low-battery alarm comes later by this many hours", 12.0, 0.0,
           _MONTHS_H, in_power(lambda good, x: replace(good, low_alarm_delay_s=x * _HOUR_S)),
           red(LOW_BATTERY, "PWR-001"), "protocol §5: the end of service came first"),
    Defect("stops_at_low_battery", _PUMP, "the motor stops at a low battery", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, stops_when_low=True)),
           red(LOW_BATTERY, "ALM-002", "REG-001", "REG-002"),
           "domain §5.2, 8: early replacement indicator"),
    Defect("slow_at_low_battery", _PUMP, "with a low battery it drives this many times the rate", 0.5, 0.0, 10.0,
           in_power(lambda good, x: replace(good, slow_when_low=x)),
           red(LOW_BATTERY, "DEL-006", "DEL-009", "PWR-001", "REG-002", "REG-003"),
           "domain §5.2, 8: the slope falls and it is not zero"),
    Defect("service_ends_after_h", _PUMP, "so many hours after the battery was low it stops without a word", 6.0, 0.1,
           _MONTHS_H, in_power(lambda good, x: replace(good, ends_after_low_s=x * _HOUR_S)),
           red(LOW_BATTERY, "DEL-006", "DEL-009", "PWR-001", "REG-001", "REG-002", "REG-003"),
           "domain §5.2, 8: less than 90 days to the end of service"),
    Defect("reset_in_silence", _PUMP, "after a loss of power it stands, and no alarm says so", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, reset_alarm=False)), red(POWER_GONE, "PWR-002"),
           "protocol §5: the reset is its own event"),
    Defect("failure_alarm_once", _PUMP, "the first failure of its system is told, after the next it stands silently",
           None, 0.0, 0.0, in_power(lambda good, _: replace(good, reset_alarm_once=True)), red(FAILURES, "MEM-002"),
           "domain §5.2, 14: after the first alarm is cleared it does not alarm again"),
    Defect("reset_runs_on", _PUMP, "after a loss of power it drives this many times its rate, and tells nobody", 1.0,
           0.01, 10.0, in_power(lambda good, x: replace(good, rate_gain_after_reset=x)),
           red(POWER_GONE, "PWR-002", "REG-001", "REG-002", "REG-003"),
           "domain §5.2, 8: a reset drops the rate to a very low one", also=(0.05, 2.0)),
    Defect("reset_clears_logs", _PUMP, "a loss of power empties its logs", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, reset_clears_logs=True)),
           red(POWER_GONE_IN_A_BOLUS, "PWR-003", "SCH-005"),
           "domain §1.1: 70 event-log errors"),
    Defect("reset_clears_counter", _PUMP, "a loss of power sets its counter to zero", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, resets_counter=True)),
           red(POWER_GONE, "DEL-009", "PWR-003", "REG-003"),
           "protocol §5: counters are kept"),
    Defect("reset_clears_program", _PUMP, "a loss of power makes it forget its program", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, reset_clears_program=True)), red(POWER_GONE, "PRG-002"),
           "domain §1.1: memory error"),
    Defect("reset_clears_lockout", _PUMP, "a loss of power makes it forget the boluses that it gave", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, reset_clears_lockout=True)), red(POWER_GONE_IN_A_BOLUS, "PWR-005"),
           "protocol §5: counters of boluses are kept"),
    Defect("reset_gives_bolus_again", _PUMP, "a bolus that a loss of power cut short is given whole at the next start",
           None, 0.0, 0.0, in_power(lambda good, _: replace(good, gives_bolus_after_reset=True)),
           red(POWER_GONE_IN_A_BOLUS, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "PWR-004", "REG-001", "REG-002",
               "REG-003"), "domain §5.2, 10: a burst after a stop and a start"),
    Defect("low_battery_alarm_goes", _PUMP, "its low-battery alarm goes by itself with its cause", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, low_alarm_goes=True)),
           red(LOW_ALARM_STANDS, "ALM-003", "ALM-005", "ALM-009", "ALM-016"),
           "domain §5.2, 5: the alarm may be missing"),
    Defect("ends_in_silence", _PUMP, "at the end of its service it stops, and no alarm says so", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, end_alarm=False)),
           red(END_OF_SERVICE, "DEL-006", "DEL-007", "DEL-009", "PWR-006", "REG-001", "REG-002", "REG-003"),
           "domain §5.2, 8: early end of service"),
    Defect("runs_on_past_its_end", _PUMP, "at the end of its service it says so and runs on", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, runs_on_at_end=True)),
           red(END_OF_SERVICE, "ALM-002", "DEL-005", "DEL-008", "DEL-009", "PRG-002", "PWR-006", "REG-001", "REG-002",
               "REG-003"),
           "protocol §5: the end of service is critical"),
    Defect("starts_past_its_end", _PUMP, "at the end of its service it takes a start all the same", None, 0.0, 0.0,
           in_power(lambda good, _: replace(good, starts_at_end=True)), red(END_OF_SERVICE, "PRG-002", "PWR-006"),
           "domain §5.1: no infusion after a system failure"),
)  # fmt: skip
"""Battery first, then resets."""
