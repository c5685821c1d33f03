# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with a pump's alarms, their bits and their log; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AlarmFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        bit_set: whether the bit of a standing alarm is ever set.
        bit_stays: whether a bit that was set is never cleared.
        bit_of_another: whether the bit of another alarm is set.
        logged: whether alarms stand in the log.
        logged_twice: whether each alarm stands there twice.
        wrong_order: whether an alarm is logged before the one that came before it.
        end_logged: whether the log tells when an alarm was cleared.
        stall_end_logged: the same of a stall alone.
        stall_end_untold: so many interrogations it takes until the log tells that a stall has ended; 0 for none.
        starts_in_alarm: whether a start while an alarm stands that stopped it is carried out.
        onset_off_s: how much later than it came the log says.
        redated_s: how much later its lines tell all alarms, each time that a program is loaded.
        again_after_s: how long after an acknowledge an alarm comes again without a cause; 0 for never.
        short_s: every six hours an alarm comes without a cause and goes after so long; 0 for never.
        occlusion_kpa: threshold of the occlusion alarm; 0 for the model's own.
        duller_by_kpa: by how much the threshold of the occlusion alarm rises with each one that came.
        blind_in_bolus: whether it looks for no occlusion while a bolus runs.
        deaf_in_bolus: whether it looks for no disconnection while a bolus runs.
        blind_if_kinked_at_start: whether it takes a catheter that was shut at a start for what is normal.
        rests_every_s: how often it takes the pressure of the moment for that of a free catheter; 0 for never.
        disconnect_delay_s: extra time before the disconnect alarm.
        false_disconnect_at_s: at this instant a disconnect alarm comes without a cause; 0 for never.
        stops_at_disconnect: whether the motor stops at a disconnect alarm.
        low_reservoir_off_ul: by how much more than programmed is left when the low-reservoir alarm comes.
        low_reservoir: whether it has that alarm at all.
        goes_by_itself: this alarm goes by itself, and what it stopped stands on: `low_reservoir`, `memory`.
        goes_after_s: so long after it came.
        lost_entry: whether the first line of the log is counted and empty.
        log_lines: after so many lines the log begins again at its first place; 0 for the length of its ring.
        full_log_stands: whether a full log keeps its oldest lines, and counts on.
        full_log_repeats: whether a full log takes each alarm twice.
        wrong_kind_after: after so many lines each line tells the kind of the alarm before it; 0 for never.
        acknowledge_answered: False if it clears its alarms at an acknowledge and answers that it refused.
    """

    bit_set: bool = True
    bit_stays: bool = False
    bit_of_another: bool = False
    logged: bool = True
    logged_twice: bool = False
    wrong_order: bool = False
    end_logged: bool = True
    stall_end_logged: bool = True
    stall_end_untold: int = 0
    starts_in_alarm: bool = False
    onset_off_s: float = 0.0
    redated_s: float = 0.0
    again_after_s: float = 0.0
    short_s: float = 0.0
    occlusion_kpa: float = 0.0
    duller_by_kpa: float = 0.0
    blind_in_bolus: bool = False
    deaf_in_bolus: bool = False
    blind_if_kinked_at_start: bool = False
    rests_every_s: float = 0.0
    disconnect_delay_s: float = 0.0
    false_disconnect_at_s: float = 0.0
    stops_at_disconnect: bool = False
    low_reservoir_off_ul: float = 0.0
    low_reservoir: bool = True
    goes_by_itself: str = ""
    goes_after_s: float = 0.0
    lost_entry: bool = False
    log_lines: int = 0
    full_log_stands: bool = False
    full_log_repeats: bool = False
    wrong_kind_after: int = 0
    acknowledge_answered: bool = True
