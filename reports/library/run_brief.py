# SPDX-License-Identifier: Apache-2.0
"""A run in one line of a list: when, what was tested with what, and how it ended."""

from pydantic import BaseModel, ConfigDict


class RunBrief(BaseModel):
    """A run in short.

    Attributes:
        folder: its name in the library.
        started_at: when it began, by the computer; where the folder's name does not tell, by the bench's clock. ISO
            8601, UTC; empty where nothing tells.
        bench, profile: their names.
        operator: who watched over it; empty for nobody, and in records of older versions.
        pump, firmware: serial number and firmware of the pump; empty for a run that never opened one.
        rig: its serial number.
        balance, certificate, calibration_due: serial number of the balance, and what its bench file says of it.
        simulated: whether any evidence comes from a twin; None when that is not known.
        verdict: over all, in capitals.
        invalid: whether a collected test has no result.
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
    operator: str = ""
    pump: str = ""
    firmware: str = ""
    rig: str = ""
    balance: str = ""
    certificate: str = ""
    calibration_due: str = ""
    simulated: bool | None = None
    verdict: str
    invalid: bool = False
    counts: dict[str, int]
    troubles: int = 0
    software: str = ""
    requirements: dict[str, str] = {}
    summary_ns: int = 0
    summary_bytes: int = 0
