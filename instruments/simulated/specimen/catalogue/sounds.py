# SPDX-License-Identifier: Apache-2.0
"""Alarms that nobody hears, that are heard wrongly, or that a silence makes another thing of than it should."""

import math
from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_rig, in_sound
from instruments.simulated.specimen.catalogue.where import (
    ALARM_HEARD,
    ALARM_STANDS,
    AT_HIGH_RATE,
    EMPTY_HEARD,
    FAILURE_HEARD,
    HIGHER_ALARM,
    LOW_ALARM_HEARD,
    LOW_RESERVOIR_HEARD,
    TWO_ALARMS,
    decides_nothing,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_NO_TONE = "domain §5.2, 21: no audible alarm"

SOUNDS = (
    Defect("silent_alarms", _PUMP, "alarms are set and logged, and nothing is heard of them", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, sounds=False)),
           red(ALARM_HEARD, "ALM-005", "ALM-006", "ALM-007", "ALM-015"), _NO_TONE),
    Defect("tone_without_alarm", _PUMP, "every six hours a tone is heard, and no alarm stands", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, without_alarm=True)), red(AT_HIGH_RATE, "ALM-005"),
           "domain §5.2, 15: alarms with no fault"),
    Defect("tone_is_single", _PUMP, "the two-tone of a critical alarm is a single tone", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, single=True)), red(ALARM_HEARD, "ALM-006"),
           "domain §1.1: two-tone and one-tone tell critical alarms from others"),
    Defect("tone_length_gain", _PUMP, "a tone lasts so many times its length", 0.3, 0.01, 10.0,
           in_sound(lambda good, x: replace(good, length_gain=x)), red(ALARM_HEARD, "ALM-006"), also=(2.0,)),
    Defect("tone_spacing_gain", _PUMP, "from tone to tone it takes so many times the time", 2.0, 0.01, 1e3,
           in_sound(lambda good, x: replace(good, spacing_gain=x)), red(ALARM_HEARD, "ALM-005", "ALM-006")),
    Defect("tone_softer_db", _PUMP, "tones are softer by so much", 12.0, 0.0, 100.0,
           in_sound(lambda good, x: replace(good, level_off_db=-x)), red(ALARM_HEARD, "ALM-006"),
           "protocol §8: speaker failure"),
    Defect("tone_frequency_gain", _PUMP, "tones have so many times their frequency", 1.3, 0.1, 10.0,
           in_sound(lambda good, x: replace(good, frequency_gain=x)), red(ALARM_HEARD, "ALM-006")),
    Defect("tone_stays", _PUMP, "an alarm is heard on when it was acknowledged", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, stays=True)), red(ALARM_HEARD, "ALM-005", "ALM-007")),
    Defect("silence_ignored", _PUMP, "an alarm that was silenced is heard all the same", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silences=False)), red(ALARM_HEARD, "ALM-005", "ALM-007")),
    Defect("silence_for_ever", _PUMP, "an alarm that was silenced is never heard again", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silence_gain=math.inf)), red(ALARM_HEARD, "ALM-005", "ALM-007"),
           "domain §5.2, 21: no audible alarm"),
    Defect("silence_gain", _PUMP, "a silence lasts so many times as long as promised", 0.5, 0.01, 100.0,
           in_sound(lambda good, x: replace(good, silence_gain=x)), red(ALARM_HEARD, "ALM-005", "ALM-007")),
    Defect("silence_of_all", _PUMP, "an alarm that comes in the silence of another is silent as well", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silences_others=True)), red(TWO_ALARMS, "ALM-005", "ALM-008")),
    Defect("lowest_is_heard", _PUMP, "of several alarms the lowest is heard", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, lowest_first=True)), red(HIGHER_ALARM, "ALM-005", "ALM-011"),
           "domain §6.1: only the highest is signalled"),
    Defect("silence_clears", _PUMP, "a silence takes the alarm away as well", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silence_clears=True)),
           red(ALARM_STANDS, "ALM-003", "ALM-007", "ALM-009", "ALM-016"), _NO_TONE),
    Defect("interrogation_clears", _PUMP, "an interrogation takes the alarms away that stand", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, interrogation_clears=True)),
           red(ALARM_STANDS, "ALM-003", "ALM-009", "ALM-010", "ALM-016"), "protocol §0, 5: interrogation disturbs"),
    Defect("interrogation_silences", _PUMP, "what is interrogated is not heard any more", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, interrogation_silences=True)),
           red(ALARM_HEARD, "ALM-005", "ALM-006"),
           "domain §5.2, 5: an alarming pump in telemetry mode"),
    Defect("silent_when_it_can_wait", _PUMP, "nothing is heard of an alarm that can wait", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, sounds_of_low=False)),
           red(LOW_ALARM_HEARD, "ALM-005", "ALM-006", "ALM-007", "ALM-015"),
           "protocol §5: ambulatory recalls, the low-battery alarm missing"),
    Defect("silent_at_low_reservoir", _PUMP, "nothing is heard of a low reservoir", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silent_of="low_reservoir")),
           red(LOW_RESERVOIR_HEARD, "ALM-005", "ALM-006", "ALM-007"), _NO_TONE),
    Defect("silent_when_empty", _PUMP, "nothing is heard of an empty reservoir", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silent_of="reservoir_empty")),
           red(EMPTY_HEARD, "ALM-005", "ALM-006", "ALM-007"), _NO_TONE),
    Defect("silent_after_failure", _PUMP, "nothing is heard of a failure of its system", None, 0.0, 0.0,
           in_sound(lambda good, _: replace(good, silent_of="memory")),
           red(FAILURE_HEARD, "ALM-005", "ALM-006", "ALM-007"), _NO_TONE),
    Defect("microphone_deaf", Asset.INSTRUMENT, "the microphone hears nothing, not even the room", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, microphone_deaf=True)), decides_nothing(ALARM_HEARD)),
)  # fmt: skip
"""Sounds."""
