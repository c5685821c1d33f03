# SPDX-License-Identifier: Apache-2.0
"""Turns a measurement into a verdict, the uncertainty counted against the pump.

With the guard band w = U a pump passes only if it would still pass were the value wrong by U, and fails only if it
would still fail then; what lies between is INCONCLUSIVE. The risk of a false accept at the limit is below 2.5 %.
"""

import math
from enum import StrEnum

from groundfloor.errors import PlanError
from metrology.uncertainty import BudgetLine, Quantity
from metrology.verdict.conformance import conformance_probability, uncertainty_ratio
from metrology.verdict.judgement import Judgement
from metrology.verdict.limits import Limits
from metrology.verdict.measurement import Measurement
from metrology.verdict.verdict import Verdict
from metrology.verdict.worst_of_many import Bound, WorstOfMany

STATED = "uncertainty as stated"
"""The only line of a budget where nothing is known of an uncertainty but its size."""


class DecisionRule(StrEnum):
    """How the uncertainty enters the verdict; profiles name a rule by its value."""

    GUARD_BAND = "guard_band"
    SIMPLE = "simple_acceptance"

    @property
    def words(self) -> str:
        """The rule as a record states it (ISO/IEC 17025:2017, 7.8.6.1: with its risk)."""
        if self is DecisionRule.GUARD_BAND:
            return "guard band w = U, ILAC-G8:09/2019 (false accept below 2.5 %)"
        return "simple acceptance, ILAC-G8:09/2019 (false accept up to 50 % at a limit)"

    @property
    def worst_false_accept(self) -> float:
        """The probability that a value passes whose true value is the limit itself: no pump is accepted more wrongly.

        U is k·u with 95 % between its two ends, so 2.5 % lie beyond either.
        """
        return 0.025 if self is DecisionRule.GUARD_BAND else 0.5


def judge(measurement: Measurement, rule: DecisionRule = DecisionRule.GUARD_BAND) -> Judgement:
    """Judge `measurement` by `rule`.

    Any doubt makes a PASS INCONCLUSIVE, and then only a value beyond its limit by more than U fails, whatever the rule.
    A value or an uncertainty that is not a finite number is INCONCLUSIVE.

    Raises:
        PlanError: the quantity is in another unit than its limits, or is the worst of many and has a lower limit.
    """
    quantity, limits = measurement.quantity, measurement.limits
    if quantity.unit != limits.unit:
        seen = f"measured in {quantity.unit!r}, limits in {limits.unit!r}"
        raise PlanError(measurement.name, "judge", seen, "give limits and quantity the same unit")
    many = measurement.worst_of_many
    if many is not None and limits.lower is not None:
        raise PlanError(measurement.name, "judge", f"limits {limits}", "give the worst of many an upper limit only")
    expanded = quantity.expanded_uncertainty()
    verdict = decide(quantity.value, expanded, limits, rule, qualified=bool(measurement.qualifiers), worst=many)
    return Judgement(
        name=measurement.name,
        verdict=verdict,
        reason=_reason(measurement, verdict, rule),
        rule=rule.words,
        value=quantity.value,
        unit=quantity.unit,
        expanded_uncertainty=expanded,
        coverage_factor=quantity.coverage_factor(),
        dof=quantity.dof,
        lower=limits.lower,
        upper=limits.upper,
        limits_source=limits.source,
        uncertainty_ratio=uncertainty_ratio(quantity, limits),
        worst_false_accept=rule.worst_false_accept,
        conformance_probability=conformance_probability(quantity, limits),
        qualifiers=measurement.qualifiers,
        budget=quantity.budget or _stated(quantity),
        window=measurement.window,
        measurand=measurement.measurand or measurement.name,
        at_least=None if many is None else many.at_least,
        at_most=None if many is None else many.at_most,
        bounds=() if many is None else many.bounds,
    )


def _stated(quantity: Quantity) -> tuple[BudgetLine, ...]:
    """Return an uncertainty that was stated and not made of influences as the one line of a budget.

    So a record says where U comes from, and U can be made again from it.
    """
    u = quantity.standard_uncertainty
    if not (math.isfinite(quantity.value) and math.isfinite(u) and u > 0):
        return ()
    return (BudgetLine(STATED, quantity.value, quantity.unit, u, "B", quantity.dof, 1.0, u),)


def decide(
    value: float,
    expanded: float,
    limits: Limits,
    rule: DecisionRule,
    *,
    qualified: bool,
    worst: WorstOfMany | None = None,
) -> Verdict:
    """Return the verdict of bare figures: what `judge` decides, for whoever makes a recorded verdict again.

    Args:
        value: in the unit of the limits.
        expanded: its U, in the same unit.
        limits: what is allowed.
        rule: how U counts.
        qualified: whether anything spoils the evidence.
        worst: the two sides of a value that is the worst of many; the limits are an upper one then.
    """
    two_sides = WorstOfMany(value, value, (Bound("U", expanded),)) if worst is None else worst
    least, most, allowance = two_sides.at_least, two_sides.at_most, two_sides.allowance
    if not all(map(math.isfinite, (value, expanded, least, most, allowance))):
        return Verdict.INCONCLUSIVE
    if rule is DecisionRule.SIMPLE and not qualified:
        expanded = allowance = 0.0
    if _outside_by_more_than(allowance, least, limits):
        return Verdict.FAIL
    if _inside_by(expanded, most, limits) and not qualified:
        return Verdict.PASS
    return Verdict.INCONCLUSIVE


def _inside_by(band: float, value: float, limits: Limits) -> bool:
    above_lower = limits.lower is None or value - band >= limits.lower
    below_upper = limits.upper is None or value + band <= limits.upper
    return above_lower and below_upper


def _outside_by_more_than(band: float, value: float, limits: Limits) -> bool:
    below_lower = limits.lower is not None and value + band < limits.lower
    above_upper = limits.upper is not None and value - band > limits.upper
    return below_lower or above_upper


def _reason(measurement: Measurement, verdict: Verdict, rule: DecisionRule) -> str:
    quantity, limits, qualifiers = measurement.quantity, measurement.limits, measurement.qualifiers
    allowed = f"the allowed {limits} ({limits.source})"
    found = f"{measurement.name}: {quantity} (k = {quantity.coverage_factor():.2f})"
    if not (math.isfinite(quantity.value) and math.isfinite(quantity.standard_uncertainty)):
        return f"{found} is no number to hold against {allowed}"
    if qualifiers and verdict is Verdict.INCONCLUSIVE:
        return f"{found} against {allowed} is in doubt: {'; '.join(qualifiers)}"
    if (many := measurement.worst_of_many) is not None:
        return _reason_of_worst(found, allowed, many, quantity, verdict)
    if rule is DecisionRule.SIMPLE and not qualifiers:
        return f"{found} is {'inside' if verdict is Verdict.PASS else 'outside'} {allowed}, U not counted"
    if verdict is Verdict.PASS:
        return f"{found} is inside {allowed} by at least U"
    if verdict is Verdict.FAIL:
        return f"{found} is outside {allowed} by more than U"
    return f"{found} is too uncertain for {allowed}: U straddles a limit"


def _reason_of_worst(found: str, allowed: str, many: WorstOfMany, quantity: Quantity, verdict: Verdict) -> str:
    most, least = f"{many.at_most:.3g} {quantity.unit} at the most", f"{many.at_least:.3g} {quantity.unit} at the least"
    if verdict is Verdict.PASS:
        return f"{found}, the worst of all windows and {most}, is inside {allowed}"
    if verdict is Verdict.FAIL:
        noise = f"by more than the {many.allowance:.3g} {quantity.unit} that noise and balance make of all windows"
        return f"{found}, the worst of all windows and {least}, is outside {allowed} {noise}"
    return f"{found}, the worst of all windows, {least} and {most}, cannot be told from {allowed}"
