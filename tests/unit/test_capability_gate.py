# SPDX-License-Identifier: Apache-2.0
"""The capability gate: what it lets through a good pump passes; what it names is the shortest, and would do."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.capability import CapabilityGate, slowest_rate_ul_per_h
from bench.capability.capability_gate import LEAST_SAMPLES
from bench.capability.predicted_window import predicted_window
from bench.profile import Profile, Sourced
from bench.therapy import Continuous, Flex, SingleBolus
from bench.weighing import Weighing
from groundfloor.errors import BenchFault
from instruments.program import Step
from metrology.gravimetry import BalanceSpecification, Evaporation
from metrology.verdict import Measurement, Verdict, judge
from tests.unit.imagined_weighing import PROFILE, weighing

INTERVAL_S = 30.0
HOUR_S = 3600.0
LOW_UL_PER_H = 2.0

rates = st.floats(2.0, 1000.0)
specifications = st.builds(
    BalanceSpecification,
    readability_mg=st.sampled_from([0.001, 0.01, 0.1, 1.0]),
    repeatability_mg=st.floats(0.001, 2.0),
    linearity_mg=st.floats(0.0, 2.0),
    drift_mg_per_day=st.floats(0.0, 2.0),
    calibration_expanded_uncertainty_mg=st.floats(0.0, 1.0),
)
blanks = st.builds(
    Evaporation,
    rate_mg_per_h=st.floats(-0.1, 0.2),
    standard_uncertainty_mg_per_h=st.floats(0.001, 1.0),
    dof=st.just(59),
    blank_h=st.sampled_from([1.0, 4.0, 12.0]),
    measured_at_s=st.just(1800.0),
)


BOLUS = (41.6667, PROFILE.patient_bolus.volume_ul.value, float(PROFILE.patient_bolus.duration_s.value))
"""Beside which rate, volume and duration."""


def gate(of: Weighing, profile: Profile = PROFILE, interval_s: float = INTERVAL_S) -> CapabilityGate:
    return CapabilityGate(of, profile, interval_s)


@settings(max_examples=40)
@given(rates, specifications, blanks)
def test_what_is_found_resolves_and_one_stroke_less_does_not(
    rate: float, specification: BalanceSpecification, blank: Evaporation
) -> None:
    asked = gate(weighing(specification, blank))
    found = asked.shortest(rate)
    period_s = PROFILE.stroke_period_s(rate)
    if found is None:
        assert not asked.predict(rate, math.floor(asked._most_s(rate) / period_s) * period_s).resolves
        return
    strokes = found.duration_s / period_s
    assert strokes == pytest.approx(round(strokes), abs=1e-6)
    assert found.resolves
    assert round(strokes) == 1 or not asked.predict(rate, found.duration_s - period_s).resolves


@settings(max_examples=40)
@given(rates, specifications, blanks, st.floats(60, 1e5), st.floats(1.05, 10))
def test_a_longer_window_is_worth_no_less(
    rate: float, specification: BalanceSpecification, blank: Evaporation, duration_s: float, times: float
) -> None:
    asked = gate(weighing(specification, blank))
    short, long = asked.predict(rate, duration_s), asked.predict(rate, times * duration_s)
    # k grows by a hundredth where few degrees of freedom come to lead
    assert long.uncertainty_ratio > 0.98 * short.uncertainty_ratio


@settings(max_examples=40)
@given(rates, specifications, blanks, st.floats(60, 1e6))
def test_a_good_pump_passes_in_every_window_that_the_gate_lets_through_and_in_no_hopeless_one(
    rate: float, specification: BalanceSpecification, blank: Evaporation, duration_s: float
) -> None:
    means = weighing(specification, blank)
    found = gate(means).predict(rate, duration_s)
    window = predicted_window(means, PROFILE, rate, duration_s)
    exactly_ul = window.weighed + (window.expected_ul - window.weighed.value)
    right = replace(window.volume, quantity=exactly_ul)
    if found.resolves:
        third = exactly_ul + window.tolerance_ul / 3
        assert judge(right).verdict is Verdict.PASS
        assert judge(replace(right, quantity=third)).verdict is Verdict.PASS
    if found.uncertainty_ratio < 1:
        assert judge(right).verdict is Verdict.INCONCLUSIVE


def test_the_ratio_of_gate_and_verdict_is_the_same_number() -> None:
    means = weighing()
    measured: Measurement = predicted_window(means, PROFILE, 41.6667, HOUR_S).volume
    assert judge(measured).uncertainty_ratio == gate(means).predict(41.6667, HOUR_S).uncertainty_ratio


def test_a_third_of_the_tolerance_leaves_two_standard_uncertainties_at_the_ratio_that_is_demanded() -> None:
    """1 − 1/3 − 1/TUR of the tolerance is what may go wrong by chance: 2u at TUR 3, 97.7 % of a normal distribution."""
    ratio = PROFILE.uncertainty_ratio_min.value
    room_in_u = (1 - 1 / 3 - 1 / ratio) * ratio * 2
    assert room_in_u == pytest.approx(2.0)
    assert 0.5 * math.erfc(-room_in_u / math.sqrt(2)) == pytest.approx(0.97725, abs=1e-5)


def test_the_lowest_rate_of_the_profile_takes_hours_and_is_accumulated_mass() -> None:
    asked = gate(weighing())
    found = asked.shortest(LOW_UL_PER_H)
    assert found is not None
    assert 3 * HOUR_S < found.duration_s < 12 * HOUR_S
    assert asked.judged_as(LOW_UL_PER_H) == "accumulated mass"
    assert asked.judged_as(1000.0) == "a flow rate"


def test_too_short_a_window_is_refused_with_the_shortest_and_a_balance_that_would_do() -> None:
    asked = gate(weighing())
    with pytest.raises(
        BenchFault, match=r"resolve ±14.5 % of 2 µL/h in 3600 s \(1 h\): U would be .* 3 is demanded"
    ) as told:
        asked.require(LOW_UL_PER_H, HOUR_S)
    (named,) = re.findall(r"weigh for at least (\d+) s", str(told.value))
    assert asked.require(LOW_UL_PER_H, float(named)).resolves
    with pytest.raises(BenchFault):
        asked.require(LOW_UL_PER_H, 0.9 * float(named))


COARSE = BalanceSpecification(1.0, 1.0, 1.0, 0.2, 0.5)
LAX = PROFILE.model_copy(
    update={key: Sourced(value=36000, source="assumed") for key in ("excess_max_s", "interruption_max_s")}
)
"""A pump that promises next to nothing of any window, so that only the named ones decide."""


def test_a_blank_that_says_too_little_is_named_with_the_blank_that_would_do() -> None:
    blank = Evaporation(0.0, 0.43, 59, 1.0, 1800.0)
    with pytest.raises(BenchFault) as told:
        gate(weighing(COARSE, blank), LAX).require(20.0, HOUR_S)
    ((blank_s, window_s),) = re.findall(
        r"set blank_s of the bench file to (\d+) s .*? and weigh for at least (\d+) s", str(told.value)
    )
    longer = float(blank_s) / 3600
    better = replace(blank, blank_h=longer, standard_uncertainty_mg_per_h=0.43 / longer)
    assert gate(weighing(COARSE, better)).require(20.0, float(window_s)).resolves


def test_the_balance_that_is_named_would_do_in_the_time_that_was_asked_for() -> None:
    with pytest.raises(BenchFault, match=r"or take a balance of 0\.1 mg readability"):
        gate(weighing(COARSE, Evaporation(0.0, 0.1, 59, 4.0, 1800.0)), LAX).require(20.0, HOUR_S)


def test_no_longer_window_is_named_where_the_promise_of_any_window_could_not_be_held_in_it() -> None:
    asked = gate(weighing(COARSE, Evaporation(0.0, 0.01, 59, 4.0, 1800.0)))
    assert asked.shortest(20.0) is not None
    assert not asked.any_window(20.0).holds
    with pytest.raises(BenchFault) as told:
        asked.require(20.0, HOUR_S)
    assert "weigh for at least" not in str(told.value)
    assert "take a balance of 0.1 mg readability" in str(told.value)


def test_no_longer_window_is_proposed_than_a_week_or_a_reservoir() -> None:
    asked = gate(weighing(COARSE, Evaporation(0.0, 50.0, 59, 1.0, 1800.0)))
    assert asked.shortest(1000.0) is None
    with pytest.raises(BenchFault, match=r"in 64800 s \(18 h\)"):  # 18 mL above the alarm volume
        asked.require(1000.0)
    with pytest.raises(BenchFault, match=r"in 604800 s \(7 d\)"):
        asked.require(LOW_UL_PER_H)


def test_a_window_must_hold_samples() -> None:
    rare = gate(weighing(), interval_s=600.0)
    found = rare.shortest(1000.0)
    assert found is not None
    assert found.duration_s == pytest.approx(LEAST_SAMPLES * 600.0, abs=2)
    assert "0.5 samples would come, 2 are demanded" in str(rare.predict(1000.0, 300.0))


def test_a_stopped_pump_cuts_no_stroke_so_a_shorter_window_shows_that_nothing_flows() -> None:
    asked = gate(weighing())
    stopped, running = asked.shortest(LOW_UL_PER_H, stopped=True), asked.shortest(LOW_UL_PER_H)
    assert stopped is not None
    assert running is not None
    assert stopped.duration_s < running.duration_s


def test_a_bolus_that_cannot_be_resolved_is_refused() -> None:
    assert gate(weighing()).require_bolus(*BOLUS).resolves
    with pytest.raises(BenchFault, match=r"resolve ±14.5 % of a 20 µL bolus: .*take a balance of 0\.1 mg"):
        gate(weighing(COARSE, Evaporation(0.0, 0.1, 59, 4.0, 1800.0))).require_bolus(*BOLUS)


def test_a_search_looks_after_the_pump_before_each_of_its_predictions() -> None:
    """One prediction takes some milliseconds, a search a tenth of a second, in which no heartbeat would be given."""
    looks: list[float] = []
    asked = CapabilityGate(weighing(), PROFILE, INTERVAL_S + 0.125, between=lambda: looks.append(0.0))
    assert asked.shortest(41.0) is not None
    assert len(looks) >= 5
    asked.predict(41.0, 3600.0)
    told = len(looks)
    asked.shortest(41.0)
    assert len(looks) == told  # it is remembered, and takes no time


def test_a_profile_may_demand_more() -> None:
    stricter = PROFILE.model_copy(update={"uncertainty_ratio_min": Sourced(value=4, source="assumed")})
    usual, strict = (gate(weighing(), profile).shortest(LOW_UL_PER_H) for profile in (PROFILE, stricter))
    assert usual is not None
    assert strict is not None
    assert strict.duration_s > usual.duration_s


def test_the_slowest_rate_of_a_therapy_decides() -> None:
    flex = Flex((Step(0, 40.0), Step(360, 0.0), Step(720, 20.0)))
    assert [slowest_rate_ul_per_h(one) for one in (Continuous(7.0), flex, SingleBolus(10.0, 60))] == [7.0, 20.0, None]
