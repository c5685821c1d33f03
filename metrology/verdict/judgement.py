# SPDX-License-Identifier: Apache-2.0
"""A verdict together with all that a stranger needs to reach it again."""

from dataclasses import asdict, dataclass, fields

from groundfloor.json_number import json_number
from metrology.uncertainty import BudgetLine
from metrology.verdict.verdict import Verdict
from metrology.verdict.worst_of_many import Bound

YES_OR_NO = "yes or no"
"""The rule of a judgement without figures."""


@dataclass(frozen=True)
class Judgement:
    """One judged finding: a measured value, or an event that had to happen or must not.

    Attributes:
        name: what was judged.
        verdict: what came of it.
        reason: one sentence for a person.
        rule: the decision rule in words.
        value: the measured value in `unit`; None, like all figures below, where the finding is a yes or a no.
        unit: of the figures.
        expanded_uncertainty: U for 95 %.
        coverage_factor: k of U.
        dof: effective degrees of freedom.
        lower: lower limit, None for none.
        upper: upper limit, None for none.
        limits_source: where the limits come from.
        uncertainty_ratio: the TUR, (upper − lower)/(2U); None with one limit only, infinite without uncertainty.
        worst_false_accept: the greatest risk that the rule takes with any pump, as a probability.
        conformance_probability: of this value, that the truth lies inside the limits (JCGM 106); a PASS is wrong with
            the rest of it, a FAIL with this.
        qualifiers: what spoils the evidence.
        budget: what U is made of.
        window, measurand: as the measurement gives them.
        at_least, at_most, bounds: the two sides of a value that is the worst of many, see `WorstOfMany`; none
            otherwise.
        declared: the name under which the test said beforehand that it would judge this; empty in a script.
    """

    name: str
    verdict: Verdict
    reason: str
    rule: str
    value: float | None = None
    unit: str = ""
    expanded_uncertainty: float | None = None
    coverage_factor: float | None = None
    dof: float | None = None
    lower: float | None = None
    upper: float | None = None
    limits_source: str = ""
    uncertainty_ratio: float | None = None
    worst_false_accept: float | None = None
    conformance_probability: float | None = None
    qualifiers: tuple[str, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    window: str = ""
    measurand: str = ""
    declared: str = ""
    at_least: float | None = None
    at_most: float | None = None
    bounds: tuple[Bound, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the judgement for JSON; NaN and infinity become null."""
        return {field.name: _for_json(getattr(self, field.name)) for field in fields(self)}


def forbidden(name: str, happened: bool, reason: str, measurand: str = "") -> Judgement:
    """Judge an event that must not happen: FAIL if it did."""
    return Judgement(name, Verdict.FAIL if happened else Verdict.PASS, reason, YES_OR_NO, measurand=measurand or name)


def required(name: str, happened: bool, reason: str, measurand: str = "") -> Judgement:
    """Judge an event that must happen: FAIL if it did not."""
    return Judgement(name, Verdict.PASS if happened else Verdict.FAIL, reason, YES_OR_NO, measurand=measurand or name)


def undecided(name: str, reason: str, measurand: str = "") -> Judgement:
    """Judge what should have been examined and was not: INCONCLUSIVE."""
    return Judgement(name, Verdict.INCONCLUSIVE, reason, YES_OR_NO, measurand=measurand or name)


def _for_json(value: object) -> object:
    if isinstance(value, float):
        return json_number(value)
    if isinstance(value, BudgetLine):
        return value.as_dict()
    if isinstance(value, Bound):
        return asdict(value)
    if isinstance(value, tuple):
        return [_for_json(item) for item in value]
    return str(value) if isinstance(value, str) else value
