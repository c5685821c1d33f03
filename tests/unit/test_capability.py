# SPDX-License-Identifier: Apache-2.0
"""What a predicted window is worth, and what else would do: the figures, one by one."""

from dataclasses import replace

import pytest

from bench.capability import CapabilityGate, slowest_rate_ul_per_h
from bench.capability.better_means import finer_balances, longer_blanks
from bench.capability.capability import Capability
from bench.capability.predicted_window import predicted_window
from bench.therapy import Continuous, Flex
from groundfloor.errors import PlanError
from instruments.program import Step
from metrology.gravimetry import BalanceSpecification, Evaporation, Repeatability
from metrology.uncertainty import Influence, quantity_from
from metrology.verdict import Limits, Measurement
from tests.unit.imagined_weighing import PROFILE, weighing

HOUR_S = 3600.0
BLANK = Evaporation(0.03, 0.01, 59, 1.0, 1800.0)


def worth(u_ul: float = 1.0, samples: float = 120.0, lower: float | None = 97.0, upper: float = 109.0) -> Capability:
    small, large = Influence.type_b("small", 103.0, "µL", 0.001), Influence.type_b("large", 0.0, "µL", u_ul)
    quantity = quantity_from(small.number + large.number, "µL", (small, large))
    measured = Measurement("volume", quantity, Limits(lower, upper, "µL", "here"))
    return Capability.of(measured, HOUR_S, demanded_ratio=3.0, samples=samples, least_samples=2)


def test_the_ratio_is_half_the_span_of_the_limits_over_u() -> None:
    found = worth()
    assert found.tolerance_ul == 6.0
    assert found.expanded_uncertainty_ul == pytest.approx(1.95996, abs=1e-4)
    assert found.uncertainty_ratio == pytest.approx(6.0 / 1.95996, abs=1e-4)
    assert found.mostly == "large"
    assert str(found).startswith("U would be 1.96 µL, the tolerance is ±6 µL: TUR 3.06, 3 is demanded; most of U is la")


@pytest.mark.parametrize(
    ("u_ul", "samples", "resolves"),
    [(1.0, 120.0, True), (1.1, 120.0, False), (1.0, 1.9, False), (1.0, 2.0, True), (1.1, 1.9, False)],
)
def test_ratio_and_samples_must_both_be_enough(u_ul: float, samples: float, resolves: bool) -> None:
    assert worth(u_ul, samples).resolves is resolves


def test_without_two_limits_there_is_nothing_to_resolve() -> None:
    with pytest.raises(PlanError, match="give it both"):
        worth(lower=None)


def test_a_predicted_window_delivers_what_is_programmed_and_the_bolus_on_top() -> None:
    window = predicted_window(weighing(), PROFILE, 36.0, 2 * HOUR_S, bolus_ul=20.0)
    assert (window.expected_ul, window.counter_ul, window.duration_h) == (92.0, 92.0, 2.0)
    assert window.weighed.value == pytest.approx(92.0, rel=2e-3)
    assert {mark.mass.readings for mark in (window.start, window.end)} == {11}


def test_only_a_running_pump_can_be_caught_inside_a_stroke() -> None:
    running, stopped = (
        predicted_window(weighing(), PROFILE, 2.0, HOUR_S, stopped=stopped).delivered for stopped in (False, True)
    )
    assert (running.allows_for_strokes, stopped.allows_for_strokes) == (True, False)


def test_the_longest_that_is_proposed_is_a_week_or_what_the_reservoir_holds_above_its_alarm() -> None:
    gate = CapabilityGate(weighing(), PROFILE, 30.0)
    assert gate._most_s(1000.0) == pytest.approx(18 * HOUR_S)
    assert gate._most_s(2.0) == 7 * 24 * HOUR_S


def test_a_bench_that_nobody_has_measured_must_be_better_by_the_margin() -> None:
    usual, careful = (CapabilityGate(weighing(), PROFILE, 30.0, margin) for margin in (1.0, 1.25))
    assert usual.predict(41.67, HOUR_S).demanded_ratio == PROFILE.uncertainty_ratio_min.value == 3.0
    assert careful.predict(41.67, HOUR_S).demanded_ratio == 3.75
    assert usual.predict(41.67, HOUR_S).samples == 120.0


def test_what_resolves_within_an_hour_is_a_flow_rate_and_two_samples_are_the_least() -> None:
    gate = CapabilityGate(weighing(), PROFILE, interval_s=1800.0)
    shortest = gate.shortest(1000.0)
    assert shortest is not None
    assert shortest.duration_s == pytest.approx(HOUR_S, abs=2.0)
    assert shortest.least_samples == 2
    rarer = CapabilityGate(weighing(), PROFILE, interval_s=1900.0)
    assert (gate.judged_as(1000.0), rarer.judged_as(1000.0)) == ("a flow rate", "accumulated mass")


def test_a_bolus_is_weighed_until_it_is_over_and_settled_between_two_whole_marks() -> None:
    found = CapabilityGate(weighing(), PROFILE, 30.0).require_bolus(41.6667, 20.0, 600.0)
    assert found.duration_s == pytest.approx(600.0 + PROFILE.settling_time_s(41.6667) + 10.0)
    assert found.tolerance_ul == pytest.approx(2.9)


def test_the_slowest_rate_of_a_therapy_is_that_of_its_slowest_running_step() -> None:
    assert slowest_rate_ul_per_h(Flex((Step(0, 40.0), Step(360, 0.0), Step(720, 20.0)))) == 20.0
    assert slowest_rate_ul_per_h(Continuous(7.0)) == 7.0


def test_a_longer_blank_is_named_in_seconds_and_known_better_by_as_much() -> None:
    (advice, twice), *others = longer_blanks(weighing(blank=BLANK))
    assert advice == "set blank_s of the bench file to 7200 s (2 h)"
    assert len(others) == 4
    found = twice.setup.evaporation
    assert (found.blank_h, found.standard_uncertainty_mg_per_h, found.rate_mg_per_h) == (2.0, 0.005, 0.03)
    assert twice.setup.balance == weighing().setup.balance


def test_an_assumed_loss_has_no_blank_that_could_be_longer() -> None:
    assert list(longer_blanks(weighing(blank=Evaporation(0.0, 0.1)))) == []


def test_a_finer_balance_is_better_in_everything_and_is_named_by_its_last_digit() -> None:
    coarse = BalanceSpecification(0.1, 0.2, 1.0, 2.0, 0.5, Repeatability(0.3, 59))
    of = weighing(replace(coarse), BLANK)
    (advice, tenth), (_, hundredth) = finer_balances(of)
    assert advice == "take a balance of 0.01 mg readability, as much better in everything else"
    found = tenth.setup.balance
    figures = (found.readability_mg, found.repeatability_mg, found.linearity_mg, found.drift_mg_per_day)
    assert figures == pytest.approx((0.01, 0.02, 0.1, 0.2))
    assert found.calibration_expanded_uncertainty_mg == pytest.approx(0.05)
    assert found.measured_repeatability is not None
    assert found.measured_repeatability.standard_deviation_mg == pytest.approx(0.03)
    assert tenth.setup.evaporation.standard_uncertainty_mg_per_h == pytest.approx(0.001)
    assert hundredth.setup.balance.readability_mg == pytest.approx(0.001)


def test_the_finest_class_of_balance_has_none_above_it() -> None:
    assert list(finer_balances(weighing(BalanceSpecification(0.001, 0.002, 0.01, 0.1, 0.01)))) == []
