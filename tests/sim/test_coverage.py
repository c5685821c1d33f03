# SPDX-License-Identifier: Apache-2.0
"""The stated uncertainty covers the truth about as often as it says; the soak campaign counts it out to two percent."""

import math

import pytest
from scipy.stats import binom

from tests.sim.weighed_specimen import WINDOW_S, Weighed, weighed

RUNS = 100
FIRST_SEED = 100_000
LEAST = int(binom.ppf(1e-4, RUNS, 0.93))
"""Fewer covered runs than this are no accident of a hundred where 93 % are promised."""


@pytest.fixture(scope="module", params=list(WINDOW_S))
def runs(request: pytest.FixtureRequest) -> list[Weighed]:
    return [weighed(seed, request.param) for seed in range(FIRST_SEED, FIRST_SEED + RUNS)]


def test_the_true_volume_lies_within_the_expanded_uncertainty(runs: list[Weighed]) -> None:
    assert sum(run.covered for run in runs) >= LEAST


def test_it_lies_there_with_both_blanks_as_well(runs: list[Weighed]) -> None:
    assert sum(run.covered_again for run in runs) >= LEAST
    moved = [abs(run.again.value - run.quantity.value) for run in runs]
    assert max(moved) > 0.01


def test_the_uncertainty_is_as_large_as_the_errors_are_and_not_larger(runs: list[Weighed]) -> None:
    ratios = [run.error_ul / run.quantity.standard_uncertainty for run in runs]
    assert math.sqrt(sum(ratio**2 for ratio in ratios) / RUNS) == pytest.approx(1.0, abs=0.2)
    assert abs(sum(ratios) / RUNS) < 4 / math.sqrt(RUNS)


def test_half_the_uncertainty_would_not_cover_it(runs: list[Weighed]) -> None:
    half = sum(abs(run.error_ul) <= run.quantity.expanded_uncertainty() / 2 for run in runs)
    assert half < LEAST


def test_a_seed_is_weighed_the_same_twice() -> None:
    assert weighed(1, "low") == weighed(1, "low")
    assert weighed(1, "low").error_ul != weighed(2, "low").error_ul
