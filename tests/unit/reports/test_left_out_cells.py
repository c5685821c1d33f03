# SPDX-License-Identifier: Apache-2.0
"""Cells of tests that did not run are written in short, and read back whole; so is a longer file of before."""

import json
from pathlib import Path

import pytest

from bench.journal.lines import RunStarted
from bench.trace import Execution, RequirementState
from reports.derived_files import differences
from reports.left_out_cells import unfolded
from reports.run_info import RunInfo
from reports.summary import Summary, summarise
from reports.trace_record import CellRecord, RequirementRecord, TestOutRecord, TraceRecord
from tests.unit.test_run_evidence import QUIET, VOLUME, FolderOfARun, to_come

NOT_RUN = RequirementState.NOT_RUN
JUDGEMENTS = ("whole time", "each part", "mean rate")


def cell(test: str, judgement: str, *ids: str, reason: str = "only chapter leak was chosen") -> CellRecord:
    return CellRecord(
        requirement="DEL-001@1", test=test, judgement=judgement, state=RequirementState.PASS if ids else NOT_RUN,
        reason=reason, judgements=ids, run="run", profile="p", firmware="3.1.0", simulated=True,
    )  # fmt: skip


def record(*cells: CellRecord, tests: int) -> TraceRecord:
    row = RequirementRecord(
        id="DEL-001", revision=1, text="It delivers.", text_sha256="", risk_controls=(), state=NOT_RUN, cells=cells
    )
    reason = "only chapter leak was chosen"
    out = [TestOutRecord(test=f"t{n}", run="run", execution=Execution.LEFT_OUT, reason=reason) for n in range(tests)]
    return TraceRecord(
        baseline="B@1", state=NOT_RUN, counts={}, requirements=(row,), risk_controls=(), orphans=(), untraced=(),
        left_out=tuple(out),
    )  # fmt: skip


def test_two_hundred_tests_left_out_with_the_same_judgements_are_one_group_and_read_back_cell_by_cell() -> None:
    judged, odd = cell("ran", "volume", "J-0001", reason=""), cell("t1", "dose", reason="it broke off")
    cells = [cell(f"t{number}", name) for number in range(200) for name in JUDGEMENTS]
    trace = record(judged, odd, *cells, tests=200)
    content = trace.model_dump(mode="json")
    short = trace.folded().model_dump(mode="json")
    (row,) = short["requirements"]
    assert [one["judgement"] for one in row["cells"]] == ["volume", "dose"]
    assert [(one["judgements"], len(one["tests"])) for one in row["left_out"]] == [(list(JUDGEMENTS), 200)]
    assert len(json.dumps(row)) < len(json.dumps(content["requirements"])) / 50
    assert TraceRecord.model_validate(short) == trace


def test_a_group_that_names_a_test_that_is_not_there_is_refused() -> None:
    short = record(cell("t0", "volume"), tests=1).folded().model_dump(mode="json")
    short["requirements"][0]["left_out"][0]["tests"] = [1]
    with pytest.raises(ValueError, match="names the test 1 of 1 that were left out"):
        unfolded(short)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    left_out = [{"node": "b", "reason": "-k 'a'", "applicable": True, "judges": to_come(QUIET, VOLUME)}]
    made = FolderOfARun(tmp_path / "run", tests=["a"], judges={"a": to_come(VOLUME)}, left_out=left_out)
    made.begin("a", VOLUME)
    made.judge(VOLUME)
    made.end("a")
    made.journal.write("run-ended", reason="ok")
    made.journal.close()
    return made.path


def test_a_summary_of_the_version_before_is_still_that_of_its_journal_and_a_changed_one_is_not(folder: Path) -> None:
    summary, path = summarise(folder), folder / "summary.json"
    before = summary.model_dump(mode="json", by_alias=True) | {"version": "1.4"}
    for row in before["trace"]["requirements"]:
        assert row.pop("left_out") == []
    path.write_text(json.dumps(before), encoding="utf-8")
    assert "b" in {one.test for one in Summary.load(path).trace.cells}
    assert differences(folder, summary) == ()
    before["trace"]["requirements"][0]["cells"][-1]["reason"] = "nobody knows"
    path.write_text(json.dumps(before), encoding="utf-8")
    assert [(one.file, one.seen) for one in differences(folder, summary)] == [
        ("summary.json", "says something else in trace")
    ]


def test_what_a_journal_says_of_its_run_has_a_word_in_the_model_that_an_older_summary_can_lack() -> None:
    """Else the summary of each older run would be told as changed after the run."""
    assert set(RunStarted.__struct_fields__) <= set(RunInfo.model_fields)
