# SPDX-License-Identifier: Apache-2.0
"""How much bench time a run took: where each chapter has a twin of its own, time begins anew with each of them."""

from dataclasses import dataclass

from bench.journal.lines import RunStarted


@dataclass
class BenchTime:
    """Adds up the bench time of a journal, line by line.

    Attributes:
        earlier_s: of the benches before the present one, one after the other.
        present_s: the latest instant of the present one.
        benches: how many were opened so far.
    """

    earlier_s: float = 0.0
    present_s: float = 0.0
    benches: int = 0

    def take(self, kind: str, t_s: float) -> None:
        """Take the next line of the journal: its kind and its bench time."""
        if kind == RunStarted.kind:
            self.earlier_s += self.present_s
            self.present_s = 0.0
            self.benches += 1
        self.present_s = max(self.present_s, t_s)

    @property
    def total_s(self) -> float:
        """Return the bench time of all benches together, in seconds."""
        return self.earlier_s + self.present_s
