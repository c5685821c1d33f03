# SPDX-License-Identifier: Apache-2.0
"""The sound watch: every burst of tone that the rig's microphone keeps, from sample to sample.

The microphone keeps the last bursts in a ring, so it is asked now and then, and whenever alarms came or went. A
microphone that hears not even the room is deaf: then nothing is said of the pump.
"""

import math

from bench.alarms.heard_sound import HeardSound, HeardSounds
from bench.bench import Bench
from bench.journal import Journal, JournalLine
from bench.journal.lines import Listening, SoundDoubted, SoundHeard
from bench.sampling import Sample
from groundfloor.errors import BenchFault
from instruments.pump import Alarm
from instruments.sound_channel import SoundChannel, SoundReading, sound_channel_of

EVERY_S = 300.0
"""Half of the time after which a critical alarm comes again: no ring is full by then (assumed)."""
_NUMBERS = 65536


class SoundWatch:
    """Follows what is heard of the pump in one infusion; without a microphone it does nothing.

    Attributes:
        hears: whether the rig has a microphone.
    """

    def __init__(self, bench: Bench, journal: Journal) -> None:
        self.hears = bench.rig.abilities().sound
        self._bench = bench
        self._journal = journal
        self._channel: SoundChannel | None = sound_channel_of(bench.rig) if self.hears else None
        self._heard: list[HeardSound] = []
        self._doubts: list[str] = []
        self._count: int | None = None
        self._read_s = -math.inf
        self._alarms: frozenset[Alarm] = frozenset()
        self._logged = 0

    @property
    def sounds(self) -> HeardSounds | None:
        """Return what was heard so far; None for a rig without a microphone."""
        if not self.hears:
            return None
        never = ("the microphone was never asked",) if self._count is None else ()
        return HeardSounds(tuple(self._heard), (*self._doubts, *never), self._read_s)

    def begin(self) -> None:
        """Listen from now on."""
        if self._channel is not None and (reading := self._read(0)) is not None:
            self._count = reading.count
            title = f"microphone on, {reading.count} bursts before, {reading.level_db:.1f} dB"
            self._journal.write("event", what="listening", title=title, count=reading.count)
            self._refuse_a_deaf_one(reading)

    def on_sample(self, sample: Sample) -> None:
        """Ask the microphone where it is time to, or where alarms have come or gone."""
        pump = sample.pump
        changed = pump.alarms != self._alarms or pump.alarm_log_count != self._logged
        self._alarms, self._logged = pump.alarms, pump.alarm_log_count  # one may come and go between two samples
        if changed or sample.actual_s - self._read_s >= EVERY_S:
            self.read_once_more()

    def read_once_more(self) -> int:
        """Ask the microphone now; return how many bursts were heard so far."""
        reading = None if self._count is None else self._read(self._count)
        if reading is not None:
            self._take(reading)
        return len(self._heard)

    def _take(self, reading: SoundReading) -> None:
        self._refuse_a_deaf_one(reading)
        lost = (reading.count - (self._count or 0)) % _NUMBERS - len(reading.bursts)
        if lost > 0:
            self._doubt(f"{lost} bursts were overwritten before the microphone was asked")
        self._count = reading.count
        at_s = self._bench.clock.now_s()
        for burst in reading.bursts:
            onset_s = at_s - (reading.clock_s - burst.onset_s)
            one = HeardSound(
                burst.number, onset_s, burst.duration_s, burst.low_hz, burst.high_hz, burst.level_db
            )  # fmt: skip
            self._heard.append(one)
            told = {"duration_s": one.duration_s, "low_hz": one.low_hz, "high_hz": one.high_hz}
            self._journal.write(
                "event", what="sound", title=f"heard: {one}", number=one.number, onset_s=onset_s,
                level_db=one.level_db, **told,
            )  # fmt: skip

    def recall(self, line: JournalLine) -> None:
        """Take a line of the journal, as if it had just come up."""
        match line.body:
            case Listening() as began:
                self._count = began.count
            case SoundHeard() as one:
                sound = HeardSound(one.number, one.onset_s, one.duration_s, one.low_hz, one.high_hz, one.level_db)
                self._heard.append(sound)
                self._count = (one.number + 1) % _NUMBERS
            case SoundDoubted() as doubt:
                self._doubts.append(doubt.title)

    def _read(self, since: int) -> SoundReading | None:
        if self._channel is None:
            return None
        channel = self._channel
        self._read_s = self._bench.clock.now_s()
        try:
            return self._bench.reader.read(lambda: channel.read_sounds(since)).observed
        except BenchFault as silent:
            self._doubt(f"the microphone did not answer: {silent.finding}")
            return None

    def _refuse_a_deaf_one(self, reading: SoundReading) -> None:
        if reading.level_db <= 0:
            self._doubt("the microphone shows no level at all, not even the room's: it is deaf")

    def _doubt(self, seen: str) -> None:
        if seen not in self._doubts:
            self._doubts.append(seen)
            self._journal.write("event", what="sound-doubted", title=seen)
