# SPDX-License-Identifier: Apache-2.0
"""The rate of evaporation between two blanks, and what it is worth before the second."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from metrology.gravimetry import Evaporation
from metrology.uncertainty import Influence

BEFORE = Evaporation(0.03, 0.004, dof=59, blank_h=1.0, measured_at_s=1800.0)
AFTER = Evaporation(0.07, 0.008, dof=59, blank_h=0.5, measured_at_s=1800.0 + 100_000.0)


def test_halfway_between_the_blanks_the_rate_is_their_mean_and_better_known_than_either_tells() -> None:
    middle = BEFORE.interpolated(AFTER, 1800.0 + 50_000.0)
    assert middle.rate_mg_per_h == pytest.approx(0.05)
    assert middle.standard_uncertainty_mg_per_h == pytest.approx(math.hypot(0.002, 0.004))
    assert 59 < middle.dof < 118
    assert middle.change_half_width_mg_per_h == pytest.approx(0.02)


@pytest.mark.parametrize(("after_mg_per_h", "half_width_mg_per_h"), [(0.03, 0.05), (0.10, 0.05), (0.15, 0.06)])
def test_blanks_that_agree_do_not_show_that_nothing_moved_in_between(
    after_mg_per_h: float, half_width_mg_per_h: float
) -> None:
    after = replace(AFTER, rate_mg_per_h=after_mg_per_h)
    between = BEFORE.that_may_change(0.05).interpolated(after, 1800.0 + 50_000.0)
    assert between.change_half_width_mg_per_h == pytest.approx(half_width_mg_per_h)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_rate_runs_straight_from_blank_to_blank_and_never_past_them(share: float, later: float) -> None:
    def rate(part: float) -> float:
        return BEFORE.interpolated(AFTER, 1800.0 + 100_000.0 * part).rate_mg_per_h

    assert rate(share) == pytest.approx(0.03 + 0.04 * share)
    assert rate(1.0 + later) == pytest.approx(0.07)
    assert rate(-later) == pytest.approx(0.03)


def test_a_rate_that_was_assumed_belongs_to_no_instant() -> None:
    with pytest.raises(PlanError, match="no instant"):
        BEFORE.interpolated(Evaporation(0.03, 0.004), 5000.0)


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


def test_near_one_blank_the_uncertainty_is_that_blanks() -> None:
    good, poor = (Evaporation(0.03, u, 59, 1.0, at_s) for u, at_s in ((0.01, 0.0), (0.09, 1000.0)))
    assert good.interpolated(poor, 0.0).standard_uncertainty_mg_per_h == pytest.approx(0.01)
    assert good.interpolated(poor, 1000.0).standard_uncertainty_mg_per_h == pytest.approx(0.09)
    assert good.interpolated(poor, 100.0).standard_uncertainty_mg_per_h == pytest.approx(math.hypot(0.009, 0.009))
