# SPDX-License-Identifier: Apache-2.0
"""Everything that a pump's registers can say wrongly while the pump does right; the defaults are a good pump."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        says_stopped: the state is shown as stopped while it infuses.
        says_infusing: the state is shown as infusing while it stands.
        active_rate_gain: active rate shown per active rate.
        active_rate_before: the rate that was active before the last change in a therapy is shown.
        rate_in_stop_ul_per_h: the rate that is shown while the pump stands.
        counter_zeroed_at_s: at this instant the counter begins again at zero.
        counter_held_at_s: from this instant on the counter stands still.
        counter_step_ul: what is added to the counter every six hours; under zero it goes back.
        counts_in_stop_ul_per_h: how fast the counter runs while the pump stands.
        reservoir_held: the reservoir volume does not fall.
        reservoir_fall_gain: by how much more than counted it falls.
        keeps_reservoir_at_refill: a refill does not set the reservoir volume.
        battery_zero: the battery is shown as empty.
        battery_percent_per_day: by how much the battery rises.
        battery_held: the battery shows what it showed at the beginning.
        pressure_held_at_s: from this instant on the catheter pressure stands still.
        pressure_offset_kpa: by how much the catheter pressure is shown too high.
        pressure_sign: 1, or -1 where it is turned round.
        pressure_kept_when_off: the pressure of a catheter that is off is shown as that of one that is on.
        read_back_from_s: from this instant on the program is read back with a rate a tenth higher.
        battery_jumps_percent: how much less the battery shows until the second program is loaded.
        clock_set_by_s: how far the clock is set ahead by each program that is loaded but the first; under zero back.
        clock_slow_spell_ppm: by how much too slowly the clock is shown to run for two hours in the night.
        alarm_count_held: the count of the alarm log does not rise.
        bolus_count_held: the count of the bolus log does not rise.
    """

    says_stopped: bool = False
    says_infusing: bool = False
    active_rate_gain: float = 1.0
    active_rate_before: bool = False
    rate_in_stop_ul_per_h: float = 0.0
    counter_zeroed_at_s: float = math.inf
    counter_held_at_s: float = math.inf
    counter_step_ul: float = 0.0
    counts_in_stop_ul_per_h: float = 0.0
    reservoir_held: bool = False
    reservoir_fall_gain: float = 1.0
    keeps_reservoir_at_refill: bool = False
    battery_zero: bool = False
    battery_percent_per_day: float = 0.0
    battery_held: bool = False
    pressure_held_at_s: float = math.inf
    pressure_offset_kpa: float = 0.0
    pressure_sign: float = 1.0
    pressure_kept_when_off: bool = False
    read_back_from_s: float = math.inf
    battery_jumps_percent: float = 0.0
    clock_set_by_s: float = 0.0
    clock_slow_spell_ppm: float = 0.0
    alarm_count_held: bool = False
    bolus_count_held: bool = False
