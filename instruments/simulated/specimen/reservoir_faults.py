# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with a pump's reservoir, its alarms and its refill; the defaults are a good pump."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ReservoirFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        empty_alarm: whether an empty reservoir raises its alarm; without it the motor turns on dry.
        empty_by_computed: whether that alarm waits until the computed volume is used up as well.
        empty_off_ul: so much is left when it comes.
        alarm_set_to_ul: what its low-reservoir alarm is set to, whatever it is told; 0 for what it is told.
        low_after_interrogation_s: so long after an interrogation the low-reservoir alarm sounds; 0 for never.
        fades_below_ul: below this volume its strokes shrink with what is left.
        bolus_when_empty: whether it accepts a patient bolus with nothing to give.
        refill_adds: whether a refill is added to what it computed before.
        any_refill: whether it takes a volume that cannot be.
        date_of_first_program: whether the refill date follows from the first program that was ever loaded.
        date_of_full_reservoir: whether it follows from a full reservoir, whatever a refill was told.
        date_counts_boluses: whether the boluses that a patient may ask for are counted in.
        low_once: whether its low-reservoir alarm sounds once in its life.
        low_again_after_s: so long after an acknowledge its low-reservoir alarm comes again in the same filling; 0 for
            never.
        acknowledged_when_empty: whether an acknowledge takes the empty alarm away while there is nothing to give.
        started_when_empty: whether it takes a start then.
        refill_clears_empty: whether a refill takes the empty alarm away before anybody has acknowledged it.
        takes_any_filling: whether it takes more than it holds, because its valve does not close.
        more_when_overfilled: by which fraction it gives more once somebody tried to put in more than it holds.
        more_once_dry: the same once it ran dry and was filled again.
        deaf_to_refills_from_s: from this instant on it accepts a refill, and computes on from what it had before.
    """

    empty_alarm: bool = True
    empty_by_computed: bool = False
    empty_off_ul: float = 0.0
    alarm_set_to_ul: float = 0.0
    low_after_interrogation_s: float = 0.0
    fades_below_ul: float = 0.0
    bolus_when_empty: bool = False
    refill_adds: bool = False
    any_refill: bool = False
    date_of_first_program: bool = False
    date_of_full_reservoir: bool = False
    date_counts_boluses: bool = True
    low_once: bool = False
    low_again_after_s: float = 0.0
    acknowledged_when_empty: bool = False
    started_when_empty: bool = False
    refill_clears_empty: bool = False
    takes_any_filling: bool = False
    more_when_overfilled: float = 0.0
    more_once_dry: float = 0.0
    deaf_to_refills_from_s: float = math.inf
