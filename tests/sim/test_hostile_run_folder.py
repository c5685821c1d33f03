# SPDX-License-Identifier: Apache-2.0
"""Nothing in a bench file, a journal or a run folder of unknown origin makes the bench write outside the run folder."""

import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bench.bench_file import BenchFile
from bench.journal import CONTINUED, Journal
from bench.run_folder import RunFolder
from cli.main import app_of
from groundfloor.errors import BenchFault, PlanError
from groundfloor.file_in_folder import own_folder, write_in_folder
from reports import samples_parquet
from reports.allure_html import generate
from reports.allure_results import write_context
from tests.sim.bench_run import ran
from tests.unit.reports.conftest import RUN_STARTED, sample_data

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "how-to" / "bench-file.md"
PRECIOUS = "what somebody needs"
HOSTILE_NAMES = [
    "../../x",
    "..",
    "/etc/x",
    "a/b",
    "a\\b",
    "a\0b",
    "a\nb",
    "",
    ".",
    "~",
    "-rf",
    "x" * 300,
    "\x1b[2J",
    "[b]",
]
SCRIPT = "</title></script><script>alert('owned')</script><img src=x onerror=alert('owned')>"


def pumpbench(*arguments: object) -> Result:
    return CliRunner().invoke(app_of(), [str(one) for one in arguments])


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the user's that no report may touch."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "precious").write_text(PRECIOUS)
    return folder


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    journal = Journal(folder / "journal.jsonl")
    journal.write("run-started", **RUN_STARTED)
    journal.write("infusion-started", infusion="../../../x")
    journal.sample(**sample_data(0.0, "../../../x"))
    journal.write("run-ended", reason="interrupted")
    journal.close()
    (folder / "collected.json").write_text(json.dumps({"tests": ["../../x"]}))
    return folder


def untouched(outside: Path) -> bool:
    return [path.name for path in outside.iterdir()] == ["precious"] and (outside / "precious").read_text() == PRECIOUS


# --- names -----------------------------------------------------------------------------------------------------------


def guide() -> dict[str, Any]:
    return tomllib.loads(GUIDE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0])


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("key", [("bench", "name"), ("pump", "serial_number"), ("rig", "serial_number")])
def test_a_name_that_a_path_could_be_made_of_is_refused(tmp_path: Path, key: tuple[str, str], name: str) -> None:
    content = guide()
    content[key[0]][key[1]] = name
    path = tmp_path / "bench.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    with pytest.raises(PlanError, match=rf"{key[0]}\.{key[1]}"):
        BenchFile.load(path)


@pytest.mark.parametrize("text", ["\x1b[2J", "a\x07", "\u202ereversed", "a\u2028b"])
def test_invisible_characters_are_refused_in_every_text_of_a_bench_file(tmp_path: Path, text: str) -> None:
    content = guide()
    content["bench"]["description"] = text
    path = tmp_path / "bench.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    with pytest.raises(PlanError, match=r"bench\.description: holds characters that are not visible") as refused:
        BenchFile.load(path)
    assert text not in str(refused.value)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.text(), st.text())
def test_a_run_folder_is_a_folder_in_the_folder_of_runs(tmp_path: Path, bench: str, serial: str) -> None:
    runs = tmp_path / "runs"
    folder = RunFolder.create(runs, bench, serial).path
    assert folder.parent == runs
    assert re.fullmatch(r"[A-Za-z0-9_-]+", folder.name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs"]


@pytest.mark.parametrize("name", ["../x", "/etc/x", "report/../../x"])
def test_no_name_leads_out_of_the_folder(run_folder: Path, name: str) -> None:
    with pytest.raises(BenchFault, match="leads out of the folder"):
        write_in_folder(run_folder, name, b"")


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["summary.json", "summary.json.part"])
def test_a_summary_is_never_written_through_a_link(run_folder: Path, outside: Path, name: str) -> None:
    (run_folder / name).symlink_to(outside / "precious")
    for more in ([], ["--rebuild"]):
        pumpbench("report", run_folder, *more)
        assert untouched(outside)
    assert json.loads((run_folder / "summary.json").read_text())["verdict"] == "INVALID"


def test_a_table_of_samples_is_never_written_through_a_link(run_folder: Path, outside: Path) -> None:
    for name in ("samples.parquet", "samples.parquet.part"):
        (run_folder / name).symlink_to(outside / "precious")
    samples_parquet.write(run_folder)
    assert untouched(outside)
    assert not (run_folder / "samples.parquet").is_symlink()


def test_a_linked_folder_is_not_written_into(run_folder: Path, outside: Path) -> None:
    for name in ("report", "allure-results"):
        (run_folder / name).symlink_to(outside)
        with pytest.raises(BenchFault, match="leads out of the folder"):
            own_folder(run_folder, name)
    with pytest.raises(BenchFault, match="leads out of the folder"):
        write_context(run_folder)
    assert generate(run_folder).path is None
    assert untouched(outside)


def test_a_link_inside_the_results_is_replaced_not_followed(run_folder: Path, outside: Path) -> None:
    (run_folder / "allure-results").mkdir()
    for name in ("environment.properties", "executor.json", "categories.json"):
        (run_folder / "allure-results" / name).symlink_to(outside / "precious")
    write_context(run_folder)
    assert untouched(outside)


@pytest.mark.parametrize("kind", ["endless", "pipe", "folder", "loop"])
@pytest.mark.parametrize("words", [("report",), ("journal", "check"), ("journal", "show")])
def test_a_journal_that_is_no_file_ends_in_an_error_and_not_in_waiting(
    tmp_path: Path, kind: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / "journal.jsonl"
    match kind:
        case "endless":
            path.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)
    told = pumpbench(*words, tmp_path)
    assert isinstance(told.exception, PlanError | BenchFault)


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/passwd", "journal.jsonl", "nowhere"])
def test_a_continuation_that_leads_elsewhere_is_told_and_left_alone(run_folder: Path, target: str) -> None:
    (run_folder / CONTINUED).symlink_to(target)
    told = pumpbench("journal", "check", run_folder)
    assert isinstance(told.exception, BenchFault)
    assert "root:" not in str(told.exception)


def test_a_journal_behind_a_link_is_not_gone_on_with(run_folder: Path, outside: Path) -> None:
    (outside / "precious").unlink()
    (run_folder / "journal.jsonl").rename(outside / "precious")
    (run_folder / "journal.jsonl").symlink_to(outside / "precious")
    before = (outside / "precious").read_bytes()
    with pytest.raises(BenchFault, match="go on with it"):
        Journal.reopen(run_folder / "journal.jsonl", lambda: 0.0)
    assert (outside / "precious").read_bytes() == before


def test_a_line_without_an_end_costs_no_memory(tmp_path: Path) -> None:
    with (tmp_path / "journal.jsonl").open("wb") as file:
        file.truncate(1 << 32)  # four gibibytes of zeros, as a sparse file
    told = pumpbench("journal", "check", tmp_path)
    assert told.exit_code == 3
    assert "BROKEN in line 1, at byte 0" in told.output


# --- the report ------------------------------------------------------------------------------------------------------

TESTS = f"""
import allure

NAME = {SCRIPT!r}

def test_hostile():
    allure.dynamic.title(NAME)
    allure.dynamic.description(NAME)
    for name in ("epic", "feature", "story", "verdict", "../../label"):
        allure.dynamic.label(name, NAME)
    with allure.step(NAME):
        allure.attach(NAME, name="../../../" + NAME, attachment_type=allure.attachment_type.CSV)
    assert False, NAME + chr(27) + "[31m"
"""


@pytest.fixture(scope="module")
def hostile_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose every text is markup, with results written by allure-pytest itself."""
    folder = tmp_path_factory.mktemp("runs") / "run-1"
    folder.mkdir()
    device = {"model": SCRIPT, "serial_number": SCRIPT, "firmware_version": SCRIPT}
    journal = Journal(folder / "journal.jsonl")
    hostile = {"run_id": SCRIPT, "bench": SCRIPT, "profile": SCRIPT, "profile_title": SCRIPT, "pump": device}
    journal.write("run-started", **{**RUN_STARTED, **hostile})
    journal.close()
    plan = folder.parent / "test_plan.py"
    plan.write_text(TESTS, encoding="utf-8")
    options = ["-q", "-c", "/dev/null", "-p", "no:cacheprovider", f"--rootdir={folder.parent}", "--noconftest"]
    command = [sys.executable, "-m", "pytest", *options, f"--alluredir={folder / 'allure-results'}", str(plan)]
    assert ran(command, folder=folder.parent).returncode == 1
    write_context(folder)
    return folder


def test_no_attachment_is_named_after_what_it_holds(hostile_results: Path) -> None:
    names = [path.name for path in (hostile_results / "allure-results").iterdir()]
    assert all(
        re.fullmatch(r"[0-9a-f-]{36}-(result|attachment|container)\.\w+|\w+\.(json|properties)", one) for one in names
    )
    assert sorted(path.name for path in hostile_results.iterdir()) == ["allure-results", "journal.jsonl"]


def test_the_html_view_holds_markup_from_elsewhere_as_data_only(hostile_results: Path) -> None:
    outcome = generate(hostile_results)
    if outcome.path is None:
        pytest.skip(f"no generator here: {outcome}")
    html = outcome.path.read_text(encoding="utf-8")
    assert "<script>alert(" not in html
    assert "<img src=x" not in html
