# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with when, how fast and how much a motor turns; the defaults are a good one.

*Counted*: the pump's own counter knows. Where nothing is said of the counter, it shows what was programmed.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class MotorFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        bolus_at_start_ul: what is driven on top within a minute of each start.
        late_start_s: the motor stands for so long after each start; the counter stands too.
        dead_start_s: the motor turns and gives nothing for so long after each start.
        fast_start_gain: volume per programmed volume in the first two hours after each start.
        fast_start_counted_gain: the same, counted.
        runs_on_s: the motor turns on for so long after each stop.
        runs_on_counted_s: the same, counted.
        runs_down_ul: what runs out in the twenty minutes after each stop.
        bolus_at_acknowledge_ul: what is driven on top within a minute of each acknowledge.
        stall_s: every six hours it turns for so long and gives nothing.
        stall_caught_up_s: the same; for as long again it then gives double.
        rest_s: every six hours it stands for so long, and the counter with it.
        burst_in_1_s_ul: every six hours it gives so much on top within a second.
        burst_in_1_min_ul: the same within a minute.
        burst_counted_ul: the same within a minute, counted.
        wave_2_h: flow swings by this fraction with a period of two hours.
        wave_12_h: the same with a period of twelve hours.
        every_other_hour_gain: flow per programmed flow in each second hour; the hours between make up for it.
        off_gain: rate per programmed rate while the catheter is off, counted.
        pinched_gain: volume per stroke while the catheter is pinched.
        leaking_gain: volume per stroke while the catheter leaks.
        leaking_pace: pace, counted, while the catheter leaks.
        siphons_ul_per_h: what runs out of it while the outlet lies under the pressure of the air, uncounted.
        stands_after_move_s: the motor turns and gives nothing for so long after the outlet was moved.
        torn_pace: pace, counted, while the catheter is torn in its middle.
        band_gain: volume per stroke while it turns at a rate between 50 and 100 µL/h.
        higher_band_gain: volume per stroke while it turns at a rate between 210 and 390 µL/h.
        third_band_gain: volume per stroke while it turns at a rate between 115 and 165 µL/h.
        narrow_band_gain: volume per stroke while it turns at a rate between 53 and 60 µL/h.
        worn_battery_gain: volume per stroke while between a fifth and a half of its battery is left.
        unread_gain: volume per stroke from a quarter of an hour after it was read last, until it is read again.
        weaker_per_kpa: by which fraction the volume of a stroke falls with each kPa in the catheter.
        slow_gain: volume per stroke at rates under 15 µL/h.
        quick_gain: volume per stroke at rates over 500 µL/h.
        more_once_blocked: by which fraction it gives more from the first acknowledge of an occlusion alarm on.
        acknowledged_gain: volume per stroke from the first acknowledge of an alarm on.
        drift_per_day: by which fraction the volume of a stroke grows in a day.
        over_from_s: from this instant on it gives a quarter more.
        minimum_from_s: from this instant on it gives a twentieth.
    """

    bolus_at_start_ul: float = 0.0
    late_start_s: float = 0.0
    dead_start_s: float = 0.0
    fast_start_gain: float = 1.0
    fast_start_counted_gain: float = 1.0
    runs_on_s: float = 0.0
    runs_on_counted_s: float = 0.0
    runs_down_ul: float = 0.0
    bolus_at_acknowledge_ul: float = 0.0
    stall_s: float = 0.0
    stall_caught_up_s: float = 0.0
    rest_s: float = 0.0
    burst_in_1_s_ul: float = 0.0
    burst_in_1_min_ul: float = 0.0
    burst_counted_ul: float = 0.0
    wave_2_h: float = 0.0
    wave_12_h: float = 0.0
    every_other_hour_gain: float = 1.0
    off_gain: float = 1.0
    pinched_gain: float = 1.0
    leaking_gain: float = 1.0
    leaking_pace: float = 1.0
    siphons_ul_per_h: float = 0.0
    stands_after_move_s: float = 0.0
    torn_pace: float = 1.0
    band_gain: float = 1.0
    higher_band_gain: float = 1.0
    third_band_gain: float = 1.0
    narrow_band_gain: float = 1.0
    worn_battery_gain: float = 1.0
    unread_gain: float = 1.0
    weaker_per_kpa: float = 0.0
    slow_gain: float = 1.0
    quick_gain: float = 1.0
    more_once_blocked: float = 0.0
    acknowledged_gain: float = 1.0
    drift_per_day: float = 0.0
    over_from_s: float = math.inf
    minimum_from_s: float = math.inf
