# SPDX-License-Identifier: Apache-2.0
"""What the display does and no pump can is taken out; what a pump could have done stays."""

import numpy as np
import pytest

from metrology.any_window import Jump, Span, find_jumps, odd_ul, take_knocks, without, worst_window
from metrology.delivery import FloatArray

STROKE_UL, NOISE_UL, DIGIT_UL, RATE = 0.5, 0.02, 0.01, 41.6667
TIMES_S = 30.0 * np.arange(480)


def even(seed: int = 1) -> FloatArray:
    """Four hours of an even flow."""
    return RATE / 3600 * TIMES_S + NOISE_UL * np.random.default_rng(seed).normal(size=len(TIMES_S))


def on_the_pan(size_ul: float, first: int, last: int) -> FloatArray:
    return np.where((np.arange(len(TIMES_S)) >= first) & (np.arange(len(TIMES_S)) <= last), size_ul, 0.0)


def excess_ul(times_s: FloatArray, volumes_ul: FloatArray) -> float:
    found = worst_window(times_s, volumes_ul - 1.145 * RATE / 3600 * times_s)
    assert found is not None
    return found.rise_ul


@pytest.mark.parametrize("size_ul", [-200.0, -3.0, 3.0, 200.0])
@pytest.mark.parametrize("last", [200, 201, 220])
def test_a_knock_that_goes_away_leaves_the_curve_as_it_was(size_ul: float, last: int) -> None:
    taken = take_knocks(TIMES_S, even() + on_the_pan(size_ul, 200, last), NOISE_UL, DIGIT_UL, STROKE_UL)
    (knock,) = taken.knocks
    assert knock.span == Span(30.0 * 199, 30.0 * (last + 1))
    assert knock.size_ul == pytest.approx(size_ul, abs=0.2)
    assert knock.kept is (last > 203)
    assert excess_ul(TIMES_S[taken.kept], taken.volumes_ul[taken.kept]) < 0.15
    assert taken.volumes_ul[taken.kept] == pytest.approx(even()[taken.kept], abs=0.15)


def test_readings_under_a_restless_weight_are_left_out() -> None:
    restless = on_the_pan(50.0, 200, 210) + on_the_pan(4.0, 204, 206)
    taken = take_knocks(TIMES_S, even() + restless, NOISE_UL, DIGIT_UL, STROKE_UL)
    assert not taken.kept[200:211].any()
    assert taken.kept.sum() == len(TIMES_S) - 11


def test_a_fall_that_stays_is_told() -> None:
    taken = take_knocks(TIMES_S, even() + on_the_pan(-30.0, 200, 479), NOISE_UL, DIGIT_UL, STROKE_UL)
    assert taken.falls == (Span(30.0 * 199, 30.0 * 200),)
    assert taken.kept.all()


def test_an_undisturbed_curve_is_handed_on_as_it_is() -> None:
    for seed in range(50):
        volumes_ul = even(seed)
        taken = take_knocks(TIMES_S, volumes_ul, NOISE_UL, DIGIT_UL, STROKE_UL)
        assert taken.volumes_ul is volumes_ul
        assert taken.kept.all()
        assert not (taken.knocks)
        assert not (taken.falls)


def test_a_burst_and_a_knock_on_top_of_it_leave_the_burst() -> None:
    burst_ul = 20.0 * np.clip((TIMES_S - 6000.0) / 60, 0, 1)
    taken = take_knocks(TIMES_S, even() + burst_ul + on_the_pan(80.0, 199, 210), NOISE_UL, DIGIT_UL, STROKE_UL)
    assert excess_ul(TIMES_S[taken.kept], taken.volumes_ul[taken.kept]) > 18.5


def jumps_in(more_ul: FloatArray) -> tuple[Jump, ...]:
    allowed_ul, due_ul = (share * RATE / 3600 * TIMES_S for share in (1.145, 0.855))
    return find_jumps(TIMES_S, even() + more_ul, allowed_ul, due_ul, odd_ul(NOISE_UL, DIGIT_UL, STROKE_UL))


def test_what_rises_in_one_interval_is_a_jump_and_what_takes_two_is_flow() -> None:
    (jump,) = jumps_in(on_the_pan(12.0, 200, 479))
    assert jump.span == Span(30.0 * 199, 30.0 * 200)
    assert jump.size_ul == pytest.approx(12.0, abs=0.2)
    assert not jump.makes_up
    assert jumps_in(12.0 * np.clip((TIMES_S - 6010.0) / 60, 0, 1)) == ()
    left_ul = without(TIMES_S, on_the_pan(12.0, 200, 479), (jump,))
    assert np.abs(left_ul).max() == pytest.approx(0.0, abs=0.2)


def test_a_drop_makes_up_for_what_lacked_before_it_fell() -> None:
    period_s = 12.0 / RATE * 3600
    hanging_ul = RATE / 3600 * (TIMES_S % period_s)
    found = jumps_in(-hanging_ul)
    assert len(found) == int(TIMES_S[-1] / period_s)
    assert all(one.makes_up for one in found)
