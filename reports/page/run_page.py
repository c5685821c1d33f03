# SPDX-License-Identifier: Apache-2.0
"""Makes the page's view of a stored run."""

from datetime import datetime, timedelta
from pathlib import Path

from bench.bench_file import BenchFile
from bench.collected_tests import CollectedTests
from bench.journal import read_lines
from bench.profile import Profile
from bench.recorded import BenchTime, RecordedRun
from bench.run_folder import BENCH_FILE, COLLECTED, JOURNAL, PROFILE, REQUIREMENTS
from groundfloor.errors import PlanError
from reports.page.journal_of_page import JournalOfPage
from reports.page.page_view import LeftOut, PageView
from reports.page.subject import Code
from reports.page.used_inputs import used_inputs
from reports.page.used_instruments import identified_device, used_instruments
from reports.page.view_of_matrix import view_of_matrix
from reports.page.view_of_test import view_of_test
from reports.run_info import RunInfo
from reports.software import MODIFIED
from reports.summary import Summary

NO_SELECTION = (
    "This record does not say which tests of the plan were not chosen; requirements that no test of the run names are "
    "UNCOVERED here."
)
NO_HASHES = "This record keeps no hashes of its inputs from the time of the run: those below are of the files as kept."


def run_page(run_folder: Path, summary: Summary, recorded: RecordedRun | None = None) -> PageView:
    """Read a run folder into the page's view.

    Args:
        run_folder: the run.
        summary: as `reports.summary.summarise` made it of the same journal.
        recorded: its journal, for whoever has read it already.

    Raises:
        BenchFault: the journal cannot be read, was changed, or another version wrote it.
    """
    journal = _read(run_folder / JOURNAL, summary)
    opened = journal.opened
    collected = _collected(run_folder / COLLECTED)
    left_out = _left_out(collected)
    inputs = opened.inputs if opened is not None else {}
    remarks = [*([] if inputs else [NO_HASHES]), *([NO_SELECTION] if left_out is None else [])]
    file = _bench_file(run_folder / BENCH_FILE, remarks)
    tests = tuple(
        view_of_test(number, entry, recorded)
        for number, (entry, recorded) in enumerate(zip(summary.tests, journal.tests, strict=False), start=1)
    )
    run = summary.run
    started_utc, ended_utc = _times(run, journal.bench_time)
    return PageView(
        run_id=run.run_id if run is not None else run_folder.name,
        title=run.profile_title if run is not None else "a run without a bench",
        verdict=summary.verdict.name,
        counts=summary.counts,
        simulated=summary.simulated,
        aborted=summary.aborted,
        reason=summary.reason,
        started_utc=started_utc,
        ended_utc=ended_utc,
        duration_s=journal.bench_time.total_s,
        benches=journal.bench_time.benches,
        clock=_clock(run),
        profile=run.profile if run is not None else "",
        liquid=run.liquid if run is not None else "",
        seed=run.seed if run is not None else None,
        defects=journal.defects,
        decision_rule=run.decision_rule if run is not None else "",
        pump=identified_device("pump", run.pump) if run is not None else None,
        instruments=used_instruments(run, file, journal),
        code=_code(run, opened.code_sha256 if opened is not None else ""),
        inputs=used_inputs(run_folder, inputs, remarks),
        matrix=view_of_matrix(run_folder / REQUIREMENTS, summary, journal, collected, remarks, recorded),
        tests=tests,
        preflight=journal.named(journal.preflight),
        postflight=journal.named(journal.postflight),
        not_run=summary.not_run,
        invalid=tuple(map(str, summary.invalid)),
        anomalies=summary.anomalies,
        audit=summary.audit,
        protocol=summary.protocol,
        left_out=left_out,
        deviations=summary.deviations,
        troubles=summary.troubles,
        remarks=(*remarks, *journal.judged_again),
        kept_profile=_profile(run_folder / PROFILE),
        operator=run.operator if run is not None else "",
    )


def _profile(path: Path) -> Profile | None:
    """Return the profile that the run keeps; None where it keeps none that is read today."""
    try:
        return Profile.load(path)
    except PlanError:
        return None


def _read(path: Path, summary: Summary) -> JournalOfPage:
    values = [one for test in summary.tests for one in test.values]
    journal = JournalOfPage(distrusted={one.id: one.verdict for one in values if one.first_verdict is not None})
    for line in read_lines(path):
        journal.take(line.t_s, line.body)
    return journal


def _bench_file(path: Path, remarks: list[str]) -> BenchFile | None:
    try:
        return BenchFile.load(path)
    except PlanError as refused:
        remarks.append(f"The kept bench file tells nothing of the instruments: {refused}")
        return None


def _code(run: RunInfo | None, sha256: str) -> Code:
    if run is None:
        return Code("unknown", None, dirty=False, sha256=sha256)
    commit = run.software.commit
    dirty = commit is not None and commit.endswith(MODIFIED)
    return Code(run.software.version, commit and commit.removesuffix(MODIFIED), dirty=dirty, sha256=sha256)


def _clock(run: RunInfo | None) -> str:
    if run is None:
        return "unknown"
    return f"{run.clock.mode}, {run.clock.speed:g} times" if run.clock.mode == "scaled" else run.clock.mode


def _times(run: RunInfo | None, bench_time: BenchTime) -> tuple[str, str]:
    try:
        epoch = datetime.fromisoformat(run.epoch_utc) if run is not None and run.epoch_utc else None
        if epoch is None or bench_time.benches > 1:  # several twins: each had its own beginning and end
            return "", ""
        ended = epoch + timedelta(seconds=bench_time.total_s)
    except (ValueError, OverflowError):
        return "", ""
    return f"{epoch:%Y-%m-%d %H:%M:%S}", f"{ended:%Y-%m-%d %H:%M:%S}"


def _collected(path: Path) -> CollectedTests | None:
    try:
        return CollectedTests.read(path)
    except FileNotFoundError:
        return None


def _left_out(collected: CollectedTests | None) -> tuple[LeftOut, ...] | None:
    """Return what was not chosen or does not apply; None for records that do not tell it."""
    if collected is None or (collected.tests and not collected.judges and not collected.left_out):
        return None
    return tuple(LeftOut(one.node, one.reason) for one in collected.left_out)
