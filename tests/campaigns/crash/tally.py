# SPDX-License-Identifier: Apache-2.0
"""What a campaign of crashes did, and what came of it; made in one process and read in another."""

from collections import Counter

import msgspec

from tests.campaigns.crash.crash_case import CrashOutcome, CrashPoint, Depth, Ending


class Tally(msgspec.Struct):
    """The crashes of one reference run, or of some of its shares.

    Attributes:
        unbroken: the verdicts without a crash, by test.
        points: by kind the places at which the run was stopped: writes, syncs, requests, replies.
        cases: by depth the crashes that leave another rig or another disk behind.
        made: those that were made, each with what became of it.
    """

    unbroken: dict[str, str] = msgspec.field(default_factory=dict)
    points: dict[str, int] = msgspec.field(default_factory=dict)
    cases: dict[Depth, int] = msgspec.field(default_factory=lambda: dict.fromkeys(Depth, 0))
    made: list[tuple[CrashPoint, CrashOutcome]] = msgspec.field(default_factory=list)

    @property
    def wrong(self) -> list[tuple[CrashPoint, CrashOutcome]]:
        """Return the crashes after which something was not as it should be."""
        return [one for one in self.made if one[1].wrong]

    @property
    def disks(self) -> Counter[str]:
        """Count the crashes that were made by what the disk kept."""
        return Counter(point.disk for point, _ in self.made)

    def count(self, depth: Depth) -> int:
        """Return how many crashes of a depth were made."""
        return sum(point.depth is depth for point, _ in self.made)

    def endings(self, ending: Ending) -> int:
        """Return how many of the resumed ones ended so."""
        return sum(point.depth is Depth.RESUME and outcome.ending is ending for point, outcome in self.made)

    @property
    def verdicts(self) -> Counter[str]:
        """Count the verdicts of all tests after the crashes."""
        return Counter(verdict for _, outcome in self.made for verdict in outcome.verdicts.values())

    @property
    def turned(self) -> int:
        """Return how many verdicts became another one than that of the unbroken run, other than an open one."""
        return sum(
            verdict not in (self.unbroken[test], *OPEN)
            for _, outcome in self.made
            for test, verdict in outcome.verdicts.items()
        )

    def note(self, point: str) -> None:
        """Count a place at which the run was stopped."""
        self.points[point] = self.points.get(point, 0) + 1


OPEN = ("INCONCLUSIVE", "BLOCKED")
"""Verdicts that say, for a reason, that nothing was shown."""
