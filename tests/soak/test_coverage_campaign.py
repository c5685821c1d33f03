# SPDX-License-Identifier: Apache-2.0
"""Two thousand seeded benches and pumps at each rate: how often does U cover the true volume? `tox -e soak`."""

import os
import statistics
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest
from GTC import reporting
from scipy.stats import binomtest

from tests.sim.weighed_specimen import PROFILE, WINDOW_S, Weighed, weighed
from tests.soak.figures import Cell, Figures

pytestmark = pytest.mark.soak

RUNS = int(os.environ.get("PUMPBENCH_SOAK_COVERAGE", "2000"))
PROMISED, WITHIN = 0.95, 0.02
COLUMNS = (
    "rate",
    "µL/h",
    "window h",
    "runs",
    "covered %",
    "95 % interval of that %",
    "mean error µL",
    "standard deviation of the error µL",
    "u µL",
    "U µL",
    "k",
    "covered % with k of Student's t",
    "covered % with both blanks",
    "U µL with both blanks",
)


def test_the_stated_uncertainty_covers_the_truth_in_95_percent_of_two_thousand_runs() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        runs = {
            which: list(pool.map(partial(weighed, which_rate=which), range(RUNS), chunksize=25)) for which in WINDOW_S
        }
    title = "Coverage: how often the true volume lies within U (95 %), each run another bench and pump (medians)"
    Figures(title, COLUMNS, [_row(which, done) for which, done in runs.items()]).keep("coverage")
    for which, done in runs.items():
        assert _share(run.covered for run in done) == pytest.approx(PROMISED, abs=WITHIN), which
        assert _share(run.covered_again for run in done) == pytest.approx(PROMISED, abs=WITHIN), which


def _share(covered: Iterable[bool]) -> float:
    return statistics.mean(map(float, covered))


def _row(which: str, runs: Sequence[Weighed]) -> tuple[Cell, ...]:
    sure = binomtest(sum(run.covered for run in runs), len(runs)).proportion_ci(0.95, method="exact")
    errors_ul = [run.error_ul for run in runs]
    return (
        which,
        PROFILE.rates.tested(which),
        WINDOW_S[which] / 3600,
        len(runs),
        100 * _share(run.covered for run in runs),
        f"{100 * sure.low:.1f} to {100 * sure.high:.1f}",
        statistics.mean(errors_ul),
        statistics.stdev(errors_ul),
        statistics.median(run.quantity.standard_uncertainty for run in runs),
        statistics.median(run.quantity.expanded_uncertainty() for run in runs),
        statistics.median(run.quantity.coverage_factor() for run in runs),
        100 * _share(map(_covered_by_student, runs)),
        100 * _share(run.covered_again for run in runs),
        statistics.median(run.again.expanded_uncertainty() for run in runs),
    )


def _covered_by_student(run: Weighed) -> bool:
    """Tell whether U would have covered the truth with k from the effective degrees of freedom alone."""
    return abs(run.error_ul) <= reporting.k_factor(run.quantity.dof) * run.quantity.standard_uncertainty
