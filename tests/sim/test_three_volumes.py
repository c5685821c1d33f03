# SPDX-License-Identifier: Apache-2.0
"""Programmed, counted and weighed volume: a pump that breaks one pair of the three fails by the name of that pair."""

import re
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from bench.account.phases_examiner import COUNTED, LIED, WEIGHED
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.runs_ahead import runs_ahead, selected
from tests.sim.test_defects import BALANCE, COUNTER, EXCESS, FIRST_HOURS, FOLLOWS, RATE, VOLUME, Runs, kinds

AT_HIGH_RATE = ("delivery", "high")
DISAGREEMENTS = [
    # weighed, counted: both against the ±14.5 % of what is programmed, and against each other
    ("rate_bias=0.2", "counter_drift=0.1", {VOLUME, RATE, WEIGHED, EXCESS, FIRST_HOURS}),
    ("rate_bias=0.07", "counter_drift=0.18", {COUNTER, COUNTED, FOLLOWS}),
    ("rate_bias=0.1", "counter_drift=-0.1", {BALANCE, LIED}),
]


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    def run(defects: object) -> BenchRun:
        assert isinstance(defects, tuple)
        options = [f"--defect={one}" for one in defects]
        chapter, select = AT_HIGH_RATE
        return bench_run("simulated", tmp_path_factory.mktemp("pair"), *options, f"--chapter={chapter}", select=select)

    tmp_path_factory.getbasetemp()  # made before several threads ask for folders in it
    with runs_ahead(selected(request, "defects"), run) as ahead:
        yield ahead


@pytest.mark.parametrize(
    ("defects", "fails"),
    [((weighed, counted), fails) for weighed, counted, fails in DISAGREEMENTS],
    ids=["program and balance", "program and counter", "counter and balance"],
)
def test_one_pair_that_disagrees_fails_alone(
    runs: dict[object, "Future[BenchRun]"], defects: tuple[str, str], fails: set[str]
) -> None:
    run = runs[defects].result()
    assert (run.exit_code, run.test.verdict) == (1, Verdict.FAIL)
    assert kinds(run.failures) == fails
    assert {one.verdict for one in run.test.values if re.search("against", one.name)} == {Verdict.PASS, Verdict.FAIL}
