# SPDX-License-Identifier: Apache-2.0
"""The rig's own log of its safe states: a ring of the last sixteen, and a running count."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from instruments.register_map.codec import Value
from instruments.rig_guard import SafeReason
from instruments.simulated.time.timeline import Timeline

RING_LENGTH = 16
_UINT16 = 65536


@dataclass
class Stay:
    """One line of the log; `reason` is "none" in a line never used, `left_s` is 0 while the rig stays."""

    reason: str = "none"
    entered_s: float = 0.0
    left_s: float = 0.0
    pump_stopped: bool = False


class SafeLog:
    """Logs when the rig goes to its safe state and when it leaves it."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._count = 0
        self._ring = [Stay() for _ in range(RING_LENGTH)]
        self._present: Stay | None = None

    def enter(self, reason: SafeReason, *, pump_stopped: bool) -> None:
        """Log that the rig goes safe; one that is safe already only learns whether the pump stands now."""
        if self._present is None:
            self._present = self._ring[self._count % RING_LENGTH] = Stay(reason, self._timeline.now_s)
            self._count += 1
        self._present.pump_stopped |= pump_stopped

    def leave(self) -> None:
        """Log that the rig leaves its safe state, if it is there."""
        if self._present is not None:
            self._present.left_s = self._timeline.now_s
            self._present = None

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what gives the value of each point of the log."""
        readers: dict[str, Callable[[], Value]] = {
            "rig_clock_s": lambda: self._timeline.now_s,
            "safe_log_count": lambda: self._count % _UINT16,
        }
        for place in range(RING_LENGTH):
            for member in Stay.__dataclass_fields__:
                readers[f"safe_log[{place}].{member}"] = partial(self._value, place, member)
        return readers

    def _value(self, place: int, member: str) -> Value:
        value: Value = getattr(self._ring[place], member)
        return value
