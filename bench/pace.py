# SPDX-License-Identifier: Apache-2.0
"""Pace: how a run spends its time.

Whoever wants bench time to pass asks the pace, and while it passes the pace calls those who have something to do at
regular instants (a sample, a heartbeat). Deadlines are absolute, `t0 + k·dt`, so that a late one does not delay the
next; a deadline that was missed by more than a whole interval is left out and told to the one who missed it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.clock import Clock

Action = Callable[[float], None]
"""Called with the planned instant in bench seconds."""


@dataclass
class Beat:
    """A regular action; `missed` counts the instants that were left out because the one before took too long."""

    start_s: float
    interval_s: float
    action: Action
    count: int = 0
    missed: int = 0
    stopped: bool = field(default=False)

    @property
    def due_s(self) -> float:
        """Return the planned instant of the next call."""
        return self.start_s + self.count * self.interval_s

    def stop(self) -> None:
        """End the regular calls."""
        self.stopped = True


class Pace:
    """Passes bench time and keeps regular actions while it does.

    Attributes:
        clock: whose time it is.
        horizon_s: the instant that the outermost wait goes on to, for a progress bar.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.horizon_s = 0.0
        self._beats: list[Beat] = []
        self._depth = 0

    def every(self, interval_s: float, action: Action) -> Beat:
        """Call `action` now and each `interval_s` from now on, whenever time is passed."""
        beat = Beat(self.clock.now_s(), interval_s, action)
        self._beats.append(beat)
        return beat

    def pass_for(self, duration_s: float) -> None:
        """Let `duration_s` go by."""
        self.pass_until(self.clock.now_s() + duration_s)

    def pass_until(self, instant_s: float) -> None:
        """Return when bench time has reached `instant_s`, with every action done that was due by then."""
        if self._depth == 0:
            self.horizon_s = instant_s
        self._depth += 1
        try:
            while (beat := self._next()) is not None and beat.due_s <= instant_s:
                self.clock.sleep_until(beat.due_s)
                self._do(beat)
            self.clock.sleep_until(instant_s)
        finally:
            self._depth -= 1

    def _next(self) -> Beat | None:
        self._beats = [beat for beat in self._beats if not beat.stopped]
        return min(self._beats, key=lambda beat: beat.due_s, default=None)

    def _do(self, beat: Beat) -> None:
        planned_s = beat.due_s
        late = int((self.clock.now_s() - planned_s) / beat.interval_s)
        beat.missed += late
        beat.count += 1 + late
        beat.action(planned_s)
