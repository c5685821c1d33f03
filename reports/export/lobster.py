# SPDX-License-Identifier: Apache-2.0
"""LOBSTER's common interchange format: requirements (version 4) and activities (version 3).

Only the format is written; nothing of LOBSTER is linked. A requirement that failed is an activity with the status
`fail`, one that passed `ok`; whatever else became of it has no status, and a message that says so.
"""

from metrology.verdict import Verdict
from reports.export.told_results import SIMULATED, state_told
from reports.summary import Summary
from reports.trace_record import CellRecord, TraceRecord

GENERATOR = "pumpbench"
_STATUS = {Verdict.PASS.name: "ok", Verdict.FAIL.name: "fail"}


def lobster_requirements(trace: TraceRecord) -> dict[str, object]:
    """Return the requirements of a baseline, `req DEL-001@1` each."""
    items = [
        {
            **_item(f"req {one.label}", one.id, "requirements.toml"),
            "framework": GENERATOR,
            "kind": "requirement",
            "text": one.text,
            "status": state_told(one),
        }
        for one in trace.requirements
    ]
    return {"data": items, "generator": GENERATOR, "schema": "lobster-req-trace", "version": 4}


def lobster_activities(summary: Summary, trace: TraceRecord) -> dict[str, object]:
    """Return the tests of a run, each with the requirements that it is evidence for."""
    cells: dict[str, list[CellRecord]] = {}
    for one in trace.requirements:
        for cell in one.cells:
            cells.setdefault(cell.test, []).append(cell)
    verdicts = {test.node: test.verdict.name for test in summary.tests}
    items = [_activity(test, of_test, verdicts.get(test, "NOT RUN")) for test, of_test in cells.items()]
    return {"data": items, "generator": GENERATOR, "schema": "lobster-act-trace", "version": 3}


def _activity(test: str, cells: list[CellRecord], verdict: str) -> dict[str, object]:
    plan, _, name = test.partition("::")
    simulated = [SIMULATED] if any(cell.simulated for cell in cells) else []
    messages = [*simulated, *([] if verdict == Verdict.PASS.name else [f"{verdict}"])]
    return {
        **_item(f"test {test}", name or test, plan),
        "messages": messages,
        "refs": [f"req {label}" for label in dict.fromkeys(cell.requirement for cell in cells)],
        "framework": GENERATOR,
        "kind": "test",
        "status": _STATUS.get(verdict),
    }


def _item(tag: str, name: str, file: str) -> dict[str, object]:
    location = {"kind": "file", "file": file, "line": None, "column": None}
    empty: dict[str, object] = {"messages": [], "just_up": [], "just_down": [], "just_global": []}
    return {"tag": tag, "location": location, "name": name, **empty}
