# SPDX-License-Identifier: Apache-2.0
"""The verdict on a measured value: no false pass, whatever happens to the uncertainty."""

import inspect
import json
import math
from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from metrology.uncertainty import Quantity
from metrology.verdict import (
    Bound,
    DecisionRule,
    Judgement,
    Limits,
    Measurement,
    Verdict,
    WorstOfMany,
    decision_rule,
    forbidden,
    judge,
    required,
)

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
GUARD_BAND, SIMPLE = DecisionRule.GUARD_BAND, DecisionRule.SIMPLE
LABELLED = Limits(-14.5, 14.5, "%", "labelling")

values = st.floats(-40, 40)
uncertainties = st.floats(0, 30)
dofs = st.one_of(st.just(math.inf), st.integers(1, 200).map(float))


def error(value: float, standard_uncertainty: float, limits: Limits = LABELLED, *qualifiers: str) -> Measurement:
    return Measurement("rate error", Quantity(value, limits.unit, standard_uncertainty), limits, qualifiers)


def worst_window(value: float, at_least: float, at_most: float, *qualifiers: str) -> Measurement:
    """The worst of many windows, allowed 4 µL, whose bounds add up to 5 µL."""
    bounds = (Bound("noise", 3.0), Bound("linearity", 2.0))
    sides = WorstOfMany(at_least, at_most, bounds)
    limits = Limits(None, 4.0, "µL", "profile")
    return Measurement("excess", Quantity(value, "µL", 1.0), limits, qualifiers, worst_of_many=sides)


U = Quantity(0.0, "%", 1.0).expanded_uncertainty()  # of a standard uncertainty of 1 %, near 1.96 %
HAIR = 1e-9

TABLE: list[tuple[Measurement, DecisionRule, Verdict]] = [
    (error(0, 1), GUARD_BAND, PASS),
    (error(13, 1), GUARD_BAND, INCONCLUSIVE),
    (error(-13, 1), GUARD_BAND, INCONCLUSIVE),
    (error(16, 1), GUARD_BAND, INCONCLUSIVE),
    (error(-16, 1), GUARD_BAND, INCONCLUSIVE),
    (error(17, 1), GUARD_BAND, FAIL),
    (error(-17, 1), GUARD_BAND, FAIL),
    (error(0, 100), GUARD_BAND, INCONCLUSIVE),
    # exactly on the edge of the guard band, and a hair to either side
    (error(3, 1, Limits(None, 3 + U, "%", "edge")), GUARD_BAND, PASS),
    (error(3, 1, Limits(None, 3 + U - HAIR, "%", "edge")), GUARD_BAND, INCONCLUSIVE),
    (error(3, 1, Limits(3 - U, None, "%", "edge")), GUARD_BAND, PASS),
    (error(3, 1, Limits(3 - U + HAIR, None, "%", "edge")), GUARD_BAND, INCONCLUSIVE),
    (error(3, 1, Limits(None, 3 - U, "%", "edge")), GUARD_BAND, INCONCLUSIVE),
    (error(3, 1, Limits(None, 3 - U - HAIR, "%", "edge")), GUARD_BAND, FAIL),
    (error(3, 1, Limits(3 + U, None, "%", "edge")), GUARD_BAND, INCONCLUSIVE),
    (error(3, 1, Limits(3 + U + HAIR, None, "%", "edge")), GUARD_BAND, FAIL),
    # an exact value on its limit is inside
    (error(14.5, 0), GUARD_BAND, PASS),
    (error(-14.5, 0), GUARD_BAND, PASS),
    (error(14.5 + HAIR, 0), GUARD_BAND, FAIL),
    # simple acceptance does not count U
    (error(14.4, 5), SIMPLE, PASS),
    (error(14.6, 5), SIMPLE, FAIL),
    (error(-14.6, 5), SIMPLE, FAIL),
    # a doubt: INCONCLUSIVE at best, and FAIL only beyond U
    (error(0, 1, LABELLED, "gap of 12 min"), GUARD_BAND, INCONCLUSIVE),
    (error(30, 1, LABELLED, "gap of 12 min"), GUARD_BAND, FAIL),
    (error(0, 1, LABELLED, "gap of 12 min"), SIMPLE, INCONCLUSIVE),
    (error(15, 1, LABELLED, "gap of 12 min"), SIMPLE, INCONCLUSIVE),
    (error(30, 1, LABELLED, "gap of 12 min"), SIMPLE, FAIL),
    # no number decides nothing
    (error(math.nan, 1), GUARD_BAND, INCONCLUSIVE),
    (error(math.nan, 1), SIMPLE, INCONCLUSIVE),
    (error(0, math.nan), GUARD_BAND, INCONCLUSIVE),
    (error(0, math.nan), SIMPLE, INCONCLUSIVE),
    (error(0, math.inf), GUARD_BAND, INCONCLUSIVE),
    (error(math.inf, 1), GUARD_BAND, INCONCLUSIVE),
    # the worst of many: U of one window on the side of a PASS, the bounds of all on the side of a FAIL
    (worst_window(1.9, 1.8, 2.0), GUARD_BAND, PASS),
    (worst_window(3.0, 2.9, 4.0 - U), GUARD_BAND, PASS),
    (worst_window(3.0, 2.9, 4.0 - U + HAIR), GUARD_BAND, INCONCLUSIVE),
    (worst_window(9.1, 9.0, 9.2), GUARD_BAND, INCONCLUSIVE),
    (worst_window(9.1, 9.0 + HAIR, 9.2), GUARD_BAND, FAIL),
    (worst_window(20.0, 1.0, 20.0), GUARD_BAND, INCONCLUSIVE),
    (worst_window(3.0, 2.9, 4.1), SIMPLE, INCONCLUSIVE),
    (worst_window(3.0, 2.9, 3.9), SIMPLE, PASS),
    (worst_window(4.2, 4.1, 4.3), SIMPLE, FAIL),
    (worst_window(2.0, 1.9, 2.1, "gap of 12 min"), GUARD_BAND, INCONCLUSIVE),
    (worst_window(20.0, 19.0, 21.0, "gap of 12 min"), GUARD_BAND, FAIL),
    (worst_window(5.0, 4.9, 5.1, "gap of 12 min"), SIMPLE, INCONCLUSIVE),
    (worst_window(math.nan, 1.8, 2.0), GUARD_BAND, INCONCLUSIVE),
    (worst_window(2.0, math.nan, 2.1), GUARD_BAND, INCONCLUSIVE),
    (worst_window(2.0, 1.9, math.nan), SIMPLE, INCONCLUSIVE),
    (worst_window(20.0, 20.0, math.inf), GUARD_BAND, INCONCLUSIVE),
]


@pytest.mark.parametrize(("measurement", "rule", "verdict"), TABLE)
def test_the_verdict_is_the_one_of_the_table(measurement: Measurement, rule: DecisionRule, verdict: Verdict) -> None:
    assert judge(measurement, rule).verdict is verdict


MUTATIONS = [
    ("value + band <= limits.upper", "value - band <= limits.upper"),
    ("value - band >= limits.lower", "value + band >= limits.lower"),
    ("value + band <= limits.upper", "value + band < limits.upper"),
    ("value - band >= limits.lower", "value - band > limits.lower"),
    ("value + band < limits.lower", "value - band < limits.lower"),
    ("value - band > limits.upper", "value + band > limits.upper"),
    ("value + band < limits.lower", "value + band <= limits.lower"),
    ("value - band > limits.upper", "value - band >= limits.upper"),
    ("return above_lower and below_upper", "return above_lower or below_upper"),
    ("return below_lower or above_upper", "return below_lower and above_upper"),
    ("_inside_by(expanded, most", "_inside_by(0.0, most"),
    ("_inside_by(expanded, most", "_inside_by(allowance, most"),
    ("_inside_by(expanded, most", "_inside_by(expanded, value"),
    ("_outside_by_more_than(allowance, least", "_outside_by_more_than(0.0, least"),
    ("_outside_by_more_than(allowance, least", "_outside_by_more_than(expanded, least"),
    ("_outside_by_more_than(allowance, least", "_outside_by_more_than(allowance, value"),
    ("expanded = allowance = 0.0", "expanded = 0.0"),
    ("expanded = allowance = 0.0", "allowance = 0.0"),
    ("limits) and not qualified", "limits)"),
    ("is DecisionRule.SIMPLE and not qualified", "is DecisionRule.SIMPLE"),
    ("not all(map(math.isfinite, (value, expanded, least, most, allowance)))", "False"),
    ("(value, expanded, least, most, allowance)", "(value, expanded)"),
    ("(value, expanded, least, most, allowance)", "(expanded, least, most, allowance)"),
]


@pytest.mark.parametrize(("original", "mutant"), MUTATIONS)
def test_a_mutated_rule_is_caught_by_the_table(original: str, mutant: str) -> None:
    source = inspect.getsource(decision_rule)
    assert source.count(original) == 1
    mutated = ModuleType("mutated")
    exec(compile(source.replace(original, mutant), "mutated", "exec"), vars(mutated))
    judged = [mutated.judge(measurement, mutated.DecisionRule(rule)).verdict for measurement, rule, _ in TABLE]
    assert judged != [verdict for _, _, verdict in TABLE]


def test_the_two_sides_of_the_worst_of_many_stand_in_the_judgement() -> None:
    found = judge(worst_window(9.1, 9.0 + HAIR, 9.2)).as_dict()
    assert (found["at_least"], found["at_most"]) == (9.0 + HAIR, 9.2)
    bounds = [{"name": "noise", "half_width": 3.0}, {"name": "linearity", "half_width": 2.0}]
    assert found["bounds"] == bounds
    assert "by more than the 5 µL that noise and balance make of all windows" in str(found["reason"])


def test_the_worst_of_many_has_no_lower_limit() -> None:
    limits = Limits(0.0, 4.0, "µL", "profile")
    with pytest.raises(PlanError, match="upper limit only"):
        judge(Measurement("excess", Quantity(1.0, "µL", 1.0), limits, worst_of_many=WorstOfMany(1.0, 1.0)))


@given(values, uncertainties, dofs)
def test_no_pass_unless_the_value_would_pass_were_it_wrong_by_its_uncertainty(
    value: float, uncertainty: float, dof: float
) -> None:
    quantity = Quantity(value, "%", uncertainty, dof)
    verdict = judge(Measurement("rate error", quantity, LABELLED)).verdict
    reach = abs(value) + quantity.expanded_uncertainty()
    assert (verdict is PASS) == (reach <= 14.5)
    assert (verdict is FAIL) == (abs(value) - quantity.expanded_uncertainty() > 14.5)


@given(values, uncertainties, st.floats(0, 30), st.sampled_from(DecisionRule))
def test_more_uncertainty_never_makes_a_pass(value: float, less: float, more: float, rule: DecisionRule) -> None:
    before, after = judge(error(value, less), rule).verdict, judge(error(value, less + more), rule).verdict
    assert not (after is PASS and before is not PASS)
    if rule is GUARD_BAND:
        assert not (after is FAIL and before is not FAIL)


@given(values, uncertainties, st.sampled_from(DecisionRule))
def test_too_much_and_too_little_are_judged_alike(value: float, uncertainty: float, rule: DecisionRule) -> None:
    assert judge(error(value, uncertainty), rule).verdict is judge(error(-value, uncertainty), rule).verdict


@given(values, uncertainties, st.sampled_from(DecisionRule))
def test_a_doubt_never_improves_a_verdict(value: float, uncertainty: float, rule: DecisionRule) -> None:
    doubted = judge(error(value, uncertainty, LABELLED, "a gap"), rule).verdict
    assert doubted in (INCONCLUSIVE, FAIL)
    assert doubted is INCONCLUSIVE or judge(error(value, uncertainty), rule).verdict is FAIL


def test_a_quantity_in_another_unit_is_our_mistake() -> None:
    with pytest.raises(PlanError, match="measured in 'µL', limits in '%'"):
        judge(Measurement("rate error", Quantity(0.0, "µL", 0.0), LABELLED))


@pytest.mark.parametrize(
    ("measurement", "rule", "sentence"),
    [
        (
            error(3.1, 0.6),
            GUARD_BAND,
            "rate error: 3.1 ± 1.2 % (k = 1.96) is inside the allowed -14.5 to 14.5 % (labelling) by at least U",
        ),
        (
            error(20, 0.6),
            GUARD_BAND,
            "rate error: 20.0 ± 1.2 % (k = 1.96) is outside the allowed -14.5 to 14.5 % (labelling) by more than U",
        ),
        (
            error(14, 0.6),
            GUARD_BAND,
            "rate error: 14.0 ± 1.2 % (k = 1.96) is too uncertain for the allowed -14.5 to 14.5 % (labelling): "
            "U straddles a limit",
        ),
        (
            error(0, 0.6, LABELLED, "gap of 12 min", "draught"),
            GUARD_BAND,
            "rate error: 0.0 ± 1.2 % (k = 1.96) against the allowed -14.5 to 14.5 % (labelling) is in doubt: "
            "gap of 12 min; draught",
        ),
        (
            error(14, 0.6, Limits(None, 15, "%", "labelling")),
            SIMPLE,
            "rate error: 14.0 ± 1.2 % (k = 1.96) is inside the allowed at most 15 % (labelling), U not counted",
        ),
        (
            error(math.nan, 0.6),
            GUARD_BAND,
            "rate error: nan ± 1.17598 % (k = 1.96) is no number to hold against the allowed -14.5 to 14.5 % "
            "(labelling)",
        ),
    ],
)
def test_the_reason_is_a_sentence_for_a_person(measurement: Measurement, rule: DecisionRule, sentence: str) -> None:
    assert judge(measurement, rule).reason == sentence


def test_a_judgement_carries_what_is_needed_to_reach_it_again() -> None:
    told = json.loads(json.dumps(judge(error(3.1, 0.6)).as_dict(), allow_nan=False))
    assert told["verdict"] == "PASS"
    assert (told["value"], told["unit"], told["lower"], told["upper"]) == (3.1, "%", -14.5, 14.5)
    assert told["expanded_uncertainty"] == pytest.approx(1.17598, abs=1e-5)
    assert (told["dof"], told["limits_source"]) == (None, "labelling")
    assert told["rule"].startswith("guard band w = U, ILAC-G8:09/2019")
    assert told["uncertainty_ratio"] == pytest.approx(14.5 / told["expanded_uncertainty"])
    assert told["worst_false_accept"] == 0.025
    assert told["conformance_probability"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("kind", "happened", "verdict"),
    [(forbidden, True, FAIL), (forbidden, False, PASS), (required, True, PASS), (required, False, FAIL)],
)
def test_an_event_is_judged_by_whether_it_happened(
    kind: Callable[[str, bool, str], Judgement], happened: bool, verdict: Verdict
) -> None:
    judgement = kind("alarm", happened, "because")
    assert judgement.verdict is verdict
    assert judgement.as_dict()["value"] is None


@pytest.mark.parametrize(("lower", "upper"), [(None, None), (2.0, 1.0), (math.nan, 1.0), (None, math.inf)])
def test_limits_that_limit_nothing_are_refused(lower: float | None, upper: float | None) -> None:
    with pytest.raises(PlanError, match="limits from labelling"):
        Limits(lower, upper, "%", "labelling")
