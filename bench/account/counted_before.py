# SPDX-License-Identifier: Apache-2.0
"""What a pump had counted before its program was loaded: nothing of it may change until the pump is started."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class CountedBefore:
    """The registers that count for life, as they stood before the first command.

    Attributes:
        counter_ul: the counter of delivered volume.
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
        names = ("counter_ul", "reservoir_ul", "alarm_log_count", "bolus_log_count")
        values = {name: found.get(name) for name in names}
        if None in values.values():
            return None
        return cls(**{name: found[name] for name in names}, battery_percent=found.get("battery_percent"))
