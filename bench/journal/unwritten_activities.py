# SPDX-License-Identifier: Apache-2.0
"""Activities that are done and not written: what the bench does to check itself, whose findings are written instead.

A resumed run replays the activities of a test. How the bench checked itself before is no part of any test, so it must
not be found among them.
"""

from collections.abc import Callable
from typing import Any

from bench.clock import Clock
from bench.journal.activities import Activities, Result
from bench.journal.journal_line import JournalLine
from groundfloor.notifier import Notifier


class UnwrittenActivities(Activities):
    """Does what it is asked to, and leaves no line."""

    def __init__(self, clock: Clock) -> None:
        self.recalled: Notifier[JournalLine] = Notifier()
        self._clock = clock

    def on_resuming_live(self, call: Callable[[], None]) -> None:
        """Forget it at once: nothing is ever taken over."""

    def forget(self, call: Callable[[], None]) -> None:
        """Do nothing: nothing was kept."""

    @property
    def replaying(self) -> bool:
        """Return False: nothing is ever told."""
        return False

    def now_s(self) -> float:
        """Return the bench time."""
        return self._clock.now_s()

    def note(self, kind: str, **data: Any) -> str:  # noqa: ARG002  no line
        """Leave no line, which so has no id."""
        return ""

    def do(self, what: str, act: Callable[[], Result], title: str = "", **fixed: Any) -> Result:  # noqa: ARG002  no line
        """Do an activity and return what came of it."""
        return act()
