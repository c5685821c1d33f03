# SPDX-License-Identifier: Apache-2.0
"""Journals of other formats are read whole: an older one through migrations, a newer minor one without what is new."""

import json
import shutil
from pathlib import Path

import pytest

from bench.journal import FORMAT, Journal, JournalFormat, check_journal, read_lines, samples_frame
from bench.journal.journal_chain import Chain
from bench.journal.lines import Judgement, Sample, TestStarted, UnknownLine, Volume
from bench.run import UnfinishedRun
from groundfloor.errors import BenchFault
from metrology.verdict import Verdict
from reports import samples_parquet
from reports.summary import summarise

KEPT = Path(__file__).parents[1] / "kept_journals"
SHAPES = {"unversioned": (JournalFormat(0, 0), 2, 72), "newer_column": (JournalFormat(1, 1), 1, 33),
          "newer_kind": (JournalFormat(1, 7), 1, 33)}  # fmt: skip


@pytest.fixture(params=sorted(SHAPES))
def shape(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(shape: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT / shape, tmp_path / "run"))


def with_format(path: Path, text: str) -> None:
    """Write the journal anew, as one of another format."""
    chain, lines = Chain(), []
    for raw in path.read_bytes().splitlines():
        entry = json.loads(raw)
        if entry["kind"] == "journal-opened":
            entry["data"]["format"] = text
        lines.append(chain.line(entry["t"], entry["kind"], entry["data"]))
        chain.follow(lines[-1])
    path.write_bytes(b"".join(lines))


def test_every_line_of_a_kept_journal_is_read_in_its_model(folder: Path, shape: str) -> None:
    lines = read_lines(folder / "journal.jsonl")
    bodies = [line.body for line in lines]
    version, tests, samples = SHAPES[shape]
    assert lines.version == version
    assert sum(isinstance(body, TestStarted) for body in bodies) == tests
    assert sum(isinstance(body, Sample) for body in bodies) == samples
    unknown = [body.named for body in bodies if isinstance(body, UnknownLine)]
    assert unknown == (["operator-note", "event", "activity"] if shape == "newer_kind" else [])
    assert check_journal(folder / "journal.jsonl").whole


def test_a_kept_journal_is_summed_up_as_it_was_judged(folder: Path, shape: str) -> None:
    summary = summarise(folder)
    assert (summary.verdict, summary.exit_code, summary.troubles) == (Verdict.PASS, 0, ())
    assert len(summary.tests) == SHAPES[shape][1]
    (error,) = [one for one in summary.tests[0].values if one.measurand == "rate error"]
    assert error.value == pytest.approx(0.7, abs=1.0)
    assert (error.window, error.infusion) == ("W-0001", "I-0001")


def test_the_samples_of_a_kept_journal_are_read_as_a_table(folder: Path, shape: str) -> None:
    frame = samples_frame(folder / "journal.jsonl", "I-0001")
    assert len(frame) == 33
    assert frame["weighed_ul"].iloc[-1] == pytest.approx(520, rel=0.1)
    assert "case_temperature_c" not in frame
    samples_parquet.write(folder)
    assert (folder / "samples.parquet").stat().st_size > 0


def test_ids_tie_an_older_journal_together_as_they_do_one_of_today() -> None:
    bodies = [line.body for line in read_lines(KEPT / "unversioned" / "journal.jsonl")]
    volumes = [body for body in bodies if isinstance(body, Volume)]
    assert [(one.id, one.start_mark, one.end_mark) for one in volumes] == [
        ("W-0001", "M-0001", "M-0002"),
        ("W-0002", "M-0003", "M-0004"),
        ("W-0003", "M-0005", "M-0006"),
    ]
    judgements = [body for body in bodies if isinstance(body, Judgement)]
    assert [one.id for one in judgements] == [f"J-{number:04d}" for number in range(1, 16)]
    assert {one.window for one in judgements if one.budget and one.unit != "s"} == {"W-0001", "W-0002", "W-0003"}
    assert all(one.qualifiers == () for one in judgements)


def test_reading_an_older_journal_from_its_middle_gives_the_same_lines() -> None:
    path = KEPT / "unversioned" / "journal.jsonl"
    whole = list(read_lines(path))
    assert list(read_lines(path, whole[100].offset)) == whole[100:]


@pytest.mark.parametrize("text", ["2.0", "17.3"])
def test_a_newer_major_format_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    folder = Path(shutil.copytree(KEPT / "newer_kind", tmp_path / "run"))
    with_format(folder / "journal.jsonl", text)
    with pytest.raises(BenchFault, match=rf"its format is {text}, this version reads up to 1\.x.*a newer one"):
        summarise(folder)


@pytest.mark.parametrize("text", ["", "1", "1.x", "-1.0", "1.99999", "²1.0"])
def test_a_format_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    folder = Path(shutil.copytree(KEPT / "newer_kind", tmp_path / "run"))
    with_format(folder / "journal.jsonl", text)
    with pytest.raises(BenchFault, match="is no version of a journal's format"):
        summarise(folder)


@pytest.mark.parametrize("shape", ["unversioned", "newer_kind"])
def test_a_run_of_another_format_is_read_and_not_gone_on_with(tmp_path: Path, shape: str) -> None:
    path = shutil.copytree(KEPT / shape, tmp_path / "run") / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:60]))
    before = path.read_bytes()
    assert UnfinishedRun.read(path).last_sample is not None
    with pytest.raises(BenchFault, match=rf"this version writes {FORMAT}"):
        Journal.reopen(path, lambda: 0.0)
    assert path.read_bytes() == before
