# SPDX-License-Identifier: Apache-2.0
"""The rig's microphone at the pump: it hears the pump and the room, and keeps the last bursts of tone in a ring."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from groundfloor.notifier import Notifier
from instruments.register_map.codec import Value
from instruments.simulated.pump.tone import Tone
from instruments.simulated.specimen.noise import Noise
from instruments.simulated.time.timeline import Timeline

RING_LENGTH = 4
ROOM_DB, ROOM_SD_DB = 38.0, 1.0
"""A quiet laboratory (assumed)."""
FOREIGN = Tone(0.5, 2500.0, 2500.0, 60.0)
"""A telephone."""
LEVEL_SD_DB, FREQUENCY_SD, DURATION_SD_S = 0.3, 0.002, 0.01
"""How well it tells a burst (assumed)."""


@dataclass(frozen=True)
class HeardBurst:
    """One line of the ring."""

    onset_s: float = 0.0
    duration_s: float = 0.0
    low_hz: float = 0.0
    high_hz: float = 0.0
    level_db: float = 0.0


class Microphone:
    """Listens.

    Args:
        timeline: the twin's time.
        pump: tells of each tone of the pump.
        noise: of the room and of the microphone.
        deaf: whether it hears nothing at all, not even the room.
        dull_db: by how much it takes tones for softer.
        foreign_every_s: how often something else in the room sounds; 0 for never.
    """

    def __init__(
        self,
        timeline: Timeline,
        pump: Notifier[Tone],
        noise: Noise,
        *,
        deaf: bool,
        dull_db: float = 0.0,
        foreign_every_s: float = 0.0,
    ) -> None:
        self._timeline = timeline
        self._noise = noise
        self._deaf = deaf
        self._dull_db = dull_db
        self._foreign_every_s = foreign_every_s
        self._count = 0
        self._ring = [HeardBurst()] * RING_LENGTH
        self._until_s = -math.inf
        pump.subscribe(self._hear)
        if foreign_every_s:
            timeline.at(foreign_every_s, self._ring_the_room)

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what its registers show."""
        readers: dict[str, Callable[[], Value]] = {
            "sound_count": lambda: self._count % 65536,
            "sound_level_db": self._level_db,
            "sound_frequency_hz": self._frequency_hz,
            "sound_clock_s": lambda: self._timeline.now_s,
        }
        for slot in range(RING_LENGTH):
            readers |= self._slot(slot)
        return readers

    def _slot(self, slot: int) -> dict[str, Callable[[], Value]]:
        return {
            f"sound_log[{slot}].onset_s": lambda: self._ring[slot].onset_s,
            f"sound_log[{slot}].duration_s": lambda: self._ring[slot].duration_s,
            f"sound_log[{slot}].low_hz": lambda: round(self._ring[slot].low_hz),
            f"sound_log[{slot}].high_hz": lambda: round(self._ring[slot].high_hz),
            f"sound_log[{slot}].level_db": lambda: self._ring[slot].level_db,
        }

    def _hear(self, tone: Tone) -> None:
        now_s = self._timeline.now_s
        level_db = _together_db(tone.level_db - self._dull_db, self._room_db())
        if self._deaf or tone.level_db < ROOM_DB:
            return
        off = self._noise.normal(now_s + 1.0)
        self._ring[self._count % RING_LENGTH] = HeardBurst(
            now_s,
            tone.duration_s + DURATION_SD_S * off,
            tone.low_hz * (1.0 + FREQUENCY_SD * off),
            tone.high_hz * (1.0 + FREQUENCY_SD * off),
            level_db + LEVEL_SD_DB * off,
        )
        self._count += 1
        self._until_s = now_s + tone.duration_s

    def _ring_the_room(self) -> None:
        self._hear(FOREIGN)
        self._timeline.at(self._timeline.now_s + self._foreign_every_s, self._ring_the_room)

    @property
    def _last(self) -> HeardBurst | None:
        sounding = self._timeline.now_s < self._until_s
        return self._ring[(self._count - 1) % RING_LENGTH] if sounding else None

    def _level_db(self) -> float:
        if self._deaf:
            return 0.0
        return self._last.level_db if self._last is not None else self._room_db()

    def _frequency_hz(self) -> int:
        return round(self._last.high_hz) if self._last is not None else 0

    def _room_db(self) -> float:
        return ROOM_DB + ROOM_SD_DB * self._noise.normal(self._timeline.now_s)


def _together_db(one_db: float, other_db: float) -> float:
    return 10.0 * math.log10(10.0 ** (one_db / 10.0) + 10.0 ** (other_db / 10.0))
