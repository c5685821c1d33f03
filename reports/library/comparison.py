# SPDX-License-Identifier: Apache-2.0
"""Two runs side by side: each judgement of one against the same of the other.

What has limits on both sides is compared as a deviation from their middle, in percent of it, so that windows of
another length and pumps of another size compare as well; all else in its own unit. What two runs have in common does
not count in the difference: with one balance under one certificate its calibration is the same error twice, and so is
the density of the water. Whether two are equivalent is asked by two one-sided tests at 5 % against a margin (TOST;
Schuirmann 1987).
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.run_folder import SUMMARY
from groundfloor.errors import PlanError
from metrology.verdict import Verdict
from reports.entry import Entry, MeasuredValue
from reports.library.budgets import BudgetTerm, budgets_of
from reports.summary import Summary

ONE_SIDED_5_PERCENT = 1.6449
COVERAGE = 2.0
_OF_ONE_CERTIFICATE = ("calibration ",)
_OF_ONE_LIQUID = ("density of water",)
_PERCENT = "%"
Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Pair:
    """A judgement in both runs.

    Attributes:
        test: its title.
        requirements: what it is evidence for.
        name, unit: what was judged, and in what the figures below are.
        first, second: the values; None for a yes or a no.
        difference: second less first; None without values.
        expanded_uncertainty: U of the difference, k = 2; None where one of them has none.
        verdicts: of the first and of the second.
        equivalent: whether the difference is surely within the margin; None where no margin fits its unit.
        common: the terms of both budgets that went out.
    """

    test: str
    requirements: tuple[str, ...]
    name: str
    unit: str
    first: float | None
    second: float | None
    difference: float | None
    expanded_uncertainty: float | None
    verdicts: tuple[Verdict, Verdict]
    equivalent: bool | None = None
    common: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Tell whether the difference is more than its U, or the verdict another."""
        if self.verdicts[0] is not self.verdicts[1]:
            return True
        u = self.expanded_uncertainty
        return self.difference is not None and u is not None and abs(self.difference) > u


@dataclass(frozen=True)
class Comparison:
    """Two runs.

    Attributes:
        first, second: their summaries.
        pairs: the judgements of both, in the order of the first.
        only_first, only_second: tests of one of them alone.
        margin_percent: what equivalence was asked for; None for no question.
    """

    first: Summary
    second: Summary
    pairs: tuple[Pair, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    margin_percent: float | None = None


def compared(first: Path, second: Path, margin_percent: float | None = None) -> Comparison:
    """Compare two runs.

    Args:
        first: folder of one.
        second: folder of the other.
        margin_percent: differences within it do not matter, in percent of the middle of the limits.

    Raises:
        PlanError: the margin is none.
        BenchFault: a run has no summary, or its journal cannot be read.
    """
    if margin_percent is not None and not (math.isfinite(margin_percent) and margin_percent > 0):
        raise PlanError("--margin", "use", f"{margin_percent}", "write a percentage above 0, such as 2")
    one, other = Summary.load(first / SUMMARY), Summary.load(second / SUMMARY)
    judged, judged_again = _judged(one), _judged(other)
    common = _common_terms(one, other)
    budgets = budgets_of(first), budgets_of(second)
    pairs = tuple(
        _pair(judged[key], judged_again[key], budgets, common, margin_percent) for key in judged if key in judged_again
    )
    nodes, nodes_again = _nodes(one), _nodes(other)
    return Comparison(
        one,
        other,
        pairs,
        tuple(node for node in nodes if node not in nodes_again),
        tuple(node for node in nodes_again if node not in nodes),
        margin_percent,
    )


def _nodes(summary: Summary) -> dict[str, None]:
    return dict.fromkeys(test.node for test in summary.tests)


def _judged(summary: Summary) -> dict[Key, tuple[Entry, MeasuredValue]]:
    """Return the judgements by test, measurand, name and how often these came before."""
    found, met = dict[Key, tuple[Entry, MeasuredValue]](), Counter[tuple[str, str, str]]()
    for test in summary.tests:
        for value in test.values:
            name = (test.node, value.measurand, value.name)
            found[*name, met[name]] = (test, value)
            met[name] += 1
    return found


def _common_terms(one: Summary, other: Summary) -> tuple[str, ...]:
    """Return how the names of terms begin whose error is the same in both runs."""
    if one.run is None or other.run is None:
        return ()
    found = list[str]()
    a, b = one.run.balance, other.run.balance
    if a is not None and b is not None and (a.serial_number, a.certificate) == (b.serial_number, b.certificate):
        found += _OF_ONE_CERTIFICATE
    if one.run.liquid == other.run.liquid:
        found += _OF_ONE_LIQUID
    return tuple(found)


def _pair(
    first: tuple[Entry, MeasuredValue],
    second: tuple[Entry, MeasuredValue],
    budgets: tuple[dict[str, tuple[BudgetTerm, ...]], dict[str, tuple[BudgetTerm, ...]]],
    common: tuple[str, ...],
    margin_percent: float | None,
) -> Pair:
    (test, a), (_, b) = first, second
    told = (test.title, a.requirements, a.name)
    verdicts = (a.verdict, b.verdict)
    if a.value is None or b.value is None or a.unit != b.unit:
        return Pair(*told, a.unit, a.value, b.value, None, None, verdicts)
    scales = _middle(a), _middle(b)
    as_percent = scales[0] is not None and scales[1] is not None
    factors = (100 / (scales[0] or 1.0), 100 / (scales[1] or 1.0)) if as_percent else (1.0, 1.0)
    origin = 100.0 if as_percent else 0.0
    values = a.value * factors[0] - origin, b.value * factors[1] - origin
    u, cancelled = _standard_uncertainty((a, b), factors, (budgets[0].get(a.id, ()), budgets[1].get(b.id, ())), common)
    difference, unit = values[1] - values[0], _PERCENT if as_percent else a.unit
    equivalent = None
    if margin_percent is not None and u is not None and unit == _PERCENT:
        equivalent = abs(difference) + ONE_SIDED_5_PERCENT * u <= margin_percent
    expanded = COVERAGE * u if u is not None else None
    return Pair(*told, unit, *values, difference, expanded, verdicts, equivalent, cancelled)


def _middle(value: MeasuredValue) -> float | None:
    """Return the middle of two limits; None where there are not two, or it is none to measure by."""
    if value.lower is None or value.upper is None or value.upper <= value.lower:
        return None
    middle = (value.lower + value.upper) / 2
    return middle if middle > (value.upper - value.lower) / 4 else None


def _standard_uncertainty(
    values: tuple[MeasuredValue, MeasuredValue],
    factors: tuple[float, float],
    budgets: tuple[Sequence[BudgetTerm], Sequence[BudgetTerm]],
    common: tuple[str, ...],
) -> tuple[float | None, tuple[str, ...]]:
    """Return u of the difference, and the names of what went out of it; None where a value has no uncertainty."""
    u = [_own_u(value) for value in values]
    if u[0] is None or u[1] is None:
        return None, ()
    variance = (factors[0] * u[0]) ** 2 + (factors[1] * u[1]) ** 2
    cancelled = list[str]()
    for one, other in _shared(budgets, common):
        a, b = factors[0] * one.contribution, factors[1] * other.contribution
        # The same error in both: what is left of it is the difference of its two effects.
        variance -= 2 * a * b
        cancelled.append(one.name)
    return math.sqrt(max(variance, 0.0)), tuple(cancelled)


def _own_u(value: MeasuredValue) -> float | None:
    if value.expanded_uncertainty is None or not value.coverage_factor:
        return None
    return value.expanded_uncertainty / value.coverage_factor


def _shared(
    budgets: tuple[Sequence[BudgetTerm], Sequence[BudgetTerm]], common: tuple[str, ...]
) -> Iterator[tuple[BudgetTerm, BudgetTerm]]:
    """Yield the terms of both budgets that are one error: the first with the first of a sort, and so on."""
    for start in common:
        first, second = ([term for term in budget if term.name.startswith(start)] for budget in budgets)
        if len(first) == len(second):
            yield from (
                (one, other)
                for one, other in zip(first, second, strict=True)
                if one.sensitivity * other.sensitivity > 0
            )
