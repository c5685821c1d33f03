# SPDX-License-Identifier: Apache-2.0
"""The assessment of one test: every judgement is kept, and one error at the end names all that did not pass.

A test goes on after a judgement that failed, because the next one may say why; a test that judged nothing has shown
nothing and does not pass.
"""

from bench.journal import Activities, lines
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive
from metrology.verdict import Judgement, Verdict, worst


class Assessment:
    """Collects the judgements of one test.

    Attributes:
        name: the test.
        judgements: in the order they were made.
    """

    def __init__(self, name: str, activities: Activities) -> None:
        self.name = name
        self.judgements: list[Judgement] = []
        self._activities = activities

    def add(self, judgement: Judgement) -> Judgement:
        """Keep a judgement and write it to the journal."""
        self.judgements.append(judgement)
        self._activities.note(lines.Judgement.kind, **judgement.as_dict())
        return judgement

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict so far; UNSET when nothing was judged."""
        return worst(judgement.verdict for judgement in self.judgements)

    def conclude(self) -> None:
        """Raise unless everything passed.

        Raises:
            PumpFailure: a judgement failed; all that did not pass are named.
            BenchFault: a judgement is BLOCKED.
            Inconclusive: a judgement is INCONCLUSIVE, or nothing was judged.
        """
        if self.verdict is Verdict.PASS:
            return
        if self.verdict is Verdict.UNSET:
            raise Inconclusive(
                self.name, "judge", "the test ended without a single judgement", "let it judge what it measured"
            )
        seen = self._open_points()
        if self.verdict is Verdict.FAIL:
            raise PumpFailure("pump", "judge", seen)
        if self.verdict is Verdict.BLOCKED:
            raise BenchFault("bench", "judge", seen)
        raise Inconclusive("bench", "judge", seen, "measure longer, or with a better balance")

    def _open_points(self) -> str:
        """Tell all that did not pass: every finding and the first of the worst values in full, more values by name."""
        open_points = [judgement for judgement in self.judgements if judgement.verdict is not Verdict.PASS]
        values = [judgement for judgement in open_points if judgement.value is not None]
        values.sort(key=lambda judgement: judgement.verdict is not self.verdict)
        told = [f"{one.verdict} {one.reason}" for one in open_points if one.value is None or one is values[0]]
        more = [one.name if one.verdict is self.verdict else f"{one.name} ({one.verdict})" for one in values[1:]]
        return "; ".join(told + ([f"did not pass either: {', '.join(more)}"] if more else []))
