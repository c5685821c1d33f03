# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with how a pump is programmed and spoken to; the defaults are a good pump."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ProgrammingFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        needless_gives_ul: what it gives, uncounted, in the minute after a start while it infuses, or after an
            acknowledge without an alarm.
        stops_silently: a session that has begun stops the pump until it is complete, and no alarm tells of it.
        stops_alone_after_s: so long after a session that broke off it stops, and no alarm tells of it.
        reverts_after_s: so long after a program was loaded while it infuses it drives the one from before again.
        goes_on_alone_after_s: a pump that a session which broke off has stopped gives again so long after its alarm,
            and says that it stands.
        takes_effect_when_staged: what is staged is driven at once, before it is loaded; the read-back does not tell.
        checksum_checked: whether a program with a wrong checksum is refused.
        checksum_checked_once: a checksum is not looked at where the registers were written more than twice.
        change_late_s: how much later than it answers a change of program takes effect.
        change_pauses_s: for how long the pump stands at a change of program, which it counts all the same.
        change_runs_both_s: for how long both the old and the new rate are given after a change, uncounted.
        change_drops_stroke: whether a change of program forgets the part of a stroke that was under way.
        forgets_stroke_every_s: how often the part of a stroke that was under way is forgotten.
        takes_any_session: whether it takes a program that a session for another pump sends.
        takes_any_calibration: whether it takes another calibration constant than its own, and drives by it.
        least_gain, greatest_gain, greatest_bolus_gain: what it takes for these limits, over what they are.
        read_back_stands: the read-back shows the first program that was ever loaded.
        interrogation_stops_s: for how long an interrogation stops the pump, which it counts all the same.
        interrogation_alarms: whether an interrogation raises a low-reservoir alarm.
        interrogation_clears: whether an interrogation takes standing alarms back.
        start_lapses_s: so long after a start it stops again by itself.
        repeats_commands: whether a command is carried out again when its number comes again.
        takes_old_numbers: whether a command is carried out whose number is older than the last one's.
        code_asked_for: whether a command has to show the session code of a pump that has one.
        any_code_does: whether it takes any code for its own, if there is one.
        wraps_wrongly: whether each line of the bolus log after the first round of its ring stands one place late.
    """

    needless_gives_ul: float = 0.0
    stops_silently: bool = False
    stops_alone_after_s: float = math.inf
    reverts_after_s: float = math.inf
    goes_on_alone_after_s: float = math.inf
    takes_effect_when_staged: bool = False
    checksum_checked: bool = True
    checksum_checked_once: bool = False
    change_late_s: float = 0.0
    change_pauses_s: float = 0.0
    change_runs_both_s: float = 0.0
    change_drops_stroke: bool = False
    forgets_stroke_every_s: float = math.inf
    takes_any_session: bool = False
    takes_any_calibration: bool = False
    least_gain: float = 1.0
    greatest_gain: float = 1.0
    greatest_bolus_gain: float = 1.0
    read_back_stands: bool = False
    interrogation_stops_s: float = 0.0
    interrogation_alarms: bool = False
    interrogation_clears: bool = False
    start_lapses_s: float = math.inf
    repeats_commands: bool = False
    takes_old_numbers: bool = False
    code_asked_for: bool = True
    any_code_does: bool = False
    wraps_wrongly: bool = False
