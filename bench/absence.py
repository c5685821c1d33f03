# SPDX-License-Identifier: Apache-2.0
"""How long the run's thread stays away from the scheduler's loop while the rig's watchdog listens.

Heartbeats, samples and the look at what people want all come from that loop. What a test computes between two of its
turns holds them up: a rig's watchdog sees it, and on a fast clock it is what limits the speed. Time is counted twice:
in processor time of the thread, which a busy machine does not stretch, and by the wall, where waiting for a disk or a
wire shows as well. What the clock waits for is not counted: that is the loop itself.
"""

from array import array
from dataclasses import dataclass

from groundfloor.wall_clock import monotonic_s, thread_s

STEP_MS = 0.25
STEPS = 4096
"""So an absence is told to a quarter of a millisecond up to a second; the longest is kept as it was."""
MOSTLY = 0.999


@dataclass(frozen=True)
class AbsenceFound:
    """What was counted.

    Attributes:
        turns: how many times the loop was left and come back to.
        longest_ms: the longest absence, in processor time.
        mostly_ms: 99.9 % of all are not longer, in processor time.
        longest_wall_ms: the longest by the wall.
        mostly_wall_ms: the same of 99.9 % of all.
    """

    turns: int
    longest_ms: float
    mostly_ms: float
    longest_wall_ms: float
    mostly_wall_ms: float


class _Durations:
    """Counts durations by their length."""

    def __init__(self) -> None:
        self._counts = array("Q", bytes(8 * STEPS))
        self.longest_ms = 0.0

    def add(self, duration_s: float) -> None:
        duration_ms = 1e3 * duration_s
        self._counts[min(int(duration_ms / STEP_MS), STEPS - 1)] += 1
        if duration_ms > self.longest_ms:
            self.longest_ms = duration_ms

    def mostly_ms(self, turns: int) -> float:
        """Return a duration that 99.9 % are not longer than."""
        left = turns - MOSTLY * turns
        for place in range(STEPS - 1, -1, -1):
            left -= self._counts[place]
            if left < 0:
                return min((place + 1) * STEP_MS, self.longest_ms) if place < STEPS - 1 else self.longest_ms
        return 0.0


class Absence:
    """Counts the absences of one thread; the scheduler tells when it leaves and when it is back."""

    def __init__(self) -> None:
        self._processor, self._wall = _Durations(), _Durations()
        self._turns = 0
        self._listening = False
        self._left_s: tuple[float, float] | None = None

    def begin(self) -> None:
        """Count from now on: the watchdog listens."""
        self._listening = True
        self.leave()

    def end(self) -> None:
        """Count no more."""
        self.back()
        self._listening = False

    def leave(self) -> None:
        """Take note that the loop has let go of the thread."""
        if self._listening:
            self._left_s = thread_s(), monotonic_s()

    def back(self) -> None:
        """Take note that the thread is back in the loop."""
        if self._left_s is None:
            return
        processor_s, wall_s = self._left_s
        self._left_s = None
        self._turns += 1
        self._processor.add(thread_s() - processor_s)
        self._wall.add(monotonic_s() - wall_s)

    @property
    def found(self) -> AbsenceFound:
        """Return what was counted so far."""
        return AbsenceFound(
            self._turns,
            round(self._processor.longest_ms, 3),
            round(self._processor.mostly_ms(self._turns), 3),
            round(self._wall.longest_ms, 3),
            round(self._wall.mostly_ms(self._turns), 3),
        )
