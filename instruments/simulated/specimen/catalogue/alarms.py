# SPDX-License-Identifier: Apache-2.0
"""Alarms that come wrongly, alarm bits that show them wrongly, and logs that tell them wrongly."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_alarms, in_registers
from instruments.simulated.specimen.catalogue.where import (
    AT_HIGH_RATE,
    BOLUS,
    DISCONNECT,
    FULL_KINK,
    SECOND_KINK,
    is_harmless,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_A_DAY_S, _MOST_UL = 86400.0, 4e4

ALARMS = (
    Defect("alarm_bit_missing", _PUMP, "the bit of a standing alarm is never set", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, bit_set=False)), red(FULL_KINK, "ALM-003"),
           "domain §5.2, 5: the alarm may be missing"),
    Defect("alarm_bit_stays", _PUMP, "the bit of an alarm stays set when it was cleared", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, bit_stays=True)), red(FULL_KINK, "ALM-003")),
    Defect("alarm_bit_of_another", _PUMP, "the bit of another alarm is set", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, bit_of_another=True)), red(FULL_KINK, "ALM-003")),
    Defect("alarm_not_logged", _PUMP, "alarms are not logged", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, logged=False)),
           red(FULL_KINK, "ALM-003", "ALM-004", "CAT-001"),
           "domain §5.2, 5: the log may be missing"),
    Defect("alarm_log_late_s", _PUMP, "the log tells the onset of an alarm this many seconds late", 300.0, -_A_DAY_S,
           _A_DAY_S, in_alarms(lambda good, x: replace(good, onset_off_s=x)),
           red(FULL_KINK, "ALM-002", "ALM-004", "CAT-001"),
           "domain §5.2, 5: the log may be late", also=(-300.0,)),
    Defect("alarm_logged_twice", _PUMP, "each alarm is logged twice", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, logged_twice=True)), red(FULL_KINK, "ALM-001", "ALM-004"),
           "domain §1.1: event-log errors"),
    Defect("alarm_log_disordered", _PUMP, "an alarm is logged before the one that came before it", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, wrong_order=True)),
           red(SECOND_KINK, "ALM-001", "ALM-002", "ALM-004"),
           "protocol §8: the log keeps its order"),
    Defect("alarm_end_not_logged", _PUMP, "the log never tells that an alarm was cleared", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, end_logged=False)), red(FULL_KINK, "ALM-004"),
           "domain §5.2, 6: recovery missing in the log"),
    Defect("alarm_count_stands", _PUMP, "the count of the alarm log does not rise", None, 0.0, 0.0,
           in_registers(lambda good, _: replace(good, alarm_count_held=True)),
           red(FULL_KINK, "ALM-003", "ALM-004", "CAT-001")),
    Defect("bolus_count_stands", _PUMP, "the count of the bolus log does not rise", None, 0.0, 0.0,
           in_registers(lambda good, _: replace(good, bolus_count_held=True)),
           red(BOLUS, "SCH-003", "SCH-004", "SCH-005")),
    Defect("alarm_again_after_min", _PUMP,
           "this many minutes after an acknowledge an occlusion alarm comes without a cause", 5.0, 0.1, 1440.0,
           in_alarms(lambda good, x: replace(good, again_after_s=60.0 * x)),
           red(FULL_KINK, "ALM-001", "CAT-004", "DEL-004", "DEL-006", "DEL-007", "DEL-009"),
           "domain §5.2, 15: false alarms after the fix"),
    Defect("alarm_shorter_than_a_sample_s", _PUMP,
           "every six hours a battery alarm comes without a cause and goes after this many seconds", 5.0, 0.1, _A_DAY_S,
           in_alarms(lambda good, x: replace(good, short_s=x)), red(AT_HIGH_RATE, "ALM-001", "ALM-003"),
           "domain §5.2, 26: a poll slower than 5 s misses it"),
    Defect("occlusion_threshold_kpa", _PUMP, "the occlusion alarm comes at this pressure", 5.0, 2.0, 1e3,
           in_alarms(lambda good, x: replace(good, occlusion_kpa=x)),
           red(AT_HIGH_RATE, "ALM-001", "DEL-003", "DEL-004", "DEL-006", "DEL-007", "DEL-009"),
           "protocol §14: a threshold that drifts", also=(150.0,)),
    Defect("late_disconnect_alarm_s", _PUMP, "the disconnect alarm comes later by this many seconds", 3600.0, 0.0, 1e6,
           in_alarms(lambda good, x: replace(good, disconnect_delay_s=x)), red(DISCONNECT, "DIS-001")),
    Defect("stops_at_disconnect", _PUMP, "the motor stops at a disconnect alarm", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, stops_at_disconnect=True)),
           red(DISCONNECT, "ALM-002", "DEL-009", "DIS-002", "REG-001", "REG-002", "REG-003"),
           "domain §5.1: the rate during each alarm is specified"),
    Defect("acknowledge_denied", _PUMP, "an acknowledge clears the alarm and is answered as refused", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, acknowledge_answered=False)), red(FULL_KINK, "ALM-003", "PRG-002")),
    Defect("low_reservoir_early_ul", _PUMP, "the low-reservoir alarm comes when this much more is left", 16_000.0, 0.0,
           _MOST_UL, in_alarms(lambda good, x: replace(good, low_reservoir_off_ul=x)),
           red(AT_HIGH_RATE, "ALM-001", "REG-004"), "protocol §0, 5: came too early, mostly after an interrogation"),
    Defect("low_reservoir_late_ul", _PUMP, "the low-reservoir alarm comes when this much less is left", 1500.0, 0.0,
           _MOST_UL, in_alarms(lambda good, x: replace(good, low_reservoir_off_ul=-x)), is_harmless(AT_HIGH_RATE),
           "protocol §0, 3: a computed alarm that is late"),
    Defect("no_low_reservoir_alarm", _PUMP, "a low reservoir raises no alarm", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, low_reservoir=False)), is_harmless(AT_HIGH_RATE),
           "domain §5.2, 1: no low-reservoir alarm"),
)  # fmt: skip
"""Alarms, bits and logs."""
