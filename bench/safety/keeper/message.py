# SPDX-License-Identifier: Apache-2.0
"""What the bench tells its keeper: one line of JSON each."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from bench.bench_file import BenchFile
from groundfloor.toml_file import TomlModel


class StartMessage(TomlModel):
    """The first line: what the keeper keeps.

    Attributes:
        file: the bench.
        fencing_token: what the bench writes to the rig with.
        session: the bench's number in the rig's lease; a rig that names another one is somebody else's.
        log: where the keeper writes what it did; None for nowhere.
    """

    file: BenchFile
    fencing_token: int = Field(ge=0)
    session: int = Field(ge=0)
    log: Path | None


class KeeperMessage(TomlModel):
    """Every later line.

    Attributes:
        says: `armed` starts to expect a message at least every `within_s`, `disarmed` ends that, `heartbeat` is such a
            message, `signed_off` ends the keeper.
        within_s: in seconds of the machine; 0 for no limit.
    """

    says: Literal["armed", "heartbeat", "disarmed", "signed_off"]
    within_s: float = Field(default=0.0, ge=0)
