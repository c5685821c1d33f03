# SPDX-License-Identifier: Apache-2.0
"""A chapter of the plan passes with a balance of each dialect, and the run tells what such a balance cannot show."""

import os
from pathlib import Path

import pytest

from instruments.drivers.table import BALANCE_DIALECTS
from metrology.verdict import Verdict
from tests.sim.bench_run import bench_run

OTHERS = sorted(set(BALANCE_DIALECTS) - {"mt-sics"})
MOST_CPU_S = 6.0


def children_s() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


@pytest.mark.parametrize("dialect", OTHERS)
def test_a_leak_is_found_with_a_balance_of_this_dialect(dialect: str, tmp_path: Path) -> None:
    before_s = children_s()
    run = bench_run("simulated", tmp_path, f"--balance={dialect}", "--chapter=leak", "--journal-only", select="60")
    assert run.exit_code == 0, run.printed + run.errors
    assert run.summary.verdict is Verdict.PASS
    assert "its scale rests on certificate SIMULATED alone" in run.printed
    (started,) = run.of_kind("run-started")
    assert started.data["balance"]["serial_number"] == "SIMBAL-0001"
    assert started.data["simulated"]
    assert children_s() - before_s < 2 * MOST_CPU_S  # measured alone: 4 s
