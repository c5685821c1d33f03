# SPDX-License-Identifier: Apache-2.0
"""Whose trouble it is decides the verdict, whatever comes in which order; through the real plugin and a twin."""

import sys
from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, finished, started

ROOT = Path(__file__).parents[2]
PLANS = Path(__file__).parent / "plans"


def plan_run(plan: str, out: Path, *options: str) -> BenchRun:
    arguments = ["--bench=simulated", f"--runs={out}", f"--rootdir={ROOT}", f"-c{ROOT / 'tox.ini'}", *options]
    with started([sys.executable, "-m", "pytest", "-pno:cacheprovider", str(PLANS / plan), *arguments]) as process:
        return finished(process, out)


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return plan_run("endings.py", tmp_path_factory.mktemp("endings"))


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    """The clamp closes for its self-test, for the leak check, and for the plan."""
    return plan_run("clamp_that_sticks.py", tmp_path_factory.mktemp("stuck"), "--defect=kink_clamp_sticks=3")


def verdicts(run: BenchRun) -> dict[str, Verdict]:
    return {test.node.rpartition("::test_")[2]: test.verdict for test in run.summary.tests}


def reason(run: BenchRun, name: str) -> str:
    (one,) = [test.reason for test in run.summary.tests if test.node.endswith(f"::test_{name}")]
    return one


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("pass", Verdict.PASS),
        ("fail", Verdict.FAIL),
        ("assertion", Verdict.FAIL),
        ("nothing_judged", Verdict.INCONCLUSIVE),
        ("inconclusive", Verdict.INCONCLUSIVE),
        ("bench_fault_after_a_pass", Verdict.BLOCKED),
        ("plan_error_after_a_pass", Verdict.BLOCKED),
        ("mistake_after_a_pass", Verdict.BLOCKED),
        ("bad_setup", Verdict.BLOCKED),
        ("bad_teardown_after_a_pass", Verdict.BLOCKED),
        ("bench_fault_after_a_failure", Verdict.FAIL),
        ("bad_teardown_after_a_failure", Verdict.FAIL),
    ],
)
def test_the_verdict_tells_whose_trouble_it_is(endings: BenchRun, name: str, verdict: Verdict) -> None:
    assert verdicts(endings)[name] is verdict


def test_a_failure_that_the_bench_broke_off_tells_both(endings: BenchRun) -> None:
    told = reason(endings, "bench_fault_after_a_failure")
    assert "FAIL as the plan says" in told
    assert "and then the test broke off: rig: move: it is stuck" in told


def test_what_could_not_be_put_away_is_told_and_reddens_nothing_after_it(endings: BenchRun) -> None:
    assert "operator panel: switch off" in reason(endings, "bad_teardown_after_a_pass")
    assert verdicts(endings)["after_all_that"] is Verdict.PASS


def test_no_bench_fault_is_counted_as_a_failure_of_the_pump(endings: BenchRun) -> None:
    assert endings.summary.counts == {"PASS": 2, "FAIL": 4, "INCONCLUSIVE": 2, "BLOCKED": 5, "NOT_RUN": 0}
    assert endings.exit_code == 1


def test_a_clamp_that_does_not_open_again_blocks_what_comes_after_it_with_that_reason(stuck: BenchRun) -> None:
    expected = [Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED, Verdict.BLOCKED, Verdict.BLOCKED]
    assert list(verdicts(stuck).values()) == expected
    assert "rig: move the kink injector to 0 %: its sensor still shows 100 % after 10 s" in reason(stuck, "kink")
    for name in ("after[1]", "after[2]"):
        assert "it was not put back: kink was not released: rig: move the kink injector to 0 %" in reason(stuck, name)
