# SPDX-License-Identifier: Apache-2.0
"""A run in one line of a list: when, what was tested with what, and how it ended."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from reports.entry import VerdictName
from reports.summary import Summary

_STAMP = re.compile(r"(\d{8}T\d{6})Z")


class RunBrief(BaseModel):
    """A run in short.

    Attributes:
        folder: its name in the library.
        started_at: when it began, by the computer; where the folder's name does not tell, by the bench's clock. ISO
            8601, UTC; empty where nothing tells.
        bench, profile: their names.
        pump, firmware: serial number and firmware of the pump; empty for a run that never opened one.
        rig: its serial number.
        balance, certificate, calibration_due: serial number of the balance, and what its bench file says of it.
        simulated: whether any evidence comes from a twin; None when that is not known.
        verdict: over all.
        counts: how many tests ended with each verdict.
        troubles: how many things are wrong with the run itself.
        software: version and commit that made it.
        requirements: the state of each requirement that the run keeps, by its id.
        summary_ns, summary_bytes: age and size of the summary that this was taken from.
    """

    model_config = ConfigDict(frozen=True)

    folder: str
    started_at: str
    bench: str = ""
    profile: str = ""
    pump: str = ""
    firmware: str = ""
    rig: str = ""
    balance: str = ""
    certificate: str = ""
    calibration_due: str = ""
    simulated: bool | None = None
    verdict: VerdictName
    counts: dict[str, int]
    troubles: int = 0
    software: str = ""
    requirements: dict[str, str] = {}
    summary_ns: int = 0
    summary_bytes: int = 0

    @classmethod
    def of(cls, folder: Path, summary: Summary, summary_ns: int = 0, summary_bytes: int = 0) -> Self:
        """Return a run in short.

        Args:
            folder: of the run.
            summary: of the run.
            summary_ns: when the summary was written, in ns since 1970.
            summary_bytes: its size.
        """
        run = summary.run
        pump, rig, balance = (run.pump, run.rig, run.balance) if run is not None else (None, None, None)
        states = {one.id: str(one.state) for one in summary.trace.requirements} if summary.trace is not None else {}
        return cls(
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
            verdict=summary.verdict,
            counts=summary.counts,
            troubles=len(summary.troubles),
            software=f"{run.software.version} {(run.software.commit or '')[:12]}".strip() if run is not None else "",
            requirements=states,
            summary_ns=summary_ns,
            summary_bytes=summary_bytes,
        )


def _started_at(name: str, epoch_utc: str | None) -> str:
    found = _STAMP.match(name)
    if found is None:
        return epoch_utc or ""
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).isoformat()
