# SPDX-License-Identifier: Apache-2.0
"""The steps of a display count once: beside readings that do not scatter, and inside the scatter of those that do."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from metrology.gravimetry import Evaporation
from metrology.gravimetry.evaporation import unseen_step_mg

DIGIT_MG = 0.1


def shown_moments(true_mg: float, noise_mg: float) -> tuple[float, float]:
    """Return mean and standard deviation of a display that rounds a normal noise about a mass."""
    steps = DIGIT_MG * np.arange(-400, 401)
    edges = (steps[:-1] + steps[1:]) / 2
    likely = np.diff(norm.cdf(edges, true_mg, max(noise_mg, 1e-12)), prepend=0.0, append=1.0)
    mean = float(likely @ steps)
    return mean, math.sqrt(float(likely @ (steps - mean) ** 2))


@pytest.mark.parametrize("noise_mg", [0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2])
def test_what_is_counted_is_no_less_than_rounding_can_move_a_mean(noise_mg: float) -> None:
    places_mg = np.linspace(0.0, DIGIT_MG, 41)
    off_mg = max(abs(shown_moments(place_mg, noise_mg)[0] - place_mg) for place_mg in places_mg)
    scatter_mg = math.hypot(noise_mg, DIGIT_MG / math.sqrt(12))
    assert off_mg <= unseen_step_mg(DIGIT_MG, scatter_mg) * (1 + 1e-6) + 1e-9


def test_readings_that_scatter_by_their_digit_leave_nothing_to_count_beside_it() -> None:
    assert unseen_step_mg(DIGIT_MG, None) == unseen_step_mg(DIGIT_MG, 0.0) == DIGIT_MG / 2
    assert unseen_step_mg(DIGIT_MG, math.hypot(DIGIT_MG, DIGIT_MG / math.sqrt(12))) < 1e-8 * DIGIT_MG
    still, noisy = (Evaporation(0.06, 0.02, 59, 1.0, scatter_mg=scatter_mg) for scatter_mg in (0.0, 0.11))
    assert still.influence(DIGIT_MG).number.u == pytest.approx(math.hypot(0.02, DIGIT_MG / math.sqrt(6)))
    assert noisy.influence(DIGIT_MG).number.u == pytest.approx(0.02, rel=1e-3)


def test_the_slope_of_a_blank_on_a_coarse_display_is_covered_and_not_by_much_more() -> None:
    """Independent noise as large as the digit: 95 % of slopes, at most a third wider than they must be."""
    draw, runs, covered, reaches = np.random.default_rng(4), 300, 0, []
    times_s = np.linspace(0.0, 3600.0, 121)
    for _ in range(runs):
        shown_mg = draw.uniform(0, 1) - 0.06 * times_s / 3600 + DIGIT_MG * draw.standard_normal(len(times_s))
        masses_g = DIGIT_MG * np.round(shown_mg / DIGIT_MG) / 1000
        rate = Evaporation.from_blank(times_s.tolist(), masses_g.tolist()).influence(DIGIT_MG)
        u, dof = float(rate.number.u), float(rate.number.df)
        reaches.append(u)
        covered += abs(rate.number.x - 0.06) <= (1.96 + 2.4 / dof) * u
    needed = math.hypot(DIGIT_MG, DIGIT_MG / math.sqrt(12)) * math.sqrt(12 / len(times_s))
    assert 0.92 <= covered / runs <= 0.995
    assert float(np.median(reaches)) < 1.35 * needed
