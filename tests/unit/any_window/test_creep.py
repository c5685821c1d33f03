# SPDX-License-Identifier: Apache-2.0
"""A display that drifts between strokes is no pump that gives more; one that gives more does so in its strokes."""

from collections.abc import Callable

import numpy as np
import pytest

from metrology.any_window import Arrivals, Creep, CreepAllowance, Span, find_creep

STROKE_UL, RATE_UL_PER_H, NOISE_UL = 0.5, 2.0, 0.021
NIGHT = Span(12 * 3600.0, 24 * 3600.0)
ALLOWANCE = CreepAllowance(growth_ul_per_h=0.06, once_ul=0.05, settles_s=108.0)

Drift = Callable[[np.ndarray], np.ndarray]
"""µL that the display shows on top, by time."""


def nothing(times_s: np.ndarray) -> np.ndarray:
    return np.zeros_like(times_s)


def at_night(ul_per_h: float) -> Drift:
    return lambda times_s: ul_per_h * np.clip(times_s - NIGHT.from_s, 0.0, NIGHT.duration_s) / 3600


def found(
    drift: Drift = nothing, *, gain: float = 1.0, night_pace: float = 1.0, constant_s: float = 8.0, seed: int = 1
) -> Creep | None:
    """Return what crept in 30 h of strokes, every 30 s a reading."""
    times_s = np.arange(0.0, 30 * 3600.0, 30.0)
    pace = np.where((times_s >= NIGHT.from_s) & (times_s < NIGHT.to_s), night_pace, 1.0)
    strokes = np.floor(np.cumsum(pace) * 30.0 * RATE_UL_PER_H / 3600 / STROKE_UL)
    begun_s = times_s[np.flatnonzero(np.diff(strokes, prepend=0.0) > 0)] - 7.0
    came = [1 - np.exp(-np.maximum(times_s - at_s, 0.0) / constant_s) for at_s in begun_s]
    noise_ul = np.random.default_rng(seed).normal(0.0, NOISE_UL, len(times_s))
    volumes_ul = gain * STROKE_UL * np.sum(came, axis=0) + drift(times_s) + noise_ul
    arrivals = Arrivals.found(times_s, volumes_ul, STROKE_UL)
    return find_creep(arrivals, volumes_ul, STROKE_UL, ALLOWANCE, [Span(0.0, 30 * 3600.0)])


@pytest.mark.parametrize("ul_per_h", [1.0, -1.0, 0.3])
def test_a_drift_at_night_is_found_with_its_size_and_its_hours(ul_per_h: float) -> None:
    creep = found(at_night(ul_per_h))
    assert creep is not None
    assert creep.between_ul(NIGHT.from_s, NIGHT.to_s) == pytest.approx(12 * abs(ul_per_h), rel=0.08)
    assert creep.between_ul(0.0, 11 * 3600.0) < 0.5


def test_a_drift_all_the_time_is_no_noise_of_the_balance() -> None:
    creep = found(lambda times_s: 1.0 * times_s / 3600)
    assert creep is not None
    assert creep.between_ul(0.0, 30 * 3600.0) == pytest.approx(30.0, rel=0.05)


def test_a_drift_there_and_back_is_counted_both_ways() -> None:
    creep = found(lambda times_s: at_night(1.0)(times_s) - at_night(1.0)(times_s - NIGHT.duration_s / 2))
    assert creep is not None
    assert creep.between_ul(0.0, 30 * 3600.0) == pytest.approx(12.0, rel=0.1)


@pytest.mark.parametrize("seed", range(20))
def test_a_good_balance_creeps_nowhere(seed: int) -> None:
    assert found(lambda times_s: 0.05 * times_s / 3600, seed=seed) is None


@pytest.mark.parametrize(("gain", "night_pace"), [(1.2, 1.0), (0.8, 1.0), (1.0, 1.5), (1.0, 0.6), (1.3, 1.4)])
def test_a_pump_that_changes_its_rate_or_its_strokes_creeps_nowhere(gain: float, night_pace: float) -> None:
    assert found(gain=gain, night_pace=night_pace) is None


def test_a_narrowed_catheter_is_no_creep() -> None:
    """Its strokes run into each other: there is no rest between them."""
    assert found(constant_s=889.0) is None


def test_a_drift_hides_no_pump_that_gives_more_in_its_strokes() -> None:
    creep = found(at_night(1.0), gain=1.5)
    assert creep is not None
    assert creep.between_ul(NIGHT.from_s, NIGHT.to_s) == pytest.approx(12.0, rel=0.08)
