# SPDX-License-Identifier: Apache-2.0
"""What one event may spoil in a function of the pump that it has nothing to do with; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InteractionFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        deaf_after: after this event it looks for no occlusion any more: `refill`, `prime`, `program` for one that is
            loaded while it infuses, `reset`, `update`.
        deaf_to_after: which alarm that is; that of an occlusion unless another one is named.
        deaf_in_mode: in a therapy of this mode it looks for no occlusion.
        deaf_beside_another: whether it looks for no occlusion while another alarm stands.
        deaf_in_schedule: whether it looks for no occlusion in a day schedule.
        occlusion_again: whether an occlusion that was acknowledged is told again while the catheter is still shut.
        disconnect_again: the same of a catheter that is still off.
        forgets_boluses_after: this event ends the lockout, and the count of the day: `program`, `refill`,
            `acknowledge`, `update`.
        first_lockout_stays: whether the lockout of the first program stays in force when another is loaded.
        step_missed_over: a step of a day schedule that begins during this is not taken: `stop`, `bolus`.
        begins_with_first_step: whether after a start the first step of a day schedule runs until the next one begins.
        reset_clears_alarms: whether a loss of power takes the alarms away that stand.
        schedule_late_h: by how much a day schedule runs late after a loss of power.
        deaf_to_beside_another: this alarm is not raised while another one stands: `disconnect`, `stall`,
            `low_battery`, `low_reservoir`, `memory`.
        next_clears: whether an alarm that comes takes those away that stand.
        occlusion_slower_s: by so much later than the one before each occlusion alarm comes.
        disconnect_slower_s: the same of each disconnect alarm.
        deaf_under: under this condition it looks neither for an occlusion nor for a disconnection: `low_battery`,
            `warm`, `cold`.
        doubles_bolus_under: under this condition it gives twice what a bolus has, uncounted.
        keeps_step_under: under this condition it takes no other step of a day schedule.
        deaf_between: this alarm is not raised between 50 and 900 µL/h.
        stop_clears_alarms: whether a stop takes the alarms away that stand.
        load_clears_alarms: whether a program that is loaded does.
        late_double_h: so many hours after an acknowledge it gives double for an hour, uncounted; 0 for never.
    """

    deaf_after: str = ""
    deaf_to_after: str = "occlusion"
    deaf_in_mode: str = ""
    deaf_beside_another: bool = False
    deaf_in_schedule: bool = False
    occlusion_again: bool = True
    disconnect_again: bool = True
    forgets_boluses_after: str = ""
    first_lockout_stays: bool = False
    step_missed_over: str = ""
    begins_with_first_step: bool = False
    reset_clears_alarms: bool = False
    schedule_late_h: float = 0.0
    deaf_to_beside_another: str = ""
    next_clears: bool = False
    occlusion_slower_s: float = 0.0
    disconnect_slower_s: float = 0.0
    deaf_under: str = ""
    doubles_bolus_under: str = ""
    keeps_step_under: str = ""
    deaf_between: str = ""
    stop_clears_alarms: bool = False
    load_clears_alarms: bool = False
    late_double_h: float = 0.0
