# SPDX-License-Identifier: Apache-2.0
"""From the summary of a run to its line in a list."""

import re
from datetime import datetime
from pathlib import Path

from reports.library.run_brief import RunBrief
from reports.library.told_by_journal import refuse_better_than_journal
from reports.summary import Summary

_STAMP = re.compile(r"(\d{8}T\d{6})Z")


def brief_of_run(folder: Path, summary_file: Path) -> RunBrief:
    """Return a run in short.

    Args:
        folder: of the run.
        summary_file: its summary.

    Raises:
        BenchFault: the summary is not what a run writes, or says more than its journal.
        OSError: it cannot be read.
    """
    summary, stat = Summary.load(summary_file), summary_file.stat()
    refuse_better_than_journal(folder, summary)
    run = summary.run
    pump, rig, balance = (run.pump, run.rig, run.balance) if run is not None else (None, None, None)
    states = {one.id: str(one.state) for one in summary.trace.requirements} if summary.trace is not None else {}
    return RunBrief(
        folder=folder.name,
        started_at=_started_at(folder.name, run.epoch_utc if run is not None else None),
        bench=run.bench if run is not None else "",
        profile=run.profile if run is not None else "",
        pump=pump.serial_number if pump is not None else "",
        firmware=pump.firmware_version if pump is not None else "",
        rig=rig.serial_number if rig is not None else "",
        balance=balance.serial_number if balance is not None else "",
        certificate=balance.certificate if balance is not None else "",
        calibration_due=balance.calibration_due if balance is not None else "",
        simulated=summary.simulated,
        verdict=summary.verdict.name,
        invalid=bool(summary.invalid),
        counts=summary.counts,
        troubles=len(summary.troubles),
        software=f"{run.software.version} {(run.software.commit or '')[:12]}".strip() if run is not None else "",
        requirements=states,
        summary_ns=stat.st_mtime_ns,
        summary_bytes=stat.st_size,
    )


def _started_at(name: str, epoch_utc: str | None) -> str:
    """Return when a run began: by the name of its folder, or by the bench's clock where a folder was renamed."""
    found = _STAMP.match(name)
    try:
        return datetime.strptime(f"{found[1]}+0000", "%Y%m%dT%H%M%S%z").isoformat() if found else epoch_utc or ""
    except ValueError:
        return epoch_utc or ""
