# SPDX-License-Identifier: Apache-2.0
"""From the summary of a run to its line in a list.

A list of a thousand runs needs a hundredth of what their summaries say. So only that is decoded and checked here;
whoever opens a run checks the rest.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from groundfloor.errors import BenchFault
from groundfloor.regular_file import read_regular
from metrology.verdict import Verdict
from reports.library.run_brief import RunBrief
from reports.library.told_by_journal import refuse_better_than_journal

MOST_BYTES = 1 << 28
_STAMP = re.compile(r"(\d{8}T\d{6})Z")


class _Device(msgspec.Struct, frozen=True):
    serial_number: str
    firmware_version: str = ""
    certificate: str = ""
    calibration_due: str = ""


class _Software(msgspec.Struct, frozen=True):
    version: str
    commit: str | None = None


class _Run(msgspec.Struct, frozen=True):
    bench: str
    profile: str
    software: _Software
    pump: _Device | None = None
    rig: _Device | None = None
    balance: _Device | None = None
    epoch_utc: str | None = None
    operator: str = ""


class _Requirement(msgspec.Struct, frozen=True):
    id: str
    state: str


class _Trace(msgspec.Struct, frozen=True):
    requirements: tuple[_Requirement, ...]


class _Summary(msgspec.Struct, frozen=True):
    schema: Literal["pumpbench-summary"]
    verdict: str
    counts: dict[str, int]
    run: _Run | None = None
    simulated: bool | None = None
    invalid: tuple[Any, ...] = ()
    troubles: tuple[str, ...] = ()
    trace: _Trace | None = None


_DECODER = msgspec.json.Decoder(_Summary)
_NOBODY = _Device("")


def brief_of_run(folder: Path, summary_file: Path) -> RunBrief:
    """Return a run in short.

    Args:
        folder: of the run.
        summary_file: its summary.

    Raises:
        BenchFault: the summary is not what a run writes, or says PASS where the journal does not.
        OSError: it cannot be read.
    """
    summary, stat = _read(summary_file), summary_file.stat()
    if summary.verdict == Verdict.PASS.name:
        refuse_better_than_journal(folder)
    run = summary.run
    pump, rig, balance = (run.pump, run.rig, run.balance) if run is not None else (None, None, None)
    pump, rig, balance = pump or _NOBODY, rig or _NOBODY, balance or _NOBODY
    software = run.software if run is not None else None
    return RunBrief(
        folder=folder.name,
        started_at=_started_at(folder.name, run.epoch_utc if run is not None else None),
        bench=run.bench if run is not None else "",
        profile=run.profile if run is not None else "",
        operator=run.operator if run is not None else "",
        pump=pump.serial_number,
        firmware=pump.firmware_version,
        rig=rig.serial_number,
        balance=balance.serial_number,
        certificate=balance.certificate,
        calibration_due=balance.calibration_due,
        simulated=summary.simulated,
        verdict=summary.verdict,
        invalid=bool(summary.invalid),
        counts=summary.counts,
        troubles=len(summary.troubles),
        software=f"{software.version} {(software.commit or '')[:12]}".strip() if software is not None else "",
        requirements={one.id: one.state for one in summary.trace.requirements} if summary.trace is not None else {},
        summary_ns=stat.st_mtime_ns,
        summary_bytes=stat.st_size,
    )


def _read(summary_file: Path) -> _Summary:
    try:
        return _DECODER.decode(read_regular(summary_file, MOST_BYTES))
    except (OSError, ValueError) as odd:
        next_step = f"make it again: pumpbench report --rebuild {summary_file.parent}"
        raise BenchFault(f"summary {summary_file}", "read", str(odd), next_step) from odd


def _started_at(name: str, epoch_utc: str | None) -> str:
    """Return when a run began: by the name of its folder, or by the bench's clock where a folder was renamed."""
    found = _STAMP.match(name)
    try:
        return datetime.strptime(f"{found[1]}+0000", "%Y%m%dT%H%M%S%z").isoformat() if found else epoch_utc or ""
    except ValueError:
        return epoch_utc or ""
