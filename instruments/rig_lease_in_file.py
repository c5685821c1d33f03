# SPDX-License-Identifier: Apache-2.0
"""Who holds a rig that cannot keep that itself: a file beside it, read anew at each question.

It holds off whoever reaches the same file, and nobody else. It counts no time, so a holder that died is known by its
session alone (`RigLeaseReading.guessed`).
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from groundfloor.errors import BenchFault
from groundfloor.file_in_folder import write_in_folder
from instruments.rig_lease import HIGHEST_TOKEN, RigLeaseHeld, RigLeaseReading

LEASE_FILE = "lease.json"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    token: int = Field(default=0, ge=0, le=HIGHEST_TOKEN)
    session: int = Field(default=0, ge=0)
    holder: str = ""


class RigLeaseInFile:
    """An `instruments.rig_lease.RigLease` in the file `lease.json` of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describe(self) -> RigLeaseReading:
        """Return who holds the rig; of a holder it is not known whether that is still there.

        Raises:
            BenchFault: the file cannot be read.
        """
        kept = self._read()
        return RigLeaseReading(kept.token, kept.session, 1.0 if kept.session else 0.0, kept.holder, guessed=True)

    def take(self, session: int, holder: str, duration_s: int) -> int:  # noqa: ARG002  it counts no time
        """Become the holder and return the fencing token.

        Raises:
            RigLeaseHeld: another session holds it.
            BenchFault: the file cannot be read or written.
        """
        kept = self._read()
        if kept.session not in (0, session):
            next_step = f"see whether that session is still there; if not, remove {self._folder / LEASE_FILE}"
            raise RigLeaseHeld("rig", "take its lease", f"{kept.holder or 'another session'} holds it", next_step)
        self._write(_Kept(token=kept.token + 1, session=session, holder=holder))
        return kept.token + 1

    def renew(self, duration_s: int) -> None:
        """Hold it on; 0 gives it back."""
        if duration_s == 0:
            self._write(self._read().model_copy(update={"session": 0, "holder": ""}))

    def kick(self, note: str) -> None:
        """Take it away from whoever holds it."""
        self._write(self._read().model_copy(update={"session": 0, "holder": note}))

    def _read(self) -> _Kept:
        path = self._folder / LEASE_FILE
        try:
            return _Kept.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return _Kept()
        except (OSError, ValidationError) as strange:
            next_step = f"see what is in it; remove it if nobody uses the rig: {path}"
            raise BenchFault("rig", "read its lease", str(strange), next_step) from strange

    def _write(self, kept: _Kept) -> None:
        try:
            write_in_folder(self._folder, LEASE_FILE, kept.model_dump_json().encode())
        except OSError as refused:
            raise BenchFault("rig", "write its lease", str(refused), "make the folder writable") from refused
