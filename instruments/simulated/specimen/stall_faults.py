# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with a rotor that a magnetic field has held, and with what the firmware makes of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StallFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        recovers_late_s: how much later than a good rotor it turns again once the field has gone; infinite for never.
        counts: whether the strokes that a held rotor does not make are counted.
        burst_ul: what comes on top within ten minutes as soon as the rotor is free.
        alarm: whether the firmware has a stall alarm at all.
        once: whether it has that alarm once in its life.
        alarm_late_s: extra time before that alarm.
        stops: whether the motor stops at a stall alarm.
        opens_ul: what comes in the first quarter of an hour of a field, uncounted, because it opens the valves.
        jams_s: every six hours the rotor jams by itself for so long; 0 for never.
    """

    recovers_late_s: float = 0.0
    counts: bool = False
    burst_ul: float = 0.0
    alarm: bool = True
    once: bool = False
    alarm_late_s: float = 0.0
    stops: bool = True
    opens_ul: float = 0.0
    jams_s: float = 0.0
