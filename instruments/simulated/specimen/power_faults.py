# SPDX-License-Identifier: Apache-2.0
"""All that can be wrong with a pump's battery and with what it does after a reset; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PowerFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        low_alarm: whether a low battery raises its alarm.
        low_alarm_goes: whether its alarm goes by itself when the battery is not low any more.
        low_alarm_delay_s: extra time before it.
        stops_when_low: whether the motor stops at a low battery.
        slow_when_low: rate driven per rate asked for while the battery is low.
        ends_after_low_s: so long after the battery was low it stops for good, silently; 0 for the model's own.
        end_alarm: whether the end of its service raises its alarm.
        runs_on_at_end: whether it runs on when its service is over, and its alarm has sounded.
        starts_at_end: whether it takes a start when its service is over.
        reset_alarm: whether a reset raises its alarm.
        reset_alarm_once: whether the first reset alone raises it.
        rate_gain_after_reset: what it drives after a reset per rate of before, with no alarm; 0 where it stands.
        reset_clears_logs: whether a reset empties both logs.
        reset_clears_lockout: whether a reset makes it forget the boluses that it gave.
        reset_clears_program: whether a reset loses the program.
        gives_bolus_after_reset: whether the bolus that a reset cut short is given whole at the next start.
        resets_counter: whether a reset sets its counter to zero.
    """

    low_alarm: bool = True
    low_alarm_goes: bool = False
    low_alarm_delay_s: float = 0.0
    stops_when_low: bool = False
    slow_when_low: float = 1.0
    ends_after_low_s: float = 0.0
    end_alarm: bool = True
    runs_on_at_end: bool = False
    starts_at_end: bool = False
    reset_alarm: bool = True
    reset_alarm_once: bool = False
    rate_gain_after_reset: float = 0.0
    reset_clears_logs: bool = False
    reset_clears_lockout: bool = False
    reset_clears_program: bool = False
    gives_bolus_after_reset: bool = False
    resets_counter: bool = False
