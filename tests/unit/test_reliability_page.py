# SPDX-License-Identifier: Apache-2.0
"""The page of the campaigns says what their figures say."""

import subprocess
from pathlib import Path

import pytest

from tests.soak.claims import CLAIMS
from tests.soak.figures import FOLDER, Figures
from tests.soak.report import page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_in_docs_is_the_one_that_the_figures_give() -> None:
    assert (DOCS / "reliability.md").read_text(encoding="utf-8") == page(DOCS / "reliability"), (
        "run: python -m tests.soak.report docs/reliability > docs/reliability.md"
    )


def test_figures_become_a_table_with_four_digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    rows = (("watch|dog", 59.93456), ("keeper", None), ("kills", 200))
    Figures("Time to safe", ("what", "s"), rows, "0123abcd of 2027-01-01").keep("time")
    assert page(tmp_path).endswith(
        "## Time to safe\n\nMade on commit 0123abcd of 2027-01-01.\n\n"
        "| what | s |\n|---|---|\n| watch\\|dog | 59.93 |\n| keeper | – |\n| kills | 200 |\n"
    )


def test_kept_figures_know_the_commit_that_they_were_made_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    Figures("Time to safe", ("what", "s"), ()).keep("time")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=DOCS, capture_output=True, text=True, check=False).stdout
    if not head:
        pytest.skip("this is no clone")
    assert head.startswith(Figures.load(tmp_path / "time.json").commit.split()[0])


def test_a_count_of_successes_is_told_with_the_bound_that_its_trials_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    Figures("Resumed", ("runs", "wrong"), ((200, 0),)).keep("resume")
    assert page(tmp_path).endswith("\n\n- runs with another verdict or another volume: 0 of 200, so at most 1.5 %\n")


def test_every_table_that_counts_failures_has_a_bound() -> None:
    uncounted = {"coverage", "coverage-twin", "journal-month"}  # shares with their own intervals, and lengths
    assert {path.stem for path in (DOCS / "reliability").glob("*.json")} - uncounted <= set(CLAIMS)
