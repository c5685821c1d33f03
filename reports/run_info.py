# SPDX-License-Identifier: Apache-2.0
"""What a run says of itself in the first line of its journal: devices, profile, clock, software."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bench.journal import read_lines
from groundfloor.errors import BenchFault


class _Part(BaseModel):
    """A table of the line; what is not named here is kept as it came."""

    model_config = ConfigDict(frozen=True, extra="allow")


class DeviceInfo(_Part):
    """A device as it named itself."""

    model: str
    serial_number: str
    firmware_version: str


class BalanceInfo(DeviceInfo):
    """The balance, with what its calibration certificate says."""

    capacity_g: float
    certificate: str
    calibration_due: str


class ClockInfo(_Part):
    """How bench time passed: `real`, `scaled` (by `speed`) or `stepped`."""

    mode: str
    speed: float | None = None


class SoftwareInfo(_Part):
    """Which pumpbench it was."""

    version: str
    commit: str | None = None


class RunInfo(_Part):
    """One run.

    Attributes:
        bench: name of the bench file.
        liquid: what was weighed.
        pump, rig, balance: None where the device could not be identified.
        simulated: whether any evidence comes from a twin.
        epoch_utc: when bench time was zero.
        trouble: why the bench could not be opened, if it could not.
    """

    run_id: str
    bench: str
    profile: str
    profile_title: str
    liquid: str = "water"
    pump: DeviceInfo | None
    rig: DeviceInfo | None
    balance: BalanceInfo | None
    simulated: bool
    clock: ClockInfo
    seed: int | None
    decision_rule: str
    software: SoftwareInfo
    epoch_utc: str | None
    trouble: str | None = None


def run_info(data: Mapping[str, object]) -> RunInfo:
    """Read the data of a journal's `run-started` line.

    Raises:
        BenchFault: something is missing or is not what it should be; all of it is named.
    """
    try:
        return RunInfo.model_validate(data)
    except ValidationError as misfit:
        seen = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in misfit.errors(include_url=False))
        raise BenchFault(
            "journal", "read run-started", seen, "write it with the same version that reads it"
        ) from misfit


def find_run(journal: Path) -> RunInfo | None:
    """Return what the first `run-started` line of a journal says; None when there is none."""
    for line in read_lines(journal):
        if line.kind == "run-started":
            return run_info(line.data)
    return None
