# SPDX-License-Identifier: Apache-2.0
"""What a run says of itself in the first line of its journal: devices, profile, clock, software."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from bench.journal import read_lines
from bench.journal.journal_line import data_of
from bench.journal.lines import RunStarted


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

    capacity_g: float | None
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
        own_twin, operator, occasion, corrections: as the journal's line has them. What a newer line adds has to stand
            here with what it was before: else no older summary is that of its journal any more.
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
    defects: tuple[str, ...] = ()
    decision_rule: str
    software: SoftwareInfo
    epoch_utc: str | None
    own_twin: bool = False
    operator: str = ""
    occasion: str = ""
    corrections: tuple[dict[str, object], ...] = ()
    trouble: str | None = None

    @classmethod
    def of(cls, line: RunStarted) -> Self:
        """Return what a line of the journal says."""
        return cls.model_validate(data_of(line))


def find_run(journal: Path) -> RunInfo | None:
    """Return what the first `run-started` line of a journal says; None when there is none."""
    for line in read_lines(journal):
        if isinstance(begun := line.body, RunStarted):
            return RunInfo.of(begun)
    return None
