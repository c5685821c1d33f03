# SPDX-License-Identifier: Apache-2.0
"""One appointment on the timeline that can be moved and dropped."""

import math
from collections.abc import Callable

from instruments.simulated.time.timeline import Event, Timeline


class Timer:
    """Runs one action at an instant that is set again and again; only the last setting counts."""

    def __init__(self, timeline: Timeline, action: Callable[[], None]) -> None:
        self._timeline = timeline
        self._action = action
        self._event: Event | None = None

    def set_at(self, when_s: float) -> None:
        """Run the action at `when_s`, or as soon as time moves if that has passed; never if it is infinite."""
        self.drop()
        if math.isfinite(when_s):
            self._event = self._timeline.at(max(when_s, self._timeline.now_s), self._action)

    def drop(self) -> None:
        """Forget the appointment."""
        if self._event is not None:
            self._event.cancel()
            self._event = None
