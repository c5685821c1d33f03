# SPDX-License-Identifier: Apache-2.0
"""Two concentrations and a bridge between them: volume and dose in closed form against second-by-second addition."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.dose import BridgedPrescription, Concentration, Dose, MassUnit, Prescription
from bench.therapy import Bridge, Continuous, RunningSchedule
from groundfloor.errors import PlanError

HOUR_S, PATH_UL = 3600.0, 250.0


def prescribed(ug_per_ml: float, ug_per_day: float) -> Prescription:
    concentration = Concentration(ug_per_ml, MassUnit.MICROGRAM)
    return Prescription("baclofen", concentration, Dose(ug_per_day, MassUnit.MICROGRAM))


STRONGER = BridgedPrescription(prescribed(500.0, 500.0), prescribed(2000.0, 500.0), PATH_UL)
WEAKER = BridgedPrescription(prescribed(2000.0, 2000.0), prescribed(500.0, 2000.0), PATH_UL)


def test_a_bridge_keeps_the_dose_of_a_day_in_both_directions() -> None:
    for bridged, ug_per_h, after_ul_per_h in ((STRONGER, 500.0 / 24, 125.0 / 12), (WEAKER, 2000.0 / 24, 500.0 / 3)):
        therapy = bridged.therapy()
        assert therapy.bridge_rate_ul_per_h == pytest.approx(1000.0 / 24)
        assert therapy.bridge_duration_s == pytest.approx(6 * HOUR_S)
        assert therapy.rate_ul_per_h(6 * HOUR_S, 0.0) == pytest.approx(after_ul_per_h)
        for hour in range(12):
            doses = bridged.doses(hour * HOUR_S, (hour + 1) * HOUR_S, 0.0)
            assert doses.ug == pytest.approx(ug_per_h)
            assert (doses.new_ug == pytest.approx(0.0, abs=1e-9)) is (hour < 6)
            assert (doses.old_ug == pytest.approx(0.0, abs=1e-9)) is (hour >= 6)
    assert STRONGER.without_bridge_times() == 0.25
    assert WEAKER.without_bridge_times() == 4.0


@settings(max_examples=25, deadline=None)
@given(
    st.floats(50.0, 4000.0), st.floats(50.0, 4000.0), st.floats(100.0, 3000.0), st.floats(100.0, 3000.0),
    st.floats(50.0, 600.0), st.integers(0, 1500), st.integers(0, 1500),
)  # fmt: skip
def test_volume_and_dose_of_both_are_what_addition_drop_by_drop_gives(
    old_per_ml: float, new_per_ml: float, old_ug: float, new_ug: float, path_ul: float, from_min: int, lasts_min: int
) -> None:
    bridged = BridgedPrescription(prescribed(old_per_ml, old_ug), prescribed(new_per_ml, new_ug), path_ul)
    slice_s, by_then_ul = 6.0, 0.0
    old, new, first_s, last_s = 0.0, 0.0, 60.0 * from_min, 60.0 * (from_min + lasts_min)
    most_of_a_slice_ug = 0.0
    for number in range(int(last_s / slice_s)):
        bridging = by_then_ul < path_ul
        rate = old_ug * 1000 / old_per_ml / 24 if bridging else new_ug * 1000 / new_per_ml / 24
        drop_ul = rate * slice_s / 3600
        by_then_ul += drop_ul
        dose_ug = drop_ul * (old_per_ml if bridging else new_per_ml) / 1000
        most_of_a_slice_ug = max(most_of_a_slice_ug, dose_ug, drop_ul * max(old_per_ml, new_per_ml) / 1000)
        if number * slice_s >= first_s:
            old, new = (old + dose_ug, new) if bridging else (old, new + dose_ug)
    doses = bridged.doses(first_s, last_s, 0.0)
    assert doses.old_ug == pytest.approx(old, abs=2 * most_of_a_slice_ug)
    assert doses.new_ug == pytest.approx(new, abs=2 * most_of_a_slice_ug + 1e-6 * new)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 90), min_size=2, max_size=8),
    st.lists(st.floats(0.0, 40.0), min_size=4, max_size=4),
    st.integers(30, 600),
)
def test_a_bridge_that_is_stopped_and_primed_goes_on_where_it_was(
    minutes: list[int], primed_ul: list[float], lasts_min: int
) -> None:
    """By hand: minute by minute, a bucket of old drug that anything which leaves the reservoir empties."""
    bridge = Bridge(Continuous(9.0), 100.0, 60.0 * lasts_min)
    schedule, at_min, left_ul = RunningSchedule(bridge), 0, 100.0
    by_hand, primes = 0.0, iter(primed_ul)
    for number, length in enumerate(minutes):
        if number % 2:
            primed = next(primes)
            if primed > 0:
                schedule.prime(60.0 * at_min, primed, 30.0)
            left_ul, by_hand = left_ul - primed, by_hand + primed
            at_min += length
            continue
        schedule.start(60.0 * at_min)
        for _ in range(60 * length):
            a_second_ul = bridge.bridge_rate_ul_per_h / 3600
            share = min(1.0, max(0.0, left_ul / a_second_ul))
            by_hand += share * a_second_ul + (1 - share) * 9.0 / 3600
            left_ul -= a_second_ul if share else 0.0
        at_min += length
        schedule.stop(60.0 * at_min)
    assert schedule.volume_ul(0.0, 60.0 * at_min + 60.0) == pytest.approx(by_hand, rel=1e-9, abs=1e-6)


def test_a_new_program_begins_its_bridge_and_forgets_that_of_the_old_one() -> None:
    schedule = RunningSchedule(Continuous(10.0))
    schedule.start(0.0)
    schedule.change(Bridge(Continuous(20.0), 40.0, 2 * HOUR_S), HOUR_S)
    schedule.stop(2 * HOUR_S)
    schedule.start(5 * HOUR_S)
    assert list(schedule.changes_s(5 * HOUR_S, 9 * HOUR_S)) == [6 * HOUR_S]
    assert schedule.volume_ul(0.0, 7 * HOUR_S) == pytest.approx(10.0 + 40.0 + 20.0)
    schedule.change(Bridge(Continuous(5.0), 40.0, HOUR_S), 7 * HOUR_S)
    assert schedule.volume_ul(7 * HOUR_S, 9 * HOUR_S) == pytest.approx(40.0 + 5.0)


def test_a_pump_that_stands_in_a_bridge_would_go_on_with_it() -> None:
    schedule = RunningSchedule(Bridge(Continuous(20.0), 40.0, HOUR_S))
    schedule.start(0.0)
    schedule.stop(0.5 * HOUR_S)
    assert schedule.rate_if_running_ul_per_h(9 * HOUR_S) == 40.0
    schedule.prime(10 * HOUR_S, 20.0, 60.0)
    assert schedule.rate_if_running_ul_per_h(11 * HOUR_S) == 20.0


def test_a_path_without_volume_is_no_bridge() -> None:
    with pytest.raises(PlanError, match="not over zero"):
        BridgedPrescription(prescribed(500.0, 500.0), prescribed(2000.0, 500.0), 0.0).therapy()
