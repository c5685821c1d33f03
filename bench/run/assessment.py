# SPDX-License-Identifier: Apache-2.0
"""The assessment of one test: every judgement is kept, and one error at the end names all that did not pass.

A test goes on after a judgement that failed, because the next one may say why. It judges what it declared, and all of
it: what was declared and never judged is UNSET, and keeps the test from passing; what is judged undeclared is an error
of the plan. A script or a notebook declares nothing, and its judgements are evidence for no requirement.
"""

from collections.abc import Collection
from dataclasses import replace

from bench.acceptance import Declaration, Declarations, Standing, open_points
from bench.journal import Activities, lines
from bench.trace import CitedRequirement
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive
from metrology.verdict import DecisionRule, Judgement, Measurement, Verdict, judge, undecided, worst

NOT_APPLICABLE = "the pump promises nothing that it could be made of"


class Assessment:
    """Collects the judgements of one test.

    Args:
        name: the test.
        activities: writes the journal, or replays it.
        declarations: what the test is going to judge; None for a script, which declares nothing.

    Attributes:
        judgements: in the order they were made.
    """

    def __init__(self, name: str, activities: Activities, declarations: Declarations | None = None) -> None:
        self.name = name
        self.judgements: list[Judgement] = []
        self.declarations = declarations
        self._activities = activities

    def declare(self, already: Collection[str] = ()) -> None:
        """Write down what is going to be judged, but what stands there `already`; during replay all of it does."""
        for one in self.declarations or ():
            if one.name not in already:
                self._write(one)

    def bring_in(self, standing: Standing) -> None:
        """Declare what is judged on an occasion, before the occasion comes; nothing where it is declared already.

        Raises:
            PlanError: it is not judged on an occasion.
        """
        if self.declarations is not None and (one := self.declarations.bring_in(standing.words)) is not None:
            self._write(one)

    def _write(self, one: Declaration) -> None:
        limits = one.limits
        self._activities.note(
            lines.JudgementDeclared.kind,
            name=one.name,
            measurand=one.measurand,
            requirements=_references(one.requirements),
            lower=limits.lower if limits is not None else None,
            upper=limits.upper if limits is not None else None,
            unit=limits.unit if limits is not None else "",
            relative_to=limits.relative_to if limits is not None else "",
            limits_source=limits.source if limits is not None else "",
            rule=one.rule,
            times=one.times,
        )

    def declared(self, name: str) -> Declaration | None:
        """Return a declaration without judging it; None in a script.

        Raises:
            PlanError: nothing of this name was declared.
        """
        return None if self.declarations is None else self.declarations[name]

    def judge(self, declared: str, measurement: Measurement, rule: DecisionRule) -> Judgement:
        """Judge a measurement under the name that was declared for it, by the limits that were declared.

        Raises:
            PlanError: it was not declared, or with other limits.
        """
        if self.passes_over(declared):
            return undecided(measurement.name, NOT_APPLICABLE, measurement.measurand)
        declaration = self._take(declared)
        if declaration is not None and declaration.limits is not None:
            declaration.limits.refuse_others(declared, measurement)
        return self._keep(judge(measurement, rule), declared, declaration)

    def add(self, declared: str, judgement: Judgement) -> Judgement:
        """Keep a judgement that was made already: of an event, under the name that was declared for it.

        Raises:
            PlanError: it was not declared.
        """
        if self.passes_over(declared):
            return judgement
        return self._keep(judgement, declared, self._take(declared))

    def judge_standing(self, standing: Standing, measurement: Measurement, rule: DecisionRule) -> Judgement:
        """Judge what every infusion judges."""
        return self.judge(standing.words, measurement, rule)

    def add_standing(self, standing: Standing, judgement: Judgement) -> Judgement:
        """Keep a judgement of what every infusion judges."""
        return self.add(standing.words, judgement)

    def passes_over(self, name: str) -> bool:
        """Tell whether a judgement is not kept: the pump promises nothing that it could be made of."""
        return self.declarations is not None and self.declarations.passes_over(name)

    def _take(self, name: str) -> Declaration | None:
        return None if self.declarations is None else self.declarations.take(name)

    def _keep(self, judgement: Judgement, name: str, declaration: Declaration | None) -> Judgement:
        kept = replace(judgement, declared=name)
        self.judgements.append(kept)
        requirements = () if declaration is None else declaration.requirements
        self._activities.note(lines.Judgement.kind, **kept.as_dict(), requirements=_references(requirements))
        return kept

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict so far; UNSET when nothing was judged."""
        return worst(judgement.verdict for judgement in self.judgements)

    @property
    def unset(self) -> tuple[str, ...]:
        """Return the names of what was declared and not judged."""
        return () if self.declarations is None else tuple(one.name for one in self.declarations.unset)

    def conclude(self) -> None:
        """Raise unless everything that was declared was judged, and passed.

        Raises:
            PumpFailure: a judgement failed; all that did not pass are named.
            BenchFault: a judgement is BLOCKED.
            Inconclusive: a judgement is INCONCLUSIVE, something declared was not judged, or nothing was judged at all.
        """
        if self.verdict is Verdict.PASS and not self.unset:
            return
        if self.verdict is Verdict.UNSET and not self.unset:
            raise Inconclusive(
                self.name, "judge", "the test ended without a single judgement", "let it judge what it measured"
            )
        if self.verdict in {Verdict.PASS, Verdict.UNSET}:
            seen = f"declared and not judged: {', '.join(self.unset)}"
            raise Inconclusive(self.name, "judge", seen, "let the test judge what it declares")
        seen = open_points(self.judgements, self.unset)
        if self.verdict is Verdict.FAIL:
            raise PumpFailure("pump", "judge", seen)
        if self.verdict is Verdict.BLOCKED:
            raise BenchFault("bench", "judge", seen)
        raise Inconclusive("bench", "judge", seen, "measure longer, or with a better balance")


def _references(requirements: tuple[CitedRequirement, ...]) -> list[dict[str, object]]:
    return [{"id": one.id, "revision": one.revision, "text_sha256": one.text_sha256} for one in requirements]
