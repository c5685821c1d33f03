# SPDX-License-Identifier: Apache-2.0
"""The stroke, found in staircases under noise and drift, and refused where it cannot be known."""

import numpy as np
import pytest

from groundfloor.inconclusive import Inconclusive
from metrology.delivery import DeliveryCurve, find_stroke

STROKE_UL = 0.5


def staircase(
    rate_ul_per_h: float,
    interval_s: float,
    duration_s: float,
    *,
    noise_ul: float = 0.0,
    walk_ul: float = 0.0,
    decay_s: float = 0.0,
    stroke_ul: float = STROKE_UL,
    seed: int = 1,
) -> DeliveryCurve:
    """Equal strokes, which a soft catheter may round off; white noise, and a random walk of `walk_ul` per root hour."""
    rng = np.random.default_rng(seed)
    times_s = interval_s * np.arange(round(duration_s / interval_s) + 1)
    period_s = stroke_ul / rate_ul_per_h * 3600
    strokes, part = np.divmod(times_s / period_s + 0.3, 1.0)
    volumes_ul = stroke_ul * strokes
    if decay_s:
        volumes_ul += stroke_ul * (1 - np.exp(-part * period_s / decay_s) / (1 - np.exp(-period_s / decay_s)))
    volumes_ul += rng.normal(0, noise_ul, len(times_s))
    volumes_ul += np.cumsum(rng.normal(0, walk_ul * np.sqrt(interval_s / 3600), len(times_s)))
    return DeliveryCurve(1000 + times_s, volumes_ul)


@pytest.mark.parametrize(
    ("rate_ul_per_h", "interval_s", "duration_s"),
    [(2.0, 30, 86400), (10.4, 30, 86400), (41.7, 10, 86400), (41.7, 10, 3600), (208.0, 2, 3600), (1000.0, 0.4, 600)],
)
@pytest.mark.parametrize("noise_ul", [0.0, 0.02, 0.1])
def test_the_stroke_is_found_under_noise_at_every_rate(
    rate_ul_per_h: float, interval_s: float, duration_s: float, noise_ul: float
) -> None:
    stroke = find_stroke(staircase(rate_ul_per_h, interval_s, duration_s, noise_ul=noise_ul))
    assert stroke.period_s == pytest.approx(3600 * STROKE_UL / rate_ul_per_h, rel=1e-3)
    assert stroke.volume_ul == pytest.approx(STROKE_UL, rel=2e-3)
    assert stroke.step_ul == pytest.approx(STROKE_UL, rel=0.1)


def test_drift_that_changes_the_slope_does_not_hide_the_step() -> None:
    curve = staircase(2.0, 30, 86400, noise_ul=0.05)
    evaporating = DeliveryCurve(curve.times_s, curve.volumes_ul - 0.2 * curve.times_s / 3600)
    stroke = find_stroke(evaporating)
    assert stroke.period_s == pytest.approx(900, rel=1e-3)
    assert stroke.volume_ul == pytest.approx(0.9 * STROKE_UL, rel=2e-3)  # what is left per period
    assert stroke.step_ul == pytest.approx(STROKE_UL, rel=0.05)  # what the pump did


def test_a_rate_that_creeps_does_not_hide_a_dozen_strokes() -> None:
    curve = staircase(2.0, 30, 10900, noise_ul=0.02)
    creeping = DeliveryCurve(curve.times_s, curve.volumes_ul + 0.4 * ((curve.times_s - 1000) / 3600) ** 2)
    assert find_stroke(creeping).period_s == pytest.approx(900, rel=5e-3)


def test_a_wandering_balance_does_not_hide_the_period() -> None:
    stroke = find_stroke(staircase(2.0, 30, 86400, noise_ul=0.05, walk_ul=0.2))
    assert stroke.period_s == pytest.approx(900, rel=2e-3)


def test_a_soft_catheter_lowers_the_step_and_not_the_volume() -> None:
    stroke = find_stroke(staircase(2.0, 30, 86400, noise_ul=0.02, decay_s=100))
    assert stroke.volume_ul == pytest.approx(STROKE_UL, rel=2e-3)
    assert 0.6 * STROKE_UL < stroke.step_ul < 0.95 * STROKE_UL


@pytest.mark.parametrize(
    "curve",
    [
        pytest.param(staircase(2.0, 30, 86400, noise_ul=0.1, stroke_ul=1e-9), id="no strokes, white noise"),
        pytest.param(staircase(2.0, 30, 86400, walk_ul=1.0, stroke_ul=1e-9), id="no strokes, drift"),
        pytest.param(staircase(2.0, 30, 86400, stroke_ul=1e-9), id="no strokes at all"),
        pytest.param(staircase(10.4, 30, 86400, noise_ul=1.0), id="buried in noise"),
    ],
)
def test_where_no_stroke_stands_out_none_is_named(curve: DeliveryCurve) -> None:
    with pytest.raises(Inconclusive, match="no step stands out of the noise"):
        find_stroke(curve)


@pytest.mark.parametrize("strokes", [0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 9])
@pytest.mark.parametrize("noise_ul", [0.0, 0.01])
def test_harmonics_of_too_few_strokes_are_not_taken_for_strokes(strokes: float, noise_ul: float) -> None:
    with pytest.raises(Inconclusive, match=r"record longer|record 10 strokes|a rate of"):
        find_stroke(staircase(0.2, 30, 9000 * strokes, noise_ul=noise_ul))


@pytest.mark.parametrize("rate_ul_per_h", [33.0, 41.7, 45.0, 90.0, 119.0, 121.0, 1000.0])
@pytest.mark.parametrize("noise_ul", [0.0, 0.02])
def test_strokes_too_fast_for_the_samples_are_not_taken_for_slower_ones(rate_ul_per_h: float, noise_ul: float) -> None:
    with pytest.raises(Inconclusive, match="no step stands out"):
        find_stroke(staircase(rate_ul_per_h, 30, 86400, noise_ul=noise_ul))


def test_a_wobble_of_the_rate_is_no_stroke() -> None:
    times_s = 30.0 * np.arange(2881)
    wobble_ul = 2.0 / 3600 * 0.3 * 900 / (2 * np.pi) * np.sin(2 * np.pi * times_s / 900)
    with pytest.raises(Inconclusive, match="no step stands out"):
        find_stroke(DeliveryCurve(times_s, 2.0 / 3600 * times_s + wobble_ul))


def test_a_pump_that_stands_has_no_stroke() -> None:
    times_s = 30.0 * np.arange(100)
    with pytest.raises(Inconclusive, match="a rate of"):
        find_stroke(DeliveryCurve(times_s, -times_s))
    with pytest.raises(Inconclusive, match="a rate of 0 µL/h"):
        find_stroke(DeliveryCurve(times_s, 0 * times_s))


def test_a_handful_of_samples_is_refused() -> None:
    with pytest.raises(Inconclusive, match="20 samples"):
        find_stroke(DeliveryCurve(np.arange(20.0), np.arange(20.0)))


@pytest.mark.parametrize("seed", range(40))
def test_drift_as_large_as_the_strokes_never_makes_a_wrong_one(seed: int) -> None:
    try:
        stroke = find_stroke(staircase(0.7, 30, 200_000, walk_ul=0.5, seed=seed))
    except Inconclusive:
        return
    assert stroke.period_s == pytest.approx(3600 * STROKE_UL / 0.7, rel=0.02)
