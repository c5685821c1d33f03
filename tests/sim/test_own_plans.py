# SPDX-License-Identifier: Apache-2.0
"""Plans from outside, in one run: ids of their own, and no failure that an exception does not tell of is a pass."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from metrology.verdict import Verdict
from reports.run_verdict import Invalid
from tests.sim.bench_run import ENVIRONMENT, BenchRun, bench_run

MEASURES = """
import pytest
from bench.therapy import Continuous
from test_plans.criteria import accuracy
from test_plans.markers import judges

def judged(infusion, profile):
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("ten minutes", run.deliver(run.duration_that_resolves_s(600), "ten minutes").volume)
"""
STRICT = """
@pytest.mark.xfail(strict=True, reason="known issue 13")
@judges("DEL-003", "ten minutes", accuracy)
def test_own_strict(infusion, profile):
    judged(infusion, profile)
"""
REPORTED = """
@judges("DEL-003", "ten minutes", accuracy)
def test_own_reported(infusion, profile):
    judged(infusion, profile)
"""
PLUGIN = """
import pytest

@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if call.when == "call" and "reported" in item.name:
        report.outcome, report.longrepr = "failed", "a plug-in does not like it"

class Repeats:
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item, nextitem):
        from _pytest.runner import runtestprotocol
        if "again" not in item.name:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for _ in range(2):
            runtestprotocol(item, nextitem=nextitem)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

def pytest_configure(config):
    config.pluginmanager.register(Repeats())
"""
SAME_NAME = """
def test_own_volume(bench):
    assert bench
"""
AGAIN = """
def test_own_again(bench):
    assert bench
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lab")
    plans = {
        "test_strict.py": MEASURES + STRICT,
        "test_reported.py": MEASURES + REPORTED,
        "one/test_plan.py": SAME_NAME,
        "two/test_plan.py": SAME_NAME,
        "test_again.py": AGAIN,
        "test_broken.py": "import no_such_module\n",
        "dislikes.py": PLUGIN,
    }
    for name, text in plans.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(lab: Path) -> Iterator[BenchRun]:
    plans = [str(path) for path in sorted(lab.rglob("test_*.py"))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ENVIRONMENT, "PYTHONPATH", str(lab))
        more = ["-p", "dislikes", "--continue-on-collection-errors", *plans]
        yield bench_run("simulated", lab / "runs", "--chapter=leak", select="own", more=more)


def allure_status(run: BenchRun, name: str) -> list[dict[str, Any]]:
    results = [json.loads(path.read_text(encoding="utf-8")) for path in run.folder.glob("allure-results/*-result.json")]
    return [one for one in results if name in one["fullName"]]


def verdict(run: BenchRun, name: str) -> tuple[Verdict, str]:
    (entry,) = [test for test in run.summary.tests if name in test.node]
    return entry.verdict, entry.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [("strict", "[XPASS(strict)] known issue 13"), ("reported", "a plug-in does not like it")],
)
def test_a_report_that_failed_without_an_exception_is_blocked_everywhere(run: BenchRun, name: str, reason: str) -> None:
    told = verdict(run, name)
    assert (told[0], reason in told[1]) == (Verdict.BLOCKED, True)
    (allure,) = allure_status(run, f"test_own_{name}")
    assert (allure["status"], reason in allure["statusDetails"]["message"]) == ("broken", True)
    assert {"name": "verdict", "value": "blocked"} in allure["labels"]
    assert (run.summary.verdict, run.summary.exit_code, run.exit_code) == (
        Invalid.INVALID,
        6,
        6,
    )  # one is not collected


def test_a_test_that_a_plug_in_repeats_is_blocked_before_its_second_infusion(run: BenchRun) -> None:
    told = verdict(run, "again")
    assert (told[0], "a plug-in repeats it" in told[1]) == (Verdict.BLOCKED, True)


def test_two_plans_with_one_test_name_have_two_ids(run: BenchRun, lab: Path) -> None:
    collected = json.loads((run.folder / "collected.json").read_text(encoding="utf-8"))["tests"]
    ids = [node for node in collected if "test_own_volume" in node]
    assert ids == [f"{lab}/{name}/test_plan.py::test_own_volume" for name in ("one", "two")]
    assert [test.node for test in run.summary.tests if "test_own_volume" in test.node] == ids


def test_a_plan_that_cannot_be_collected_keeps_the_run_from_passing(run: BenchRun, lab: Path) -> None:
    (trouble,) = run.summary.troubles
    assert trouble.startswith(f"{lab}/test_broken.py could not be collected: ")
    assert "no_such_module" in trouble
    assert [(one.node, "no_such_module" in one.why) for one in run.summary.invalid] == [(f"{lab}/test_broken.py", True)]
