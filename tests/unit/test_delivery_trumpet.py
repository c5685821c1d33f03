# SPDX-License-Identifier: Apache-2.0
"""The trumpet curve against closed forms, against counting window by window, and what it refuses."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import GENERAL_WINDOWS_S, DeliveryCurve, FloatArray, trumpet, whole_stroke_windows_s
from metrology.delivery.blocks import BLOCK

INTERVAL_S = 30.0
RATE_UL_PER_H = 41.7


def curve(volumes_ul: FloatArray, interval_s: float = INTERVAL_S) -> DeliveryCurve:
    return DeliveryCurve(interval_s * np.arange(len(volumes_ul)), volumes_ul)


def strokes(period_s: float, stroke_ul: float, count: int) -> DeliveryCurve:
    """Equal strokes, none of them at the very instant of a sample."""
    times_s = INTERVAL_S * np.arange(count)
    return DeliveryCurve(times_s, stroke_ul * np.floor((times_s + INTERVAL_S / 2) / period_s))


@pytest.mark.parametrize("window_s", [60.0, 210.0, 300.0, 420.0, 1860.0])
def test_equal_strokes_meet_the_closed_form(window_s: float) -> None:
    """A window P over strokes of period τ holds ⌊P/τ⌋ or ⌈P/τ⌉ of them, depending on where it begins.

    With the set rate r = V/τ the programmed volume is V·P/τ, so that the errors are 100 (⌈P/τ⌉ τ/P - 1) and
    100 (⌊P/τ⌋ τ/P - 1). Here τ = 7 S, so that windows begin in every phase in which a grid can meet the strokes.
    """
    period_s, stroke_ul = 7 * INTERVAL_S, 0.5
    set_rate_ul_per_h = 3600 * stroke_ul / period_s
    (window,) = trumpet(
        strokes(period_s, stroke_ul, 2000), set_rate_ul_per_h, INTERVAL_S, [window_s], stroke_ul
    ).windows
    in_strokes = window_s / period_s
    assert window.greatest_percent == pytest.approx(100 * (math.ceil(in_strokes) / in_strokes - 1), abs=1e-4)
    assert window.least_percent == pytest.approx(100 * (math.floor(in_strokes) / in_strokes - 1), abs=1e-4)
    assert window.strokes == pytest.approx(in_strokes)
    assert window.whole_strokes is (in_strokes in {1.0, 2.0})


@pytest.mark.parametrize("window_s", GENERAL_WINDOWS_S)
def test_a_sinusoidal_rate_meets_the_closed_form(window_s: float) -> None:
    """The rate is r (1 + a sin ωt), ω = 2π/T, so the volume is r t + (r a/ω)(1 - cos ωt).

    Over the window from t to t + P, cos ωt - cos ω(t+P) = 2 sin(ωP/2) sin ω(t + P/2). So the error of its mean rate is
    100 a (sin x / x) sin ω(t + P/2) % with x = ωP/2 = πP/T, and its extremes are ±100 a |sin x| / x %. They are reached
    where t + P/2 is T/4 or 3T/4. On a grid that comes within S/2 of it, no more than (ωS/2)²/2 of them is missed: with
    T = 3 h and S = 1 s 4e-8, and 1e-6 % at a = 0.3.
    """
    share, period_s, interval_s = 0.3, 10800.0, 1.0
    pulsation = 2 * math.pi / period_s
    times_s = interval_s * np.arange(4 * round(period_s) + 1)
    volumes_ul = RATE_UL_PER_H / 3600 * (times_s + share / pulsation * (1 - np.cos(pulsation * times_s)))
    (window,) = trumpet(DeliveryCurve(times_s, volumes_ul), RATE_UL_PER_H, interval_s, [window_s]).windows
    x = math.pi * window_s / period_s
    assert window.greatest_percent == pytest.approx(100 * share * abs(math.sin(x)) / x, abs=1e-4)
    assert window.least_percent == pytest.approx(-100 * share * abs(math.sin(x)) / x, abs=1e-4)


def test_windows_of_whole_strokes_show_no_error_of_equal_strokes() -> None:
    period_s, stroke_ul = 7 * INTERVAL_S, 0.5
    windows_s = whole_stroke_windows_s(period_s, INTERVAL_S, [1, 2, 5, 50])
    assert windows_s == (210.0, 420.0, 1050.0, 10500.0)
    result = trumpet(strokes(period_s, stroke_ul, 2000), 3600 * stroke_ul / period_s, INTERVAL_S, windows_s, stroke_ul)
    for window in result.windows:
        assert (window.greatest_percent, window.least_percent) == pytest.approx((0, 0), abs=1e-9)
        assert window.whole_strokes is True


def brute_force_percent(volumes_ul: FloatArray, count: int) -> list[float]:
    """E_j as the standard writes it: the mean over the window of each sample's error."""
    flows = [3600 * (after - before) / INTERVAL_S for before, after in pairwise(volumes_ul)]
    errors = [100 * (flow - RATE_UL_PER_H) / RATE_UL_PER_H for flow in flows]
    return [math.fsum(errors[j : j + count]) / count for j in range(len(errors) - count + 1)]


deliveries = st.lists(st.floats(-0.1, 2.0), min_size=1, max_size=60)


@given(weighed_ul=deliveries, share=st.floats(0, 1))
def test_it_agrees_with_the_sum_that_the_standard_writes(weighed_ul: list[float], share: float) -> None:
    volumes_ul = np.concatenate(([0.0], np.cumsum(weighed_ul)))
    count = max(1, round(share * len(weighed_ul)))
    errors = brute_force_percent(volumes_ul, count)
    (window,) = trumpet(curve(volumes_ul), RATE_UL_PER_H, INTERVAL_S, [count * INTERVAL_S]).windows
    assert window.count == len(errors)
    assert window.greatest_percent == pytest.approx(max(errors), abs=1e-6)
    assert window.least_percent == pytest.approx(min(errors), abs=1e-6)


@given(weighed_ul=deliveries)
def test_the_overall_error_lies_between_the_extremes_of_single_samples(weighed_ul: list[float]) -> None:
    result = trumpet(curve(np.cumsum([0.0, *weighed_ul])), RATE_UL_PER_H, INTERVAL_S, [INTERVAL_S])
    (window,) = result.windows
    assert window.least_percent - 1e-6 <= result.overall_error_percent <= window.greatest_percent + 1e-6


@given(weighed_ul=deliveries)
def test_a_window_as_long_as_the_analysis_shows_the_overall_error_alone(weighed_ul: list[float]) -> None:
    result = trumpet(curve(np.cumsum([0.0, *weighed_ul])), RATE_UL_PER_H, INTERVAL_S, [INTERVAL_S * len(weighed_ul)])
    (window,) = result.windows
    assert window.count == 1
    assert window.greatest_percent == window.least_percent == pytest.approx(result.overall_error_percent, abs=1e-9)


@pytest.mark.parametrize("index", [0, BLOCK - 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5])
def test_an_extreme_is_seen_wherever_the_blocks_of_the_computation_meet(index: int) -> None:
    weighed_ul = np.ones(2 * BLOCK + 6)
    weighed_ul[index] = 3.0
    result = trumpet(curve(np.cumsum([0.0, *weighed_ul])), 120.0, INTERVAL_S, [INTERVAL_S])
    (window,) = result.windows
    assert (window.greatest_percent, window.least_percent) == pytest.approx((200.0, 0.0), abs=1e-9)


def test_the_origin_of_time_and_of_volume_does_not_matter() -> None:
    volumes_ul = np.cumsum(np.random.default_rng(4).random(500))
    here = trumpet(curve(volumes_ul), RATE_UL_PER_H, INTERVAL_S, GENERAL_WINDOWS_S[:1])
    epoch = DeliveryCurve(1.8e9 + INTERVAL_S * np.arange(500), volumes_ul - 321.0)
    there = trumpet(epoch, RATE_UL_PER_H, INTERVAL_S, GENERAL_WINDOWS_S[:1])
    assert there.windows[0].greatest_percent == pytest.approx(here.windows[0].greatest_percent, abs=1e-6)
    assert there.overall_error_percent == pytest.approx(here.overall_error_percent, abs=1e-6)


def test_what_was_analysed_is_told() -> None:
    result = trumpet(curve(np.arange(121.0)), 120.0, INTERVAL_S, [120.0, 3600.0])
    assert (result.sample_interval_s, result.analysis_s, result.set_rate_ul_per_h) == (30.0, 3600.0, 120.0)
    assert [window.count for window in result.windows] == [117, 1]  # (T - P)/S + 1
    assert result.windows[0].strokes is None
    assert result.windows[0].whole_strokes is None
    assert "Borrowed practice" in result.borrowed_practice


def test_a_measured_stroke_period_goes_before_the_nominal_one() -> None:
    (window,) = trumpet(
        curve(np.arange(121.0)), 120.0, INTERVAL_S, [120.0], stroke_volume_ul=1.0, stroke_period_s=48.0
    ).windows
    assert (window.strokes, window.whole_strokes) == (2.5, False)


@pytest.mark.parametrize(
    ("windows_s", "message"),
    [
        ([45.0], r"45 s is 1\.5 sampling intervals of 30 s"),
        ([120.0, 3630.0], "3630 s, but the analysis period is 3600 s"),
        ([0.0], "0 s is 0 sampling intervals"),
        ([math.nan], "nan s is nan sampling intervals"),
        ([], "name at least one"),
    ],
)
def test_a_window_that_cannot_be_is_refused(windows_s: list[float], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        trumpet(curve(np.arange(121.0)), 120.0, INTERVAL_S, windows_s)


@pytest.mark.parametrize("set_rate_ul_per_h", [0.0, -1.0, math.nan, math.inf])
def test_a_set_rate_that_is_none_is_refused(set_rate_ul_per_h: float) -> None:
    with pytest.raises(PlanError, match="is not over zero"):
        trumpet(curve(np.arange(121.0)), set_rate_ul_per_h, INTERVAL_S, [120.0])


@pytest.mark.parametrize("stroke_volume_ul", [0.0, -0.5, math.nan, math.inf])
def test_a_stroke_that_is_none_is_refused(stroke_volume_ul: float) -> None:
    with pytest.raises(PlanError, match="volume or period over zero"):
        trumpet(curve(np.arange(121.0)), 120.0, INTERVAL_S, [120.0], stroke_volume_ul)


def test_a_gap_is_refused_and_not_bridged() -> None:
    times_s = np.delete(INTERVAL_S * np.arange(121), [50, 51])
    with pytest.raises(Inconclusive, match=r"no sample for 90 s after index 49 \(1470 s\)"):
        trumpet(DeliveryCurve(times_s, times_s / 30), 120.0, INTERVAL_S, [120.0])


def test_strokes_that_the_samples_do_not_fit_are_refused_with_an_interval_that_does() -> None:
    with pytest.raises(PlanError, match=r"analyse with S = 28\.7769784 s") as refused:
        whole_stroke_windows_s(86.3309352, 30.0, [1])
    assert "1 strokes of 86.3309 s are 2.878 sampling intervals" in str(refused.value)
    assert whole_stroke_windows_s(86.3309352, 28.7769784, [1, 3]) == pytest.approx((86.3309352, 258.9928056))


def test_samples_further_apart_than_strokes_have_windows_of_many_strokes() -> None:
    assert whole_stroke_windows_s(20.0, 30.0, [3, 6]) == (90.0 - 30.0, 120.0)
    with pytest.raises(PlanError, match="analyse with S = 40 s"):
        whole_stroke_windows_s(20.0, 30.1, [3])


@pytest.mark.parametrize(("period_s", "count"), [(0.0, 1), (math.nan, 1), (210.0, 0)])
def test_windows_of_no_strokes_are_refused(period_s: float, count: int) -> None:
    with pytest.raises(PlanError, match="stroke windows"):
        whole_stroke_windows_s(period_s, INTERVAL_S, [count])
