# SPDX-License-Identifier: Apache-2.0
"""A chapter of the plan passes with a balance of each dialect, and the run tells what such a balance cannot show."""

from pathlib import Path

import pytest

from instruments.drivers.table import BALANCE_DIALECTS
from metrology.verdict import Verdict
from tests.sim.bench_run import bench_run

OTHERS = sorted(set(BALANCE_DIALECTS) - {"mt-sics"})


@pytest.mark.parametrize("dialect", OTHERS)
def test_a_leak_is_found_with_a_balance_of_this_dialect(dialect: str, tmp_path: Path) -> None:
    run = bench_run("simulated", tmp_path, f"--balance={dialect}", "--chapter=leak", "--journal-only", select="60")
    assert run.exit_code == 0, run.printed + run.errors
    assert run.summary.verdict is Verdict.PASS
    assert "its scale rests on certificate SIMULATED alone" in run.printed
    assert "what the balance does not tell of its settings is accepted" in " ".join(run.printed.split())
    (started,) = run.of_kind("run-started")
    assert started.data["balance"]["serial_number"] == "SIMBAL-0001"
    assert started.data["simulated"]
