# SPDX-License-Identifier: Apache-2.0
"""The pump's sounder: of the alarms that stand and were not silenced, the highest is heard, at once and then again.

A silence is of the alarms that stand when it is asked for; one that comes later is heard. When its time is over, what
still stands is heard again.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from groundfloor.notifier import Notifier
from instruments.pump import Alarm
from instruments.simulated.pump.tone import CRITICAL, NON_CRITICAL, Pattern, Tone
from instruments.simulated.specimen.recurrence import EVERY_S, FIRST_S
from instruments.simulated.specimen.sound_faults import SoundFaults
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

CRITICAL_ALARMS = frozenset(Alarm) - {Alarm.LOW_RESERVOIR, Alarm.LOW_BATTERY}


class Sounder:
    """Sounds for the alarms that stand.

    Args:
        timeline: the twin's time.
        standing: returns which alarms stand.
        silence_s: how long a silence lasts.
        faults: of the sounder.

    Attributes:
        sounded: tells of each burst when it begins.
    """

    def __init__(
        self, timeline: Timeline, standing: Callable[[], frozenset[Alarm]], silence_s: float, faults: SoundFaults
    ) -> None:
        self.sounded: Notifier[Tone] = Notifier()
        self._timeline = timeline
        self._standing = standing
        self._silence_s = silence_s
        self._faults = faults
        self._quiet_until_s: dict[Alarm, float] = {}
        self._silent_until_s = 0.0
        self._stood: frozenset[Alarm] = frozenset()
        self._signalled: Pattern | None = None
        self._next = Timer(timeline, self._again)
        self._silence_ends = Timer(timeline, self.look)
        if faults.without_alarm:
            timeline.at(FIRST_S, self._by_itself)

    def look(self) -> None:
        """Look at what stands; called whenever that changes."""
        standing, now_s = self._standing(), self._timeline.now_s
        self._quiet_until_s = {
            alarm: until_s for alarm, until_s in self._quiet_until_s.items() if alarm in standing and until_s > now_s
        }
        self._silence_ends.set_at(min(self._quiet_until_s.values(), default=math.inf))
        if now_s < self._silent_until_s:
            self._silence_ends.set_at(self._silent_until_s)
            standing = frozenset()
        quiet = standing if self._quiet_until_s and self._faults.silences_others else frozenset(self._quiet_until_s)
        heard = frozenset(alarm for alarm in standing - quiet if alarm != self._faults.silent_of)
        if self._faults.stays:
            heard |= self._stood
        pattern = self._pattern(heard)
        new = heard - self._stood
        self._stood = heard
        if pattern is None:
            self._signalled = None
            self._next.drop()
        elif pattern is not self._signalled or self._pattern(new) is pattern:
            self._signalled = pattern
            self._again()

    def silence(self) -> None:
        """Be quiet about the alarms that stand."""
        if self._faults.silences_to_come and not self._standing():
            self._silent_until_s = self._timeline.now_s + self._silence_s
        if self._faults.silences:
            until_s = self._timeline.now_s + self._silence_s * self._faults.silence_gain
            self._quiet_until_s |= dict.fromkeys(self._standing(), until_s)
        self.look()

    def interrogated(self) -> None:
        """Take note of an interrogation, which changes nothing in a good pump."""
        if self._faults.interrogation_silences:
            self._quiet_until_s |= dict.fromkeys(self._standing(), math.inf)
            self.look()

    def _pattern(self, alarms: frozenset[Alarm]) -> Pattern | None:
        if not alarms:
            return None
        high, low = alarms & CRITICAL_ALARMS, alarms - CRITICAL_ALARMS
        signalled = low or high if self._faults.lowest_first else high or low
        return CRITICAL if signalled & CRITICAL_ALARMS else NON_CRITICAL

    def _again(self) -> None:
        if self._signalled is not None:
            if self._signalled is CRITICAL or self._faults.sounds_of_low:
                self._sound(self._signalled.tone)
            self._next.set_at(self._timeline.now_s + self._signalled.every_s * self._faults.spacing_gain)

    def _by_itself(self) -> None:
        self._sound(NON_CRITICAL.tone)
        self._timeline.at(self._timeline.now_s + EVERY_S, self._by_itself)

    def _sound(self, tone: Tone) -> None:
        faults = self._faults
        if not faults.sounds:
            return
        high_hz = tone.low_hz if faults.single else tone.high_hz
        self.sounded.notify(
            replace(
                tone,
                duration_s=tone.duration_s * faults.length_gain,
                low_hz=tone.low_hz * faults.frequency_gain,
                high_hz=high_hz * faults.frequency_gain,
                level_db=tone.level_db + faults.level_off_db,
            )
        )
