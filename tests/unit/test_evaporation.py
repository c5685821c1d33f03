# SPDX-License-Identifier: Apache-2.0
"""The rate of evaporation between two blanks, and what it is worth before the second."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from metrology.gravimetry import Conditions, Evaporation
from metrology.uncertainty import Influence

BEFORE = Evaporation(0.03, 0.004, dof=59, blank_h=1.0, measured_at_s=1800.0)
AFTER = Evaporation(0.07, 0.008, dof=59, blank_h=0.5, measured_at_s=1800.0 + 100_000.0)


def test_two_blanks_of_a_rate_that_cannot_move_count_by_how_well_they_are_known() -> None:
    steady = replace(AFTER, rate_mg_per_h=0.032)
    both = BEFORE.together_with(steady)
    share = 0.004**2 / (0.004**2 + 0.008**2)
    assert both.rate_mg_per_h == pytest.approx(0.03 + share * 0.002)
    assert both.standard_uncertainty_mg_per_h == pytest.approx(math.hypot((1 - share) * 0.004, share * 0.008))
    assert both.change_half_width_mg_per_h == 0.0


def test_a_second_blank_counts_for_little_where_a_change_is_most_of_the_doubt() -> None:
    wide = BEFORE.that_may_change(0.05)
    both = wide.together_with(AFTER)
    share = 0.004**2 / (0.004**2 + 0.008**2 + 0.05**2 / 3)
    assert both.rate_mg_per_h == pytest.approx(0.03 + share * 0.04)
    assert both.change_half_width_mg_per_h == pytest.approx(0.05 * math.hypot(1.0, share))


@given(
    st.floats(0.0005, 0.05), st.floats(0.0005, 0.05), st.floats(0.0, 0.05), st.floats(0.0, 0.1), st.floats(0.0, 40.0)
)
def test_no_other_share_of_the_second_blank_makes_the_whole_less_uncertain(
    own: float, other: float, change: float, warmth: float, load: float
) -> None:
    before = Evaporation(0.03, own, 59, 1.0, 0.0, change, warming_c_per_h=0.8, denser_kg_m3_per_h=-0.003)
    after = Evaporation(0.03, other, 59, 0.5, 1e5, warming_c_per_h=-0.3, denser_kg_m3_per_h=0.001)

    def whole(share: float) -> float:
        shared = (warmth * (0.8 - 1.1 * share), load * (0.004 * share - 0.003), change * math.hypot(1, share))
        return math.hypot((1 - share) * own, share * other, *(one / math.sqrt(3) for one in shared))

    both = before.together_with(after, warmth, load)
    shared = (warmth * both.warming_c_per_h, load * both.denser_kg_m3_per_h, both.change_half_width_mg_per_h)
    found = math.hypot(both.standard_uncertainty_mg_per_h, *(one / math.sqrt(3) for one in shared))
    assert found <= min(whole(number / 100) for number in range(101)) * (1 + 1e-6)
    assert found <= whole(0.0) * (1 + 1e-9)


@pytest.mark.parametrize(("after_mg_per_h", "half_width_mg_per_h"), [(0.03, 0.05), (0.05, 0.05), (0.20, 0.1521)])
def test_blanks_that_agree_show_nothing_and_blanks_that_differ_widen_the_allowance(
    after_mg_per_h: float, half_width_mg_per_h: float
) -> None:
    after = replace(AFTER, rate_mg_per_h=after_mg_per_h)
    both = BEFORE.that_may_change(0.05).together_with(after)
    assert both.change_half_width_mg_per_h == pytest.approx(half_width_mg_per_h, rel=1e-3)


@pytest.mark.parametrize("far", [0.0, 0.4, 1.0])
def test_two_blanks_cover_a_rate_that_was_anywhere_within_its_limit_between_them(far: float) -> None:
    """The rate of the volume, and that of the second blank, are each anything within the limit about the first."""
    draw, limit, runs, covered = np.random.default_rng(7), 0.02, 4000, 0
    for _ in range(runs):
        window, second = draw.uniform(-limit, limit, 2)
        second = far * second + (1 - far) * window
        first_seen, second_seen = 0.004 * draw.standard_normal(), second + 0.008 * draw.standard_normal()
        both = Evaporation(first_seen, 0.004, 1e5, 1.0, 0.0, limit).together_with(
            Evaporation(second_seen, 0.008, 1e5, 0.5, 1e5)
        )
        u = math.hypot(both.standard_uncertainty_mg_per_h, both.change_half_width_mg_per_h / math.sqrt(3))
        covered += abs(window - both.rate_mg_per_h) <= 1.75 * u  # k of a rectangle with a little noise
    assert 0.94 <= covered / runs <= 0.985


def test_a_rate_that_was_assumed_belongs_to_no_instant() -> None:
    with pytest.raises(PlanError, match="no instant"):
        BEFORE.together_with(Evaporation(0.03, 0.004))


def test_what_the_vessel_lost_to_denser_air_is_no_evaporation() -> None:
    times_s, masses_g = [0.0, 1800.0, 3600.0], [50.0, 49.99995, 49.9999]
    lost = Influence.type_b("buoyancy of the load", 0.08, "mg", 0.01)
    blank = Evaporation.from_blank(times_s, masses_g, lost)
    assert Evaporation.from_blank(times_s, masses_g).rate_mg_per_h == pytest.approx(0.1)
    assert blank.rate_mg_per_h == pytest.approx(0.02)
    assert blank.standard_uncertainty_mg_per_h == pytest.approx(0.01, rel=1e-3)
    assert blank.measured_at_s == 1800.0


def test_a_rate_comes_back_from_json_as_it_was() -> None:
    for rate in (BEFORE.that_may_change(0.05).with_drift(-0.01), Evaporation(0.1, 0.02)):
        told = json.loads(json.dumps({"title": "a blank", **rate.as_dict()}, allow_nan=False))
        assert Evaporation.from_dict(told) == rate


# --- by the vapour that the air lacks ---------------------------------------------------------------------------------


HUMID, DRY = Conditions(21.0, 1013.0, 60.0), Conditions(21.0, 1013.0, 30.0)
IN_HUMID_AIR = Evaporation(0.04, 0.004, 59, 1.0, 1800.0, temperature_c=21.0, humidity_percent=60.0)


def test_the_rate_goes_with_the_deficit_of_vapour_pressure() -> None:
    assert IN_HUMID_AIR.scale_to(HUMID) == pytest.approx(1.0)
    assert IN_HUMID_AIR.scale_to(DRY) == pytest.approx(0.7 / 0.4)
    warmer = replace(HUMID, temperature_c=24.0)
    # saturated vapour over water: 24.88 hPa at 21 °C, 29.86 hPa at 24 °C (Sonntag 1990)
    assert IN_HUMID_AIR.scale_to(warmer) == pytest.approx(29.86 / 24.88, rel=1e-3)
    assert BEFORE.scale_to(DRY) == 1.0


def test_a_blank_is_brought_to_the_deficit_of_another_without_the_drift_that_it_holds() -> None:
    dry = replace(IN_HUMID_AIR, humidity_percent=30.0, rate_mg_per_h=0.08).at_the_deficit_of(
        IN_HUMID_AIR.with_drift(-0.01)
    )
    assert dry.rate_mg_per_h == pytest.approx((0.08 - 0.01) * 0.4 / 0.7 + 0.01)
    assert dry.standard_uncertainty_mg_per_h == pytest.approx(0.004 * 0.4 / 0.7)
    assert dry.humidity_percent == 60.0


def test_what_sensors_leave_open_about_the_ratio_is_what_draws_of_their_errors_give() -> None:
    draw, runs = np.random.default_rng(3), 200_000

    def deficit(celsius: float, percent: float) -> np.ndarray:  # type: ignore[type-arg]
        shown_c = celsius + offset_c + change_c
        shown = percent + offset_percent + change_percent
        return np.asarray(6.112 * np.exp(17.62 * shown_c / (243.12 + shown_c)) * (1 - shown / 100))

    offset_c, offset_percent = draw.uniform(-1, 1, runs), draw.uniform(-5, 5, runs)
    change_c, change_percent = np.zeros(runs), np.zeros(runs)
    blank = deficit(21.0, 60.0)
    change_c, change_percent = draw.uniform(-0.1, 0.1, runs), draw.uniform(-1, 1, runs)
    ratio = deficit(21.0, 30.0) / blank
    found = IN_HUMID_AIR.deficit_influence(DRY)
    assert found is not None
    assert found.number.x == pytest.approx(float(np.median(ratio)), rel=0.01)
    assert found.number.u == pytest.approx(float(ratio.std()), rel=0.1)


def test_where_nobody_looked_between_the_ends_the_mean_may_lie_anywhere_between_them() -> None:
    moved = DRY.mean_with(HUMID)
    followed = replace(moved, mean_vapour_deficit_hpa=moved.vapour_deficit_hpa)
    wide, narrow = (IN_HUMID_AIR.deficit_influence(air) for air in (moved, followed))
    assert wide is not None
    assert narrow is not None
    assert wide.number.u > 1.5 * narrow.number.u
    assert BEFORE.deficit_influence(moved) is None


def test_the_air_of_the_blank_is_kept_and_what_it_grew_warmer() -> None:
    times_s = [0.0, 1800.0, 3600.0]
    air = Conditions(21.0, 1013.0, 60.0, temperature_rise_c=-0.5)
    blank = Evaporation.from_blank(times_s, [50.0, 49.99995, 49.9999], air=air)
    assert (blank.temperature_c, blank.humidity_percent) == (21.0, 60.0)
    assert blank.warming_c_per_h == pytest.approx(-math.hypot(0.5, 0.1 / math.sqrt(6)))
