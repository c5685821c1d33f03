# SPDX-License-Identifier: Apache-2.0
"""A balance whose certificate runs out in the middle of a test: what was judged before stays, the rest is BLOCKED."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.twin_bench import twin_bench


@pytest.fixture(scope="module")
def ran_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenchRun]:
    """A day in four parts, begun some minutes after midnight of the due day: the last part is not over in time."""
    folder = tmp_path_factory.mktemp("certificate")
    with twin_bench(folder, TwinOptions(clock=ClockMode.STEPPED)) as twin:
        twin.content["balance"]["calibration"]["due"] = datetime.date(2000, 1, 1)
        yield bench_run(twin.file(), Path(folder) / "runs", "--chapter=delivery", select="intermediate")


def test_a_test_that_outlasts_the_certificate_is_blocked_and_says_until_when_it_counts(ran_out: BenchRun) -> None:
    assert (ran_out.exit_code, ran_out.test.verdict) == (3, Verdict.BLOCKED)
    assert "balance: weigh for 6" in ran_out.test.reason
    assert "counts to the end of 2000-01-01, UTC; this is over at 2000-01-02 0" in ran_out.test.reason


def test_what_was_judged_before_it_ran_out_stays(ran_out: BenchRun) -> None:
    parts = [line.data["name"] for line in ran_out.of_kind("volume")]
    assert parts == [f"part {number} of 4" for number in (1, 2, 3)]
    judged = [line.data for line in ran_out.of_kind("judgement") if str(line.data["name"]).startswith("part 3")]
    assert judged
    assert {str(data["verdict"]).upper() for data in judged} == {"PASS"}


def test_the_preflight_told_it(ran_out: BenchRun) -> None:
    found = [line.data for line in ran_out.of_kind("event") if line.data["what"] == "preflight"]
    (calibration,) = [data for data in found if data["check"] == "calibration"]
    assert calibration["state"] == "WARN"
    assert "2000-01-02 00:00 UTC" in str(calibration["seen"])
