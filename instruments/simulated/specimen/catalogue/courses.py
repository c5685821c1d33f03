# SPDX-License-Identifier: Apache-2.0
"""Motors whose mean rate may be right and whose course is not: stalls, bursts, waves, drift, steps."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_motor
from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE, DISCONNECT, PARTIAL_KINK, QUIET, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_MOST_UL, _SIX_HOURS_MIN, _MONTHS_H = 1e4, 360.0, 2400.0
_HOUR_S, _MINUTE_S = 3600.0, 60.0

COURSES = (
    Defect("stall_min", _PUMP, "every six hours it turns for this many minutes and gives nothing", 20.0, 0.0,
           _SIX_HOURS_MIN, in_motor(lambda good, x: replace(good, stall_s=x * _MINUTE_S)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-006", "DEL-007", "DEL-009"),
           "domain §5.2, 3: motor stall, intermittent",
           also=(10.0, 40.0, 60.0)),
    Defect("stall_caught_up_min", _PUMP,
           "every six hours it gives nothing for this many minutes, and double for as many after them", 20.0, 0.0,
           180.0, in_motor(lambda good, x: replace(good, stall_caught_up_s=x * _MINUTE_S)),
           red(AT_HIGH_RATE, "DEL-005", "DEL-006"), "protocol §6: no catching up after a stall",
           also=(10.0, 40.0, 60.0)),
    Defect("rest_min", _PUMP, "every six hours it stands for this many minutes and says that it infuses", 20.0, 0.0,
           _SIX_HOURS_MIN, in_motor(lambda good, x: replace(good, rest_s=x * _MINUTE_S)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-003"),
           "domain §5.2, 3: motor stall, intermittent",
           also=(10.0, 40.0, 60.0)),
    Defect("burst_in_1_s_ul", _PUMP, "every six hours it gives this many µL on top within a second, uncounted", 20.0,
           0.0, _MOST_UL, in_motor(lambda good, x: replace(good, burst_in_1_s_ul=x)),
           red(QUIET, "DEL-005", "DEL-007"), "domain §5.2, 12: valves open", also=(10.0, 40.0)),
    Defect("burst_in_1_min_ul", _PUMP, "every six hours it gives this many µL on top within a minute, uncounted", 20.0,
           0.0, _MOST_UL, in_motor(lambda good, x: replace(good, burst_in_1_min_ul=x)),
           red(QUIET, "DEL-005", "DEL-007", "REG-003"), "domain §5.2, 12: valves open", also=(10.0, 40.0)),
    Defect("burst_counted_ul", _PUMP, "every six hours it gives this many µL on top within a minute, and counts", 20.0,
           0.0, _MOST_UL, in_motor(lambda good, x: replace(good, burst_counted_ul=x)),
           red(QUIET, "DEL-005", "DEL-007", "REG-003"), also=(10.0, 40.0)),
    Defect("wave_2_h", _PUMP, "its flow swings by this fraction with a period of two hours", 0.6, 0.0, 1.0,
           in_motor(lambda good, x: replace(good, wave_2_h=x)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-005", "DEL-006", "DEL-009"),
           "domain §3.4: pulses of a rotor that is not round"),
    Defect("wave_12_h", _PUMP, "its flow swings by this fraction with a period of twelve hours", 0.6, 0.0, 1.0,
           in_motor(lambda good, x: replace(good, wave_12_h=x)), red(QUIET, "DEL-005", "DEL-006", "DEL-007")),
    Defect("every_other_hour", _PUMP,
           "in each second hour it gives this many times the rate, and as much less in the hours between", 2.0, 1.0,
           2.0, in_motor(lambda good, x: replace(good, every_other_hour_gain=x)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-005", "DEL-006", "DEL-007", "DEL-009",
           "REG-006"), also=(1.5,)),
    Defect("fast_while_off", _PUMP, "while the catheter is off it runs this many times as fast, and counts", 3.0, 0.0,
           100.0, in_motor(lambda good, x: replace(good, off_gain=x)),
           red(DISCONNECT, "DEL-009", "DIS-002", "DIS-004", "REG-003")),
    Defect("slow_while_off", _PUMP, "while the catheter is off it runs at this share of the rate, and counts", 0.3,
           0.0, 1.0, in_motor(lambda good, x: replace(good, off_gain=x)),
           red(DISCONNECT, "DEL-009", "DIS-004", "REG-003")),
    Defect("weak_when_pinched", _PUMP, "while the catheter is pinched a stroke gives this share of its volume", 0.7,
           0.0, 1.0, in_motor(lambda good, x: replace(good, pinched_gain=x)),
           red(PARTIAL_KINK, "CAT-006", "DEL-006", "DEL-007", "DEL-009"), "domain §1.2: back pressure"),
    Defect("stroke_grows_per_day", _PUMP, "a stroke grows by this fraction of it in a day", 0.5, -1.0, 10.0,
           in_motor(lambda good, x: replace(good, drift_per_day=x)),
           red(QUIET, "DEL-002", "DEL-004", "DEL-005", "DEL-007", "DEL-009"),
           "protocol §12: over-infusion that grows"),
    Defect("over_from_h", _PUMP, "from this hour on it gives a quarter more", 3.0, 0.0, _MONTHS_H,
           in_motor(lambda good, x: replace(good, over_from_s=x * _HOUR_S)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-005", "DEL-009"),
           "domain §5.2, 1: over-infusion that sets in"),
    Defect("minimum_from_h", _PUMP, "from this hour on it gives a twentieth, and says that it gives all", 3.0, 0.0,
           _MONTHS_H, in_motor(lambda good, x: replace(good, minimum_from_s=x * _HOUR_S)),
           red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-006", "DEL-009"),
           "domain §5.2, 8: a reset leaves a very low rate"),
)  # fmt: skip
"""By the clock, and by what is done to the catheter."""
