# SPDX-License-Identifier: Apache-2.0
"""The machine's own clock: the one file that reads it.

Bench time comes from `bench.clock`; what is here serves the wire (deadlines that are watchdogs against dead devices)
and the real clock itself. A lint rule keeps every other file from reading time by itself.
"""

import time
from datetime import UTC, datetime


def monotonic_s() -> float:
    """Return seconds on the machine's monotonic clock; only differences mean anything."""
    return time.monotonic()


def sleep_s(duration_s: float) -> None:
    """Wait `duration_s` seconds of wall time; a negative duration does not wait."""
    if duration_s > 0:
        time.sleep(duration_s)


def utc_now() -> datetime:
    """Return the wall-clock instant in UTC, for folder names and run headers."""
    return datetime.now(UTC)


class Deadline:
    """A total time limit for one exchange on a wire, on the monotonic clock.

    Libraries count *idle* time, so a device that drips bytes can hold them for ever; a `Deadline` does not move.
    """

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._end_s = monotonic_s() + limit_s

    def remaining_s(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self._end_s - monotonic_s())

    def passed(self) -> bool:
        """Tell whether the limit is used up."""
        return monotonic_s() >= self._end_s
