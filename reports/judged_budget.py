# SPDX-License-Identifier: Apache-2.0
"""The picture of a judgement's budget. Judgements of one window share it, so that it is drawn once."""

from bench.journal.lines import Judgement
from reports.budget_plot import budget_plot
from reports.picture import Caption


class JudgedBudgets:
    """Draws budgets of judgements, each only once."""

    def __init__(self, *, simulated: bool) -> None:
        self._simulated = simulated
        self._drawn: dict[tuple[object, ...], bytes] = {}

    def png(self, judgement: Judgement) -> bytes | None:
        """Return the budget of a journal's `judgement` line as PNG; None where it has none."""
        expanded, coverage, unit = judgement.expanded_uncertainty, judgement.coverage_factor, judgement.unit
        if not expanded or coverage is None or not any(line.contribution for line in judgement.budget):
            return None
        lines = [line.budget_line() for line in judgement.budget]
        # What is calculated on with a budget differs from it in the last digits.
        key = (unit, f"{expanded:.6g}", *((line.name, f"{line.contribution:.6g}") for line in lines))
        if key not in self._drawn:
            caption = Caption(f"uncertainty budget: U = {expanded:.3g} {unit}", self._simulated)
            self._drawn[key] = budget_plot(lines, unit, expanded, coverage, caption).png()
        return self._drawn[key]
