# SPDX-License-Identifier: Apache-2.0
"""A result, its budget, and the arithmetic on results."""

import json
import math

import pytest
from GTC import ureal
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.inconclusive import Inconclusive
from metrology.uncertainty import Influence, Quantity, quantity_from, recombined

small = st.floats(0.01, 10.0)


def test_the_degrees_of_freedom_follow_welch_and_satterthwaite() -> None:
    observed = Influence.type_a("observed", 3.0, "mg", 1.0, dof=9)
    known = Influence.type_b("known", 1.0, "mg", 1.0)
    result = quantity_from(observed.number + known.number, "mg", (observed, known))
    assert result.standard_uncertainty == pytest.approx(math.sqrt(2))
    assert result.dof == pytest.approx(36)  # (√2)⁴ / (1⁴/9)
    assert result.expanded_uncertainty() == pytest.approx(result.coverage_factor() * math.sqrt(2))


def test_ten_readings_have_the_coverage_factor_of_nine_degrees_of_freedom() -> None:
    assert Quantity(1.0, "g", 0.1, 9).coverage_factor() == pytest.approx(2.26216, abs=1e-5)
    assert Quantity(1.0, "g", 0.1).coverage_factor() == pytest.approx(1.95996, abs=1e-5)


def test_a_line_of_the_budget_tells_sensitivity_and_contribution() -> None:
    rate = Influence.rectangular("rate", 2.0, "mg/h", 0.3)
    result = quantity_from(-24 * rate.number, "mg", (rate,))
    (line,) = result.budget
    assert (line.name, line.value, line.unit, line.kind) == ("rate", 2.0, "mg/h", "B")
    assert line.standard_uncertainty == pytest.approx(0.3 / math.sqrt(3))
    assert line.sensitivity == pytest.approx(-24)
    assert line.contribution == pytest.approx(24 * 0.3 / math.sqrt(3))


def test_two_equal_rectangular_errors_add_up_to_the_triangular_one() -> None:
    one = Influence.rectangular("one", 0.0, "mg", 0.5)
    other = Influence.rectangular("other", 0.0, "mg", 0.5)
    both = Influence.triangular("both", 0.0, "mg", 1.0)
    assert (one.number - other.number).u == pytest.approx(both.number.u)


def test_a_forgotten_influence_is_refused() -> None:
    listed, forgotten = Influence.type_b("listed", 0.0, "g", 1.0), Influence.type_b("forgotten", 0.0, "g", 0.1)
    with pytest.raises(ValueError, match="do not make up"):
        quantity_from(listed.number + forgotten.number, "g", (listed,))


@given(value=st.floats(-100, 100), u_known=small, u_found=small, dof=st.integers(1, 100), factor=st.floats(-9, 9))
def test_a_result_is_made_again_from_the_budget_that_a_record_keeps(
    value: float, u_known: float, u_found: float, dof: int, factor: float
) -> None:
    known, found = Influence.type_b("known", value, "g", u_known), Influence.type_a("found", 1.0, "g", u_found, dof)
    sum_g = quantity_from(factor * known.number + found.number, "g", (known, found))
    again = recombined(sum_g.value, "g", sum_g.budget)
    assert again.value == sum_g.value
    assert again.standard_uncertainty == pytest.approx(sum_g.standard_uncertainty)
    assert again.dof == pytest.approx(sum_g.dof)
    assert [line.contribution for line in again.budget] == pytest.approx([line.contribution for line in sum_g.budget])


dofs = st.integers(1, 100) | st.just(math.inf)


@given(
    value=st.floats(-1e3, 1e3),
    terms=st.lists(
        st.tuples(st.floats(-9, 9) | st.just(0.0), st.floats(1e-6, 9) | st.just(0.0), dofs), min_size=1, max_size=9
    ),
)
def test_a_budget_that_was_read_gives_to_the_bit_what_gtc_makes_of_it(
    value: float, terms: list[tuple[float, float, float]]
) -> None:
    influences = [Influence.type_a(f"{n}", 0.5, "g", u, dof) for n, (_, u, dof) in enumerate(terms)]
    number = ureal(value, 0)
    for one, (sensitivity, _, _) in zip(influences, terms, strict=True):
        number += sensitivity * (one.number - 0.5)
    expected = quantity_from(number, "g", influences)
    assert recombined(value, "g", expected.budget) == expected


def test_subtracting_from_an_exact_value_keeps_the_uncertainty() -> None:
    missing = 48.0 - Quantity(40.0, "µL", 0.5, 7)
    assert (missing.value, missing.unit, missing.standard_uncertainty, missing.dof) == (8.0, "µL", 0.5, 7)


def test_an_exact_value_has_no_uncertainty() -> None:
    assert Quantity(3.0, "strokes", 0.0).expanded_uncertainty() == 0.0


def test_a_result_is_written_with_two_figures_of_its_uncertainty() -> None:
    assert str(Quantity(48.1694, "µL", 0.388)) == "48.17 ± 0.76 µL"
    assert str(Quantity(151.6, "µL", 93.2)) == "152 ± 183 µL"


def test_json_gets_null_for_infinite_degrees_of_freedom_and_for_no_number() -> None:
    known = Influence.type_b("known", 1.0, "g", 0.1)
    told = quantity_from(known.number, "g", (known,)).as_dict()
    assert told["dof"] is None
    assert json.loads(json.dumps(told, allow_nan=False))["budget"][0]["dof"] is None
    assert json.dumps(Quantity(math.nan, "g", math.nan).as_dict(), allow_nan=False)


def test_no_number_can_be_calculated_on() -> None:
    with pytest.raises(Inconclusive, match="no number"):
        1.0 - Quantity(math.nan, "µL", 0.1)


@pytest.mark.parametrize(("uncertainty", "dof"), [(-0.1, 5), (0.1, 0.5), (0.1, math.nan)])
def test_an_impossible_uncertainty_is_refused(uncertainty: float, dof: float) -> None:
    with pytest.raises(ValueError, match="no such uncertainty"):
        Quantity(1.0, "g", uncertainty, dof)
