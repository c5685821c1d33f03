# SPDX-License-Identifier: Apache-2.0
"""A judgement and its uncertainty budget, as the page shows them."""

from dataclasses import dataclass

from reports.deviation import Deviation, excess

NEGLIGIBLE_PERCENT = 0.05
"""Of u²: an influence with less is told by its contribution alone."""


@dataclass(frozen=True)
class BudgetRow:
    """One line of a budget.

    Attributes:
        name: of the influence.
        value, standard_uncertainty: in `unit`.
        kind: A or B.
        distribution: its name.
        dof: degrees of freedom; infinite where nothing was observed.
        sensitivity: unit of the result per `unit`.
        contribution: to the standard uncertainty, in the unit of the result.
        share_percent: of the variance.
    """

    name: str
    value: float
    unit: str
    standard_uncertainty: float
    kind: str
    distribution: str
    dof: float
    sensitivity: float
    contribution: float
    share_percent: float


@dataclass(frozen=True)
class RecordedBudget:
    """An uncertainty budget; judgements of one window may share it.

    Attributes:
        anchor: its place in the page.
        unit: of the result.
        standard, expanded: u and U in `unit`.
        coverage_factor: k.
        rows: the greatest contribution first.
        judgement_ids: whose budget it is.
    """

    anchor: str
    unit: str
    standard: float
    expanded: float
    coverage_factor: float
    rows: tuple[BudgetRow, ...]
    judgement_ids: tuple[str, ...]

    @property
    def telling(self) -> tuple[BudgetRow, ...]:
        """Return the influences that are told in full."""
        return tuple(row for row in self.rows if row.share_percent >= NEGLIGIBLE_PERCENT)

    @property
    def negligible(self) -> tuple[BudgetRow, ...]:
        """Return the others."""
        return tuple(row for row in self.rows if row.share_percent < NEGLIGIBLE_PERCENT)


@dataclass(frozen=True)
class RecordedJudgement:
    """One judgement.

    Attributes:
        id: such as `J-0017`; its place in the page as well.
        name: what was judged.
        verdict: PASS, FAIL, INCONCLUSIVE or BLOCKED.
        reason: in a sentence.
        value, expanded_uncertainty, lower, upper: in `unit`; None where it is a yes or no.
        coverage_factor: k of U.
        dof: effective degrees of freedom; None where there are none, or infinitely many.
        limits_source: who says so.
        risk: how sure the verdict is.
        qualifiers: what spoils the evidence.
        requirements: labels such as `DEL-001@1`; empty where the record names them by test only.
        budget_anchor: where its budget stands; empty where it has none.
        standing: of what kind it is where every infusion judges it; empty where a plan asked for it.
    """

    id: str
    name: str
    verdict: str
    reason: str
    value: float | None
    unit: str
    expanded_uncertainty: float | None
    coverage_factor: float | None
    lower: float | None
    upper: float | None
    limits_source: str
    risk: str
    qualifiers: tuple[str, ...]
    requirements: tuple[str, ...]
    budget_anchor: str
    standing: str = ""
    dof: float | None = None

    @property
    def deviation(self) -> Deviation | None:
        """Return the value as a share of its limits."""
        return Deviation.of(self.value, self.expanded_uncertainty, self.lower, self.upper)

    @property
    def excess(self) -> float:
        """Return by how much it is outside its limits, in `unit`, with its sign; 0 inside."""
        return excess(self.value, self.lower, self.upper)
