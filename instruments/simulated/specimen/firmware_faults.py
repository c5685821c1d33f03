# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with a pump's firmware; the defaults are a good pump."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class FirmwareFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        counter_gain: what the pump's counter shows per volume driven.
        bolus_gain: volume driven per bolus volume claimed.
        occlusion_alarms: how many occlusion alarms it gives in its life; None for as many as there are.
        occlusion_delay_s: extra time before the occlusion alarm.
        stops_at_occlusion: whether the motor stops.
        false_occlusion_after_idle_s: a start after a longer pause gives an occlusion alarm.
        false_alarm_at_s: an occlusion alarm without cause at this instant.
        disconnect_alarm: whether it has that alarm at all.
        lockout: whether the patient bolus lockout is kept.
        skipped_step: number of the flex step, counted from 1, that is never taken; 0 for none.
        flex_steps_held: how many steps of a day schedule it carries out; the read-back tells all of them.
        misses_midnight: whether a flex step that begins with the day is never taken.
        weekdays_ignored: whether it carries out the first day's schedule on every day of a week.
        weekdays_late: by how many days the schedules of a week come late.
        basal_stands_in_bolus: whether the basal rate stands while a single bolus is given.
        flex_shift_min: how much later than programmed the flex steps begin.
        stall_at_s: from this instant the rotor turns and delivers nothing.
        recovers: whether it delivers again when it is started after an acknowledged alarm.
        loaded_rate_gain: rate in force per rate staged; the read-back tells the one in force.
        read_back_rate_gain: rate that is read back per rate in force.
        restarts_at_s: at this instant it powers up anew, with its clock at zero and its motor stopped.
        program_changes_at_s: at this instant the rates in force grow by a fifth, and the read-back does not tell.
    """

    counter_gain: float = 1.0
    bolus_gain: float = 1.0
    occlusion_alarms: int | None = None
    occlusion_delay_s: float = 0.0
    stops_at_occlusion: bool = True
    false_occlusion_after_idle_s: float | None = None
    false_alarm_at_s: float | None = None
    disconnect_alarm: bool = True
    lockout: bool = True
    skipped_step: int = 0
    flex_steps_held: int = 13
    misses_midnight: bool = False
    weekdays_ignored: bool = False
    weekdays_late: int = 0
    basal_stands_in_bolus: bool = False
    flex_shift_min: int = 0
    stall_at_s: float | None = None
    recovers: bool = True
    loaded_rate_gain: float = 1.0
    read_back_rate_gain: float = 1.0
    restarts_at_s: float | None = None
    program_changes_at_s: float = math.inf
