# SPDX-License-Identifier: Apache-2.0
"""A plan that goes on after a fault: the bench's decides nothing any more, and the pump's is not undone."""

from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun
from tests.sim.test_verdict_precedence import plan_run

NARROWS = "--defect=kink_clamp_narrows_at_h=2"


def swallowed(folder: Path, what: str, *options: str) -> BenchRun:
    return plan_run("swallows.py", folder, f"-ktest_swallows_a_{what}", *options)


def test_a_good_pump_is_not_failed_by_what_came_after_a_fault_of_the_bench(tmp_path: Path) -> None:
    run = swallowed(tmp_path, "fault", NARROWS)
    assert (run.exit_code, run.test.verdict, run.failures) == (3, Verdict.INCONCLUSIVE, [])
    (after,) = [one for one in run.test.values if one.declared == "volume" and one.name.startswith("after")]
    assert after.verdict is Verdict.INCONCLUSIVE
    assert "the bench was at fault in this infusion: rig: watch the way out of the catheter" in after.reason
    (before,) = [one for one in run.test.values if one.declared == "volume" and one.name.startswith("before")]
    assert before.verdict is Verdict.PASS


def test_what_a_bad_pump_did_before_the_fault_fails_it_all_the_same(tmp_path: Path) -> None:
    run = swallowed(tmp_path, "fault", NARROWS, "--defect=rate_bias=0.3")
    assert (run.exit_code, run.test.verdict) == (1, Verdict.FAIL)
    assert {"excess in any window", "delivered volume, balance against program"} <= {
        one.measurand for one in run.failures
    }
    assert not [one for one in run.failures if one.name.startswith("after")]


@pytest.mark.parametrize("defect", ["no_occlusion_alarm", "restarts_at_h=1.3"])
def test_a_failure_of_the_pump_stays_one(tmp_path: Path, defect: str) -> None:
    run = swallowed(tmp_path, "failure", f"--defect={defect}")
    assert (run.exit_code, run.test.verdict) == (1, Verdict.FAIL)
