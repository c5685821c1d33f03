# SPDX-License-Identifier: Apache-2.0
"""The lines of a test: its beginning, what it said it would judge, what it judged, and its end."""

import math
from typing import ClassVar

import msgspec

from bench.journal.lines.line import Count, Line, LineOfTest, Number
from metrology.uncertainty import BudgetLine, Distribution
from metrology.uncertainty.budget_line import Evaluation
from metrology.verdict import Bound, Verdict, WorstOfMany


class RequirementReference(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement at the revision that counted then.

    Attributes:
        id: its number.
        revision: None in journals that were written before it was told apart.
        text_sha256: of its text; empty where it is not known.
    """

    id: str
    revision: int | None = None
    text_sha256: str = ""

    @property
    def label(self) -> str:
        """Return id and revision, as records cite it: `DEL-001@1`."""
        return self.id if self.revision is None else f"{self.id}@{self.revision}"


class TestStarted(Line, frozen=True, kw_only=True):
    """A test begins.

    Attributes:
        id: its id in this run.
        node: pytest's node id.
        title, purpose: from its docstring.
        requirements: what it is to verify.
        risk_controls: ids of the risk controls that those belong to.
        chapter: of the protocol.
    """

    kind: ClassVar[str] = "test-started"
    __test__: ClassVar[bool] = False  # pytest takes classes of such names for tests

    id: str = ""
    node: str
    title: str
    purpose: str = ""
    requirements: tuple[RequirementReference, ...] = ()
    risk_controls: tuple[str, ...] = ()
    chapter: str


class TestEnded(Line, frozen=True, kw_only=True):
    """A test is over.

    Attributes:
        id: its id in this run; empty where it had not started.
        node: pytest's node id.
        started_s, ended_s: bench time.
        judged: how many judgements it made, so that the last of them cannot be taken out; None in older journals.
    """

    kind: ClassVar[str] = "test-ended"
    __test__: ClassVar[bool] = False

    id: str = ""
    node: str
    verdict: Verdict
    reason: str
    started_s: Number | None = None
    ended_s: Number | None = None
    judged: int | None = None


class BudgetRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an uncertainty budget; `dof` is None where there are infinitely many degrees of freedom."""

    name: str
    value: Number | None
    unit: str
    standard_uncertainty: Number | None
    kind: Evaluation
    dof: Number | None
    sensitivity: Number | None
    contribution: Number | None
    distribution: Distribution

    def budget_line(self) -> BudgetLine:
        """Return it to calculate with."""
        figures = (self.value, self.standard_uncertainty, self.sensitivity, self.contribution)
        value, standard_uncertainty, sensitivity, contribution = (math.nan if one is None else one for one in figures)
        return BudgetLine(
            name=self.name,
            value=value,
            unit=self.unit,
            standard_uncertainty=standard_uncertainty,
            kind=self.kind,
            dof=math.inf if self.dof is None else self.dof,
            sensitivity=sensitivity,
            contribution=contribution,
            distribution=self.distribution,
        )


class BoundRecord(msgspec.Struct, frozen=True, kw_only=True):
    """By how much one influence may have lifted the worst of many."""

    name: str
    half_width: Number | None


class Judgement(LineOfTest, frozen=True, kw_only=True):
    """A judged finding; `metrology.verdict.Judgement` says what its figures mean.

    Attributes:
        id: its id in this run.
        measurand: what is judged, the same in every window.
        declared: the name under which the test declared it; empty where nothing is declared, as in a script.
        window: id of the weighed volume that the value comes from; empty where it comes from none, or from several.
        requirements: what it is bound to.
    """

    kind: ClassVar[str] = "judgement"
    done: ClassVar[bool] = True

    id: str = ""
    name: str
    measurand: str = ""
    declared: str = ""
    window: str = ""
    requirements: tuple[RequirementReference, ...] = ()
    verdict: Verdict
    reason: str
    rule: str = ""
    value: Number | None = None
    unit: str = ""
    expanded_uncertainty: Number | None = None
    coverage_factor: Number | None = None
    dof: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    limits_source: str = ""
    uncertainty_ratio: Number | None = None
    worst_false_accept: Number | None = None
    conformance_probability: Number | None = None
    qualifiers: tuple[str, ...] = ()
    budget: tuple[BudgetRecord, ...] = ()
    at_least: Number | None = None
    at_most: Number | None = None
    bounds: tuple[BoundRecord, ...] = ()

    @property
    def forced(self) -> bool:
        """Return whether it did not pass: what passed in a row of a hundred is made again from the samples."""
        return self.verdict is not Verdict.PASS

    @property
    def worst_of_many(self) -> WorstOfMany | None:
        """Return the two sides of a value that is the worst of many; None for any other."""
        if self.at_least is None or self.at_most is None:
            return None
        bounds = ((one.name, math.nan if one.half_width is None else one.half_width) for one in self.bounds)
        return WorstOfMany(self.at_least, self.at_most, tuple(Bound(*one) for one in bounds))


class JudgementDeclared(LineOfTest, frozen=True, kw_only=True):
    """What a test says before its first activity that it is going to judge.

    Attributes:
        id: its id in this run.
        name: under which it is going to be judged; unique in its test.
        measurand: the quantity or the event.
        requirements: what the judgement is going to be bound to.
        lower, upper: limits in `unit`; None for none.
        relative_to: what limits in per cent are a share of; empty for absolute ones.
        limits_source: where the limits come from.
        rule: the decision rule in words.
        times: how often it is going to be judged; None for once or more.
    """

    kind: ClassVar[str] = "judgement-declared"
    done: ClassVar[bool] = True

    id: str = ""
    name: str
    measurand: str = ""
    requirements: tuple[RequirementReference, ...] = ()
    lower: Number | None = None
    upper: Number | None = None
    unit: str = ""
    relative_to: str = ""
    limits_source: str = ""
    rule: str = ""
    times: Count | None = 1

    @property
    def forced(self) -> bool:
        """Return False: a test declares the same each time."""
        return False
