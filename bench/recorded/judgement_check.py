# SPDX-License-Identifier: Apache-2.0
"""One judgement made again from its own figures: U from the budget, the verdict from value, U, limits and rule.

What a judgement is evidence of a yes or a no cannot be made again from its line; it may only be no figure.
"""

import math
from collections.abc import Iterator
from functools import lru_cache

from bench.journal.lines import Judgement
from bench.recorded.contradiction import Contradiction
from groundfloor.errors import PlanError
from metrology import verdict
from metrology.uncertainty import BudgetLine, recombined
from metrology.verdict import YES_OR_NO, DecisionRule, Limits, Measurement, Verdict, decide, judge

AGREES_TO = 1e-6
"""Relative: the same arithmetic on another machine agrees far better, and no verdict hangs on so little."""
TWO_SIDED = frozenset({"excess in any window", "shortfall in any window"})
"""Measurands whose figure is the worst of very many."""
_RULES = {rule.words: rule for rule in DecisionRule}
_FIGURES = ("expanded_uncertainty", "coverage_factor", "uncertainty_ratio", "worst_false_accept",
            "conformance_probability")  # fmt: skip


def check_judgement(judgement: Judgement) -> Iterator[Contradiction]:
    """Yield what does not follow from the figures of a judgement."""
    if judgement.rule == YES_OR_NO:
        yield from _yes_or_no(judgement)
    elif judgement.rule in _RULES:
        yield from _measured(judgement, _RULES[judgement.rule])
    else:
        yield Contradiction(judgement.id, f"the rule {judgement.rule!r}", "no rule that a bench judges by")


def agrees(recorded: float | None, follows: float | None) -> bool:
    """Tell whether two figures are the same but for rounding; a figure that is none is recorded as None."""
    if recorded is None or follows is None or not math.isfinite(follows):
        return recorded is None and (follows is None or not math.isfinite(follows))
    return math.isclose(recorded, follows, rel_tol=AGREES_TO, abs_tol=1e-9)


def _yes_or_no(judgement: Judgement) -> Iterator[Contradiction]:
    if judgement.verdict not in {Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE}:
        yield Contradiction(judgement.id, judgement.verdict, "PASS, FAIL or INCONCLUSIVE, as a yes or a no ends")
    figures = (judgement.value, judgement.expanded_uncertainty, judgement.lower, judgement.upper)
    if any(one is not None for one in figures) or judgement.budget:
        yield Contradiction(judgement.id, "figures", "none: it is a yes or a no")


def _measured(judgement: Judgement, rule: DecisionRule) -> Iterator[Contradiction]:
    try:
        limits = Limits(judgement.lower, judgement.upper, judgement.unit, judgement.limits_source)
    except PlanError as wrong:
        yield Contradiction(judgement.id, "its limits", wrong.seen)
        return
    value, expanded = (math.nan if one is None else one for one in (judgement.value, judgement.expanded_uncertainty))
    many = judgement.worst_of_many
    if (odd := _odd_sides(judgement)) is not None:
        yield odd
    follows = decide(value, expanded, limits, rule, qualified=bool(judgement.qualifiers), worst=many)
    if follows is not judgement.verdict:
        about = (
            f"{value:.6g} ± {expanded:.3g} {judgement.unit} against {limits}"
            + (f", {many.at_least:.6g} to {many.at_most:.6g} the worst of many" if many is not None else "")
            + (f", in doubt: {'; '.join(judgement.qualifiers)}" if judgement.qualifiers else "")
        )
        yield Contradiction(judgement.id, judgement.verdict, f"{follows} ({about}, {judgement.name})")
    if many is not None and not many.at_least <= value <= many.at_most:
        yield Contradiction(judgement.id, f"{value:.6g}", f"between {many.at_least:.6g} and {many.at_most:.6g}")
    if math.isfinite(value) and math.isfinite(expanded):
        yield from _risk(judgement, limits, rule)


def _odd_sides(judgement: Judgement) -> Contradiction | None:
    """Return what no judgement of the worst of many holds: half of it, a bound below zero, a lower limit."""
    sides = (judgement.at_least, judgement.at_most)
    if all(one is None for one in sides):
        return Contradiction(judgement.id, "bounds", "none: it has no two sides") if judgement.bounds else None
    if any(one is None for one in sides):
        return Contradiction(judgement.id, "one side", "two sides, or none")
    if any(one.half_width is not None and one.half_width < 0 for one in judgement.bounds):
        return Contradiction(judgement.id, "a bound below zero", "bounds that only widen")
    if judgement.lower is not None:
        return Contradiction(judgement.id, "a lower limit", "an upper one alone: it is the worst of many")
    return None


def without_sides(judgement: Judgement) -> Iterator[Contradiction]:
    """Yield a figure that is always the worst of many and is told as if it were one alone."""
    if judgement.measurand in TWO_SIDED and judgement.value is not None and judgement.worst_of_many is None:
        yield Contradiction(judgement.id, "a value without sides", f"the worst of many ({judgement.measurand})")


def _risk(judgement: Judgement, limits: Limits, rule: DecisionRule) -> Iterator[Contradiction]:
    """Make U and all that rests on it again from the budget."""
    if not judgement.budget:
        if judgement.expanded_uncertainty:
            yield Contradiction(judgement.id, f"U = {judgement.expanded_uncertainty:.6g}", "none: it has no budget")
        return
    try:
        budget = tuple(one.budget_line() for one in judgement.budget)
        again = _judged_again(judgement.value or 0.0, judgement.unit, budget, limits, rule)
    except (ValueError, ArithmeticError, PlanError, RuntimeError) as odd:
        yield Contradiction(judgement.id, "its budget", f"no uncertainty: {odd}")
        return
    for name in _FIGURES:
        recorded, follows = getattr(judgement, name), getattr(again, name)
        if not agrees(recorded, follows) and not (recorded is None and name == "conformance_probability"):
            yield Contradiction(judgement.id, f"{name} {recorded}", f"{follows} (from its budget, {judgement.name})")
    for line, recombined_line in zip(budget, again.budget, strict=False):
        if not agrees(line.contribution, recombined_line.contribution):
            follows = f"{recombined_line.contribution} (sensitivity times u)"
            yield Contradiction(judgement.id, f"{line.name} contributes {line.contribution}", follows)


@lru_cache(maxsize=1024)
def _judged_again(
    value: float, unit: str, budget: tuple[BudgetLine, ...], limits: Limits, rule: DecisionRule
) -> verdict.Judgement:
    """Return the judgement of a budget; one that is read again, as by whoever compares two copies, costs nothing."""
    return judge(Measurement("made again", recombined(value, unit, budget), limits), rule)
