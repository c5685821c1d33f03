# SPDX-License-Identifier: Apache-2.0
"""One command runs a chapter against a twin, and leaves a record that a stranger can read."""

import html
from pathlib import Path

import pytest

from bench.acceptance import ALWAYS
from bench.trace import Requirements
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run

LEAK = "test_plans/test_leak.py::test_the_balance_finds_what_leaks_away"
WITHOUT_SENSOR = "implantable-20ml-no-catheter-sensor"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return bench_run("simulated", tmp_path_factory.mktemp("good"), "--chapter=leak", select="30 or 60")


def standing(run: BenchRun) -> set[str]:
    """Return the labels of what the baseline that the run keeps binds every infusion to."""
    baseline = Requirements.load(run.folder / "requirements.toml")
    labels = {one.id: one.label for one in baseline.requirement}
    return {labels[one] for kind in ALWAYS for one in baseline.standing[kind]}


@pytest.fixture(scope="module")
def without_sensor(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    out = tmp_path_factory.mktemp("without-sensor")
    return bench_run("simulated", out, "--chapter=kink", f"--profile={WITHOUT_SENSOR}")


def test_a_good_pump_passes_with_exit_code_0(good: BenchRun) -> None:
    assert good.exit_code == 0, good.printed + good.errors
    assert [(test.node, test.verdict) for test in good.summary.tests] == [
        (f"{LEAK}[30.0]", Verdict.PASS),
        (f"{LEAK}[60.0]", Verdict.PASS),
    ]


def test_the_summary_tells_per_test_what_was_measured_against_which_limits(good: BenchRun) -> None:
    test = good.raw_summary["tests"][0]
    assert sorted(test["requirements"]) == sorted({"LEK-001@1", *standing(good)})
    assert "RC-011" in test["risk_controls"]
    (missing,) = [value for value in test["values"] if value["name"] == "leaking: volume missing from the balance"]
    assert missing["value"] == pytest.approx(0.3 * 4 * 41.6667, rel=0.2)
    assert 0 < missing["expanded_uncertainty"] < 1
    assert missing["lower"] == pytest.approx(0.145 * 4 * 41.6667, rel=0.01)
    assert missing["upper"] == pytest.approx((1.5 * 0.3 + 0.145) * 4 * 41.6667, rel=0.01)
    assert (missing["unit"], missing["verdict"]) == ("µL", "PASS")


def test_the_summary_tells_bench_time_and_that_all_of_it_is_simulated(good: BenchRun) -> None:
    first, second = good.raw_summary["tests"]
    assert first["started_s"] == 0.0
    assert first["ended_s"] > 5 * 3600  # four hours leaking and one without
    assert (second["started_s"], good.raw_summary["simulated"]) == (first["ended_s"], True)
    assert "SIMULATED" in good.printed


def test_the_journal_is_whole_and_ends_with_the_end_of_the_run(good: BenchRun) -> None:
    kinds = [line.kind for line in good.journal]
    begun = kinds.index("run-started")
    assert kinds[:2] == ["journal-opened", "test-started"]
    assert set(kinds[2:begun]) == {"judgement-declared"}  # before the bench is opened
    assert [line.seq for line in good.journal] == list(range(len(good.journal)))
    assert (good.journal[-1].kind, good.journal[-1].data["reason"]) == ("run-ended", "ok")
    assert len(good.of_kind("sample")) > 2 * 5 * 3600 / 30


def test_the_paths_of_journal_and_summary_are_printed(good: BenchRun) -> None:
    assert f"journal  {good.folder / 'journal.jsonl'}\n" in good.printed
    assert f"summary  {good.folder / 'summary.json'}\n" in good.printed


def test_every_run_leaves_a_page_that_needs_nothing_else(good: BenchRun) -> None:
    assert f"page     {good.folder / 'report.html'}\n" in good.printed
    page = (good.folder / "report.html").read_text(encoding="utf-8")
    tests = page.partition('<section id="tests"')[2].partition('<section id="bench"')[0]
    assert len(tests.encode()) < 2_000_000 / 16 * 2  # two tests of the sixteen that 2 MB are for
    assert len(page.replace(tests, "").encode()) < 2_000_000 / 16 * 2  # the whole matrix, whatever ran
    assert page.count('<svg class="chart"') == 2
    assert "<title>SIMULATED – PASS" in page
    assert "LEK-001@1" in page
    assert "changed since the run began" not in page
    judged = good.of_kind("judgement")
    assert page.count('<tr role="row" id="J-') == len(judged) > 10
    assert all(str(line.data["name"]) in html.unescape(page) for line in judged)


def test_without_a_terminal_neither_progress_bar_nor_colours_are_printed(good: BenchRun) -> None:
    told = good.printed + good.errors
    assert "bench time" not in told
    assert "\x1b" not in told


def test_the_folder_holds_what_was_used(good: BenchRun) -> None:
    kept = {path.name for path in good.folder.iterdir()}
    assert {"bench.toml", "profile.toml", "requirements.toml", "environment.lock", "collected.json"} <= kept
    assert {"samples.parquet", "allure-results"} <= kept


def test_what_a_kink_holds_back_from_a_pump_without_a_sensor_is_found_and_no_alarm_counts(
    without_sensor: BenchRun,
) -> None:
    assert without_sensor.exit_code == 0, without_sensor.printed + without_sensor.errors
    missing = [value for test in without_sensor.summary.tests for value in test.values if "missing" in value.name]
    assert [value.verdict for value in missing] == [Verdict.PASS] * 3
    for value in missing:
        assert value.value is not None
        assert value.lower is not None
        assert value.value > 4 * value.lower  # all of it is missing, not just more than the tolerance
    assert not [line for line in without_sensor.of_kind("event") if line.data["what"] == "alarm"]


def test_a_selection_that_holds_no_test_is_wrong_use(tmp_path: Path) -> None:
    assert bench_run("simulated", tmp_path, "--chapter=leak", select="no_such_test").exit_code == 2
