# SPDX-License-Identifier: Apache-2.0
"""How a judgement looks as a step of the Allure report: a short title, its facts, and all of it as a page of text.

The title tells verdict, value, U and limits; whoever wants the sentence, the rule, the risk or the budget opens the
step. The budget is a table of text: a picture of each would make the report ten times as large.
"""

import math

from bench.journal.lines import BudgetRecord, Judgement
from groundfloor.printable import one_line
from reports.entry import MeasuredValue
from reports.markdown_text import as_text
from reports.risk_text import risk_text

MOST_IN_TITLE = 110
LEAST_SHARE = 0.005
"""Of u²: what adds less is counted, not listed."""


def title_of(judgement: Judgement, infusion: str = "") -> str:
    """Return a short title, such as `FAIL  delivered volume 50.86 ± 0.44 µL, allowed 35.91 … 48.09`.

    Args:
        judgement: a line of the journal.
        infusion: name of the infusion, which the name of a judgement may begin with; the test's title says it already.
    """
    name = judgement.name.removeprefix(f"{infusion}: ")
    if judgement.value is None:
        reason = _reason(judgement, name)
        told = f"{name}: {reason}" if len(name) + len(reason) < MOST_IN_TITLE else name
    else:
        told = f"{name} {_figures(judgement, judgement.value)}"
    return f"{judgement.verdict}  {one_line(told)}"


def facts_of(judgement: Judgement) -> dict[str, str]:
    """Return what ties a step to the journal and to the requirements, by name."""
    requirements = ", ".join(one.label for one in judgement.requirements)
    facts = {"judgement": judgement.id, "requirement": requirements}
    return {name: fact for name, fact in facts.items() if fact}


def sentence_of(judgement: Judgement) -> str:
    """Return verdict and reason; the reason of a measured value begins with its name already."""
    return f"{judgement.verdict}: {judgement.name}: {_reason(judgement, judgement.name)}"


def in_full(judgement: Judgement) -> str:
    """Return all of a judgement as Markdown: sentence, limits, rule, risk, qualifiers, budget."""
    risk = risk_text(MeasuredValue.of(judgement))
    facts = {
        "Judgement": judgement.id,
        "Requirement": ", ".join(one.label for one in judgement.requirements),
        "Declared as": judgement.declared,
        "Limits from": judgement.limits_source,
        "Rule": judgement.rule,
        "Risk": risk,
        "Qualifiers": "; ".join(judgement.qualifiers),
    }
    lines = [f"- {name}: {as_text(fact)}" for name, fact in facts.items() if fact]
    return "\n".join([as_text(sentence_of(judgement)), "", *lines, *_budget(judgement), ""])


def _budget(judgement: Judgement) -> list[str]:
    """Return the budget as a table, the greatest contribution first."""
    contributing = [line for line in judgement.budget if line.contribution]
    total = sum((line.contribution or 0.0) ** 2 for line in contributing)
    if not total:
        return []
    ranked = sorted(contributing, key=lambda line: line.contribution or 0.0, reverse=True)
    shown = [line for line in ranked if (line.contribution or 0.0) ** 2 >= LEAST_SHARE * total]
    unit, left = judgement.unit, len(judgement.budget) - len(shown)
    expanded = f", U = {judgement.expanded_uncertainty:.3g} {unit}" if judgement.expanded_uncertainty else ""
    coverage = f" (k = {judgement.coverage_factor:.2f})" if judgement.coverage_factor else ""
    return [
        "",
        f"Uncertainty budget: u = {math.sqrt(total):.3g} {unit}{expanded}{coverage}"
        + (f"; {left} more add less than {100 * LEAST_SHARE:g} % of u² each" if left else ""),
        "",
        f"| influence | type | distribution | dof | u | sensitivity | contribution / {unit} | share of u² |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(line, total) for line in shown),
    ]


def _row(line: BudgetRecord, total: float) -> str:
    contribution = line.contribution or 0.0
    cells = (
        as_text(line.name),
        line.kind,
        str(line.distribution),
        "∞" if line.dof is None else f"{line.dof:.3g}",
        "" if line.standard_uncertainty is None else f"{line.standard_uncertainty:.3g} {line.unit}",
        "" if line.sensitivity is None else f"{line.sensitivity:.4g}",
        f"{contribution:.3g}",
        f"{100 * contribution**2 / total:.1f} %",
    )
    return f"| {' | '.join(cells)} |"


def _figures(judgement: Judgement, value: float) -> str:
    expanded, unit = judgement.expanded_uncertainty, judgement.unit
    decimals = _decimals(expanded or abs(value) / 1e4)
    uncertainty = f" ± {expanded:.{decimals}f}" if expanded else ""
    limits = _limits(judgement.lower, judgement.upper, decimals)
    return f"{value:.{decimals}f}{uncertainty} {unit}".rstrip() + (f", allowed {limits}" if limits else "")


def _limits(lower: float | None, upper: float | None, decimals: int) -> str:
    low, high = (None if one is None else _short(one, decimals) for one in (lower, upper))
    if low is None:
        return "" if high is None else f"at most {high}"
    return f"at least {low}" if high is None else f"{low} … {high}"


def _short(limit: float, decimals: int) -> str:
    told = f"{limit:.{decimals}f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def _decimals(figure: float) -> int:
    """Return how many decimals show two digits of `figure`."""
    return max(0, 1 - math.floor(math.log10(figure))) if figure > 0 else 2


def _reason(judgement: Judgement, name: str) -> str:
    return judgement.reason.removeprefix(f"{judgement.name}: ").removeprefix(f"{name}: ")
