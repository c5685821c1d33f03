# SPDX-License-Identifier: Apache-2.0
"""A verdict that counts no more, held against what says so: a FAIL must not vanish by one more line.

It follows from the post-flight: its check of the balance's sensitivity did not end well, or was not made where the
balance was suspected; or its blank changed, by so much that this may have made a FAIL. And only what rests on the
balance can be spoilt by it.
"""

from collections.abc import Iterator

from bench.bench_file import CheckName
from bench.journal import JournalLine
from bench.journal.lines import BalanceDistrusted, CheckRepeated, Judgement, RunStarted, Sample, ScaleSuspected
from bench.recorded.contradiction import Contradiction
from bench.weighing import InfusionHours, explained_by_drift, rests_on_balance
from metrology.verdict import Verdict

OWN = "balance-distrusted"


class DistrustCheck:
    """Takes the lines of a journal in their order."""

    def __init__(self) -> None:
        self._judgements: dict[str, Judgement] = {}
        self._suspected: set[str] = set()
        self._sensitivity: CheckRepeated | None = None
        self._change_mg_per_h: float | None = None
        self._hours = InfusionHours()

    def take(self, line: JournalLine) -> Iterator[Contradiction]:
        """Yield what does not follow."""
        match line.body:
            case RunStarted():  # another chapter on another balance
                self._judgements, self._suspected, self._sensitivity = {}, set(), None
                self._change_mg_per_h, self._hours = None, InfusionHours()
            case Judgement() as judgement:
                self._judgements[judgement.id] = judgement
            case ScaleSuspected(infusion=infusion):
                self._suspected.add(infusion)
            case CheckRepeated(check=CheckName.SENSITIVITY.value) as check:
                self._sensitivity = check
            case CheckRepeated(check=CheckName.BLANK_CHANGE.value, state="BLOCK", value=change_mg_per_h):
                self._change_mg_per_h = change_mg_per_h
            case Sample() as sample:
                self._hours.take(sample)
            case BalanceDistrusted() as distrusted:
                yield from self._check(distrusted)

    def _check(self, distrusted: BalanceDistrusted) -> Iterator[Contradiction]:
        verdict, everywhere = self._follows()
        if verdict is None and self._change_mg_per_h is not None:
            yield from self._check_a_drift(distrusted, self._change_mg_per_h)
            return
        if verdict is None:
            yield Contradiction(OWN, "a balance that is not trusted", "nothing: its sensitivity was found to be right")
            return
        for one in distrusted.moved:
            judgement = self._judgements.get(one.id)
            if judgement is None or not rests_on_balance(judgement):
                yield Contradiction(OWN, f"{one.id} counts no more", "it stands: it does not rest on the balance")
            elif not everywhere and judgement.infusion not in self._suspected:
                yield Contradiction(OWN, f"{one.id} counts no more", "it stands: its infusion was not suspected")
            elif (one.first, one.second) != (judgement.verdict, verdict):
                follows = f"{judgement.verdict}, then {verdict}"
                yield Contradiction(OWN, f"{one.id}: {one.first}, then {one.second}", follows)

    def _check_a_drift(self, distrusted: BalanceDistrusted, change_mg_per_h: float) -> Iterator[Contradiction]:
        for one in distrusted.moved:
            judgement = self._judgements.get(one.id)
            if judgement is None or not rests_on_balance(judgement):
                yield Contradiction(OWN, f"{one.id} counts no more", "it stands: it does not rest on the balance")
            elif not explained_by_drift(judgement, change_mg_per_h, self._hours.of(judgement.infusion)):
                yield Contradiction(OWN, f"{one.id} counts no more", "it stands: no drift makes it fail")
            elif (one.first, one.second) != (Verdict.FAIL, Verdict.INCONCLUSIVE):
                follows = f"{Verdict.FAIL}, then {Verdict.INCONCLUSIVE}"
                yield Contradiction(OWN, f"{one.id}: {one.first}, then {one.second}", follows)

    def _follows(self) -> tuple[Verdict | None, bool]:
        """Return what the judgements become, None where they stand, and whether all do."""
        check = self._sensitivity
        if check is not None and check.value is not None:
            inside = _inside(check.value, check.lower, check.upper)
            return (None if inside else Verdict.BLOCKED), True
        if check is not None and check.state == "BLOCK":
            return Verdict.INCONCLUSIVE, True
        return (Verdict.INCONCLUSIVE if self._suspected else None), False


def _inside(value: float, lower: float | None, upper: float | None) -> bool:
    return (lower is None or value >= lower) and (upper is None or value <= upper)
