# SPDX-License-Identifier: Apache-2.0
"""One verdict for each test, told the same by journal, summary, Allure, JUnit, the terminal and the exit code."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sim.bench_run import BenchRun
from tests.sim.test_verdict_precedence import plan_run

EXPECTED = {
    "pass": "PASS",
    "fail": "FAIL",
    "inconclusive": "INCONCLUSIVE",
    "nothing_judged": "INCONCLUSIVE",
    "raises_inconclusive": "INCONCLUSIVE",
    "blocked": "BLOCKED",
    "mistake": "BLOCKED",
    "skips_after_a_fail": "FAIL",
    "skips_after_a_pass": "BLOCKED",
    "marked_skip": "BLOCKED",
    "skipped_by_a_fixture": "BLOCKED",
    "gives_up_after_a_fail": "FAIL",
    "gives_up": "BLOCKED",
    "strictly_expected_to_fail_and_fails": "FAIL",
    "expected_to_fail_and_fails": "FAIL",
    "strictly_expected_to_fail_and_passes": "BLOCKED",
    "expected_to_fail_and_passes": "PASS",
    "bad_teardown_after_a_fail": "FAIL",
    "bad_teardown_after_a_pass": "BLOCKED",
}
STATUS = {"PASS": "passed", "FAIL": "failed", "INCONCLUSIVE": "broken", "BLOCKED": "broken"}
CHILD = {"PASS": None, "FAIL": "failure", "INCONCLUSIVE": "error", "BLOCKED": "error"}


@dataclass(frozen=True)
class Told:
    run: BenchRun
    junit: ET.Element

    @property
    def allure(self) -> dict[str, dict[str, Any]]:
        results = [json.loads(one.read_text("utf-8")) for one in self.run.folder.glob("allure-results/*-result.json")]
        return {result["fullName"].rpartition("#test_")[2]: result for result in results}

    @property
    def cases(self) -> dict[str, ET.Element]:
        cases = list(self.junit.iter("testcase"))
        by_name = {case.get("name", "").removeprefix("test_"): case for case in cases}
        assert len(by_name) == len(cases)
        return by_name


def properties_of(case: ET.Element) -> dict[str, str]:
    return {one.get("name", ""): one.get("value", "") for one in case.iter("property")}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    junit = tmp_path_factory.mktemp("junit") / "junit.xml"
    run = plan_run("told_everywhere.py", tmp_path_factory.mktemp("told"), f"--junitxml={junit}")
    return Told(run, ET.parse(junit).getroot())


def test_journal_summary_allure_and_junit_tell_one_verdict_of_every_test(told: Told) -> None:
    names = list(EXPECTED)
    ended = {
        line.data["node"].rpartition("::test_")[2]: line.data["verdict"] for line in told.run.of_kind("test-ended")
    }
    summary = {test.node.rpartition("::test_")[2]: str(test.verdict) for test in told.run.summary.tests}
    allure = {
        name: next(label["value"].upper() for label in result["labels"] if label["name"] == "verdict")
        for name, result in told.allure.items()
    }
    junit = {name: properties_of(case)["verdict"] for name, case in told.cases.items()}
    for tells in (ended, summary, allure, junit):
        assert {name: tells.get(name) for name in names} == EXPECTED
        assert len(tells) == len(names)
    assert told.run.exit_code == 1


def test_statuses_follow_the_verdict_and_nothing_is_skipped(told: Told) -> None:
    assert {name: result["status"] for name, result in told.allure.items()} == {
        name: STATUS[verdict] for name, verdict in EXPECTED.items()
    }
    for name, case in told.cases.items():
        children = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        expected = CHILD[EXPECTED[name]]
        assert children == ([expected] if expected else []), name
        if expected:
            element = case.find(expected)
            assert element is not None
            assert element.get("message", "").startswith(f"{EXPECTED[name]}: ")
    (suite,) = told.junit.iter("testsuite")
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["19", "6", "11", "0"]


def test_the_terminal_counts_no_skip_and_no_expected_failure(told: Told) -> None:
    """Besides the six FAILs pytest counts two mistakes of the plan as failed, which keep their traceback there."""
    counts = re.sub(r"[^\w ]", " ", told.run.printed.strip().splitlines()[-1]).split()
    expected = {"failed": 8, "passed": 3, "inconclusive": 3, "blocked": 7}  # two tests have an end of their own
    assert dict(zip(counts[1:8:2], map(int, counts[:8:2]), strict=True)) == expected
    assert counts[8] == "in"


def test_a_result_says_the_reason_in_one_sentence_and_shows_a_traceback_only_of_what_is_not_ours(told: Told) -> None:
    for name, result in told.allure.items():
        details = result.get("statusDetails", {})
        verdict = EXPECTED[name]
        assert details.get("message", "").startswith(f"{verdict}: " if verdict != "PASS" else ""), name
        assert bool(details.get("trace")) is (name == "mistake"), (name, details)
    assert "ZeroDivisionError" in told.allure["mistake"]["statusDetails"]["trace"]
    assert (
        "then the test broke off: the test was skipped" in told.allure["skips_after_a_fail"]["statusDetails"]["message"]
    )


def test_a_judgement_is_a_step_with_its_own_status_and_the_word_in_its_title(told: Told) -> None:
    for name, verdict in (("pass", "PASS"), ("fail", "FAIL"), ("inconclusive", "INCONCLUSIVE")):
        (step,) = told.allure[name]["steps"]
        assert step["status"] == STATUS[verdict]
        assert re.fullmatch(rf"{verdict}  unintended bolus [\d.]+ ± 0\.39 µL, allowed at most [\d.]+", step["name"])
        facts = {one["name"]: one["value"] for one in step["parameters"]}
        assert facts["requirement"] == "CAT-003@1"
        assert re.fullmatch(r"J-\d{4}", facts["judgement"])
        (text,) = step["attachments"]
        in_full = (told.run.folder / "allure-results" / text["source"]).read_text("utf-8")
        assert in_full.startswith(f"{verdict}: unintended bolus: ")
        assert "- Limits from: profile implantable-20ml" in in_full
        assert ("message" in step.get("statusDetails", {})) is (verdict != "PASS")


def test_no_private_fixture_and_no_traceback_of_a_fixture_is_shown(told: Told) -> None:
    containers = [
        json.loads(path.read_text("utf-8")) for path in told.run.folder.glob("allure-results/*-container.json")
    ]
    fixtures = [one for container in containers for kind in ("befores", "afters") for one in container.get(kind, [])]
    assert {"judge", "bench"} <= {one["name"] for one in fixtures}
    assert not [one["name"] for one in fixtures if one["name"].startswith("_")]
    assert not [one for one in fixtures if "statusDetails" in one]


def test_a_result_names_the_instruments_with_serial_certificate_and_due_date(told: Told) -> None:
    parameters = told.allure["fail"]["parameters"]
    facts = {one["name"]: one["value"] for one in parameters}
    assert "serial SIM20-0001" in facts["pump"]
    assert re.search(r"due \d{4}-\d\d-\d\d, U = [\d.]+ mg", facts["balance certificate"])
    apart = {
        one["name"] for one in parameters if not one.get("excluded")
    }  # else a pump that passed hides one that failed
    assert "pump" in apart
    assert not apart & {"pump firmware", "rig", "balance", "balance certificate"}


def test_junit_carries_the_figures_of_each_judgement(told: Told) -> None:
    facts = properties_of(told.cases["fail"])
    (line,) = [one for one in told.run.of_kind("judgement") if one.data["id"] == facts["judgement"]]
    one = facts["judgement"]
    assert facts["evidence"] == "SIMULATED"
    assert facts["requirement"] == "CAT-003@1"
    assert facts[f"{one}.requirements"] == "CAT-003@1"
    assert facts[f"{one}.verdict"] == "FAIL"
    assert facts[f"{one}.unit"] == "µL"
    for figure in ("value", "expanded_uncertainty", "upper"):
        assert float(facts[f"{one}.{figure}"]) == line.data[figure]
    assert f"{one}.lower" not in facts


def test_a_fail_that_was_judged_before_somebody_ended_the_run_is_told_everywhere(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    run = plan_run("interrupted_after_a_fail.py", tmp_path / "runs", f"--junitxml={junit}")
    told = Told(run, ET.parse(junit).getroot())
    ((name, result),) = told.allure.items()
    assert (name, result["status"]) == ("interrupted", "failed")
    assert result["statusDetails"]["message"].startswith("FAIL: pump: judge: FAIL unintended bolus")
    assert [line.data["verdict"] for line in run.of_kind("test-ended")] == ["FAIL"]
    assert str(run.test.verdict) == "FAIL"
    (case,) = told.junit.iter("testcase")
    assert properties_of(case)["verdict"] == "FAIL"
    assert case.find("failure") is not None
    assert run.exit_code == 1
