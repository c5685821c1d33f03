# SPDX-License-Identifier: Apache-2.0
"""The summary of a run: what was to run, what ran, what was measured, and the one verdict over all.

It is computed from the journal and from `collected.json`, the list of tests written before the first of them began.
What never started shows only by that list, so a run that cannot account for all its tests does not pass.
"""

import json
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from bench.collected_tests import CollectedTests
from bench.run_folder import SUMMARY
from groundfloor.file_in_folder import write_in_folder
from metrology.verdict import Verdict, worst
from reports.entry import Entry, VerdictName
from reports.run_history import RunHistory
from reports.run_info import RunInfo

EXIT_PASS, EXIT_FAIL, EXIT_OPEN = 0, 1, 3
NOT_RUN = "NOT_RUN"


class Summary(BaseModel):
    """A run in short.

    Attributes:
        run: devices, profile, clock, software; None when no bench was ever asked for.
        simulated: whether any evidence comes from a twin; None when that is not known.
        verdict: FAIL if anything failed; PASS only if all that was collected ran, and passed.
        exit_code: 0 all pass, 1 a FAIL, 3 no FAIL but something INCONCLUSIVE, BLOCKED or not run.
        aborted: whether the journal has no end.
        reason: why the run ended, as the journal has it.
        troubles: what is wrong with the run itself; any of it keeps the run from passing.
        deviations: what the bench left out because its file says so; told with the run, no verdict depends on it.
        counts: how many tests ended with each verdict; `NOT_RUN` counts those that never started.
        not_run: node ids of those.
        tests: in the order they ran.
    """

    model_config = ConfigDict(frozen=True)

    run: RunInfo | None
    simulated: bool | None
    verdict: VerdictName
    exit_code: int
    aborted: bool
    reason: str
    troubles: tuple[str, ...]
    deviations: tuple[str, ...] = ()
    counts: dict[str, int]
    not_run: tuple[str, ...]
    tests: tuple[Entry, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a `summary.json`."""
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    def to_json(self) -> str:
        """Return the summary as JSON with sorted keys; the same run gives the same text."""
        content = self.model_dump(mode="json")
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def summarise(run_folder: Path) -> Summary:
    """Read a run folder's journal and write `summary.json` into it.

    Raises:
        BenchFault: there is no journal, it was changed, or another version wrote it.
    """
    history = RunHistory.read(run_folder / "journal.jsonl")
    summary = _summary(history, _collected(run_folder / "collected.json"))
    write_in_folder(run_folder, SUMMARY, summary.to_json().encode("utf-8", "replace"))
    return summary


def _summary(history: RunHistory, collected: CollectedTests | None) -> Summary:
    started = {entry.node for entry in history.entries}
    not_run = tuple(
        node for node in dict.fromkeys(collected.tests if collected is not None else ()) if node not in started
    )
    troubles = list(history.troubles)
    if collected is None:
        troubles.append("collected.json is missing: nobody can tell whether all tests ran")
    else:
        troubles += [f"{node} ran but was not collected" for node in sorted(started - set(collected.tests))]
    verdict = worst(entry.verdict for entry in history.entries)
    if verdict is Verdict.UNSET or not_run or troubles:
        verdict = worst((verdict, Verdict.BLOCKED))
    return Summary(
        run=history.run,
        simulated=history.run.simulated if history.run is not None else None,
        verdict=verdict,
        exit_code={Verdict.PASS: EXIT_PASS, Verdict.FAIL: EXIT_FAIL}.get(verdict, EXIT_OPEN),
        aborted=history.aborted,
        reason=history.reason,
        troubles=tuple(troubles),
        deviations=history.deviations,
        counts=_counts(history.entries, len(not_run)),
        not_run=not_run,
        tests=history.entries,
    )


def _counts(entries: tuple[Entry, ...], not_run: int) -> dict[str, int]:
    verdicts = [entry.verdict for entry in entries]
    shown = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.BLOCKED)
    return {**{verdict.name: verdicts.count(verdict) for verdict in shown}, NOT_RUN: not_run}


def _collected(path: Path) -> CollectedTests | None:
    """Return what was to run; None when the list is missing."""
    try:
        return CollectedTests.read(path)
    except FileNotFoundError:
        return None
