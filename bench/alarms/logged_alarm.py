# SPDX-License-Identifier: Apache-2.0
"""An alarm of the pump's log, held against what the bench itself observed."""

from dataclasses import dataclass

from bench.alarms.cause import Cause
from instruments.pump import AlarmEntry
from metrology.latency.bracket import Bracket

LOG_RESOLUTION_S = 0.01
"""The alarm log counts hundredths of a second; see the register map."""


@dataclass
class LoggedAlarm:
    """One alarm.

    Attributes:
        entry: the log line, in the pump's own clock.
        onset_s: bench time of the onset that the log claims.
        after_s, by_s: the snapshots between which the log grew, in bench time.
        cause: what accounts for it; None for an alarm that nothing called for.
        by_bits: whether the pump keeps no log, so that the alarm is known by the bits in two snapshots alone; its onset
            is then the middle between them.
    """

    entry: AlarmEntry
    onset_s: float
    after_s: float
    by_s: float
    cause: Cause | None = None
    by_bits: bool = False

    @property
    def onset(self) -> Bracket:
        """Return between which instants of bench time it came up: by the log, or by the snapshots alone."""
        if self.by_bits:
            return Bracket(self.after_s, self.by_s)
        return Bracket.around(self.onset_s, LOG_RESOLUTION_S)

    def account_for(self, cause: Cause, slack_s: float) -> None:
        """Take `cause` for the reason of this alarm; one whose onset lies before it has none.

        Args:
            cause: what began.
            slack_s: how far two clocks that agree may seem apart.
        """
        latest_s = self.by_s if self.by_bits else self.onset_s
        self.cause = cause if latest_s >= cause.began.after_s - slack_s else None

    def came_as_logged(self, slack_s: float) -> bool:
        """Tell whether the onset that the log claims lies between the snapshots that bound it."""
        return self.after_s - slack_s <= self.onset_s <= self.by_s + slack_s

    @property
    def account(self) -> str:
        """Return what the log claims and what was observed, for a person."""
        if self.by_bits:
            return f"first seen between {self.after_s:.1f} s and {self.by_s:.1f} s"
        return f"logged at {self.onset_s:.1f} s, first seen between {self.after_s:.1f} s and {self.by_s:.1f} s"
