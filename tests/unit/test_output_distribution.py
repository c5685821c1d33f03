# SPDX-License-Identifier: Apache-2.0
"""The coverage factor of a budget, against closed forms and drawn numbers; it never rewards a worse term."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrology.uncertainty import BudgetLine, Distribution, OutputDistribution, Quantity

NORMAL, RECTANGULAR, TRIANGULAR = Distribution.NORMAL, Distribution.RECTANGULAR, Distribution.TRIANGULAR
Term = tuple[Distribution, float, float]


def line(term: Term) -> BudgetLine:
    shape, contribution, dof = term
    kind = "A" if math.isfinite(dof) else "B"
    return BudgetLine("term", 0.0, "mg", contribution, kind, dof, 1.0, contribution, shape)


def factor(*terms: Term, confidence: float = 0.95) -> float:
    return OutputDistribution(map(line, terms)).coverage_factor(confidence)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([(NORMAL, 0.3, math.inf)], 1.959964),
        ([(NORMAL, 0.3, math.inf), (NORMAL, 0.4, math.inf)], 1.959964),
        ([(NORMAL, 0.3, 9)], 2.262157),
        ([(NORMAL, 0.3, 3), (RECTANGULAR, 1e-5, math.inf)], 3.182446),
        ([(RECTANGULAR, 2.0, math.inf)], 0.95 * math.sqrt(3)),
        ([(RECTANGULAR, 2.0, math.inf), (RECTANGULAR, 2.0, math.inf)], math.sqrt(6) * (1 - math.sqrt(0.05))),
        ([(TRIANGULAR, 2.0, math.inf), (NORMAL, 1e-5, math.inf)], math.sqrt(6) * (1 - math.sqrt(0.05))),
    ],
)
def test_closed_forms_are_met(terms: list[Term], expected: float) -> None:
    assert factor(*terms) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    "terms",
    [
        [(NORMAL, 1.0, 9), (NORMAL, 1.0, math.inf)],
        [(RECTANGULAR, 1.0, math.inf), (TRIANGULAR, 0.4, math.inf), (NORMAL, 0.2, 18)],
        [(RECTANGULAR, 1.0, math.inf), (NORMAL, 1.0, 3)],
        [(TRIANGULAR, 1.0, math.inf), (NORMAL, 0.3, 200), (RECTANGULAR, 0.8, math.inf)],
    ],
)
def test_as_many_drawn_sums_lie_inside_as_the_factor_says(terms: list[Term]) -> None:
    draw, n = np.random.default_rng(20240301), 400_000
    total = np.zeros(n)
    for shape, u, dof in terms:
        if shape is NORMAL:
            total += u * (draw.standard_normal(n) if math.isinf(dof) else draw.standard_t(dof, n))
        elif shape is RECTANGULAR:
            total += u * math.sqrt(3) * draw.uniform(-1, 1, n)
        else:
            total += u * math.sqrt(6) * draw.triangular(-1, 0, 1, n)
    combined = math.hypot(*(u for _, u, _ in terms))
    for confidence in (0.68, 0.95, 0.99):
        inside = np.mean(np.abs(total) <= factor(*terms, confidence=confidence) * combined)
        assert inside == pytest.approx(confidence, abs=4 * math.sqrt(confidence * (1 - confidence) / n))


def test_a_wide_bound_does_not_reach_beyond_itself() -> None:
    expanded = 1.0 * factor((RECTANGULAR, 1.0, math.inf), (NORMAL, 0.01, math.inf))
    assert expanded < math.sqrt(3)


terms = st.tuples(
    st.sampled_from([NORMAL, RECTANGULAR, TRIANGULAR]),
    st.floats(0.0, 10.0),
    st.one_of(st.integers(3, 200).map(float), st.just(math.inf)),
)


@given(st.lists(terms, min_size=1, max_size=6), st.data())
def test_u_never_falls_when_a_term_grows(budget: list[Term], data: st.DataObject) -> None:
    assume(math.hypot(*(u for _, u, _ in budget)) > 1e-3)
    which = data.draw(st.integers(0, len(budget) - 1))
    shape, u, dof = budget[which]
    grown = [*budget]
    grown[which] = (shape, u + data.draw(st.floats(0.0, 10.0)), dof)
    assert expanded(grown) >= expanded(budget) * (1 - 1e-5)


def test_student_with_effective_degrees_of_freedom_would_make_u_fall() -> None:
    few: Term = (NORMAL, 1.0, 3)
    more: Term = (RECTANGULAR, 0.5, math.inf)
    assert Quantity(0.0, "mg", math.sqrt(1.25), 3 * 1.25**2).expanded_uncertainty() < 3.1824
    assert expanded([few, more]) > expanded([few])


def expanded(budget: list[Term]) -> float:
    lines = tuple(map(line, budget))
    return Quantity(0.0, "mg", math.hypot(*(one.contribution for one in lines)), 1e3, lines).expanded_uncertainty()
