# SPDX-License-Identifier: Apache-2.0
"""The summary of a run: what was to run, what ran, what was measured, and the one verdict over all.

It is computed from the journal and from `collected.json`, the list of tests written before the first of them began.
What never started shows only by that list, so a run that cannot account for all its tests does not pass. The trace
matrix stands beside the verdicts; the exit code is made of verdicts alone.
"""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bench.collected_tests import CollectedTests
from bench.recorded import RecordedRun
from bench.run import collected_of, kept_requirements, run_evidence
from bench.run_folder import AUDIT, JOURNAL, PROTOCOL, SUMMARY
from bench.trace import Matrix
from groundfloor.errors import BenchFault
from groundfloor.file_in_folder import write_in_folder
from groundfloor.readable_json import readable_json
from groundfloor.regular_file import read_regular
from metrology.verdict import Verdict
from reports.audit import Anomaly, AuditRecord, anomalies_of
from reports.entry import Entry
from reports.frozen import ProtocolRecord
from reports.loop_absence import LoopAbsence
from reports.run_history import RunHistory
from reports.run_info import RunInfo
from reports.run_verdict import RunVerdict, verdict_of_run
from reports.trace_record import TraceRecord

MOST_BYTES = 1 << 28

NOT_RUN = "NOT_RUN"
VERSION = "1.6"


class InvalidResult(BaseModel):
    """A test that was to run and has no result, or has one and was not to run.

    Attributes:
        node: pytest's node id, or the file that could not be collected.
        why: a sentence.
    """

    model_config = ConfigDict(frozen=True)

    node: str
    why: str

    def __str__(self) -> str:
        return f"{self.node}: {self.why}"


class Summary(BaseModel):
    """A run in short.

    Attributes:
        schema_name: what this file is; `schema` in the file.
        version: of its form: a minor one adds, a major one changes; `docs/summary.schema.json` describes it.
        run: devices, profile, clock, software; None when no bench was ever asked for.
        simulated: whether any evidence comes from a twin; None when that is not known.
        verdict: FAIL if anything failed; INVALID if a result is missing; PASS only if all that was collected ran, and
            passed.
        exit_code: 0 all pass, 1 a FAIL, 6 INVALID, 3 no FAIL but something INCONCLUSIVE or BLOCKED.
        aborted: whether the journal has no end.
        reason: why the run ended, as the journal has it.
        troubles: what is wrong with the run itself; any of it keeps the run from passing.
        deviations: what the bench left out because its file says so; told with the run, no verdict depends on it.
        counts: how many tests ended with each verdict; `NOT_RUN` counts those that never started.
        not_run: node ids of those.
        invalid: where what ran is not what was collected: the record is INVALID then, whatever the verdict.
        bench_time_s: how much bench time the run took; where each chapter has a twin of its own, the time of all of
            them together.
        tests: in the order they ran.
        anomalies: what somebody has to decide about, with what was decided; no verdict depends on it.
        protocol: the run against the protocol that was frozen before it; None where none was.
        audit: the trail of these decisions in short; None where there is none.
        trace: the requirements that the run keeps against its judgements; None where it keeps none.
        absence: how long the run's thread left the loop that gives the heartbeats; the machine's times, which no
            verdict depends on and no two runs share. None where nobody counted.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    schema_name: Literal["pumpbench-summary"] = Field("pumpbench-summary", alias="schema")
    version: str = VERSION
    run: RunInfo | None
    simulated: bool | None
    verdict: RunVerdict
    exit_code: int
    aborted: bool
    reason: str
    troubles: tuple[str, ...]
    deviations: tuple[str, ...] = ()
    counts: dict[str, int]
    not_run: tuple[str, ...]
    invalid: tuple[InvalidResult, ...] = ()
    bench_time_s: float = 0.0
    tests: tuple[Entry, ...]
    anomalies: tuple[Anomaly, ...] = ()
    audit: AuditRecord | None = None
    protocol: ProtocolRecord | None = None
    trace: TraceRecord | None = None
    absence: LoopAbsence | None = None

    @staticmethod
    def load(path: Path) -> "Summary":
        """Read a `summary.json`.

        Raises:
            BenchFault: it is not what a run writes.
        """
        try:
            return _summary_in(read_regular(path, MOST_BYTES))
        except (OSError, ValueError) as odd:
            next_step = f"make it again: pumpbench report --rebuild {path.parent}"
            raise BenchFault(f"summary {path}", "read", str(odd), next_step) from odd

    def to_json(self) -> str:
        """Return the summary as JSON with sorted keys; the same run gives the same text."""
        short = self if self.trace is None else self.model_copy(update={"trace": self.trace.folded()})
        return readable_json(short.model_dump(mode="json", by_alias=True), sort_keys=True)


@lru_cache(maxsize=1)  # the end of a run reads its summary six times
def _summary_in(content: bytes) -> Summary:
    return Summary.model_validate_json(content)


def summarise(run_folder: Path) -> Summary:
    """Read a run folder's journal and write `summary.json` into it.

    Raises:
        BenchFault: there is no journal, it was changed, or another version wrote it.
    """
    return write_summary(run_folder, summary_of(run_folder, RecordedRun.read(run_folder / JOURNAL)))


def write_summary(run_folder: Path, summary: Summary) -> Summary:
    """Write `summary.json` into the folder of the run that a summary is of, and return the summary."""
    write_in_folder(run_folder, SUMMARY, summary.to_json().encode("utf-8", "replace"))
    return summary


def summary_of(run_folder: Path, recorded: RecordedRun) -> Summary:
    """Return the summary of a run that was read from its journal; nothing is written.

    Raises:
        BenchFault: `collected.json` is not what a run writes, or the audit trail was changed.
        PlanError: the requirements that it keeps are no baseline.
    """
    history = RunHistory.of(recorded)
    collected, troubles, invalid = collected_of(run_folder, recorded)
    started = {entry.node for entry in history.entries}
    not_run = tuple(node for node in dict.fromkeys(collected.tests) if node not in started)
    verdicts = [entry.verdict for entry in history.entries]
    verdict, exit_code = verdict_of_run(verdicts, troubled=bool(troubles), reconciled=not invalid)
    gaps = [(one.node, one.why) for one in invalid]
    protocol = _protocol(run_folder, recorded, collected, history.entries)
    deviations = [str(one) for one in protocol.unplanned] if protocol is not None else []
    anomalies, audit = _decided(run_folder, anomalies_of(recorded, history.entries, gaps, deviations))
    return Summary(
        run=history.run,
        simulated=history.run.simulated if history.run is not None else None,
        verdict=verdict,
        exit_code=exit_code,
        aborted=history.aborted,
        reason=history.reason,
        troubles=troubles,
        deviations=history.deviations,
        counts=_counts(history.entries, len(not_run)),
        not_run=not_run,
        invalid=tuple(InvalidResult(node=one.node, why=one.why) for one in invalid),
        bench_time_s=recorded.bench_time_s,
        tests=history.entries,
        anomalies=anomalies,
        audit=audit,
        protocol=protocol,
        trace=_trace(run_folder, recorded),
        absence=LoopAbsence.read(run_folder),
    )


def _protocol(
    run_folder: Path, recorded: RecordedRun, collected: CollectedTests, tests: tuple[Entry, ...]
) -> ProtocolRecord | None:
    if recorded.opened is None or PROTOCOL not in recorded.opened.inputs:
        return None
    from reports.frozen.held_against import protocol_record  # what verifies signatures takes long to import

    return protocol_record(run_folder, recorded, collected, tests)


def _decided(run_folder: Path, anomalies: tuple[Anomaly, ...]) -> tuple[tuple[Anomaly, ...], AuditRecord | None]:
    if not (run_folder / AUDIT).exists():
        return anomalies, None
    from reports.audit.audit_trail import AuditTrail  # what verifies signatures takes long to import

    trail = AuditTrail.read(run_folder)
    return trail.beside(run_folder, anomalies), trail.record


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
