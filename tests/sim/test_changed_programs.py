# SPDX-License-Identifier: Apache-2.0
"""A run whose program is changed in mid-infusion survives being killed; what a session leaves behind is found."""

import json
from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun
from tests.sim.forked_run import forked_run
from tests.sim.resume_lab import PLAN as RESUME_PLAN
from tests.sim.resume_lab import killed_and_resumed

PLAN = RESUME_PLAN.with_name("changed_program_plan.py")
SEED = 5
STOPS = "--profile=implantable-20ml-no-catheter-sensor"
LOST = "link_is_lost and stage_rest"


@pytest.fixture(scope="module")
def begun_at(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The number of the line from which on another program may be in force."""
    folder = tmp_path_factory.mktemp("unbroken")
    whole = killed_and_resumed(folder, SEED, [], plan=PLAN)
    assert whole.verdict is Verdict.PASS, whole.reason
    (journal,) = folder.glob("runs/*/journal.jsonl")
    whats = [json.loads(line)["data"].get("what") for line in journal.read_text(encoding="utf-8").splitlines()]
    return whats.index("program change begun") + 1


@pytest.mark.parametrize("lines_later", [-20, 0, 40], ids=["before it", "in it", "after it"])
def test_a_run_killed_about_a_change_of_program_goes_on_and_passes(
    tmp_path: Path, begun_at: int, lines_later: int
) -> None:
    broken = killed_and_resumed(tmp_path, SEED, [begun_at + lines_later], plan=PLAN)
    assert broken.verdict is Verdict.PASS, broken.reason
    assert (broken.resumes, broken.interruptions) == (1, 1)
    assert broken.rate_error is not None
    assert broken.rate_error.value is not None
    assert abs(broken.rate_error.value) < 5.0


def of_a_pump_that_stops(folder: Path, *defects: str) -> BenchRun:
    return forked_run(folder, STOPS, "--chapter=programming", *defects, select=LOST)


def test_a_pump_that_stops_for_a_session_which_breaks_off_passes_by_its_alarm(tmp_path: Path) -> None:
    run = of_a_pump_that_stops(tmp_path)
    assert (run.test.verdict, run.red_requirements) == (Verdict.PASS, ())


def test_one_that_stops_without_an_alarm_fails_for_that(tmp_path: Path) -> None:
    run = of_a_pump_that_stops(tmp_path, "--defect=stops_silently_for_a_session")
    assert run.test.verdict is Verdict.FAIL
    assert "PRG-007" in run.red_requirements
    assert "no memory alarm came within" in run.reasons
