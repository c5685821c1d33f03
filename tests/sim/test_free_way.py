# SPDX-License-Identifier: Apache-2.0
"""A clamp that is half shut while its sensor shows it open, in whole chapters: never a good pump's FAIL."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.runs_ahead import runs_ahead

DUMB = "implantable-20ml-no-catheter-sensor"
USUAL = "implantable-20ml"
LOW = "schedule[low]"
"""All names of the chapter hold the word "follows"."""
LATE = r"had come out 42 s after its sensor showed the clamp open|came out when the clamp had opened"
NARROW = r"watch the way out of the catheter: the pressure is \d+\.\d kPa, a free catheter has \d+\.\d kPa at most, and"
TRICKLE = r"watch the way out of the catheter: 0\.\d+ ± 0\.\d+ µL arrived while the counter stood"
HELD = r"confirm by its effect that the kink was released: its sensor shows it, but 2\d\.\d µL were pressed into"


@dataclass(frozen=True)
class Case:
    """A defect, the test that it meets, and what the bench must say."""

    defect: str
    chapter: str
    select: str
    says: str
    profile: str = USUAL


CASES = [
    Case("kink_clamp_opens_to_percent=30", "delivery", "follows_the_schedule and high", LATE),
    Case("kink_clamp_opens_to_percent=50", "delivery", "follows_the_schedule and high", LATE, DUMB),
    Case("kink_clamp_opens_to_percent=90", "delivery", LOW, LATE),
    Case("kink_clamp_opens_short_after=3", "kink", "recovers and high", HELD),
    Case("kink_clamp_narrows_at_h=2", "delivery", "follows_the_schedule and high", NARROW),
    Case("kink_clamp_narrows_at_h=3", "delivery", "follows_the_schedule and intermediate", NARROW),
    Case("kink_clamp_narrows_at_h=10", "delivery", LOW, TRICKLE),
]
TRICKLES = [
    Case("runs_down_ul=10", "quiet", "", "", DUMB),
    Case("runs_down_ul=30", "quiet", "", ""),
]
"""A pump that goes on to give after a stop what it does not count; the catalogue's own row is tried with the others."""
Runs = Mapping[object, "Future[BenchRun]"]


def name(case: Case) -> str:
    return f"{case.defect}, {case.select}"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    tmp_path_factory.getbasetemp()

    def run(case: object) -> BenchRun:
        assert isinstance(case, Case)
        out: Path = tmp_path_factory.mktemp("way")
        options = [f"--defect={case.defect}", f"--chapter={case.chapter}", f"--profile={case.profile}"]
        return bench_run("simulated", out, *options, select=case.select)

    with runs_ahead([*CASES, *TRICKLES], run) as ahead:
        yield ahead


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_clamp_that_is_half_shut_blocks_with_what_was_seen_and_fails_no_good_pump(runs: Runs, case: Case) -> None:
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict, run.failures) == (3, Verdict.BLOCKED, [])
    assert re.search(case.says, run.test.reason)
    assert "see whether the" in run.test.reason


@pytest.mark.parametrize("case", TRICKLES, ids=lambda case: f"{case.defect}, {case.profile}")
def test_a_pump_that_trickles_is_taken_for_no_narrow_way(runs: Runs, case: Case) -> None:
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict) == (1, Verdict.FAIL)
    assert {"DEL-005", "DEL-008", "DEL-009", "PRG-002"} <= set(run.red_requirements)
