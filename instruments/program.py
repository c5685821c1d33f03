# SPDX-License-Identifier: Apache-2.0
"""The program of a pump: what is staged in its registers, loaded by checksum, and read back."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_WORD = re.compile(r"[a-z][a-z0-9_]*")


class Mode(StrEnum):
    """Therapy modes, by the names that register maps use.

    Those listed are the ones that code elsewhere tells apart. A further one needs no line here: the file that programs
    it says `Mode("its_name")`, which is one and the same wherever it is said, and a map gives it a code or refuses it.
    """

    NONE = "none"
    CONTINUOUS = "continuous"
    FLEX = "flex"
    SINGLE_BOLUS = "single_bolus"
    WEEKLY_FLEX = "weekly_flex"
    BRIDGE = "bridge"
    MINIMUM_RATE = "minimum_rate"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Return a mode that is not listed, the same each time."""
        if not isinstance(value, str) or not _WORD.fullmatch(value):
            return None
        further = str.__new__(cls, value)
        further._name_, further._value_ = value.upper(), value
        known: Self = cls._value2member_map_.setdefault(value, further)  # type: ignore[assignment] # of this class
        return known


@dataclass(frozen=True)
class Step:
    """One step of a day schedule: from `start_minute` of the day the pump runs at `rate_ul_per_h`."""

    start_minute: int
    rate_ul_per_h: float


@dataclass(frozen=True)
class Program:
    """Everything a pump is told before it starts.

    A patient bolus (`ptm_*`) joins any mode; a volume of zero forbids it. Between midnight and the first step's start
    the last step of the day before runs on.

    Of the mode `bridge` the single bolus is the bridge: its volume comes over its duration, and then the steps begin as
    those of a day schedule. The mode `minimum_rate` has no steps: the rate is the pump's own.

    Attributes:
        week: of the mode `weekly_flex` the steps of each of seven days; the first is the day that begins when the
            device clock shows zero, and every seventh after it. Empty for every other mode.
    """

    mode: Mode
    steps: tuple[Step, ...] = ()
    bolus_volume_ul: float = 0.0
    bolus_duration_s: int = 0
    ptm_volume_ul: float = 0.0
    ptm_duration_s: int = 0
    ptm_lockout_s: int = 0
    ptm_max_per_day: int = 0
    low_reservoir_alarm_ul: float = 0.0
    week: tuple[tuple[Step, ...], ...] = ()

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """Return every step of every day."""
        return (*self.steps, *(step for day in self.week for step in day))
