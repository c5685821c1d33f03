# SPDX-License-Identifier: Apache-2.0
"""Where strokes run into each other, what comes with them is the pump's, and what comes beside them nobody can tell."""

from collections.abc import Callable

import numpy as np
import pytest

from metrology.any_window import Creep, CreepAllowance, Span, find_creep_beside_strokes, readings_see_strokes

STROKE_UL, RATE_UL_PER_H, NOISE_UL, HOUR_S = 0.5, 42.0, 0.021, 3600.0
LASTS_S = 12 * HOUR_S
PART = Span(5 * HOUR_S, 7 * HOUR_S)
ALLOWANCE = CreepAllowance(growth_ul_per_h=0.3, once_ul=0.2, settles_s=108.0)

Gain = Callable[[np.ndarray], np.ndarray]


def all_the_time(gain: float) -> Gain:
    return lambda made_s: np.full_like(made_s, gain)


def in_part(gain: float) -> Gain:
    return lambda made_s: np.where((made_s > PART.from_s) & (made_s < PART.to_s), gain, 1.0)


def found(
    *,
    gain: Gain = np.ones_like,
    drift_ul_per_h: float = 0.0,
    uncounted_every_s: float = np.inf,
    counter_gain: float = 1.0,
    constant_s: float = 5.0,
    seed: int = 1,
) -> Creep | None:
    """Return what crept in 12 h of strokes, every 30 s a reading; drift and uncounted strokes come in one part."""
    drawn = np.random.default_rng(seed)
    times_s = np.arange(0.0, LASTS_S, 30.0)
    period_s = STROKE_UL / RATE_UL_PER_H * HOUR_S
    made_s = np.arange(drawn.random() * period_s, LASTS_S, period_s)
    counted_ul = counter_gain * STROKE_UL * np.searchsorted(made_s, times_s)
    more_s = np.arange(PART.from_s, PART.to_s, uncounted_every_s) if np.isfinite(uncounted_every_s) else np.empty(0)
    sizes_ul = STROKE_UL * np.concatenate((gain(made_s), np.ones_like(more_s)))
    age_s = np.maximum(times_s[:, None] - np.concatenate((made_s, more_s)), 0.0)
    weighed_ul = (1 - np.exp(-age_s / constant_s)) @ sizes_ul
    weighed_ul += drift_ul_per_h * np.clip(times_s - PART.from_s, 0.0, PART.duration_s) / HOUR_S
    weighed_ul += drawn.normal(0.0, NOISE_UL, len(times_s))
    return find_creep_beside_strokes(times_s, weighed_ul, counted_ul, STROKE_UL, ALLOWANCE, [Span(0.0, LASTS_S)])


@pytest.mark.parametrize("constant_s", [2.0, 5.0, 10.0])
@pytest.mark.parametrize("ul_per_h", [10.0, -10.0])
def test_a_display_that_drifts_is_found_with_its_size_and_its_hours(ul_per_h: float, constant_s: float) -> None:
    creep = found(drift_ul_per_h=ul_per_h, constant_s=constant_s)
    assert creep is not None
    assert creep.between_ul(PART.from_s, PART.to_s) == pytest.approx(20.0, rel=0.2)
    assert creep.between_ul(0.0, PART.from_s - HOUR_S / 2) < 3.0


def test_a_counter_that_takes_strokes_for_another_volume_hides_no_drift() -> None:
    assert found(drift_ul_per_h=10.0, counter_gain=0.989) is not None


@pytest.mark.parametrize(
    "bad",
    [
        {"gain": in_part(1.24)},
        {"gain": in_part(0.76)},
        {"gain": all_the_time(1.3)},
        {"uncounted_every_s": 180.0},
        {"uncounted_every_s": 60.0},
    ],
    ids=["larger strokes", "smaller strokes", "always larger", "some uncounted strokes", "many uncounted strokes"],
)
def test_what_a_pump_gives_in_strokes_is_never_taken_for_a_drift(bad: dict[str, object]) -> None:
    assert [found(seed=seed, **bad) for seed in range(5)] == [None] * 5  # type: ignore[arg-type] # of several types


def test_of_sixty_good_infusions_none_creeps() -> None:
    assert [found(seed=seed, constant_s=2.0 + seed % 9) for seed in range(60)] == [None] * 60


def test_a_catheter_that_smooths_strokes_away_shows_nothing() -> None:
    assert found(drift_ul_per_h=10.0, constant_s=60.0) is None


@pytest.mark.parametrize(
    ("rate_ul_per_h", "interval_s", "see"),
    [(42.0, 30.0, True), (60.0, 30.0, False), (30.0, 30.0, False), (42.0, 60.0, False), (0.0, 30.0, False)],
)
def test_readings_that_fall_on_the_same_places_between_strokes_see_none(
    rate_ul_per_h: float, interval_s: float, see: bool
) -> None:
    assert readings_see_strokes(STROKE_UL, rate_ul_per_h, interval_s) is see
