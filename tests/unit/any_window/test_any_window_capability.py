# SPDX-License-Identifier: Apache-2.0
"""What the gate says beforehand of any window is what simulation found: see docs/detection/any_window.json."""

from dataclasses import replace

import pytest

from bench.capability import CapabilityGate
from bench.profile import Profile, Sourced
from groundfloor.errors import BenchFault
from metrology.gravimetry import BalanceSpecification, Evaporation, Repeatability
from tests.unit.imagined_weighing import PROFILE, weighing

GOOD = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, Repeatability(0.021, 59))
COARSE = BalanceSpecification(1.0, 1.0, 2.0, 2.0, 1.0)
BLANK = Evaporation(0.03, 0.01, 59, 1.0, 1800.0)


def gate(balance: BalanceSpecification = GOOD, profile: Profile = PROFILE, interval_s: float = 30.0) -> CapabilityGate:
    return CapabilityGate(weighing(balance, BLANK), profile, interval_s)


@pytest.mark.parametrize(
    ("rate", "burst_ul", "stall_min"),
    [(2.0, 2.3, 10.3), (10.0, 2.65, 7.6), (41.6667, 5.43, 7.5), (208.333, 20.7, 5.9), (1000.0, 94.0, 5.6)],
)
def test_the_gate_tells_the_smallest_effects_that_simulation_finds(
    rate: float, burst_ul: float, stall_min: float
) -> None:
    found = gate().any_window(rate)
    assert found.holds
    assert found.excess_found_ul == pytest.approx(burst_ul, rel=0.05)
    assert found.interruption_found_s / 60 == pytest.approx(stall_min, rel=0.06)


@pytest.mark.parametrize(("rate", "least_ul"), [(2.0, 0.74), (41.6667, 0.70), (1000.0, 3.9)])
def test_the_tightest_promise_that_can_be_held(rate: float, least_ul: float) -> None:
    # At 1000 µL/h half a minute alone holds 8.3 µL, which a promise in µL has to leave room for.
    interval_s = 10.0 if rate == 1000.0 else 30.0
    assert gate(interval_s=interval_s).any_window(rate).holdable_ul == pytest.approx(least_ul, rel=0.05)


def tight(excess_max_ul: float) -> Profile:
    return PROFILE.model_copy(update={"excess_max_ul": Sourced(value=excess_max_ul, source="a maker's claim")})


def test_a_promise_that_cannot_be_held_is_refused_before_hours_are_spent() -> None:
    assert gate(profile=tight(0.9)).require_any_window(41.6667).holds
    with pytest.raises(BenchFault, match=r"0\.5 µL and 3\.61 µL in any window"):
        gate(profile=tight(0.5)).require_any_window(41.6667)
    with pytest.raises(BenchFault, match=r"take a balance of 0\.1 mg readability"):
        gate(COARSE).require_any_window(41.6667)
    assert gate(COARSE).require_any_window(1000.0).holds


def test_samples_so_rare_that_one_interval_holds_the_whole_promise_hold_none() -> None:
    assert not gate(interval_s=360.0).any_window(41.6667).holds


def test_a_balance_without_a_blank_tells_by_its_data_sheet() -> None:
    assert gate(replace(GOOD, measured_repeatability=None)).any_window(2.0).holds
