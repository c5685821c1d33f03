# SPDX-License-Identifier: Apache-2.0
"""Two hundred random edits of a finished run folder: each is named, or has no effect on any verdict.

The run fails on purpose, so that an edit has something to gain.
"""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from groundfloor.errors import BenchFault, PlanError
from metrology.verdict import Verdict
from reports.checked_run import CheckedRun
from reports.summary import Summary
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.tampering import FILE_EDITS, JOURNAL_EDITS, entries_of, rewritten

SEED, EDITS = 20270101, 200


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    out = tmp_path_factory.mktemp("failed")
    return bench_run("simulated", out, "--chapter=leak", "--defect=rate_bias=0.16", select="30")


def essence(summary: Summary) -> dict[str, Any]:
    """All verdicts and the whole matrix."""
    tests = [
        (one.node, one.verdict.name, [(value.id, value.verdict.name) for value in one.values]) for one in summary.tests
    ]
    trace = summary.trace.model_dump(mode="json") if summary.trace is not None else None
    return {"verdict": summary.verdict.name, "exit": summary.exit_code, "tests": tests, "trace": trace}


def what_becomes_of(folder: Path, before: dict[str, Any]) -> str:
    """Return "named" or "without effect"; anything else is what an edit must never reach."""
    try:
        run = CheckedRun.read(folder)
    except (BenchFault, PlanError):
        return "named"
    if run.remarks:
        return "named"
    return "without effect" if essence(run.summary) == before else "UNNOTICED"


def test_the_run_fails_and_its_record_does_not_contradict_itself(failed: BenchRun) -> None:
    run = CheckedRun.read(failed.folder)
    assert (run.summary.verdict, run.remarks) == (Verdict.FAIL, ())
    assert {one.verdict for one in run.recorded.judgements} == {Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE}


def test_of_two_hundred_random_edits_each_is_named_or_without_effect(failed: BenchRun, tmp_path: Path) -> None:
    before = essence(CheckedRun.read(failed.folder).summary)
    dice = random.Random(SEED)  # the same edits each time
    found: dict[str, list[str]] = {"named": [], "without effect": [], "UNNOTICED": []}
    kinds = [*JOURNAL_EDITS, *FILE_EDITS]
    for number in range(EDITS):
        folder = Path(shutil.copytree(failed.folder, tmp_path / failed.folder.name))
        told = kinds[number % len(kinds)](folder, dice)
        found[what_becomes_of(folder, before)].append(told)
        shutil.rmtree(folder)
    assert found["UNNOTICED"] == []
    assert len(found["named"]) > 0.85 * EDITS, found["without effect"]


def test_a_flipped_word_in_a_journal_that_was_chained_anew_is_named_with_line_and_id(
    failed: BenchRun, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(failed.folder, tmp_path / "run"))
    entries = entries_of(folder)
    flipped = next(one for one in entries if one["kind"] == "judgement" and one["data"]["verdict"] == "FAIL")
    flipped["data"]["verdict"] = "PASS"
    rewritten(folder, entries)
    own, line = flipped["data"]["id"], flipped["seq"] + 1
    with pytest.raises(BenchFault, match=rf"line {line}, {own}: recorded is PASS, what it rests on gives FAIL"):
        CheckedRun.read(folder)


@pytest.mark.parametrize("name", ["summary.json", "samples.parquet", "allure-results"])
def test_what_was_made_from_the_journal_and_changed_since_is_refused_and_made_again(
    failed: BenchRun, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(failed.folder, tmp_path / "run"))
    path = folder / name
    if name == "allure-results":
        path = next(path.glob("*-result.json"))
        path.write_text(path.read_text(encoding="utf-8").replace('"failed"', '"passed"'), encoding="utf-8")
    elif name == "summary.json":
        path.write_text(path.read_text(encoding="utf-8").replace("FAIL", "PASS"), encoding="utf-8")
    else:
        path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BenchFault, match=rf"{path.relative_to(folder)} .*--rebuild"):
        CheckedRun.read(folder)
    CheckedRun.read(folder, rebuild=True)
    assert CheckedRun.read(folder).remarks == ()


def test_a_deleted_allure_result_is_named_and_comes_back_with_its_verdict(failed: BenchRun, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(failed.folder, tmp_path / "run"))
    next((folder / "allure-results").glob("*-result.json")).unlink()
    kept = {**json.loads((folder / "summary.json").read_text(encoding="utf-8"))}["tests"][0]["node"]
    (folder / "allure-results" / "0-result.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BenchFault, match="has no result of") as told:
        CheckedRun.read(folder)
    assert kept in str(told.value)
    CheckedRun.read(folder, rebuild=True)
    (result,) = (folder / "allure-results").glob("*-result.json")
    assert json.loads(result.read_text(encoding="utf-8"))["status"] == "failed"


def test_a_first_arrival_that_counts_from_another_instant_than_a_start_is_named(
    failed: BenchRun, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(failed.folder, tmp_path / "run"))
    entries = entries_of(folder)
    (data, *_) = [one["data"] for one in entries if one["data"].get("measurand") == "first arrival after a start"]
    for line in data["budget"]:
        if line["name"].startswith("instant of the "):  # both alike, so that the value still follows from them
            line["value"] += 3600.0
    rewritten(folder, entries)
    with pytest.raises(BenchFault, match=f"{data['id']}: recorded is the instant of the cause"):
        CheckedRun.read(folder)
