# SPDX-License-Identifier: Apache-2.0
"""`pumpbench anomaly` and `pumpbench audit`: what was decided about what did not end well, and by whom."""

from pathlib import Path
from typing import Annotated

import typer

from bench.run_folder import AUDIT, JOURNAL
from bench.run_process import goes_on
from cli.journal import journal_of
from cli.signing import PassphraseFile, PublicKey, Role, passphrase_from, signer_of
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from reports.audit import Anomaly
from reports.audit.audit_trail import AuditTrail, SignedEntry, dispose
from reports.audit.audit_trail import review as review_trail
from reports.checked_run import CheckedRun
from reports.run_views import write_views
from reports.sealed.signing_key import SigningKey
from reports.summary import summarise
from reports.terminal_text import terminal_text

DECIDES = "I decided this"
REVIEWS = "I reviewed this audit trail"
PrivateKey = Annotated[
    str | None, typer.Option("--key", help="Your private key: its file, or where a token keeps it, such as `hsm:2`.")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Your name, as it is to be printed.")]
Why = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="The reason.")]


def anomaly(
    run_folder: Annotated[Path, typer.Argument(help="The folder of a run that has ended.")],
    which: Annotated[
        str | None, typer.Argument(metavar="ID", help="The anomaly, such as A-J-0417; all if none.")
    ] = None,
    disposition: Annotated[
        str | None, typer.Option("--disposition", metavar="TEXT", help="What is to become of it, in a few words.")
    ] = None,
    by: By = None,
    why: Why = None,
    key: PrivateKey = None,
    role: Role = "tester",
    public_key: PublicKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """List the anomalies of a run, or add what you decided about one, signed.

    Each FAIL, each INCONCLUSIVE, each missing result and each deviation from the frozen protocol is an anomaly. A
    disposition is a new entry of the audit trail; the result stays what it is, and page and PDF show both. To change
    your mind, add another.

    Example:
    `pumpbench anomaly runs/20270101T120000Z-bench-7-SN0042 A-J-0417 --disposition "product defect, ticket 12" --why
    "the pump leaks at its port" --by "A. Tester" --key tester.key`

    Exit code: 0; 2 wrong use; 3 the record or its audit trail contradicts itself, or cannot be written.
    """
    run = _ended(run_folder)
    if which is None:
        for one in run.summary.anomalies:
            _tell_anomaly(one)
        if not run.summary.anomalies:
            _tell("No anomaly: nothing failed, was inconclusive, or is missing.")
        return
    wanted = _known(run, which.upper())
    said = _all_said({"--disposition": disposition, "--why": why, "--by": by, "--key": key}, f"dispose of {wanted.id}")
    signer = signer_of(said["--by"], role, DECIDES)
    own = SigningKey.load(said["--key"], passphrase_from(passphrase_file), public_key)
    entry = dispose(run_folder, wanted, said["--disposition"], said["--why"], signer, own)
    _tell(f"added    entry {entry.number} of {run_folder / AUDIT}: {wanted.id} stays {wanted.state}")
    _shown_anew(run_folder)


def audit(
    run_folder: Annotated[Path, typer.Argument(help="The folder of a run, or of a sealed record.")],
    review: Annotated[
        str | None,
        typer.Option("--review", metavar="TEXT", help="Add that you reviewed the trail, and what you found."),
    ] = None,
    by: By = None,
    why: Why = None,
    key: PrivateKey = None,
    role: Role = "reviewer",
    public_key: PublicKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Verify and print the audit trail of a run: who decided what, when, and why; with --review add your own review.

    Each entry is signed and names the one before it, so that one that was changed, taken out or moved is found.

    Examples:
    `pumpbench audit runs/20270101T120000Z-bench-7-SN0042`

    `pumpbench audit runs/20270101T120000Z-bench-7-SN0042 --review "complete" --why "release 2" --by "R. Reader" --key
    reviewer.key`

    Exit code: 0; 2 wrong use; 3 the record or its audit trail contradicts itself, or cannot be written.
    """
    record = run_folder / "data"
    if review is None and (record / JOURNAL).is_file():
        run_folder = record
    run = _ended(run_folder)
    if review is not None:
        said = _all_said({"--why": why, "--by": by, "--key": key}, "review the audit trail")
        signer = signer_of(said["--by"], role, REVIEWS)
        own = SigningKey.load(said["--key"], passphrase_from(passphrase_file), public_key)
        review_trail(run_folder, review, said["--why"], signer, own)
        _shown_anew(run_folder)
    trail = AuditTrail.read(run_folder)
    for signed in trail.entries:
        _tell_entry(signed)
    open_ones = [one.id for one in run.summary.anomalies if not one.dispositions]
    _tell(f"{len(trail.entries)} entries, the chain and every signature hold; the last has SHA-256 {trail.head_sha256}")
    _tell(f"{len(open_ones)} anomalies without a disposition{': ' + ', '.join(open_ones) if open_ones else ''}")


def _ended(run_folder: Path) -> CheckedRun:
    journal_of(run_folder)
    if goes_on(run_folder):
        raise PlanError(f"run {run_folder}", "decide about it", "it goes on", "wait until it has ended")
    run = CheckedRun.read(run_folder)
    if run.summary.aborted:
        next_step = f"resume it, or give it its end: pumpbench end {run_folder} --why TEXT"
        raise PlanError(f"run {run_folder}", "decide about it", "it has no end", next_step)
    return run


def _known(run: CheckedRun, which: str) -> Anomaly:
    known = {one.id: one for one in run.summary.anomalies}
    if which not in known:
        seen = f"the run has {', '.join(list(known)[:20]) or 'none at all'}"
        raise PlanError(f"anomaly {which}", "find", seen, f"list them: pumpbench anomaly {run.folder}")
    return known[which]


def _all_said(given: dict[str, str | None], operation: str) -> dict[str, str]:
    if lacking := [name for name, value in given.items() if not (value or "").strip()]:
        raise PlanError("audit trail", operation, f"{', '.join(lacking)} is missing", f"add {' and '.join(lacking)}")
    return {name: value for name, value in given.items() if value}


def _shown_anew(run_folder: Path) -> None:
    _tell(f"page     {write_views(run_folder, summarise(run_folder))}")


def _tell_anomaly(one: Anomaly) -> None:
    _tell(f"{one.id}  {one.state}  {one.test + ': ' if one.test else ''}{one.about}")
    for said in one.dispositions:
        _tell(f"    {said.disposition} – {said.why} ({said.by}, {said.role}, {said.at})")
    if not one.dispositions:
        _tell("    no disposition")


def _tell_entry(signed: SignedEntry) -> None:
    one = signed.entry
    about = f"{one.anomaly} ({one.state})" if one.act == "disposition" else "review of the entries before"
    _tell(f"{one.number}  {one.by.signed_at}  {one.by.name}, {one.by.role}: {about}: {one.disposition}")
    _tell(f"    why: {one.why}; signed with key {signed.key_id[:16]}…")


def _tell(words: str) -> None:
    wide_console().print(terminal_text(words), soft_wrap=True)
