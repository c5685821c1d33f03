# SPDX-License-Identifier: Apache-2.0
"""A run that was killed goes on in the middle of its infusion, and comes to the same volume."""

import json
from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.resume_lab import PLAN, Outcome, killed_and_resumed, unbroken

SEED = 5


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return unbroken(tmp_path_factory.mktemp("unbroken"), SEED)


def test_the_unbroken_run_passes_and_was_never_resumed(whole: Outcome) -> None:
    assert (whole.verdict, whole.resumes, whole.interruptions) == (Verdict.PASS, 0, 0), whole.reason


@pytest.mark.parametrize("lines", [82, 155, 265], ids=["early", "first part", "second part"])
def test_a_killed_run_comes_to_the_volume_of_the_unbroken_one(tmp_path: Path, whole: Outcome, lines: int) -> None:
    broken = killed_and_resumed(tmp_path, SEED, [lines])
    assert broken.verdict is Verdict.PASS, broken.reason
    assert broken.resumes == 1
    assert broken.interruptions == 1
    assert whole.rate_error is not None
    assert broken.rate_error is not None
    assert whole.rate_error.value is not None
    assert broken.rate_error.value is not None
    assert broken.rate_error.expanded_uncertainty is not None
    assert abs(broken.rate_error.value - whole.rate_error.value) <= broken.rate_error.expanded_uncertainty


def test_a_run_of_a_plan_from_elsewhere_is_resumed_as_often_as_it_is_killed(tmp_path: Path, whole: Outcome) -> None:
    own = tmp_path / "lab" / "test_own.py"
    own.parent.mkdir()
    own.write_bytes(PLAN.read_bytes())
    own.with_name("conftest.py").write_text("pytest_plugins = ['fixtures.plugin']\n", encoding="utf-8")
    broken = killed_and_resumed(tmp_path, SEED, [82, 155, 255], plan=own)
    (collected,) = tmp_path.glob("runs/*/collected.json")
    assert json.loads(collected.read_text(encoding="utf-8"))["tests"] == [f"{own.as_posix()}::test_two_hours"]
    assert broken.verdict is Verdict.PASS, broken.reason
    assert (broken.resumes, broken.interruptions) == (3, 3)
    assert list(tmp_path.glob("runs/*/pictures/I-0001-delivery.svg"))
    shown = [path.read_text(encoding="utf-8") for path in tmp_path.glob("runs/*/allure-results/*-result.json")]
    assert any("](../pictures/I-0001-delivery.svg)" in one for one in shown)


def test_a_rig_that_went_safe_meanwhile_is_an_interruption_in_the_uncertainty(tmp_path: Path, whole: Outcome) -> None:
    broken = killed_and_resumed(tmp_path, SEED, [150], away_s=1000.0)
    assert broken.verdict is Verdict.PASS, broken.reason
    assert broken.interruptions == 1
    assert whole.rate_error is not None
    assert broken.rate_error is not None
    assert whole.rate_error.expanded_uncertainty is not None
    assert broken.rate_error.expanded_uncertainty is not None
    assert broken.rate_error.expanded_uncertainty > whole.rate_error.expanded_uncertainty
