# SPDX-License-Identifier: Apache-2.0
"""A sealed record: the run folder as a BagIt bag, and a signature of it for each person who signs.

It is made beside its place and moved there when it is whole, so that half a record is never there. What no run writes
into its folder is left out and named; a record that contradicts itself is not sealed at all.
"""

import json
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import bagit
from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signature  # type: ignore[attr-defined]  # its package exports none by name

from bench.run import recorded_hashes
from bench.run_folder import RECORD_PDF
from bench.run_process import PID_FILE, REQUEST_FILE, STOPPING_FILE, goes_on
from groundfloor.errors import BenchFault, PlanError
from groundfloor.file_in_folder import write_in_folder
from groundfloor.regular_file import open_regular
from reports.checked_run import CheckedRun
from reports.folder_check import is_written
from reports.page.run_page import run_page
from reports.record_pdf.record_data import Signing
from reports.record_pdf.record_pdf import record_pdf
from reports.sealed.bundle_verifier import (
    PAYLOAD_TYPE,
    SIGNATURES,
    TAG_MANIFEST,
    Verification,
    end_of_run,
    key_id,
    signed_too_early,
    verify_folder,
)
from reports.sealed.signer import Signer
from reports.sealed.signing_key import SigningKey
from reports.sealed.statement import Purpose, RunResult, Statement, facts_of

NOT_SEALED = frozenset({PID_FILE, REQUEST_FILE, STOPPING_FILE, RECORD_PDF})
"""What a run needs while it goes on, and no record of it does; and the PDF, which is made anew with who signs."""


@dataclass(frozen=True)
class SealedRun:
    """What sealing made.

    Attributes:
        folder: of the bundle.
        statement: that was signed.
        left_out: files of the run folder that no run writes.
    """

    folder: Path
    statement: Statement
    left_out: tuple[str, ...]


def seal(
    run_folder: Path, bundle: Path, key: SigningKey, signer: Signer, purpose: Purpose, required_roles: tuple[str, ...]
) -> SealedRun:
    """Seal the record of a run that has ended.

    Args:
        run_folder: of the run.
        bundle: the folder to make; must not exist.
        key: signs.
        signer: whose key it is, and as what they sign.
        purpose: `release` is refused where the run is no evidence for one.
        required_roles: who has to sign before the record is complete.

    Raises:
        BenchFault: the record contradicts itself, or the run goes on.
        PlanError: it cannot be sealed for this purpose, or the bundle is there already.
    """
    if goes_on(run_folder):
        raise PlanError(f"run {run_folder}", "seal", "it goes on", "wait until it has ended")
    run = CheckedRun.read(run_folder)
    if (begun := run.recorded.started) is not None:
        ended_at = end_of_run(begun.epoch_utc, begun.clock.mode, run.recorded.bench_time_s)
        _refuse_early(f"run {run_folder}", signer, ended_at)
    facts = facts_of(run, purpose, required_roles, signer)
    if purpose == "release" and facts.not_release:
        next_step = "repeat it where these do not hold, or seal it for development"
        raise PlanError(f"run {run_folder}", "seal for release", "; ".join(facts.not_release), next_step)
    if bundle.exists():
        raise PlanError(f"bundle {bundle}", "make", "it is there already", "name another with --out")
    try:
        bundle.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sealing-", dir=bundle.parent) as growing:
            place = Path(growing) / bundle.name
            left_out = _copy(run_folder, place)
            rows = [_to_sign(role, signer) for role in required_roles]
            view = run_page(run_folder, run.summary, run.recorded)
            (place / RECORD_PDF).write_bytes(record_pdf(run_folder, run.summary, rows, view))
            info = {"External-Identifier": facts.run_id, "External-Description": f"{facts.verdict} {facts.purpose}"}
            bagit.make_bag(str(place), info, checksums=["sha256"])
            statement = Statement.first(facts, RunResult.of(run), (place / TAG_MANIFEST).read_bytes())
            _sign(place, 1, key, statement)
            place.rename(bundle)
    except OSError as refused:
        raise PlanError(f"bundle {bundle}", "make", str(refused), "name another place with --out") from refused
    return SealedRun(bundle, statement, left_out)


def sign(bundle: Path, key: SigningKey, signer: Signer) -> Verification:
    """Add a signature to a sealed record.

    Raises:
        BenchFault: the record is not what was sealed.
        PlanError: this role has signed already, or it is no folder.
    """
    if not bundle.is_dir():
        raise PlanError(f"bundle {bundle}", "sign", "it is no folder", "unpack it first, then sign the folder")
    found = verify_folder(bundle, {})
    if not found.intact:
        seen = "; ".join(map(str, found.findings[:3]))
        raise BenchFault(f"bundle {bundle}", "sign", seen, "sign only what is still as it was sealed")
    roles = [one.role for one in found.signatures]
    if signer.role in roles:
        raise PlanError(f"bundle {bundle}", f"sign as {signer.role}", "this role has signed already", "sign as another")
    _refuse_early(f"bundle {bundle}", signer, datetime.fromisoformat(found.signatures[-1].signer["signed_at"]))
    last = Statement.model_validate_json(found.signatures[-1].payload)
    _sign(bundle, len(roles) + 1, key, last.signed_next_by(signer))
    return verify_folder(bundle, {})


def pack(bundle: Path, archive: Path) -> Path:
    """Put a sealed record into one zip.

    Raises:
        PlanError: the zip is there already, or cannot be written.
    """
    try:
        with zipfile.ZipFile(archive, "x", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(bundle.rglob("*")):
                if path.is_file():
                    packed.write(path, path.relative_to(bundle).as_posix())
    except OSError as refused:
        raise PlanError(f"zip {archive}", "make", str(refused), "name another with --zip") from refused
    return archive


def _refuse_early(what: str, signer: Signer, earliest: datetime | None) -> None:
    if earliest is not None and (odd := signed_too_early(signer.signed_at, earliest)):
        raise PlanError(what, f"sign as {signer.role}", odd, "set the clock of this computer, then sign again")


def _to_sign(role: str, signer: Signer) -> Signing:
    """Return the row of a role on paper: of who signs now it is filled in."""
    if role != signer.role:
        return Signing(role=role)
    return Signing(role=role, name=signer.name, meaning=signer.meaning, at=signer.signed_at)


def _copy(run_folder: Path, place: Path) -> tuple[str, ...]:
    bound, left_out = recorded_hashes(run_folder), []
    for here, folders, names in os.walk(run_folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here) / name
            own = path.relative_to(run_folder).as_posix()
            if own in NOT_SEALED:
                continue
            if not is_written(own, bound):
                left_out.append(own)
                continue
            if path.is_symlink():
                next_step = "look at it: no run leaves a link there; take it away, then seal again"
                raise BenchFault(f"run {run_folder}", f"seal {own}", "it is a link", next_step)
            target = place / own
            target.parent.mkdir(parents=True, exist_ok=True)
            with open_regular(path) as source, target.open("xb") as copy:
                shutil.copyfileobj(source, copy)
    return tuple(left_out)


def _sign(place: Path, number: int, key: SigningKey, statement: Statement) -> None:
    """Sign a statement, and leave beside the envelope what `openssl` reads: the bytes, the signature, the key."""
    envelope = Envelope(statement.to_bytes(), PAYLOAD_TYPE, {})
    made, own = key.sign(envelope.pae()), key_id(key.public_pem)
    envelope.signatures[own] = Signature(own, made.hex())
    stem = f"{number:02}-{statement.predicate.record.signer.role}"
    files = {
        "intoto.json": json.dumps(envelope.to_dict()).encode(),
        "pae": envelope.pae(),
        "sig": made,
        "pub": key.public_pem,
    }
    for ending, content in files.items():
        write_in_folder(place, f"{SIGNATURES}/{stem}.{ending}", content)
