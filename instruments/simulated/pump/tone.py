# SPDX-License-Identifier: Apache-2.0
"""What a pump's sounder gives: a burst of one tone or of two in turn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tone:
    """One burst, at the pump's case.

    Attributes:
        duration_s: how long it lasts.
        low_hz, high_hz: its tones in turn; the same for a single one.
        level_db: at the place of the rig's microphone, without the room.
    """

    duration_s: float
    low_hz: float
    high_hz: float
    level_db: float


@dataclass(frozen=True)
class Pattern:
    """How alarms of one priority sound: a tone, and how often it comes."""

    tone: Tone
    every_s: float


CRITICAL = Pattern(Tone(3.0, 750.0, 1000.0, 55.0), 600.0)
NON_CRITICAL = Pattern(Tone(1.0, 750.0, 750.0, 52.0), 3600.0)
"""Lengths as domain §1.1 has them; spacing, frequency and level are assumed."""
