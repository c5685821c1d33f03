# SPDX-License-Identifier: Apache-2.0
"""`needs.json`, as sphinx-needs imports it: requirements, tests, and which of these verifies which."""

from reports.export.told_results import results_told, state_told
from reports.summary import Summary
from reports.trace_record import TraceRecord


def needs(summary: Summary, trace: TraceRecord) -> dict[str, object]:
    """Return the needs of a run in one version, named by its baseline.

    Ids keep letters, digits, `-` and `_` alone, since others are refused there.
    """
    version = trace.baseline
    created = summary.run.epoch_utc if summary.run is not None and summary.run.epoch_utc is not None else ""
    found: dict[str, dict[str, object]] = {}
    for one in trace.requirements:
        tests = dict.fromkeys(_id(f"TEST-{cell.test}") for cell in one.cells)
        found[_id(one.id)] = {
            **_need(_id(one.id), "req", one.text, state_told(one)),
            "content": "\n".join((one.text, *results_told(one))),
            "links": list(tests),
            "revision": one.revision,
        }
    verified = {cell.test for one in trace.requirements for cell in one.cells}
    for test in summary.tests:
        if test.node in verified:
            own = _id(f"TEST-{test.node}")
            found[own] = {**_need(own, "test", test.title, test.verdict.name), "content": test.reason, "links": []}
    of_version = {"created": created, "needs": found, "needs_amount": len(found)}
    return {"created": created, "current_version": version, "project": "pumpbench", "versions": {version: of_version}}


def _need(own: str, kind: str, title: str, status: str) -> dict[str, object]:
    return {"id": own, "type": kind, "title": title, "status": status, "tags": []}


def _id(text: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in text)
