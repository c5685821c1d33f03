# SPDX-License-Identifier: Apache-2.0
"""Steps, dips and declines are found against the flow beside them; strokes, noise and a start-up are none of them."""

import numpy as np
import pytest

from metrology.delivery import DeliveryCurve, trumpet
from metrology.recording.any_window import any_window
from metrology.recording.decline import decline
from metrology.recording.display_digit import display_digit
from metrology.recording.disturbances import Disturbances
from metrology.recording.own_scatter import own_scatter
from metrology.recording.recording import Recording
from metrology.recording.shown_scatter import ShownScatter
from metrology.recording.single_strokes import single_strokes
from metrology.recording.step_finder import find_events
from metrology.recording.streaming_trumpet import StreamingTrumpet
from metrology.recording.unit import Dimension


def flow(count=3000, interval_s=10.0, noise=0.02, stroke=0.0, rate=500.0, seed=0):
    random = np.random.default_rng(seed)
    times_s = interval_s * np.arange(count)
    volumes = rate / 3600 * times_s
    if stroke:
        volumes = stroke * np.floor(volumes / stroke + random.uniform())
    return times_s, volumes + random.normal(0, noise, count)


@pytest.mark.parametrize(
    "made",
    [
        {"noise": 0.0},
        {"noise": 0.5},
        {"stroke": 2.5},
        {"stroke": 25.0, "rate": 100.0},
        {"stroke": 25.0, "rate": 20.0},
        {"count": 13, "interval_s": 300.0},
        {"count": 60_000, "interval_s": 1.0},
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_a_pump_that_nothing_disturbs_has_no_steps(made, seed):
    assert find_events(*flow(**made, seed=seed), 0.0, made.get("stroke", 0.0)) == ()


def test_a_start_up_is_no_step():
    times_s, volumes = flow(noise=0.0)
    assert find_events(times_s, volumes - 50 * (1 - np.exp(-times_s / 300)), 0.0, 0.0) == ()


@pytest.mark.parametrize("size", [-0.3, 0.3, 30.0])
@pytest.mark.parametrize("at", [1, 5, 1500, 2990, 2999])
def test_a_step_is_found_at_its_interval_far_below_a_hundredth_of_all_that_came(at, size):
    times_s, volumes = flow(noise=0.01)
    volumes[at:] += size
    (event,) = find_events(times_s, volumes, 0.0, 0.0)
    assert (event.first, event.last) == (at - 1, at)
    assert event.size == pytest.approx(size, abs=0.1)


def test_a_step_in_noise_is_found_by_many_readings_together():
    found = 0
    for seed in range(10):
        times_s, volumes = flow(noise=0.5, seed=seed)
        volumes[1500:] += 4.0
        found += any(abs(event.first - 1499) < 5 for event in find_events(times_s, volumes, 0.0, 0.0))
    assert found >= 9


def test_what_comes_back_is_a_dip():
    times_s, volumes = flow()
    volumes[1500:1504] -= 80.0
    (event,) = find_events(times_s, volumes, 0.0, 0.0)
    assert (event.first, event.last, event.comes_back) == (1499, 1504, True)


@pytest.mark.parametrize("swing", [(900.0, -400.0), (-80.0, 60.0, -20.0), (50.0, 70.0, -30.0)])
@pytest.mark.parametrize("interval_s", [10.0, 60.0])
def test_a_bump_that_swings_is_a_dip(swing, interval_s):
    times_s, volumes = flow(interval_s=interval_s)
    volumes[1500 : 1500 + len(swing)] += swing
    (event,) = find_events(times_s, volumes, 0.0, 0.0)
    assert event.comes_back
    assert (event.first, event.last) == pytest.approx((1499, 1500 + len(swing)), abs=1)


@pytest.mark.parametrize("still", [4, 60])
def test_a_step_that_makes_up_for_readings_that_stood_still_is_told_with_all_of_them(still):
    times_s, volumes = flow(interval_s=60.0)
    volumes[1500 : 1500 + still + 1] = volumes[1500]
    recording = Recording("day.csv", times_s, volumes, Dimension.VOLUME, ("t", "v"), 2)
    (doubt,) = Disturbances.of(recording, 0.0, 0.0, ()).doubts(0.0, float(times_s[-1]))
    assert "makes up for readings that stand still" in doubt
    begin_s = float(doubt.partition("--exclude '")[2].partition(" s..")[0])
    assert begin_s == pytest.approx(times_s[1500], abs=60)


@pytest.mark.parametrize("left", [0.0, 0.3, 0.6])
def test_a_flow_that_dies_away_is_told_with_what_is_left_of_it(left):
    times_s, volumes = flow(noise=0.2)
    slower = np.clip((np.arange(3000) - 2200) / 400, 0, 1) * (1 - left)
    found = decline(times_s, volumes - np.cumsum(slower) * 10 * 500 / 3600)
    assert found is not None
    assert 17_000 <= times_s[found[0]] <= 22_000  # it begins at 22,000 s, and what is used must end before
    assert found[1] == pytest.approx(left, abs=0.15)
    assert decline(times_s, volumes) is None


@pytest.mark.parametrize("digit", [0.001, 0.01, 0.02, 0.05, 1.0])
def test_the_digit_of_a_display_is_seen_in_its_readings(digit):
    _, volumes = flow(noise=digit)
    assert display_digit(digit * np.round(volumes / digit)) == pytest.approx(digit)
    assert display_digit(volumes) == 0.0


def test_readings_that_wander_together_count_for_fewer():
    random = np.random.default_rng(3)
    white = random.normal(0, 1, 2000)
    wander = np.convolve(random.normal(0, 1, 2049), np.ones(50) / np.sqrt(50), "valid")
    times_s = np.arange(2000.0)
    alone, together = own_scatter(times_s, times_s + white), own_scatter(times_s, times_s + wander)
    assert alone.standard_deviation == pytest.approx(1.0, rel=0.1)
    assert together.standard_deviation == pytest.approx(1.0, rel=0.35)
    assert alone.dof > 1000
    assert together.dof < 100


def test_strokes_are_told_one_by_one_with_their_uncertainty():
    times_s, volumes = flow(stroke=10.0, rate=100.0, noise=0.05, count=6000)
    found, _ = single_strokes(DeliveryCurve(times_s, volumes), 10.0, ShownScatter(0.05, 100.0), 1.0)
    assert found is not None
    assert found.mean_ul == pytest.approx(10.0, abs=0.02)
    assert float(np.mean(found.intervals_s)) == pytest.approx(360.0, abs=1.0)
    inside = np.abs(found.volumes_ul - 10.0) <= found.expanded_ul
    assert np.mean(inside) > 0.9
    hidden, why = single_strokes(DeliveryCurve(times_s, volumes), 0.5, ShownScatter(0.05, 100.0), 1.0)
    assert hidden is None
    assert "does not stand out" in why


def test_a_pause_is_the_shortfall_of_any_window():
    times_s, volumes = flow(noise=0.0)
    paused = volumes - 500 / 3600 * np.clip(times_s - 10_000, 0, 600)
    found = any_window(DeliveryCurve(times_s, paused), 500.0, ShownScatter(), 1.0)
    assert found.interruption_s == pytest.approx(600, abs=25)
    assert found.excess.rise_ul == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("block", [1, 7, 500, 5000])
def test_a_streamed_trumpet_is_the_trumpet_of_all_samples(block):
    times_s, volumes = flow(stroke=2.5)
    stream = StreamingTrumpet(500.0, 10.0, (120.0, 600.0))
    for first in range(0, len(volumes), block):
        stream.add(volumes[first : first + block])
    whole = trumpet(DeliveryCurve(times_s, volumes), 500.0, 10.0, (120.0, 600.0))
    found = stream.trumpet()
    assert found.overall_error_percent == pytest.approx(whole.overall_error_percent)
    for one, other in zip(found.windows, whole.windows, strict=True):
        assert (one.least_percent, one.greatest_percent, one.count) == pytest.approx(
            (other.least_percent, other.greatest_percent, other.count)
        )
