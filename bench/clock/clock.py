# SPDX-License-Identifier: Apache-2.0
"""What every clock can do."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ClockMode(StrEnum):
    """How bench time relates to the machine's time."""

    REAL = "real"
    SCALED = "scaled"
    STEPPED = "stepped"


class Clock(Protocol):
    """Seconds of bench time since the bench was opened.

    Attributes:
        mode: real, scaled or stepped.
        speed: bench seconds per second of the machine; 1 for real, 0 for stepped, where the two are not related.
        epoch_utc: the instant that bench time counts from; a fixed date in stepped mode, so that runs repeat exactly.
    """

    mode: ClockMode
    speed: float
    epoch_utc: datetime

    def now_s(self) -> float:
        """Return the bench time now."""
        ...

    def sleep_until(self, instant_s: float) -> None:
        """Return when bench time has reached `instant_s`; at once if it has passed."""
        ...

    def go_on_from(self, instant_s: float) -> None:
        """Make it `instant_s` now: a run that was interrupted goes on."""
        ...
