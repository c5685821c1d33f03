# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with how a pump's alarms sound; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SoundFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        sounds: whether anything is heard of an alarm.
        sounds_of_low: whether anything is heard of an alarm that can wait.
        silent_of: nothing is heard of this alarm.
        without_alarm: whether every six hours a tone comes with no alarm.
        single: whether the two-tone is a single tone.
        length_gain: length of a tone per that of a good one.
        spacing_gain: time from tone to tone per that of a good pump.
        level_off_db: how much louder its tones are.
        frequency_gain: their frequency per that of a good pump.
        stays: whether it sounds on when its alarm was cleared.
        silences: whether it is quiet at all when it was silenced.
        silence_gain: how long it is quiet then, per what a good pump is; infinite for ever.
        silences_others: whether an alarm that comes in the silence of another is quiet as well.
        silences_to_come: whether a silence that is asked for while nothing stands is of what comes in its time.
        lowest_first: whether of several alarms the lowest is signalled.
        silence_clears: whether a silence takes the alarm away as well.
        interrogation_clears: whether an interrogation takes the alarms away that stand.
        interrogation_silences: whether an interrogation ends the tones of what stands.
    """

    sounds: bool = True
    sounds_of_low: bool = True
    silent_of: str = ""
    without_alarm: bool = False
    single: bool = False
    length_gain: float = 1.0
    spacing_gain: float = 1.0
    level_off_db: float = 0.0
    frequency_gain: float = 1.0
    stays: bool = False
    silences: bool = True
    silence_gain: float = 1.0
    silences_others: bool = False
    silences_to_come: bool = False
    lowest_first: bool = False
    silence_clears: bool = False
    interrogation_clears: bool = False
    interrogation_silences: bool = False
