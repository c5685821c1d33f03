# SPDX-License-Identifier: Apache-2.0
"""The summary of a run: what was to run, what ran, what was measured, and the one verdict over all.

It is computed from the journal and from `collected.json`, the list of tests written before the first of them began.
What never started shows only by that list, so a run that cannot account for all its tests does not pass. The trace
matrix stands beside the verdicts; the exit code is made of verdicts alone.
"""

from dataclasses import replace
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from bench.recorded import RecordedRun
from bench.run import collected_of, kept_requirements, run_evidence
from bench.run_folder import JOURNAL, SUMMARY
from bench.trace import Matrix
from groundfloor.errors import BenchFault
from groundfloor.exit_code import ExitCode
from groundfloor.file_in_folder import write_in_folder
from groundfloor.readable_json import readable_json
from groundfloor.regular_file import read_regular
from metrology.verdict import Verdict, worst
from reports.entry import Entry, VerdictName
from reports.loop_absence import LoopAbsence
from reports.run_history import RunHistory
from reports.run_info import RunInfo
from reports.trace_record import TraceRecord

MOST_BYTES = 1 << 28

NOT_RUN = "NOT_RUN"
VERSION = "1.3"


class Summary(BaseModel):
    """A run in short.

    Attributes:
        schema_name: what this file is; `schema` in the file.
        version: of its form: a minor one adds, a major one changes; `docs/summary.schema.json` describes it.
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
        bench_time_s: how much bench time the run took; where each chapter has a twin of its own, the time of all of
            them together.
        tests: in the order they ran.
        trace: the requirements that the run keeps against its judgements; None where it keeps none.
        absence: how long the run's thread left the loop that gives the heartbeats; the machine's times, which no
            verdict depends on and no two runs share. None where nobody counted.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    schema_name: Literal["pumpbench-summary"] = Field("pumpbench-summary", alias="schema")
    version: str = VERSION
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
    bench_time_s: float = 0.0
    tests: tuple[Entry, ...]
    trace: TraceRecord | None = None
    absence: LoopAbsence | None = None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a `summary.json`.

        Raises:
            BenchFault: it is not what a run writes.
        """
        try:
            return cls.model_validate_json(read_regular(path, MOST_BYTES))
        except (OSError, ValueError) as odd:
            next_step = f"make it again: pumpbench report --rebuild {path.parent}"
            raise BenchFault(f"summary {path}", "read", str(odd), next_step) from odd

    def to_json(self) -> str:
        """Return the summary as JSON with sorted keys; the same run gives the same text."""
        content = self.model_dump(mode="json", by_alias=True)
        return readable_json(content, sort_keys=True)


def summarise(run_folder: Path) -> Summary:
    """Read a run folder's journal and write `summary.json` into it.

    Raises:
        BenchFault: there is no journal, it was changed, or another version wrote it.
    """
    summary = summary_of(run_folder, RecordedRun.read(run_folder / JOURNAL))
    write_in_folder(run_folder, SUMMARY, summary.to_json().encode("utf-8", "replace"))
    return summary


def summary_of(run_folder: Path, recorded: RecordedRun) -> Summary:
    """Return the summary of a run that was read from its journal; nothing is written.

    Raises:
        BenchFault: `collected.json` is not what a run writes.
        PlanError: the requirements that it keeps are no baseline.
    """
    history = RunHistory.of(recorded)
    collected, troubles = collected_of(run_folder, recorded)
    started = {entry.node for entry in history.entries}
    not_run = tuple(node for node in dict.fromkeys(collected.tests) if node not in started)
    verdict = worst(entry.verdict for entry in history.entries)
    if verdict is Verdict.UNSET or not_run or troubles:
        verdict = worst((verdict, Verdict.BLOCKED))
    exit_codes = {Verdict.PASS: ExitCode.PASSED, Verdict.FAIL: ExitCode.FAILED}
    return Summary(
        run=history.run,
        simulated=history.run.simulated if history.run is not None else None,
        verdict=verdict,
        exit_code=exit_codes.get(verdict, ExitCode.NOT_TESTED),
        aborted=history.aborted,
        reason=history.reason,
        troubles=troubles,
        deviations=history.deviations,
        counts=_counts(history.entries, len(not_run)),
        not_run=not_run,
        bench_time_s=recorded.bench_time_s,
        tests=history.entries,
        trace=_trace(run_folder, recorded),
        absence=LoopAbsence.read(run_folder),
    )


def _trace(run_folder: Path, recorded: RecordedRun) -> TraceRecord | None:
    requirements = kept_requirements(run_folder)
    if requirements is None:
        return None
    run_id = recorded.started.run_id if recorded.started is not None else ""
    evidence = replace(run_evidence(run_folder, recorded), run_id=run_id)  # of equal runs the summaries are equal
    return TraceRecord.of(Matrix.of(requirements, [evidence]), [evidence])


def _counts(entries: tuple[Entry, ...], not_run: int) -> dict[str, int]:
    verdicts = [entry.verdict for entry in entries]
    shown = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.BLOCKED)
    return {**{verdict.name: verdicts.count(verdict) for verdict in shown}, NOT_RUN: not_run}
