# SPDX-License-Identifier: Apache-2.0
"""Two hundred runs killed at random places of their journal and resumed: `tox -e soak`."""

import os
import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.resume_lab import Outcome, instants, killed_and_resumed, unbroken
from tests.soak.figures import Figures

pytestmark = pytest.mark.soak

RUNS = int(os.environ.get("PUMPBENCH_SOAK_RESUMES", "200"))
SEED = 5
FIRST_LINE, LAST_LINE = 22, 290


def test_two_hundred_resumed_runs_come_to_the_volume_of_the_unbroken_one(tmp_path: Path) -> None:
    whole = unbroken(_folder(tmp_path, "unbroken"), SEED)
    assert whole.rate_error is not None
    assert whole.rate_error.value is not None

    def one(number: int) -> Outcome:
        return killed_and_resumed(
            _folder(tmp_path, str(number)), SEED, instants(number, 1 + number % 3, FIRST_LINE, LAST_LINE)
        )

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(one, range(RUNS)))
    off = [_off(outcome, whole.rate_error.value) for outcome in outcomes if outcome.verdict is Verdict.PASS]
    open_ones = [outcome for outcome in outcomes if outcome.verdict is Verdict.INCONCLUSIVE]
    wrong = len(outcomes) - len(open_ones) - len(off) + sum(deviation > uncertainty for deviation, uncertainty in off)
    Figures(
        "Runs killed with SIGKILL at random places of the journal and resumed: rate error against the unbroken run",
        ("runs", "resumes", "PASS", "INCONCLUSIVE", "median deviation %", "largest deviation %", "U %", "wrong"),
        (
            (
                len(outcomes),
                sum(outcome.resumes for outcome in outcomes),
                len(off),
                len(open_ones),
                statistics.median(deviation for deviation, _ in off),
                max(deviation for deviation, _ in off),
                statistics.median(uncertainty for _, uncertainty in off),
                wrong,
            ),
        ),
    ).keep("resume")
    assert wrong == 0, [outcome for outcome in outcomes if outcome.verdict not in (Verdict.PASS, Verdict.INCONCLUSIVE)]


def _folder(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


def _off(outcome: Outcome, expected_percent: float) -> tuple[float, float]:
    error = outcome.rate_error
    assert error is not None
    assert error.value is not None
    assert error.expanded_uncertainty is not None
    return abs(error.value - expected_percent), error.expanded_uncertainty
