# SPDX-License-Identifier: Apache-2.0
"""The sound channel of a rig: a microphone at the pump that keeps the last bursts of tone, so that no poll misses one.

Not every rig has one; what `RigAbilities.sound` says is asked first.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault

NAME = "sound channel"
"""What it is called where it is missing."""


@dataclass(frozen=True)
class Burst:
    """One burst of tone, by the microphone's own clock.

    Attributes:
        number: of all that it has heard.
        onset_s: when it began.
        duration_s: how long it lasted.
        low_hz, high_hz: the lowest and the highest of its tones; the same for a single one.
        level_db: at the microphone.
    """

    number: int
    onset_s: float
    duration_s: float
    low_hz: float
    high_hz: float
    level_db: float


@dataclass(frozen=True)
class SoundReading:
    """What a microphone has heard.

    Attributes:
        count: bursts since it was made, modulo 65536.
        clock_s: its clock now.
        level_db: the level now; of a room that is still as well, so that 0 is a microphone that hears nothing.
        bursts: from the number that was asked for, oldest first, as far back as its ring reaches.
    """

    count: int
    clock_s: float
    level_db: float
    bursts: tuple[Burst, ...]


@runtime_checkable
class SoundChannel(Protocol):
    """A rig that hears the pump."""

    def read_sounds(self, since: int) -> SoundReading:
        """Return what was heard from burst `since` on.

        Raises:
            BenchFault: there is no microphone, or the rig does not answer.
        """
        ...


def sound_channel_of(rig: object) -> SoundChannel:
    """Return the sound channel of a rig.

    Raises:
        BenchFault: it has none.
    """
    if isinstance(rig, SoundChannel):
        return rig
    raise no_sound("rig")


def no_sound(asset: str) -> BenchFault:
    """Return the fault of a rig without one."""
    return BenchFault(asset, "hear the pump", f"this rig has no {NAME}", f"run it on a bench with a {NAME}")
