# SPDX-License-Identifier: Apache-2.0
"""How long a run is still going to take: bench time by what is known of its tests, and wall time by its clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from reports.watch.journal_progress import WatchedTest


@dataclass(frozen=True)
class TimeLeft:
    """What is left of a run.

    Attributes:
        bench_s: bench time, of all its chapters together.
        wall_s: time of the clock on the wall; None where it is not known yet how fast bench time goes.
        guessed: of so many tests nobody knows how long they take: they count as long as the mean of the others, or
            not at all where there is none.
    """

    bench_s: float
    wall_s: float | None
    guessed: int = 0

    @classmethod
    def of(
        cls,
        to_come: Sequence[str],
        running: Sequence[tuple[WatchedTest, float]],
        took_s: Sequence[float],
        planned_s: Mapping[str, float],
        speed: float | None,
        checks_s: float = 0.0,
    ) -> Self:
        """Return what is left.

        Args:
            to_come: node ids of tests that have not begun.
            running: tests under way, each with how long it has run, in s of bench time.
            took_s: bench time of tests that are over.
            planned_s: what is known before, by node id.
            speed: bench seconds per second on the wall; None where it is not known.
            checks_s: bench time of checks before and after that are still to come.
        """
        known = [*took_s, *planned_s.values()]
        usual_s = sum(known) / len(known) if known else 0.0
        left_s = checks_s + sum(planned_s.get(node, usual_s) for node in to_come)
        left_s += sum(max(0.0, planned_s.get(test.node, usual_s) - gone_s) for test, gone_s in running)
        guessed = sum(node not in planned_s for node in [*to_come, *(test.node for test, _ in running)])
        return cls(left_s, left_s / speed if speed else None, guessed)
