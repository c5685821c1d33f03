# SPDX-License-Identifier: Apache-2.0
"""A test on the page: its words, judgements, budgets, course and charts."""

import math
from collections.abc import Sequence

from bench.acceptance import Standing
from bench.journal.lines import Judgement
from metrology.uncertainty import BudgetLine
from metrology.verdict import Verdict
from reports.entry import Entry, MeasuredValue
from reports.page.infusion_chart import InfusionChart
from reports.page.journal_of_page import RecordedCourse
from reports.page.protocol import protocol
from reports.page.recorded_judgement import BudgetRow, RecordedBudget, RecordedJudgement
from reports.page.recorded_test import RecordedTest
from reports.risk_text import risk_text

STANDING = frozenset(one.words for one in Standing)
"""Declared names of what every infusion judges."""


def view_of_test(number: int, entry: Entry, recorded: RecordedCourse) -> RecordedTest:
    """Return test `number` of the page: its entry of the summary with what the journal holds of it."""
    anchor = f"test-{number}"
    budgets = _budgets(anchor, entry.values, recorded.judged)
    place = {one: budget.anchor for budget in budgets for one in budget.judgement_ids}
    return RecordedTest(
        anchor=anchor,
        node=entry.node,
        title=entry.title,
        chapter=entry.chapter,
        verdict=entry.verdict.name,
        reason="" if entry.verdict is Verdict.PASS else entry.reason,
        protocol=protocol(recorded.purpose),
        requirements=entry.requirements,
        risk_controls=entry.risk_controls,
        started_s=recorded.run_s,
        duration_s=None if entry.ended_s is None else entry.ended_s - entry.started_s,
        judgements=tuple(
            _judgement(one_id, value, rest, place.get(one_id, ""))
            for value, (one_id, rest) in zip(entry.values, recorded.judged, strict=False)
        ),
        budgets=budgets,
        course=tuple(recorded.course),
        charts=tuple(
            InfusionChart.of(f"{anchor}-chart-{place}", one.name, own, one.columns, one.events, one.windows.judged)
            for place, (own, one) in enumerate(recorded.infusions.items(), start=1)
            if len(one.columns)
        ),
    )


def _judgement(one_id: str, value: MeasuredValue, rest: Judgement, budget_anchor: str) -> RecordedJudgement:
    return RecordedJudgement(
        id=one_id,
        name=value.name,
        verdict=value.verdict.name,
        reason=value.reason,
        value=value.value,
        unit=value.unit,
        expanded_uncertainty=value.expanded_uncertainty,
        coverage_factor=value.coverage_factor,
        lower=value.lower,
        upper=value.upper,
        limits_source=value.limits_source,
        risk=risk_text(value),
        qualifiers=rest.qualifiers,
        requirements=tuple(one.label for one in rest.requirements),
        budget_anchor=budget_anchor,
        standing=rest.declared if rest.declared in STANDING else "",
        dof=rest.dof,
    )


def _budgets(
    anchor: str, values: Sequence[MeasuredValue], judged: Sequence[tuple[str, Judgement]]
) -> tuple[RecordedBudget, ...]:
    """Return the budgets of a test's judgements; those that differ in nothing but their judgement are one."""
    shared: dict[tuple[object, ...], list[tuple[str, MeasuredValue, list[BudgetLine]]]] = {}
    for value, (one_id, rest) in zip(values, judged, strict=False):
        if value.expanded_uncertainty and rest.budget:
            # What is calculated on with a budget differs from it in the last digits.
            budget = [line.budget_line() for line in rest.budget]
            lines = ((line.name, f"{line.value:.6g}", f"{line.contribution:.6g}") for line in budget)
            key = (value.unit, f"{value.expanded_uncertainty:.6g}", *lines)
            shared.setdefault(key, []).append((one_id, value, budget))
    return tuple(_budget(f"{anchor}-budget-{place}", same) for place, same in enumerate(shared.values(), start=1))


def _budget(anchor: str, same: Sequence[tuple[str, MeasuredValue, list[BudgetLine]]]) -> RecordedBudget:
    _, value, lines = same[0]
    variance = sum(line.contribution**2 for line in lines)
    rows = (
        BudgetRow(
            name=line.name,
            value=line.value,
            unit=line.unit,
            standard_uncertainty=line.standard_uncertainty,
            kind=line.kind,
            distribution=line.distribution,
            dof=line.dof,
            sensitivity=line.sensitivity,
            contribution=abs(line.contribution),
            share_percent=100 * line.contribution**2 / variance if variance else 0.0,
        )
        for line in lines
    )
    return RecordedBudget(
        anchor=anchor,
        unit=value.unit,
        standard=variance**0.5,
        expanded=value.expanded_uncertainty or 0.0,
        coverage_factor=value.coverage_factor or math.nan,
        rows=tuple(sorted(rows, key=lambda row: -row.contribution)),
        judgement_ids=tuple(one_id for one_id, _, _ in same),
    )
