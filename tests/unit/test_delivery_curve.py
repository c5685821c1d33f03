# SPDX-License-Identifier: Apache-2.0
"""The delivery curve: what it refuses, how it is cut and resampled, and the two figures that it tells by itself."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import DeliveryCurve, overall_error_percent, start_up_curve


def every(interval_s: float, count: int, rate_ul_per_h: float = 60.0, begin_s: float = 0.0) -> DeliveryCurve:
    times_s = interval_s * np.arange(count)
    return DeliveryCurve(begin_s + times_s, rate_ul_per_h / 3600 * times_s)


@pytest.mark.parametrize(
    ("times_s", "volumes_ul", "message"),
    [
        ([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, math.nan, math.nan], r"volumes_ul\[2\] is nan"),
        ([0.0, 1.0, 2.0, 3.0], [0.0, -math.inf, 1.0, 1.0], r"volumes_ul\[1\] is -inf"),
        ([math.nan, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0], r"times_s\[0\] is nan"),
        ([0.0, 1.0, 1.0, 3.0], [0.0, 1.0, 2.0, 3.0], r"times_s\[2\] is 1 after 1"),
        ([0.0, 3.0, 2.0, 1.0], [0.0, 1.0, 2.0, 3.0], r"times_s\[2\] is 2 after 3"),
    ],
)
def test_what_makes_no_curve_is_refused_with_its_first_index(
    times_s: list[float], volumes_ul: list[float], message: str
) -> None:
    with pytest.raises(Inconclusive, match=message):
        DeliveryCurve(np.array(times_s), np.array(volumes_ul))


@pytest.mark.parametrize(("times", "volumes"), [((3,), (2,)), ((1,), (1,)), ((0,), (0,)), ((2, 2), (2, 2))])
def test_rows_that_do_not_belong_together_are_refused(times: tuple[int, ...], volumes: tuple[int, ...]) -> None:
    with pytest.raises(PlanError, match="two rows of the same length"):
        DeliveryCurve(np.zeros(times), np.zeros(volumes))


def test_a_curve_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        every(30.0, 10).volumes_ul[0] = 1.0


def test_duration_and_mean_rate_are_from_the_first_sample_to_the_last() -> None:
    curve = DeliveryCurve(np.array([100.0, 200.0, 1900.0]), np.array([5.0, 9.0, 25.0]))
    assert (curve.duration_s, curve.mean_rate_ul_per_h, curve.typical_interval_s) == (1800.0, 40.0, 900.0)
    assert overall_error_percent(curve, 50.0) == pytest.approx(-20.0)
    with pytest.raises(PlanError, match="is not over zero"):
        overall_error_percent(curve, 0.0)


def test_a_stretch_begins_and_ends_where_it_is_told_to() -> None:
    stretch = every(30.0, 100, begin_s=7.0).between(3607 - 3000, 1807.0)
    assert (stretch.times_s[0], stretch.times_s[-1], len(stretch.times_s)) == (607.0, 1807.0, 41)
    between_samples = every(30.0, 100).between(40.0, 100.0)
    assert between_samples.times_s.tolist() == [40.0, 60.0, 90.0, 100.0]
    assert between_samples.volumes_ul == pytest.approx(np.array([40.0, 60.0, 90.0, 100.0]) / 60)


@pytest.mark.parametrize(("from_s", "to_s"), [(10.0, 10.0), (20.0, 10.0), (math.nan, 10.0)])
def test_a_stretch_that_is_none_is_refused(from_s: float, to_s: float) -> None:
    with pytest.raises(PlanError, match="is no stretch of time"):
        every(30.0, 10).between(from_s, to_s)


@pytest.mark.parametrize(("from_s", "to_s", "seen"), [(-1.0, 10.0, "-1"), (0.0, 300.0, "300"), (0.0, math.inf, "inf")])
def test_a_stretch_beyond_what_was_recorded_is_refused(from_s: float, to_s: float, seen: str) -> None:
    with pytest.raises(Inconclusive, match=f"{seen} s is asked for, but it reaches from 0 s to 270 s"):
        every(30.0, 10).between(from_s, to_s)


def test_an_end_that_only_rounding_keeps_off_the_curve_is_its_end() -> None:
    curve = every(0.1, 4)  # the last sample is at 0.30000000000000004 s
    assert curve.between(0.1, 0.3 + 1e-15).times_s[-1] == curve.times_s[-1]
    assert curve.between(-1e-12, 0.3).times_s[0] == 0.0


def with_a_gap() -> DeliveryCurve:
    times_s = np.delete(30.0 * np.arange(20), [8, 9])
    return DeliveryCurve(times_s, times_s / 60)


def test_a_stretch_that_begins_in_a_gap_is_refused() -> None:
    with pytest.raises(Inconclusive, match=r"no sample for 90 s after index 7 \(210 s\); the longest gap is 75 s"):
        with_a_gap().between(250.0, 400.0)
    assert with_a_gap().between(250.0, 400.0, longest_gap_s=90.0).times_s[0] == 250.0
    assert with_a_gap().between(210.0, 300.0).times_s.tolist() == [210.0, 300.0]


def test_a_gap_is_never_filled_by_resampling() -> None:
    with pytest.raises(Inconclusive, match=r"no sample for 90 s after index 7"):
        with_a_gap().on_grid(30.0)
    assert len(with_a_gap().on_grid(30.0, longest_gap_s=90.0).times_s) == 20


def test_one_lost_sample_is_no_gap() -> None:
    times_s = np.delete(30.0 * np.arange(20), 8)
    curve = DeliveryCurve(times_s, times_s / 60).on_grid(30.0)
    assert curve.volumes_ul == pytest.approx(30.0 * np.arange(20) / 60)


def test_samples_on_the_grid_are_taken_as_they_are() -> None:
    curve = every(1 / 3, 1000, begin_s=1.8e9)
    assert curve.on_grid(1 / 3) is curve


@pytest.mark.parametrize("late_s", [-0.1, 0.1])
def test_a_single_sample_beside_the_grid_is_interpolated(late_s: float) -> None:
    times_s = 30.0 * np.arange(10)
    times_s[4] += late_s
    grid = DeliveryCurve(times_s, np.append(np.zeros(5), np.ones(5))).on_grid(30.0)
    assert grid.times_s[4] == 120.0
    assert grid.volumes_ul[4] == pytest.approx(max(0.0, -late_s) / (30 - late_s))


def test_intervals_that_are_no_binary_fraction_are_counted_as_a_person_counts_them() -> None:
    grid = DeliveryCurve(np.array([0.0, 0.1, 0.2, 0.3]), np.arange(4.0)).on_grid(0.1)  # 0.3 / 0.1 < 3
    assert grid.volumes_ul == pytest.approx([0.0, 1.0, 2.0, 3.0])


@example(late_s=[0.0] * 29 + [-1.2e-7], interval_s=30.0)
@given(
    late_s=st.lists(st.floats(-5, 5), min_size=30, max_size=30), interval_s=st.sampled_from([20.0, 30.0, 60.0, 90.0])
)
def test_resampling_follows_a_straight_line_however_the_samples_lie(late_s: list[float], interval_s: float) -> None:
    times_s = 30.0 * np.arange(30) + late_s
    grid = DeliveryCurve(times_s, times_s / 60).on_grid(interval_s)
    assert grid.times_s == pytest.approx(times_s[0] + interval_s * np.arange(len(grid.times_s)))
    reached_s = np.minimum(grid.times_s, times_s[-1])  # a millionth of an interval beyond it, the last sample is kept
    assert grid.times_s[-1] - reached_s[-1] <= 1e-6 * interval_s
    assert grid.volumes_ul == pytest.approx(reached_s / 60, abs=1e-9)
    assert times_s[-1] - grid.times_s[-1] < interval_s


def test_what_is_left_over_beyond_the_last_whole_interval_is_cut_off() -> None:
    assert every(30.0, 12).on_grid(60.0).duration_s == 300.0


@pytest.mark.parametrize(
    ("interval_s", "message"), [(0.0, "0 s is not over zero"), (math.nan, "nan s"), (300.0, "long")]
)
def test_a_sampling_interval_that_cannot_be_is_refused(interval_s: float, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        every(30.0, 10).on_grid(interval_s)


def test_the_start_up_curve_tells_the_rate_in_each_interval_of_the_first_two_hours() -> None:
    times_s = 30.0 * np.arange(400)
    curve = DeliveryCurve(500 + times_s, np.where(times_s <= 600, times_s / 3600 * 30, 5 + (times_s - 600) / 3600 * 60))
    start_up = start_up_curve(curve, 60.0)
    assert (start_up.times_s[0], start_up.times_s[-1], len(start_up.times_s)) == (60.0, 7200.0, 120)
    assert start_up.rates_ul_per_h == pytest.approx([30.0] * 10 + [60.0] * 110)


def test_a_start_that_was_not_recorded_to_its_end_is_refused() -> None:
    with pytest.raises(Inconclusive, match="span 7170 s of the 7200 s asked for"):
        start_up_curve(every(30.0, 240), 30.0)
    with pytest.raises(PlanError, match="sampling intervals"):
        start_up_curve(every(30.0, 240), 30.0, 100.0)
