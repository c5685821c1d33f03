# SPDX-License-Identifier: Apache-2.0
"""The picture of a judgement's budget. Judgements of one window share it, so that it is drawn once."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from metrology.uncertainty import BudgetLine, Distribution
from reports.budget_plot import budget_plot
from reports.picture import Caption


class JudgedBudgets:
    """Draws budgets of judgements, each only once."""

    def __init__(self, *, simulated: bool) -> None:
        self._simulated = simulated
        self._drawn: dict[tuple[object, ...], bytes] = {}

    def png(self, judgement: Mapping[str, Any]) -> bytes | None:
        """Return the budget of a journal's `judgement` line as PNG; None where it has none."""
        expanded, coverage, unit = (judgement[name] for name in ("expanded_uncertainty", "coverage_factor", "unit"))
        lines: Sequence[Mapping[str, Any]] = judgement["budget"]
        if not expanded or not any(line["contribution"] for line in lines):
            return None
        # What is calculated on with a budget differs from it in the last digits.
        key = (unit, f"{expanded:.6g}", *((line["name"], f"{line['contribution']:.6g}") for line in lines))
        if key not in self._drawn:
            caption = Caption(f"uncertainty budget: U = {expanded:.3g} {unit}", self._simulated)
            self._drawn[key] = budget_plot(
                [_budget_line(line) for line in lines], unit, expanded, coverage, caption
            ).png()
        return self._drawn[key]


def _budget_line(line: Mapping[str, Any]) -> BudgetLine:
    known = dict(line)
    known["dof"] = math.inf if line["dof"] is None else line["dof"]
    known["distribution"] = Distribution(line["distribution"])
    return BudgetLine(**known)
