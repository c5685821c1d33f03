# SPDX-License-Identifier: Apache-2.0
"""Only what a run itself left as a chapter is joined into its journal, and taken away after that."""

import os
import re
from pathlib import Path

import pytest

from bench.journal import Journal, read_lines
from bench.journal.lines import RunEnded, TestStarted
from bench.run import join_left_chapters, left_chapters, recover_runs

CHAPTER = "chapters/run.000-kink"


def a_run(folder: Path, *, ended: bool = False) -> Path:
    folder.mkdir(parents=True)
    with Journal(folder / "journal.jsonl") as journal:
        journal.put(TestStarted(node=f"test_{folder.name}.py::test", title="a", chapter="a"))
        if ended:
            journal.put(RunEnded(reason="done"))
    return folder


def kinds(run: Path) -> list[str]:
    return [line.kind for line in read_lines(run / "journal.jsonl")]


def gone_on_with(run: Path) -> tuple[str, ...]:
    with Journal.reopen(run / "journal.jsonl", lambda: 0.0) as journal:
        return join_left_chapters(journal, run)


def test_a_chapter_that_was_left_is_joined_and_taken_away(tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    a_run(run / CHAPTER, ended=True)
    gone_on_with(run)
    assert kinds(run).count("test-started") == 2
    assert not (run / "chapters").exists()


def test_a_link_in_the_place_of_the_chapters_costs_no_other_run(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    others = [a_run(runs / name, ended=True) for name in ("a.000-first", "b.001-second")]
    before = [(other / "journal.jsonl").read_bytes() for other in others]
    run = a_run(runs / "z.002-planted")
    (run / "chapters").symlink_to("..")
    recover_runs(runs)
    (told,) = gone_on_with(run)
    assert [(other / "journal.jsonl").read_bytes() for other in others] == before
    assert kinds(run).count("test-started") == 1
    assert "is a link, and no run leaves one there" in told


@pytest.mark.parametrize("name", ["someone-elses", "run.0-kink", "run.000"])
def test_a_folder_that_no_run_named_is_neither_joined_nor_taken_away(tmp_path: Path, name: str) -> None:
    run = a_run(tmp_path / "run")
    kept = a_run(run / "chapters" / name, ended=True)
    (told,) = gone_on_with(run)
    assert kinds(kept) == ["journal-opened", "test-started", "run-ended"]
    assert re.search(rf"{name} is no chapter that a run left", told)


def hard_link(run: Path, part: Path) -> None:
    os.link(run / "journal.jsonl", part)


def link(run: Path, part: Path) -> None:
    part.symlink_to(run / "journal.jsonl")


@pytest.mark.parametrize("make", [hard_link, link])
def test_the_journal_of_the_run_is_not_joined_into_itself(tmp_path: Path, make: object) -> None:
    run = a_run(tmp_path / "run")
    (run / CHAPTER).mkdir(parents=True)
    assert callable(make)
    make(run, run / CHAPTER / "journal.jsonl")
    assert list(left_chapters(run)) == []  # joined, it would grow for ever
    gone_on_with(run)
    assert kinds(run) == ["journal-opened", "test-started", "resumed"]
