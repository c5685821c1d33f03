# SPDX-License-Identifier: Apache-2.0
"""The machine's own clock: the one file that reads it.

Bench time comes from `bench.clock`; what is here serves the wire (deadlines that are watchdogs against dead devices)
and the real clock itself. A lint rule keeps every other file from reading time by itself.
"""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from operator import itemgetter

from groundfloor.system.sleep_clock import GOES_ON, told_sleep_s

_AT_ONCE_S, _TRIES = 0.001, 20
"""Two clocks count as read at once if no more than this lies between; a machine that does other work tries again."""
_end_of_limit_s: ContextVar[float] = ContextVar("end_of_limit_s", default=math.inf)


def monotonic_s() -> float:
    """Return seconds on a clock of the machine that is never set; only differences mean anything.

    It goes on while the computer sleeps, where the system has such a clock: pump, rig and balance do so, too.
    """
    if sys.platform == "win32":
        return time.perf_counter()  # the other one goes in steps of 16 ms
    else:  # noqa: RET505  # what is left unread is no dead code on the other system
        return time.monotonic() if GOES_ON is None else time.clock_gettime(GOES_ON)


def slept_s() -> float:
    """Return how many seconds this computer has slept since it was started; 0 where the system does not tell."""
    if GOES_ON is None:
        return told_sleep_s()
    read = _slept(GOES_ON)
    for _ in range(_TRIES):
        if read[1] <= _AT_ONCE_S:
            break
        read = min(read, _slept(GOES_ON), key=itemgetter(1))
    return max(0.0, read[0])


def _slept(goes_on: int) -> tuple[float, float]:
    """Return by how much one clock is ahead of the other, and how long it took to read both."""
    before_s = time.monotonic()
    ahead_s = before_s
    if sys.platform != "win32":
        ahead_s = time.clock_gettime(goes_on)
    return ahead_s - before_s, time.monotonic() - before_s


def thread_s() -> float:
    """Return seconds of processor time that this thread has used; only differences mean anything."""
    return time.thread_time()


def sleep_s(duration_s: float) -> None:
    """Wait `duration_s` seconds of wall time; a negative duration does not wait."""
    if duration_s > 0:
        time.sleep(duration_s)


def utc_now() -> datetime:
    """Return the wall-clock instant in UTC, for folder names and run headers."""
    return datetime.now(UTC)


class Deadline:
    """A total time limit for one exchange on a wire, on the monotonic clock; time in which the computer slept is none.

    Libraries count *idle* time, so a device that drips bytes can hold them for ever; a `Deadline` does not move.
    None lasts longer than the `time_limit` it is made in. A sample makes ten of them, so they are kept cheap.
    """

    __slots__ = ("_end_s", "limit_s")

    def __init__(self, limit_s: float) -> None:
        now_s = time.monotonic()
        end_s, latest_s = now_s + limit_s, _end_of_limit_s.get()
        if end_s > latest_s:
            end_s, limit_s = latest_s, latest_s - now_s
        self._end_s = end_s
        self.limit_s = limit_s if limit_s > 0.0 else 0.0

    def remaining_s(self) -> float:
        """Return the seconds left, never below zero."""
        left_s = self._end_s - time.monotonic()
        return left_s if left_s > 0.0 else 0.0

    def passed(self) -> bool:
        """Tell whether the limit is used up."""
        return time.monotonic() >= self._end_s


@contextmanager
def time_limit(limit_s: float) -> Iterator[Deadline]:
    """Let no deadline that is made inside the block end later than `limit_s` from now.

    So a limit for a whole piece of work reaches down to each single exchange on a wire, however many of them and
    however many repeats there are, without a thread that would have to break in on them.
    """
    deadline = Deadline(limit_s)
    token = _end_of_limit_s.set(time.monotonic() + deadline.remaining_s())
    try:
        yield deadline
    finally:
        _end_of_limit_s.reset(token)
