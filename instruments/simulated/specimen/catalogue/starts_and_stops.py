# SPDX-License-Identifier: Apache-2.0
"""Motors that are bad at a start, at a stop or at an acknowledge."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_firmware, in_motor
from instruments.simulated.specimen.catalogue.where import (
    AT_HIGH_RATE,
    FULL_KINK,
    LEAK,
    LONG_STOP,
    QUIET,
    SECOND_KINK,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_MOST_UL, _A_DAY_MIN, _A_DAY_S = 1e4, 1440.0, 86400.0

STARTS_AND_STOPS = (
    Defect("bolus_at_start_ul", _PUMP, "each start gives this many µL on top, uncounted", 20.0, 0.0, _MOST_UL,
           in_motor(lambda good, x: replace(good, bolus_at_start_ul=x)), red(LEAK, "DEL-005", "DEL-007", "DEL-009"),
           "domain §5.2, 10: a burst after stop and restart", also=(5.0,)),
    Defect("late_start_min", _PUMP, "the motor stands for this many minutes after each start", 10.0, 0.0, _A_DAY_MIN,
           in_motor(lambda good, x: replace(good, late_start_s=60.0 * x)),
           red(AT_HIGH_RATE, "DEL-006", "DEL-007", "REG-003"),
           "domain §5.2, 5: delayed resume"),
    Defect("dead_start_min", _PUMP, "for this many minutes after each start it turns and counts, and gives nothing",
           10.0, 0.0, _A_DAY_MIN, in_motor(lambda good, x: replace(good, dead_start_s=60.0 * x)),
           red(AT_HIGH_RATE, "DEL-006", "DEL-007", "DEL-009"), "domain §5.2, 24: dead time after a height step"),
    Defect("fast_start", _PUMP, "for two hours after each start it gives this many times the rate, uncounted", 2.0,
           0.0, 100.0, in_motor(lambda good, x: replace(good, fast_start_gain=x)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-005", "DEL-007", "DEL-009"),
           "domain §5.2, 10: an overdose after a restart", also=(1.25,)),
    Defect("fast_start_counted", _PUMP, "for two hours after each start it gives this many times the rate, and counts",
           2.0, 0.0, 100.0, in_motor(lambda good, x: replace(good, fast_start_counted_gain=x)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-005", "DEL-007", "DEL-009", "REG-003"), also=(1.25,)),
    Defect("runs_on_s", _PUMP, "it goes on for this many seconds after each stop, uncounted", 100.0, 0.0, _A_DAY_S,
           in_motor(lambda good, x: replace(good, runs_on_s=x)), red(QUIET, "DEL-008")),
    Defect("runs_on_counted_s", _PUMP, "it goes on for this many seconds after each stop, and counts", 100.0, 0.0,
           _A_DAY_S, in_motor(lambda good, x: replace(good, runs_on_counted_s=x)),
           red(QUIET, "DEL-008", "REG-003")),
    Defect("runs_down_ul", _PUMP, "in the twenty minutes after each stop this many µL run out", 10.0, 0.0, _MOST_UL,
           in_motor(lambda good, x: replace(good, runs_down_ul=x)),
           red(QUIET, "DEL-005", "DEL-008", "DEL-009", "PRG-002", "REG-006"),
           "protocol §10: reverse flow and siphoning at a head height"),
    Defect("bolus_at_acknowledge_ul", _PUMP, "each acknowledge gives this many µL, uncounted", 40.0, 0.0, _MOST_UL,
           in_motor(lambda good, x: replace(good, bolus_at_acknowledge_ul=x)),
           red(SECOND_KINK, "DEL-005", "DEL-007", "DEL-009"), also=(10.0,)),
    Defect("more_once_blocked", _PUMP,
           "it gives more by this fraction once an occlusion was acknowledged, uncounted", 0.3, 0.0, 10.0,
           in_motor(lambda good, x: replace(good, more_once_blocked=x)),
           red(FULL_KINK, "CAT-004", "DEL-004", "DEL-005", "DEL-007", "DEL-009"),
           "domain §5.2, 2: over-infusion after an occlusion of the catheter"),
    Defect("extra_after_long_stop_ul", _PUMP, "a start after more than two days of standing gives this on top, counted",
           20.0, 0.0, _MOST_UL, in_firmware(lambda good, x: replace(good, extra_after_long_stop_ul=x)),
           red(LONG_STOP, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "REG-001", "REG-002", "REG-003", "SCH-009"),
           "domain §5.2, 2: a stop of more than 48 hours"),
)  # fmt: skip
"""By occasion."""
