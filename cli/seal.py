# SPDX-License-Identifier: Apache-2.0
"""`pumpbench key`, `seal` and `sign`: a key, the sealed record of a run, and further signatures of it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.journal import journal_of
from cli.signing import Key, Meaning, Name, PassphraseFile, PublicKey, Role, passphrase_from, signer_of
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from reports.sealed.bundle import pack
from reports.sealed.bundle import seal as seal_run
from reports.sealed.bundle import sign as sign_bundle
from reports.sealed.signing_key import SigningKey, make_key
from reports.terminal_text import terminal_text


def key(
    file: Annotated[Path, typer.Argument(help="The file to make; beside it comes FILE.pub.")],
    passphrase_file: PassphraseFile = None,
    unlocked: Annotated[bool, typer.Option("--no-passphrase", help="Leave the key unlocked.")] = False,
) -> None:
    """Make a key to sign records with: FILE for you alone, FILE.pub for whoever verifies.

    Example: `pumpbench key tester.key`
    """
    if unlocked:
        passphrase = b""
    elif passphrase_file is not None:
        passphrase = passphrase_from(passphrase_file)()
    elif sys.stdin.isatty():
        passphrase = str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True)).encode()
    else:
        next_step = "add --passphrase-file FILE, or --no-passphrase"
        raise PlanError(f"key {file}", "make", "nobody is there to type a passphrase", next_step)
    public = make_key(file, passphrase)
    _tell(f"key      {file} (keep it to yourself)")
    _tell(f"public   {public} (for whoever verifies: pumpbench verify BUNDLE --key NAME={public})")


def seal(
    run_folder: Annotated[Path, typer.Argument(help="The folder of a run that has ended.")],
    key: Key,
    name: Name,
    role: Role = "tester",
    meaning: Meaning = None,
    require: Annotated[
        list[str] | None,
        typer.Option("--require", help="Another role that has to sign before the record is complete. Repeat it."),
    ] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Seal it as evidence for a release; for development otherwise.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="The bundle to make; RUN.sealed if not given.")] = None,
    zipped: Annotated[Path | None, typer.Option("--zip", help="Put the bundle into this zip as well.")] = None,
    public_key: PublicKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Seal the record of a run: every file bound by its hash, signed by you.

    The record is checked first, and one that contradicts itself is not sealed. For a release are refused: simulated
    runs, runs of modified software, runs in trouble, and runs in which a test that was to run did not.

    Example:
    `pumpbench seal runs/20270101T120000Z-bench-7-SN0042 --key tester.key --name "A. Tester" --require reviewer`

    Exit code: 0; 2 wrong use, or not for a release; 3 the record cannot be read or contradicts itself.
    """
    journal_of(run_folder)
    signer = signer_of(name, role, meaning)
    roles = tuple(dict.fromkeys([role, *(require or [])]))
    own = SigningKey.load(key, passphrase_from(passphrase_file), public_key)
    absolute = run_folder.absolute()
    bundle = out or absolute.with_name(f"{absolute.name}.sealed")
    sealed = seal_run(run_folder, bundle, own, signer, "release" if release else "development", roles)
    facts = sealed.statement.predicate.record
    for one in sealed.left_out:
        _tell(f"left out {one}: no run writes this")
    for reason in facts.not_release:
        _tell(f"note     for development only: {reason}")
    _tell(f"sealed   {sealed.folder}: {facts.verdict}, signed by {name} as {role}")
    for lacking in roles[1:]:
        _tell(f"lacks    the signature of the {lacking}: pumpbench sign {sealed.folder} --role {lacking}")
    if zipped is not None:
        _tell(f"zip      {pack(sealed.folder, zipped)}")


def sign(
    bundle: Annotated[Path, typer.Argument(help="The folder of a sealed record.")],
    key: Key,
    name: Name,
    role: Role,
    meaning: Meaning = None,
    zipped: Annotated[Path | None, typer.Option("--zip", help="Put the bundle into this zip as well.")] = None,
    public_key: PublicKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Add your signature to a sealed record, if it is still what was sealed. Read it first: `pumpbench verify BUNDLE`.

    Example: `pumpbench sign runs/20270101T120000Z-bench-7-SN0042.sealed --key r.key --name "R. Reader" --role reviewer`

    Exit code: 0; 2 wrong use; 3 the record is not what was sealed.
    """
    signer = signer_of(name, role, meaning)
    own = SigningKey.load(key, passphrase_from(passphrase_file), public_key)
    found = sign_bundle(bundle, own, signer)
    _tell(f"signed   {bundle} by {name} as {role}")
    for lacking in found.missing:
        _tell(f"lacks    {lacking}")
    if zipped is not None:
        _tell(f"zip      {pack(bundle, zipped)}")


def _tell(words: str) -> None:
    wide_console().print(terminal_text(words), soft_wrap=True)
