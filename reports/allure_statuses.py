# SPDX-License-Identifier: Apache-2.0
"""The Allure results of a run held against its verdicts: one result for each test, with the status of its verdict.

What a result tells beside that, its steps and attachments, was written while the test ran and is no record.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bench.run_folder import ALLURE_RESULTS
from groundfloor.file_in_folder import remove_from_folder, write_in_folder
from groundfloor.regular_file import read_regular
from metrology.verdict import Verdict
from reports.entry import Entry
from reports.summary import Summary

MOST_BYTES = 1 << 28

STATUSES: Mapping[Verdict, str] = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.INCONCLUSIVE: "broken",
    Verdict.BLOCKED: "broken",
}
RESULT = "-result.json"


def allure_differences(run_folder: Path, summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield the results that contradict the summary, by their path in the run folder, each with what is wrong.

    A folder without any results says nothing; a test that was cut short need not have one.
    """
    results = dict(_results(run_folder))
    if not results:
        return
    waiting = {_key_of(entry): entry for entry in summary.tests}
    found: Counter[tuple[str, str]] = Counter()
    for file, result in results.items():
        key = _key(result)
        entry = waiting.get(key) if key is not None else None
        if key is None or entry is None or result is None:
            yield file, "tells of no test of the journal"
            continue
        found[key] += 1
        if found[key] > 1:
            yield file, f"tells of {entry.node} once more"
        yield from ((file, seen) for seen in _wrong(result, entry))
    for key, entry in waiting.items():
        if not found[key] and entry.ended_s is not None:
            yield ALLURE_RESULTS, f"has no result of {entry.node}, which was {entry.verdict.name}"


def results_of(run_folder: Path, summary: Summary) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the results by their path in the run folder, each with the node id of the test that it tells of."""
    nodes = {_key_of(entry): entry.node for entry in summary.tests}
    for file, result in _results(run_folder):
        node = nodes.get(key) if (key := _key(result)) is not None else None
        if result is not None and node is not None:
            yield file, result, node


def has_results(run_folder: Path) -> bool:
    """Tell whether there is any result in a run folder."""
    return any((run_folder / ALLURE_RESULTS).glob(f"*{RESULT}"))


def rebuild_allure(run_folder: Path, summary: Summary) -> None:
    """Make the results say what the journal gives; a result that is missing comes back with its verdict alone.

    Raises:
        OSError: the folder cannot be written.
        BenchFault: it leads out of the run folder.
    """
    results = dict(_results(run_folder))
    if not results:
        return
    node_of = mend_statuses(run_folder, summary)
    for file in results.keys() - node_of.keys():
        remove_from_folder(run_folder, file)
    for entry in summary.tests:
        if entry.node not in node_of.values() and entry.ended_s is not None:
            own = str(uuid5(NAMESPACE_URL, entry.node))
            blank = {"uuid": own, "name": entry.title, "fullName": _key_of(entry)[0], "start": 0, "stop": 0}
            _write(run_folder, f"{ALLURE_RESULTS}/{own}{RESULT}", _mended(blank, entry))


def mend_statuses(run_folder: Path, summary: Summary) -> dict[str, str]:
    """Give each result the status of its verdict: one whose test was interrupted was written before that was known.

    Returns:
        By path in the run folder, the node id of the test that a result tells of.
    """
    waiting = {_key_of(entry): entry for entry in summary.tests}
    node_of = {}
    for file, result in _results(run_folder):
        key = _key(result)
        entry = waiting.pop(key, None) if key is not None else None
        if entry is None or result is None:
            continue
        node_of[file] = entry.node
        if any(_wrong(result, entry)):
            _write(run_folder, file, _mended(result, entry))
    return node_of


def _results(run_folder: Path) -> Iterator[tuple[str, dict[str, Any] | None]]:
    for path in sorted((run_folder / ALLURE_RESULTS).glob(f"*{RESULT}")):
        try:
            content = json.loads(read_regular(path, MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            content = None
        yield f"{ALLURE_RESULTS}/{path.name}", content if isinstance(content, dict) else None


def _key(result: dict[str, Any] | None) -> tuple[str, str] | None:
    """Return the name of the function and the title, which together tell one test from all others."""
    if result is None:
        return None
    return str(result.get("fullName")), str(result.get("name"))


def _key_of(entry: Entry) -> tuple[str, str]:
    """Return the same of a test of the journal, as allure-pytest writes it: `package.module#function`."""
    path, _, function = entry.node.partition("::")
    *classes, name = function.partition("[")[0].split("::")
    module = path.removesuffix(".py").replace("/", ".")
    return f"{'.'.join([module, *classes])}#{name}", entry.title


def _wrong(result: dict[str, Any], entry: Entry) -> Iterator[str]:
    wanted = STATUSES.get(entry.verdict, "broken")
    if result.get("status") != wanted:
        yield f"has the status {result.get('status')!r}, the journal says {entry.verdict.name} ({wanted})"
    labels = _labels(result, "verdict")
    if labels != [entry.verdict.name.lower()]:
        yield f"has the verdict {', '.join(labels) or 'of nobody'}, the journal says {entry.verdict.name}"


def _labels(result: dict[str, Any], name: str) -> list[str]:
    labels = result.get("labels")
    known = [one for one in labels if isinstance(one, dict)] if isinstance(labels, list) else []
    return [str(one.get("value")) for one in known if one.get("name") == name]


def _mended(result: dict[str, Any], entry: Entry) -> dict[str, Any]:
    labels = result.get("labels")
    others = [
        one
        for one in (labels if isinstance(labels, list) else [])
        if isinstance(one, dict) and one.get("name") != "verdict"
    ]
    verdict = {"name": "verdict", "value": entry.verdict.name.lower()}
    details = {"statusDetails": {"message": entry.reason}} if entry.reason else {}
    return {**result, "status": STATUSES.get(entry.verdict, "broken"), **details, "labels": [*others, verdict]}


def _write(run_folder: Path, file: str, content: dict[str, Any]) -> None:
    write_in_folder(run_folder, file, json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
