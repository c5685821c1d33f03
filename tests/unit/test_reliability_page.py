# SPDX-License-Identifier: Apache-2.0
"""The page of the campaigns says what their figures say."""

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
    Figures("Time to safe", ("what", "s"), (("watch|dog", 59.93456), ("keeper", None), ("kills", 200))).keep("time")
    assert page(tmp_path).endswith(
        "## Time to safe\n\n| what | s |\n|---|---|\n| watch\\|dog | 59.93 |\n| keeper | – |\n| kills | 200 |\n"
    )


def test_a_count_of_successes_is_told_with_the_bound_that_its_trials_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    Figures("Resumed", ("runs", "wrong"), ((200, 0),)).keep("resume")
    assert page(tmp_path).endswith("\n\n- runs with another verdict or another volume: 0 of 200, so at most 1.5 %\n")


def test_every_table_that_counts_failures_has_a_bound() -> None:
    uncounted = {"coverage", "coverage-twin", "journal-month"}  # shares with their own intervals, and lengths
    assert {path.stem for path in (DOCS / "reliability").glob("*.json")} - uncounted <= set(CLAIMS)
