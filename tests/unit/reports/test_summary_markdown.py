# SPDX-License-Identifier: Apache-2.0
"""The Markdown summary tells what is wrong first, is taken for no markup, and never grows past what a page takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.summary_file import MOST_OF_A_STEP_BYTES, STEP_SUMMARY, SummaryFile
from groundfloor.errors import PlanError
from reports.summary import Summary, summarise
from reports.summary_markdown import CUT, summary_markdown


@pytest.fixture
def summary(run_of: Callable[..., Any]) -> Summary:
    run = run_of("a", "b", "c", "d")
    run.start()
    run.whole_test("a")
    run.start_test("b")
    run.judge("fail", value=1200.0, reason="it | is <b>far</b> off")
    run.end_test("b", "fail", "it | is <b>far</b> off")
    run.whole_test("c", "inconclusive")
    run.end()
    return summarise(run.folder)


def test_what_did_not_pass_stands_first_by_its_name_with_value_u_and_limits(summary: Summary) -> None:
    told = summary_markdown(summary, Path("runs/one"))
    lines = told.splitlines()
    assert lines[0] == "## FAIL: SIMULATED – Implantable pump, 20 mL"
    assert lines[2] == "1 PASS, 1 FAIL, 1 INCONCLUSIVE, 1 NOT RUN – run one"
    value = "cumulative volume: 1200 ± 2 µL \\[855 … 1145\\]"
    assert f"| FAIL | delivery: Title of b | DEL-001 | {value} | it \\| is \\<b\\>far\\</b\\> off |" in lines
    assert any(line.startswith("| INCONCLUSIVE | delivery: Title of c |") for line in lines)
    assert "| NOT RUN | d | | | it was collected and never started |" in lines
    assert told.index("| FAIL |") < told.index("<details><summary>1 PASS</summary>") < told.index("| PASS |")


def test_each_row_has_as_many_cells_as_its_head(summary: Summary) -> None:
    columns = 0
    rows = 0
    for line in summary_markdown(summary, Path("one")).splitlines():
        if line.startswith("|"):
            cells = line.replace("\\|", "").count("|")
            columns = columns or cells
            assert cells == columns
            rows += 1
        else:
            columns = 0
    assert rows == 8


def test_a_summary_that_is_too_long_is_cut_behind_a_line_and_says_so(summary: Summary) -> None:
    whole = summary_markdown(summary, Path("one"))
    cut = summary_markdown(summary, Path("one"), len(whole.encode()) - 30)
    assert cut.endswith(CUT)
    assert cut.count("<details>") == cut.count("</details>") == 1
    assert all(line in whole for line in cut.removesuffix(CUT).splitlines())


def test_the_page_of_a_job_is_appended_to_and_never_overfilled(
    summary: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, named = tmp_path / "step.md", tmp_path / "named.md"
    monkeypatch.setenv(STEP_SUMMARY, str(page))
    page.write_text("of another step\n")
    named.write_text("of the run before\n")
    file = SummaryFile(named)
    file.begin()
    assert list(file.append(summary, tmp_path)) == [f"markdown {named}", f"markdown {page}"]
    assert page.read_text().startswith("of another step\n## FAIL")
    assert named.read_text().startswith("## FAIL")
    page.write_text("x" * (MOST_OF_A_STEP_BYTES - 100))
    assert list(SummaryFile().append(summary, tmp_path)) == [f"the Markdown summary is missing: {page} is full"]
    monkeypatch.setenv(STEP_SUMMARY, str(tmp_path / "gone" / "step.md"))
    (told,) = SummaryFile().append(summary, tmp_path)
    assert told.endswith("No such file or directory")


def test_a_file_that_cannot_be_written_is_refused_before_hours_are_spent(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="name a file that you may write"):
        SummaryFile(tmp_path).begin()
