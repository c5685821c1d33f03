# SPDX-License-Identifier: Apache-2.0
"""The twin's time: it stands still until it is moved, and then runs every event on the way, in order.

Nothing ticks. Between events the twin's state is a closed-form function of the present instant, so a day without events
costs as much as a second, and nothing depends on how often anybody asks.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

_LEAST_SWEEP = 64


@dataclass(order=True)
class Event:
    """Something that happens at `when_s`.

    Among events of one instant the lower priority number runs first, then the one that was planned earlier.
    """

    when_s: float
    priority: int
    sequence: int
    action: Callable[[], None] = field(compare=False, repr=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Make sure that the event does not run; cancelling twice, or after it ran, does nothing."""
        self.cancelled = True


class Timeline:
    """The twin's present instant and the events to come, in seconds since the twin was assembled."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._events: list[Event] = []
        self._sequence = 0
        self._sweep_at = _LEAST_SWEEP

    def at(self, when_s: float, action: Callable[[], None], priority: int = 0) -> Event:
        """Let `action` run when time reaches `when_s`.

        Raises:
            ValueError: `when_s` lies in the past or is not a number.
        """
        if not when_s >= self.now_s:
            raise ValueError(f"an event at {when_s} s cannot be planned at {self.now_s} s")
        self._sequence += 1
        event = Event(when_s, priority, self._sequence, action)
        heapq.heappush(self._events, event)
        if len(self._events) >= self._sweep_at:
            self._sweep()
        return event

    def _sweep(self) -> None:
        """Forget cancelled events, so that a month of re-planning takes no more memory than an hour."""
        self._events = [event for event in self._events if not event.cancelled]
        heapq.heapify(self._events)
        self._sweep_at = max(_LEAST_SWEEP, 2 * len(self._events))

    def advance_to(self, when_s: float) -> None:
        """Run all events up to and including `when_s` in order, those that they plan included, then stand at `when_s`.

        Raises:
            ValueError: `when_s` lies in the past or is not a finite number.
        """
        if not self.now_s <= when_s < float("inf"):
            raise ValueError(f"time stands at {self.now_s} s and cannot go to {when_s} s")
        while self._events and self._events[0].when_s <= when_s:
            event = heapq.heappop(self._events)
            if not event.cancelled:
                self.now_s = event.when_s
                event.action()
        self.now_s = when_s
