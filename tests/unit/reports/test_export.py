# SPDX-License-Identifier: Apache-2.0
"""Requirements with results go out in formats that others read; SIMULATED and what did not run go with them."""

import re

import pytest

from bench.requirement_import.columns import Columns
from bench.requirement_import.reqif_file import read_reqif
from bench.trace import RequirementState
from metrology.verdict import Verdict
from reports.export import lobster_activities, lobster_requirements, needs, reqif_results
from reports.summary import Summary
from reports.trace_record import CellRecord, RequirementRecord, TraceRecord
from tests.unit.reports.kept_runs import judged, kept_run

NODE = "test_plans/test_delivery.py::test_rate[low]"
RAN = "test_plans/test_delivery.py::test_rate"


def cell(state: RequirementState, test: str = RAN, *, simulated: bool = True) -> CellRecord:
    return CellRecord(
        requirement="DEL-001@1", test=test, judgement="volume", state=state, reason="it was so", judgements=("J-0001",),
        run="run", profile="p", firmware="3.1.0", simulated=simulated,
    )  # fmt: skip


def record(*cells: CellRecord, own: str = "DEL-001", text: str = "It delivers <what> is & programmed.") -> TraceRecord:
    requirement = RequirementRecord(
        id=own, revision=1, text=text, text_sha256="", risk_controls=(),
        state=cells[0].state if cells else RequirementState.UNCOVERED, cells=cells,
    )  # fmt: skip
    return TraceRecord(
        baseline="B@1", state=requirement.state, counts={}, requirements=(requirement,), risk_controls=(), orphans=(),
        untraced=(), left_out=(),
    )  # fmt: skip


@pytest.fixture
def summary(tmp_path) -> Summary:
    folder = kept_run(tmp_path / "run", (judged("volume", 120.0, Verdict.FAIL),))
    return Summary.load(folder / "summary.json")


@pytest.mark.parametrize(
    ("simulated", "told"), [(True, "SIMULATED FAIL"), (False, "FAIL")], ids=["of a twin", "of a pump"]
)
def test_what_goes_out_as_reqif_is_read_back_by_our_own_import(tmp_path, summary, simulated, told):
    path = tmp_path / "results.reqif"
    trace = record(cell(RequirementState.FAIL, simulated=simulated))
    path.write_text(reqif_results(summary, trace), encoding="utf-8")
    imported = read_reqif(path, Columns(id="ID", text="Text"))
    assert imported.skipped == ()
    assert [(one.id, one.text) for one in imported.requirements] == [("DEL-001", "It delivers <what> is & programmed.")]
    assert f'THE-VALUE="{told}"' in path.read_text(encoding="utf-8")


def test_a_test_that_failed_is_a_failed_activity_and_one_that_did_not_run_has_no_status(summary):
    trace = record(cell(RequirementState.FAIL), cell(RequirementState.NOT_RUN, NODE))
    failed, left_out = lobster_activities(summary, trace)["data"]
    assert (failed["status"], failed["refs"], failed["messages"]) == ("fail", ["req DEL-001@1"], ["SIMULATED", "FAIL"])
    assert (left_out["status"], left_out["messages"]) == (None, ["SIMULATED", "NOT RUN"])
    assert lobster_requirements(trace)["data"][0]["tag"] == "req DEL-001@1"


def test_needs_link_a_requirement_to_its_tests_by_ids_that_sphinx_needs_takes(summary):
    told = needs(summary, record(cell(RequirementState.FAIL)))
    found = told["versions"][told["current_version"]]["needs"]
    (test,) = found["DEL-001"]["links"]
    assert found[test]["status"] == "FAIL"
    assert found["DEL-001"]["status"] == "SIMULATED FAIL"
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", own) and found[own]["id"] == own for own in found)


def test_a_requirement_that_nothing_covers_goes_out_as_such(summary):
    told = needs(summary, record())
    assert told["versions"]["B@1"]["needs"]["DEL-001"]["status"] == "UNCOVERED"
