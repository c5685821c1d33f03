# SPDX-License-Identifier: Apache-2.0
"""Whole runs over bad wires: every sample that reached the journal is true, and no verdict turns into its opposite."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.disturbed_run import DisturbedRun, disturbed_run

RATE = 0.003
BAD = ("rate_bias=0.2",)
CANNOT_TELL = {Verdict.INCONCLUSIVE, Verdict.BLOCKED}
ALLOWED = {(): {Verdict.PASS, *CANNOT_TELL}, BAD: {Verdict.FAIL, *CANNOT_TELL}}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[tuple[str, ...], float], DisturbedRun]:
    """A good and a bad pump, each over good and over bad wires, at once."""
    folder = tmp_path_factory.mktemp("disturbed")
    cases = [(defects, rate) for defects in ALLOWED for rate in (0.0, RATE)]
    with ThreadPoolExecutor(len(cases)) as pool:
        done = pool.map(lambda case: disturbed_run(_folder(folder, *case), case[1], case[0]), cases)
        return dict(zip(cases, done, strict=True))


def _folder(folder: Path, defects: tuple[str, ...], rate: float) -> Path:
    return folder / f"{'bad' if defects else 'good'}-pump-{'bad' if rate else 'good'}-wires"


@pytest.mark.parametrize("defects", list(ALLOWED), ids=["good pump", "bad pump"])
def test_bad_wires_neither_forge_a_sample_nor_turn_a_verdict(
    runs: dict[tuple[tuple[str, ...], float], DisturbedRun], defects: tuple[str, ...]
) -> None:
    undisturbed, disturbed = runs[defects, 0.0], runs[defects, RATE]
    assert undisturbed.verdict is (Verdict.FAIL if defects else Verdict.PASS), undisturbed.run.printed
    assert len(disturbed.faults) > 0
    assert disturbed.wrong_samples(undisturbed) == []
    assert disturbed.verdict in ALLOWED[defects], disturbed.run.printed
    assert disturbed.run.journal[-1].kind == "run-ended"
    assert "Traceback" not in disturbed.run.printed + disturbed.run.errors
