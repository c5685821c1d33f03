# SPDX-License-Identifier: Apache-2.0
"""A burst of tone that the rig's microphone heard at the pump, in bench time."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class HeardSound:
    """One burst.

    Attributes:
        number: of all that the microphone has heard.
        onset_s: bench time at which it began.
        duration_s: how long it lasted.
        low_hz, high_hz: the lowest and the highest of its tones.
        level_db: at the microphone.
    """

    number: int
    onset_s: float
    duration_s: float
    low_hz: float
    high_hz: float
    level_db: float

    def __str__(self) -> str:
        tones = f"{self.low_hz:g} Hz" if self.low_hz == self.high_hz else f"{self.low_hz:g} and {self.high_hz:g} Hz"
        return f"{self.duration_s:.2f} s of {tones} at {self.level_db:.1f} dB"


@dataclass(frozen=True)
class HeardSounds:
    """All that was heard in one infusion.

    Attributes:
        heard: in order.
        doubts: why the microphone may have missed some, a phrase each.
        listened_to_s: bench time at which it was asked last; of what came later nothing is known.
    """

    heard: tuple[HeardSound, ...] = ()
    doubts: tuple[str, ...] = ()
    listened_to_s: float = math.inf
