# SPDX-License-Identifier: Apache-2.0
"""An alarm of the pump's log, held against what the bench itself observed."""

from dataclasses import dataclass

from bench.alarms.cause import Cause
from instruments.pump import AlarmEntry


@dataclass
class LoggedAlarm:
    """One alarm.

    Attributes:
        entry: the log line, in the pump's own clock.
        onset_s: bench time of the onset that the log claims.
        after_s, by_s: the snapshots between which the log grew, in bench time.
        cause: what accounts for it; None for an alarm that nothing called for.
    """

    entry: AlarmEntry
    onset_s: float
    after_s: float
    by_s: float
    cause: Cause | None = None

    def account_for(self, cause: Cause, slack_s: float) -> None:
        """Take `cause` for the reason of this alarm; one whose onset lies before it has none.

        Args:
            cause: what began.
            slack_s: how far two clocks that agree may seem apart.
        """
        self.cause = cause if self.onset_s >= cause.began.after_s - slack_s else None

    def came_as_logged(self, slack_s: float) -> bool:
        """Tell whether the onset that the log claims lies between the snapshots that bound it."""
        return self.after_s - slack_s <= self.onset_s <= self.by_s + slack_s

    @property
    def account(self) -> str:
        """Return what the log claims and what was observed, for a person."""
        return f"logged at {self.onset_s:.1f} s, first seen between {self.after_s:.1f} s and {self.by_s:.1f} s"
