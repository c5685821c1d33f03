# SPDX-License-Identifier: Apache-2.0
"""Gaps: planned samples that could not be taken, how long they may last, and whose evidence they spoil.

Which evidence that is, and why a gap between two marks spoils no volume, is in `docs/decisions/0006-gaps.md`.
"""

from dataclasses import dataclass

from bench.journal import Journal, JournalLine, lines
from groundfloor.errors import BenchFault, NoAnswer

DEFAULT_INTERVALS = 4
"""So many intervals without a sample are a gap; more end the infusion. The rig's watchdog waits as long."""


@dataclass
class Gap:
    """A time without samples, in bench seconds: between the sample before and the one after.

    Attributes:
        from_s: the last sample before it.
        to_s: the first sample after it; None while it lasts.
        missed: planned samples that were not taken.
    """

    from_s: float
    to_s: float | None = None
    missed: int = 0


class Gaps:
    """The gaps of one infusion.

    Args:
        journal: where each missed sample is written.
        infusion: whose samples they are.
        longest_s: a gap that grows longer ends the infusion.

    Attributes:
        all: every gap so far, the open one last.
    """

    def __init__(self, journal: Journal, infusion: str, longest_s: float) -> None:
        self.all: list[Gap] = []
        self._journal = journal
        self._infusion = infusion
        self._longest_s = longest_s
        self._sampled_s: float | None = None

    @property
    def open(self) -> Gap | None:
        """Return the gap that lasts, None when the newest planned sample was taken."""
        return self.all[-1] if self.all and self.all[-1].to_s is None else None

    def sampled(self, at_s: float) -> None:
        """Take note of a sample; it ends a gap."""
        if (gap := self.open) is not None:
            gap.to_s = at_s
            title = f"Gap of {at_s - gap.from_s:.0f} s closed: {gap.missed} samples are missing"
            self._write(title, from_s=gap.from_s, to_s=at_s, missed=gap.missed)
        self._sampled_s = at_s

    def missed(self, planned_s: float, fault: NoAnswer) -> None:
        """Take note of a planned sample that was not taken.

        Raises:
            BenchFault: the gap has lasted too long; the infusion cannot go on blind.
        """
        gap = self._grow(planned_s, 1)
        title = f"No sample at {planned_s:.0f} s: {fault.finding}"
        self._write(title, from_s=gap.from_s, planned_s=planned_s, missed=gap.missed)
        if planned_s - gap.from_s > self._longest_s:
            seen = f"no sample for {planned_s - gap.from_s:.0f} s, allowed are {self._longest_s:.0f} s; {fault.seen}"
            raise BenchFault(fault.asset, fault.operation, seen, fault.next_step) from fault

    def left_out(self, planned_s: float, count: int) -> None:
        """Take note of `count` planned samples that nobody tried to take: the bench itself came too late for them.

        The rig's watchdog, not this, ends an infusion that the bench is too slow for.
        """
        gap = self._grow(planned_s, count)
        title = f"{count} samples left out about {planned_s:.0f} s: the bench came too late for them"
        self._write(title, from_s=gap.from_s, planned_s=planned_s, missed=gap.missed)

    def _grow(self, planned_s: float, count: int) -> Gap:
        gap = self.open
        if gap is None:
            gap = Gap(self._sampled_s if self._sampled_s is not None else planned_s)
            self.all.append(gap)
        gap.missed += count
        return gap

    def recall(self, line: JournalLine) -> None:
        """Take a gap from an event of the journal, as if it had just been noticed."""
        recorded = line.body
        if not isinstance(recorded, lines.Gap):
            return
        gap = self.open
        if gap is None:
            gap = Gap(recorded.from_s)
            self.all.append(gap)
        gap.missed, gap.to_s = recorded.missed, recorded.to_s

    def qualifiers(self, from_s: float, to_s: float) -> tuple[str, ...]:
        """Return a phrase for each gap that touches the time between two instants of bench time."""
        touched = [gap for gap in self.all if gap.from_s < to_s and (gap.to_s is None or gap.to_s > from_s)]
        return tuple(f"no samples {_span(gap)}" for gap in touched)

    def _write(self, title: str, **more: float | None) -> None:
        payload = {name: round(value, 6) if value is not None else None for name, value in more.items()}
        self._journal.write("event", what="gap", title=title, infusion=self._infusion, **payload)


def _span(gap: Gap) -> str:
    return f"after {gap.from_s:.0f} s" if gap.to_s is None else f"from {gap.from_s:.0f} s to {gap.to_s:.0f} s"
