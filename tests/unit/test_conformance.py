# SPDX-License-Identifier: Apache-2.0
"""How sure a verdict is: published check values, and that a PASS is never told to be riskier than its rule."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrology.uncertainty import Influence, Quantity, quantity_from
from metrology.verdict import DecisionRule, Limits, Measurement, Verdict, judge, uncertainty_ratio
from metrology.verdict.conformance import conformance_probability

LABELLED = Limits(-14.5, 14.5, "%", "labelling")


@pytest.mark.parametrize(("value", "uncertainty", "probability"), [(13.0, 1.0, 0.93319), (13.5, 0.5, 0.97725)])
def test_the_check_values_of_the_conformance_probability_are_met(
    value: float, uncertainty: float, probability: float
) -> None:
    assert conformance_probability(Quantity(value, "%", uncertainty), LABELLED) == pytest.approx(probability, abs=5e-6)
    assert conformance_probability(Quantity(-value, "%", uncertainty), LABELLED) == pytest.approx(probability, abs=5e-6)


def test_few_degrees_of_freedom_make_less_sure() -> None:
    """Student's t with 9 degrees of freedom at 1.5: tables say 0.08393."""
    assert conformance_probability(Quantity(13.0, "%", 1.0, 9), LABELLED) == pytest.approx(1 - 0.08393, abs=1e-5)


def test_a_budget_counts_by_its_own_distributions() -> None:
    bounded = Influence.rectangular("bound", 14.0, "%", 1.0)
    quantity = quantity_from(bounded.number, "%", (bounded,))
    assert conformance_probability(quantity, LABELLED) == pytest.approx(0.75)
    wide = Influence.triangular("two bounds", 14.0, "%", 1.0)
    assert conformance_probability(quantity_from(wide.number, "%", (wide,)), LABELLED) == pytest.approx(1 - 0.125)
    noise = Influence.type_b("noise", 0.0, "%", 0.5)
    sure = quantity_from(13.0 + noise.number + bounded.number - 14.0, "%", (noise, bounded))
    # by hand: the mean of Φ((1.5 − x)/0.5) over x from −1 to 1
    steps = [(k + 0.5) / 5000 - 1 for k in range(10000)]
    mean = math.fsum(0.5 * math.erfc(-(1.5 - x) / 0.5 / math.sqrt(2)) for x in steps) / len(steps)
    assert conformance_probability(sure, LABELLED) == pytest.approx(mean, abs=1e-5)


@pytest.mark.parametrize(("value", "probability"), [(14.5, 1.0), (14.5001, 0.0), (-20.0, 0.0)])
def test_an_exact_value_conforms_or_does_not(value: float, probability: float) -> None:
    assert conformance_probability(Quantity(value, "%", 0.0), LABELLED) == probability
    assert uncertainty_ratio(Quantity(value, "%", 0.0), LABELLED) == math.inf


def test_a_value_far_outside_is_certain_not_to_conform() -> None:
    terms = [Influence.type_b("noise", 0.0, "%", 0.1), Influence.rectangular("bound", 0.0, "%", 0.1)]
    far = quantity_from(60.0 + terms[0].number + terms[1].number, "%", terms)
    assert conformance_probability(far, LABELLED) == pytest.approx(0.0, abs=1e-6)


def test_the_ratio_needs_two_limits() -> None:
    quantity = Quantity(0.0, "%", 1.0)
    assert uncertainty_ratio(quantity, LABELLED) == pytest.approx(14.5 / 1.959964)
    assert uncertainty_ratio(quantity, Limits(None, 14.5, "%", "labelling")) is None
    assert uncertainty_ratio(Quantity(0.0, "%", math.nan), LABELLED) is None


def test_what_is_no_number_has_no_probability() -> None:
    assert conformance_probability(Quantity(math.nan, "%", 1.0), LABELLED) is None
    assert conformance_probability(Quantity(0.0, "%", math.inf), LABELLED) is None


@given(st.floats(-40, 40), st.floats(1e-3, 30), st.one_of(st.just(math.inf), st.integers(1, 200).map(float)))
def test_no_pass_of_the_guard_band_is_riskier_than_its_rule_says(value: float, uncertainty: float, dof: float) -> None:
    judged = judge(Measurement("error", Quantity(value, "%", uncertainty, dof), LABELLED))
    inside = judged.conformance_probability
    assert inside is not None
    assert 0.0 <= inside <= 1.0
    if judged.verdict is Verdict.PASS:
        assert judged.worst_false_accept == 0.025
        assert 1 - inside <= 2 * judged.worst_false_accept + 1e-9  # at worst, with both limits just U away
    if judged.verdict is Verdict.FAIL:
        assert inside <= 0.025 + 1e-9


def test_simple_acceptance_is_told_with_its_risk() -> None:
    judged = judge(Measurement("error", Quantity(14.4, "%", 5.0), LABELLED), DecisionRule.SIMPLE)
    assert (judged.verdict, judged.worst_false_accept) == (Verdict.PASS, 0.5)
    assert judged.conformance_probability == pytest.approx(0.508, abs=1e-3)
    assert "false accept up to 50 %" in judged.rule
