# SPDX-License-Identifier: Apache-2.0
"""Each way in which Allure is known to lose or hide a failure has a test; those that need no run are here.

`TRIED` names for each of them the tests that hold it.
"""

import ast
import datetime
import re
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.devices import Finding
from groundfloor.errors import BenchFault, PlanError
from instruments.pump import PumpIdentity
from reports.allure_results import IDENTITY, instrument_facts
from tests.unit.test_widened_limits import bench_file as of_the_guide

ROOT = Path(__file__).parents[3]
OWN = [path for room in ("fixtures", "reports", "bench", "cli", "test_plans") for path in (ROOT / room).rglob("*.py")]
TRIED = {
    "clean-alluredir and several processes lose results": (
        "tests/sim/test_pytest_options.py::test_an_option_that_a_bench_cannot_take_ends_with_2_and_one_sentence",
        "tests/unit/reports/test_allure_pitfalls.py::test_nothing_cleans_a_folder_of_results",
    ),
    "a killed process leaves no result": (
        "tests/sim/test_workers.py::test_a_killed_worker_blocks_its_chapter_and_no_other",
        "tests/sim/test_missing_results.py::test_what_is_not_collected_or_not_started_makes_the_run_invalid_everywhere",
    ),
    "a collection error leaves no result": (
        "tests/sim/test_missing_results.py::test_what_is_not_collected_or_not_started_makes_the_run_invalid_everywhere",
    ),
    "an excluded serial number lets one pump hide another": (
        "tests/unit/reports/test_allure_pitfalls.py::test_the_serial_number_of_the_pump_tells_results_apart",
    ),
    "a repetition hides the failure before it": (
        "tests/sim/test_pytest_options.py::test_an_option_that_a_bench_cannot_take_ends_with_2_and_one_sentence",
        "tests/sim/test_pytest_options.py::test_a_mark_that_repeats_a_test_is_refused",
        "tests/unit/reports/test_allure_statuses.py::test_a_result_of_no_test_and_one_told_twice_are_named_and_go_when_all_is_made_again",
    ),
    "two tests share one historyId": (
        "tests/unit/reports/test_allure_pitfalls.py::test_nothing_rests_on_what_allure_makes_of_values",
        "tests/sim/test_pytest_options.py::test_two_tests_with_one_id_are_refused_with_their_file",
    ),
    "a parameter that is an object changes from run to run": (
        "tests/unit/reports/test_allure_pitfalls.py::test_parameters_of_the_plans_are_numbers_words_and_ids",
    ),
    "dynamic.parameter ignores a mode": (
        "tests/unit/reports/test_allure_pitfalls.py::test_nothing_rests_on_what_allure_makes_of_values",
    ),
    "an assertion in a fixture is failed, not broken": (
        "tests/unit/reports/test_allure_pitfalls.py::test_trouble_of_the_bench_is_no_assertion_error",
    ),
    "xfail is skipped, xpass is passed": ("tests/sim/test_told_everywhere.py",),
    "INCONCLUSIVE has no status": (
        "tests/sim/test_told_everywhere.py",
        "tests/unit/reports/test_allure_files.py::test_a_verdict_finds_its_category_before_the_plain_status_does",
    ),
    "subtests show the first failure alone": (
        "tests/unit/test_allure_reporter.py::test_a_judgement_is_a_step_at_once_and_its_budget_a_file_when_the_test_is_over",
    ),
    "pytest 9.1 and later make phantom teardowns": (
        "tests/unit/reports/test_allure_pitfalls.py::test_pytest_is_older_than_the_phantom_teardowns",
    ),
    "steps of a thread in the background are lost": (
        "tests/unit/reports/test_allure_pitfalls.py::test_steps_come_from_the_journal_alone",
    ),
    "an attachment without a type cannot be shown": (
        "tests/unit/reports/test_allure_pitfalls.py::test_every_attachment_says_of_which_type_it_is",
    ),
    "several processes open one bench": (
        "tests/sim/test_pytest_options.py::test_an_option_that_a_bench_cannot_take_ends_with_2_and_one_sentence",
        "tests/sim/test_workers.py::test_summary_junit_and_allure_tell_the_same_for_any_number_of_workers",
    ),
    "labels and ids differ from run to run": (
        "tests/unit/reports/test_allure_statuses.py::test_a_result_with_the_status_of_its_verdict_is_right",
    ),
    "the report calls a third party": (
        "tests/sim/test_allure_html.py::test_the_report_is_made_by_the_wheels_own_node_or_told_to_be_missing",
        "tests/unit/reports/test_analytics.py::test_a_page_that_still_calls_analytics_is_refused",
    ),
}


@pytest.fixture
def bench_file(tmp_path: Path) -> BenchFile:
    return of_the_guide(tmp_path)


@pytest.mark.parametrize("pitfall", TRIED)
def test_what_is_named_as_trying_a_pitfall_is_there(pitfall: str) -> None:
    for named in TRIED[pitfall]:
        file, _, test = named.partition("::")
        content = (ROOT / file).read_text(encoding="utf-8")
        assert not test or f"\ndef {test}(" in content, named


def _calls(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_nothing_cleans_a_folder_of_results() -> None:
    assert [str(path) for path in OWN if "clean-alluredir" in path.read_text(encoding="utf-8")] == []


def test_the_serial_number_of_the_pump_tells_results_apart(bench_file: BenchFile) -> None:
    """Else both generators show of two pumps the one that passed: `1 passed, 0 failed`."""

    def kept(serial: str, firmware: str) -> dict[str, str]:
        pump = PumpIdentity(model="Implantable-20", serial_number=serial, firmware_version=firmware)
        facts = instrument_facts(bench_file, [Finding(asset="pump", address="", identity=pump, trouble=None)])
        return {name: value for name, value in facts.items() if name in IDENTITY}

    assert kept("SN1", "1.0") != kept("SN2", "1.0")
    assert kept("SN1", "1.0") == kept("SN1", "2.0")  # else no release has the history of the one before


def test_an_instrument_is_told_with_certificate_due_date_and_its_uncertainty(bench_file: BenchFile) -> None:
    due = bench_file.balance.calibration.due
    assert isinstance(due, datetime.date)
    expanded = bench_file.balance.calibration.expanded_uncertainty_mg
    told = instrument_facts(bench_file, [])["balance certificate"]
    assert told.endswith(f", due {due}, U = {expanded:g} mg (k = 2)")


def test_nothing_rests_on_what_allure_makes_of_values() -> None:
    odd = re.compile(r"historyId|testCaseId|dynamic\.parameter|parameter_mode")
    assert [str(path) for path in OWN if odd.search(path.read_text(encoding="utf-8"))] == []


def test_parameters_of_the_plans_are_numbers_words_and_ids() -> None:
    """An object without a form of its own would be another parameter, and so another test, in each run."""
    collected = (ROOT / "test_plans").glob("test_*.py")
    odd = [call for path in collected for call in _calls(path) if call.startswith("pytest.param(") and "lambda" in call]
    assert odd == []


def test_trouble_of_the_bench_is_no_assertion_error() -> None:
    for kind in (BenchFault, PlanError):
        assert not issubclass(kind, AssertionError)


def test_pytest_is_older_than_the_phantom_teardowns() -> None:
    assert '"pytest>=9.0,<9.1"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert tuple(map(int, pytest.__version__.split(".")[:2])) < (9, 1)


def test_steps_come_from_the_journal_alone() -> None:
    """It is written by the thread that runs the test; a sampler in the background would lose its steps."""
    with_steps = {path.name for path in OWN if re.search(r"allure\.step\b|AllureStep\(", path.read_text("utf-8"))}
    assert with_steps == {"allure_reporter.py", "allure_step.py"}


def test_every_attachment_says_of_which_type_it_is() -> None:
    attaching = [
        call for path in OWN for call in _calls(path) if re.match(r"allure\.attach|(\w+\.)*Attachment\(", call)
    ]
    assert attaching
    assert [call for call in attaching if "type=" not in call] == []
