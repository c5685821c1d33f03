# SPDX-License-Identifier: Apache-2.0
"""The slope of a blank is as uncertain as readings that wander together leave it, and no more where they do not."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import t as student

from metrology.gravimetry import Repeatability, StraightLine
from metrology.gravimetry.wandering_noise import SHARES, TIMES, WanderingNoise, _likely

TIMES_S = np.linspace(0.0, 3600.0, 121)
NOISE_MG = 0.02
RUNS = 80


def covariance(times_s: npt.NDArray[np.float64], share: float, lasts_s: float) -> npt.NDArray[np.float64]:
    apart = np.abs(times_s[:, None] - times_s[None, :])
    return np.asarray((1 - share) * np.eye(len(times_s)) + share * np.exp(-apart / lasts_s))


def drawn(seed: int, share: float, lasts_s: float) -> list[tuple[StraightLine, WanderingNoise]]:
    """Blanks without any loss."""
    lower = np.linalg.cholesky(covariance(TIMES_S, share, lasts_s) + 1e-12 * np.eye(len(TIMES_S)))
    draw, found = np.random.default_rng(seed), []
    for _ in range(RUNS):
        masses_g = (50.0 + NOISE_MG * (lower @ draw.standard_normal(len(TIMES_S))) / 1000).tolist()
        line = StraightLine.fit(TIMES_S.tolist(), masses_g)
        found.append((line, WanderingNoise.about(line, TIMES_S.tolist(), masses_g)))
    return found


def true_u(share: float, lasts_s: float) -> float:
    hours = (TIMES_S - TIMES_S.mean()) / 3600
    ordinary = hours / (hours @ hours)
    return float(NOISE_MG * np.sqrt(ordinary @ covariance(TIMES_S, share, lasts_s) @ ordinary))


@pytest.mark.parametrize(("share", "lasts_s"), [(0.3, 300.0), (0.86, 600.0), (1.0, 120.0)])
def test_a_wander_is_allowed_for_where_least_squares_takes_each_reading_as_new(share: float, lasts_s: float) -> None:
    blanks = drawn(1, share, lasts_s)
    least_squares = sum(abs(line.slope_mg_per_h) <= 1.98 * line.slope_uncertainty_mg_per_h for line, _ in blanks)
    allowed = sum(
        abs(line.slope_mg_per_h) <= student.ppf(0.975, noise.slope_dof) * noise.slope_uncertainty_mg_per_h
        for line, noise in blanks
    )
    assert least_squares < 0.85 * RUNS
    assert allowed >= 0.88 * RUNS


def test_readings_that_are_independent_cost_little_more_than_least_squares() -> None:
    reaches = [
        student.ppf(0.975, noise.slope_dof) * noise.slope_uncertainty_mg_per_h for _, noise in drawn(2, 0.0, 1.0)
    ]
    assert 1.0 < float(np.median(reaches)) / (1.96 * true_u(0.0, 1.0)) < 1.5


def test_the_scatter_is_that_of_readings_hours_apart_and_a_wander_leaves_fewer_degrees_of_freedom() -> None:
    still, wandering = ([noise for _, noise in drawn(3, share, 600.0)] for share in (0.0, 0.8))
    for noises in (still, wandering):
        assert float(np.median([one.scatter_mg for one in noises])) == pytest.approx(NOISE_MG, rel=0.15)
    assert max(one.scatter_dof for one in wandering) < min(one.scatter_dof for one in still) < len(TIMES_S)


def test_likelihoods_are_those_of_the_whole_covariance() -> None:
    """The filter against brute force: REML with matrices, at instants that are not even."""
    draw = np.random.default_rng(4)
    positions = np.sort(np.concatenate(([0.0, 1.0], draw.uniform(0, 1, 38))))
    masses_mg = 0.02 * draw.standard_normal(40)
    weights, variances, slopes = _likely(positions, masses_mg)
    line = np.column_stack((np.ones(40), positions - positions.mean()))
    ordinary = np.linalg.pinv(line)[1]
    expected = []
    for share in SHARES:
        for lasts in TIMES if share > 0 else TIMES[:1]:
            whole = covariance(positions, share, lasts)
            inverse = np.linalg.inv(whole)
            information = line.T @ inverse @ line
            rest = masses_mg - line @ np.linalg.solve(information, line.T @ inverse @ masses_mg)
            squares = rest @ inverse @ rest
            prior = 1.0 if share > 0 else len(TIMES)
            log = np.log(prior) - (np.linalg.slogdet(whole)[1] + np.linalg.slogdet(information)[1]) / 2
            expected.append((log - 19 * np.log(squares), squares / 38, ordinary @ whole @ ordinary))
    logs, squared, spread = np.array(expected).T
    assert weights == pytest.approx(np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum(), rel=1e-6, abs=1e-12)
    assert variances == pytest.approx(squared, rel=1e-9)
    assert slopes == pytest.approx(spread, rel=1e-9)


def test_few_readings_tell_nothing_of_it_and_a_held_display_scatters_by_nothing() -> None:
    times_s = [float(second) for second in range(30)]
    few = StraightLine.fit(times_s[:11], [50.0, 50.00001] * 5 + [50.0])
    noise = WanderingNoise.about(few, times_s[:11], [50.0, 50.00001] * 5 + [50.0])
    assert (noise.slope_uncertainty_mg_per_h, noise.slope_dof) == (few.slope_uncertainty_mg_per_h, 9)
    held = StraightLine.fit(times_s, [50.0] * 30)
    assert WanderingNoise.about(held, times_s, [50.0] * 30).slope_uncertainty_mg_per_h == 0.0


def test_repeatability_from_a_blank_counts_readings_that_wander_together_for_fewer() -> None:
    lower = np.linalg.cholesky(covariance(TIMES_S, 0.9, 600.0))
    masses_g = 50.0 + NOISE_MG * (lower @ np.random.default_rng(5).standard_normal(len(TIMES_S))) / 1000
    line = StraightLine.fit(TIMES_S.tolist(), masses_g.tolist())
    found = Repeatability.from_readings(TIMES_S.tolist(), masses_g.tolist())
    assert found.dof < line.dof / 2
    assert found.reaches_mg > Repeatability.about(line).reaches_mg
