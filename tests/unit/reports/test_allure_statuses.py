# SPDX-License-Identifier: Apache-2.0
"""Allure results follow the journal: one for each test, with the status of its verdict."""

import json
from pathlib import Path

import pytest

from reports.allure_statuses import allure_differences, mend_statuses, rebuild_allure
from reports.summary import summarise
from tests.unit.test_run_evidence import VOLUME, FolderOfARun, to_come

NODE = "test_plans/test_day.py::test_a[low]"
FULL_NAME = "test_plans.test_day#test_a"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = FolderOfARun(tmp_path / "run", tests=[NODE], judges={NODE: to_come(VOLUME)})
    run.begin(NODE, VOLUME)
    run.judge(VOLUME, "FAIL")
    run.end(NODE, "FAIL")
    run.journal.close()
    return run.path


def put(folder: Path, name: str, status: str, verdict: str, full_name: str = FULL_NAME) -> None:
    (folder / "allure-results").mkdir(exist_ok=True)
    labels = [{"name": "layer", "value": "hil"}, {"name": "verdict", "value": verdict}]
    content = {"name": NODE, "fullName": full_name, "status": status, "labels": labels}
    (folder / "allure-results" / f"{name}-result.json").write_text(json.dumps(content), encoding="utf-8")


def seen(folder: Path) -> list[str]:
    return [f"{file}: {said}" for file, said in allure_differences(folder, summarise(folder))]


def test_a_result_with_the_status_of_its_verdict_is_right(folder: Path) -> None:
    put(folder, "0", "failed", "fail")
    assert seen(folder) == []


def test_a_result_that_says_passed_of_what_failed_is_named_and_mended(folder: Path) -> None:
    put(folder, "0", "passed", "pass")
    assert seen(folder) == [
        "allure-results/0-result.json: has the status 'passed', the journal says FAIL (failed)",
        "allure-results/0-result.json: has the verdict pass, the journal says FAIL",
    ]
    mend_statuses(folder, summarise(folder))
    content = json.loads((folder / "allure-results" / "0-result.json").read_text(encoding="utf-8"))
    assert (content["status"], content["statusDetails"]["message"]) == ("failed", "pump: judge: FAIL so it was")
    assert seen(folder) == []


def test_a_result_of_no_test_and_one_told_twice_are_named_and_go_when_all_is_made_again(folder: Path) -> None:
    put(folder, "0", "failed", "fail")
    put(folder, "1", "failed", "fail")
    put(folder, "2", "passed", "pass", "test_plans.test_day#test_b")
    assert [one.partition(": ")[2] for one in seen(folder)] == [
        f"tells of {NODE} once more",
        "tells of no test of the journal",
    ]
    rebuild_allure(folder, summarise(folder))
    assert [path.name for path in (folder / "allure-results").iterdir()] == ["0-result.json"]
