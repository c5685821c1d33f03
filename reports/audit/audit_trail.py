# SPDX-License-Identifier: Apache-2.0
"""The audit trail of a run: a file of its own beside the journal, which only grows, each line signed and chained.

An edited, missing, added or moved line shows by the chain and the signatures. What was cut off its end shows by the
summary, which tells how many entries there are, until that is made again; in a sealed record by the manifest.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.run_folder import AUDIT, JOURNAL
from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import open_regular, read_regular
from reports.audit.anomaly import Anomaly, AuditRecord, Disposition
from reports.audit.audit_entry import AuditEntry
from reports.sealed.bundle_verifier import AUDIT_TYPE, audit_entries
from reports.sealed.signed_envelope import signed_envelope
from reports.sealed.signer import Signer
from reports.sealed.signing_key import SigningKey

MOST_BYTES = 1 << 24
START = "0" * 64


@dataclass(frozen=True)
class SignedEntry:
    """An entry, and the id of the key that signed it."""

    entry: AuditEntry
    key_id: str

    @property
    def disposition(self) -> Disposition:
        """Return it as the record shows it."""
        one = self.entry
        by = {"by": one.by.name, "role": one.by.role, "at": one.by.signed_at, "key_id": self.key_id}
        return Disposition(number=one.number, disposition=one.disposition, why=one.why, **by)


@dataclass(frozen=True)
class AuditTrail:
    """All entries of a run.

    Attributes:
        entries: in their order.
        head_sha256: of the last line; zeros where there is none.
        journal_sha256: of the journal beside it.
    """

    entries: tuple[SignedEntry, ...]
    head_sha256: str
    journal_sha256: str

    @classmethod
    def read(cls, run_folder: Path) -> Self:
        """Read and verify the trail of a run; one that nobody wrote has no entries.

        Raises:
            BenchFault: it was changed, or is of another run.
        """
        journal = _sha256(run_folder / JOURNAL)
        try:
            content = read_regular(run_folder / AUDIT, MOST_BYTES)
        except FileNotFoundError:
            content = b""
        except OSError as odd:
            raise _changed(run_folder, str(odd)) from odd
        if not content:  # nobody wrote any, or somebody tried and could not sign; the summary tells how many there were
            return cls((), START, journal)
        try:
            read = [
                SignedEntry(AuditEntry.model_validate(one), own)
                for one in audit_entries(content, journal)
                for own in [one.pop("key_id")]
            ]
        except ValueError as odd:
            raise _changed(run_folder, str(odd)) from odd
        return cls(tuple(read), hashlib.sha256(content.splitlines(keepends=True)[-1]).hexdigest(), journal)

    @property
    def record(self) -> AuditRecord | None:
        """Return it in short; None where there is no entry."""
        if not self.entries:
            return None
        reviews = tuple(one.disposition for one in self.entries if one.entry.act == "review")
        return AuditRecord(entries=len(self.entries), head_sha256=self.head_sha256, reviews=reviews)

    def beside(self, run_folder: Path, anomalies: Iterable[Anomaly]) -> tuple[Anomaly, ...]:
        """Return the anomalies of the run with what was decided about each.

        Raises:
            BenchFault: an entry is about none of them, or says that one was something else.
        """
        known = {one.id: one for one in anomalies}
        for one in (signed.entry for signed in self.entries if signed.entry.act == "disposition"):
            found = known.get(one.anomaly)
            if found is None or found.state != one.state:
                seen = f"line {one.number} is about {one.anomaly} ({one.state}); the journal gives "
                raise _changed(run_folder, seen + ("none of that id" if found is None else found.state))
        return tuple(
            found.model_copy(
                update={
                    "dispositions": tuple(one.disposition for one in self.entries if one.entry.anomaly == found.id),
                }
            )
            for found in known.values()
        )


def dispose(
    run_folder: Path, anomaly: Anomaly, disposition: str, why: str, signer: Signer, key: SigningKey
) -> AuditEntry:
    """Add what somebody decided about an anomaly.

    Raises:
        BenchFault: the trail was changed, or cannot be written.
        PlanError: the words are missing or too long.
    """
    more = {"act": "disposition", "anomaly": anomaly.id, "state": anomaly.state}
    return _add(run_folder, {**more, "disposition": disposition, "why": why}, signer, key)


def review(run_folder: Path, finding: str, why: str, signer: Signer, key: SigningKey) -> AuditEntry:
    """Add that somebody has reviewed all entries so far.

    Raises:
        BenchFault: the trail was changed, or cannot be written.
        PlanError: the words are missing or too long.
    """
    return _add(run_folder, {"act": "review", "disposition": finding, "why": why}, signer, key)


def _add(run_folder: Path, said: dict[str, str], signer: Signer, key: SigningKey) -> AuditEntry:
    path = run_folder / AUDIT
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two people at once would both follow the same line
            trail = AuditTrail.read(run_folder)
            placed = {"number": len(trail.entries) + 1, "follows": trail.head_sha256, "journal": trail.journal_sha256}
            entry = _entry({**placed, **said, "by": signer})
            file.write(signed_envelope(entry.model_dump_json().encode(), AUDIT_TYPE, key))
            file.flush()
            os.fsync(file.fileno())
    except OSError as refused:
        raise BenchFault(f"audit trail {path}", "write", str(refused), "see that you may write there") from refused
    return entry


def _entry(said: dict[str, object]) -> AuditEntry:
    try:
        return AuditEntry.model_validate(said)
    except ValueError as odd:
        next_step = "say in 1 to 200 characters what was decided and why"
        raise PlanError("audit trail", "add an entry", str(odd), next_step) from odd


def _changed(run_folder: Path, seen: str) -> BenchFault:
    next_step = "bring back the file as it was: what people signed is not made again"
    return BenchFault(f"audit trail {run_folder / AUDIT}", "verify", seen, next_step)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
