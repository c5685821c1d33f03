# SPDX-License-Identifier: Apache-2.0
"""`pumpbench why`: every number of a run has an id, and the id leads down to samples, certificate and files."""

import json
import shutil
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app_of
from groundfloor.errors import PlanError
from reports.why.answer import Answer, answer_for
from tests.sim.forked_run import forked_run
from tests.sim.tampering import entries_of, rewritten

LIMIT_S = 0.5


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forked_run(tmp_path_factory.mktemp("why"), "--chapter=leak", select="30").folder


def told(answer: Answer) -> str:
    rows = [f"{name} {words}" for section in answer.sections for name, words in section.rows]
    tables = [" ".join(row) for section in answer.sections for row in section.table]
    return "\n".join([*(section.title for section in answer.sections), *rows, *tables])


def delivered(run: Path) -> dict[str, str]:
    """Return the data of the judgement about the volume that was delivered."""
    lines = [one["data"] for one in entries_of(run) if one["kind"] == "judgement"]
    return next(one for one in lines if one["measurand"] == "delivered volume, balance against program")


def test_a_judged_volume_leads_to_its_limit_budget_corrections_marks_samples_and_certificate(run: Path) -> None:
    judged = delivered(run)
    answer = answer_for(run, judged["id"])
    words = told(answer)
    assert answer.contradictions == ()
    expected = [
        f"{judged['id']} · delivered volume, balance against program", "promise accuracy_percent = 14.5, from ",
        f"{judged['window']} · weighed volume", "evaporation rate", "its corrections, in their order", "buoyancy",
        " · mark at ", "mean of 11 readings", "between its marks", "certificate SIMULATED, due 2999-01-01",
        "calibrated certificate SIMULATED", "profile.toml SHA-256", "still the same", "the next line confirms it",
    ]  # fmt: skip
    assert [one for one in expected if one not in words] == []


def test_every_number_of_a_run_is_explained_and_follows_from_what_it_rests_on(run: Path) -> None:
    ids = [
        one["data"].get("id") or one["data"].get("infusion")
        for one in entries_of(run)
        if one["kind"] in {"judgement", "volume", "judgement-declared", "test-started", "infusion-started"}
        or one["data"].get("what") == "mark"
    ]
    assert len(ids) > 80
    for own in ids:
        answer = answer_for(run, own)
        assert (answer.contradictions, answer.sections[0].title.partition(" ")[0]) == ((), own)


def test_what_does_not_follow_is_named_and_ends_with_three(run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(run, tmp_path / "run"))
    own, entries = delivered(run)["id"], entries_of(folder)
    next(one for one in entries if one["data"].get("id") == own and one["kind"] == "judgement")["data"]["value"] = 1.0
    rewritten(folder, entries)
    (folder / "profile.toml").write_text("")
    ended = CliRunner().invoke(app_of(["why"]), ["why", str(folder), own.lower()])
    assert ended.exit_code == 3
    assert f"WRONG    {own}: PASS, and value, U and limits make FAIL" in ended.output
    assert "WRONG    profile.toml: it is not what the run began with" in ended.output


def test_a_number_that_a_run_has_not_is_refused_with_the_last_one_that_it_has(run: Path) -> None:
    with pytest.raises(PlanError, match=r"no such number; the last one is J-\d{4}"):
        answer_for(run, "J-9999")
    with pytest.raises(PlanError, match="it is no id"):
        answer_for(run, "seven")
    with pytest.raises(PlanError, match=r"journal .*: open: .*name the folder of a run"):
        answer_for(run / "pictures", "J-0001")


def test_machines_get_the_same_as_json(run: Path) -> None:
    own = delivered(run)["id"]
    ended = CliRunner().invoke(app_of(["why"]), ["why", str(run), own, "--json"])
    assert (ended.exit_code, json.loads(ended.output)["sections"]) == (
        0,
        json.loads(json.dumps([{"title": one.title, "rows": one.rows, "table": one.table}
                               for one in answer_for(run, own).sections])),
    )  # fmt: skip


def test_the_answer_takes_less_than_half_a_second_of_a_processor_in_a_journal_of_a_hundred_megabytes(
    run: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(run, tmp_path / "run"))
    sample = next(
        line for line in (run / "journal.jsonl").read_bytes().splitlines(keepends=True) if b'"sample"' in line
    )
    with (folder / "journal.jsonl").open("ab") as journal:
        for _ in range(100):
            journal.write(sample * (1_000_000 // len(sample)))
    begun = time.process_time()
    assert answer_for(folder, delivered(run)["id"]).sections
    assert time.process_time() - begun < LIMIT_S
