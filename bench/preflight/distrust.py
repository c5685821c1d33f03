# SPDX-License-Identifier: Apache-2.0
"""What becomes of a run's verdicts when its balance turns out to be wrong, or cannot be shown to be right.

Since when it is wrong nobody can say. So whatever rests on it counts no more, what passed and what failed: its second
verdict takes the place of the first, and both stay in the record. A pump that fails by something else fails all the
same, and so does one whose balance proves that it shows a gram as a gram. Where that balance drifts, because the blank
changed, a FAIL counts no more that this may have made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.bench_file import CheckName
from bench.journal import read_lines
from bench.journal.lines import Judgement, Sample, ScaleSuspected, VolumesCompared
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.weighing import InfusionHours, explained_by_drift, rests_on_balance
from metrology.verdict import Verdict

DECIDED = frozenset({Verdict.PASS, Verdict.FAIL})
"""What counts no more; what was INCONCLUSIVE or BLOCKED stays so."""


@dataclass(frozen=True)
class Distrust:
    """Why the balance is not trusted, and for what.

    Attributes:
        reason: one sentence.
        verdict: what all that rests on it becomes.
        infusions: ids of those that it is about; None for all.
        change_mg_per_h: of the blank, where only a FAIL counts no more that it may have made; None for all.
    """

    reason: str
    verdict: Verdict
    infusions: frozenset[str] | None = None
    change_mg_per_h: float | None = None

    @classmethod
    def of(cls, findings: list[CheckFinding], journal: Path) -> Self | None:
        """Return what the post-flight's findings and the journal leave of the trust; None where it is whole."""
        found = next((one for one in findings if one.check is CheckName.SENSITIVITY), None)
        if found is not None and found.value is not None:
            if found.state is CheckState.OK:
                return cls._of_the_second(journal) or cls._of_a_drift(findings)
            return cls(f"the balance is wrong after the run: {found.seen}", Verdict.BLOCKED)
        if (second := cls._of_the_second(journal)) is not None:
            return second
        if found is not None and found.state is CheckState.BLOCK:
            return cls(f"the balance did not prove itself after the run: {found.seen}", Verdict.INCONCLUSIVE)
        bodies = (line.body for line in read_lines(journal))
        suspected = {one.infusion: one.title for one in bodies if isinstance(one, ScaleSuspected)}
        if not suspected:
            return cls._of_a_drift(findings)
        reason = f"{next(iter(suspected.values()))}, and nothing showed afterwards that the balance is right"
        return cls(reason, Verdict.INCONCLUSIVE, frozenset(suspected))

    @classmethod
    def _of_the_second(cls, journal: Path) -> Self | None:
        """Return what a second measure of the flow leaves of the trust: where the two differ, neither decides."""
        bodies = (line.body for line in read_lines(journal))
        apart = [one for one in bodies if isinstance(one, VolumesCompared) and not one.agrees]
        if not apart:
            return None
        reason = f"{apart[0].title}; which of the two is wrong nobody can say"
        return cls(reason, Verdict.INCONCLUSIVE)

    @classmethod
    def _of_a_drift(cls, findings: list[CheckFinding]) -> Self | None:
        found = next((one for one in findings if one.check is CheckName.BLANK_CHANGE), None)
        if found is None or found.state is not CheckState.BLOCK or found.value is None:
            return None
        reason = f"the balance or its vessel drifts after the run: {found.seen}, which may have made it fail"
        return cls(reason, Verdict.INCONCLUSIVE, change_mg_per_h=found.value)

    def spoilt(self, journal: Path) -> list[Judgement]:
        """Return the judgements that count no more."""
        return list(self._spoilt(journal))

    def as_dict(self, judgements: list[Judgement]) -> dict[str, object]:
        """Return the data of the line that says so."""
        passed = sum(one.verdict is Verdict.PASS for one in judgements)
        told = f"{passed} that passed and {len(judgements) - passed} that failed"
        return {
            "title": f"{len(judgements)} values count no more ({told}): {self.reason}",
            "reason": self.reason,
            "moved": [
                {
                    "id": one.id,
                    "name": one.name,
                    "value": one.value,
                    "unit": one.unit,
                    "expanded_uncertainty": one.expanded_uncertainty,
                    "first": one.verdict,
                    "second": self.verdict,
                }
                for one in judgements
            ],
        }

    def _spoilt(self, journal: Path) -> Iterator[Judgement]:
        hours = InfusionHours()
        for line in read_lines(journal):
            if isinstance(sample := line.body, Sample):
                hours.take(sample)
            if isinstance(judgement := line.body, Judgement) and self._is_about(judgement, hours):
                yield judgement

    def _is_about(self, judgement: Judgement, hours: InfusionHours) -> bool:
        here = self.infusions is None or judgement.infusion in self.infusions
        if not (here and judgement.verdict in DECIDED and rests_on_balance(judgement)):
            return False
        change = self.change_mg_per_h
        return change is None or explained_by_drift(judgement, change, hours.of(judgement.infusion))
