# SPDX-License-Identifier: Apache-2.0
"""What a pump had counted before its program was loaded: nothing of it may change until the pump is started."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class CountedBefore:
    """The registers that count for life, as they stood before the first command.

    Attributes:
        counter_ul: the counter of delivered volume; NaN for a pump without. So the next.
        reservoir_ul: what the pump believed to be left.
        alarm_log_count, bolus_log_count: lines that it had logged.
        battery_percent: what its battery showed; None where an older journal does not tell.
    """

    counter_ul: float
    reservoir_ul: float
    alarm_log_count: int
    bolus_log_count: int
    battery_percent: float | None = None

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self | None:
        """Return them of what was found; None of a line that an older journal holds."""
        if found.get("alarm_log_count") is None:
            return None
        return cls(
            counter_ul=_number(found.get("counter_ul")),
            reservoir_ul=_number(found.get("reservoir_ul")),
            alarm_log_count=found["alarm_log_count"],
            bolus_log_count=found["bolus_log_count"],
            battery_percent=found.get("battery_percent"),
        )


def _number(recorded: float | None) -> float:
    return math.nan if recorded is None else recorded
