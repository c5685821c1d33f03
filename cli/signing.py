# SPDX-License-Identifier: Apache-2.0
"""What `pumpbench seal` and `pumpbench sign` ask of a person: who signs, as what, and the passphrase of their key."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from groundfloor.errors import PlanError
from groundfloor.regular_file import read_regular
from groundfloor.wall_clock import utc_now
from reports.sealed.signer import Signer
from reports.sealed.signing_key import MOST_BYTES, Passphrase

MEANINGS = {
    "tester": "I carried out this verification",
    "reviewer": "I reviewed this record",
    "approver": "I approve this record",
}
Key = Annotated[
    str, typer.Option("--key", help="Your private key: its file, or where a token keeps it, such as `hsm:2`.")
]
Name = Annotated[str, typer.Option("--name", help="Your name, as it is to be printed.")]
Role = Annotated[str, typer.Option("--role", help="As what you sign: tester, reviewer, approver, or a word of yours.")]
Meaning = Annotated[
    str | None, typer.Option("--meaning", help="What your signature says; known for the three roles above.")
]
PublicKey = Annotated[Path | None, typer.Option("--public-key", help="The public key of a token.")]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File with the passphrase; asked for if it is not given.")
]


def signer_of(name: str, role: str, meaning: str | None) -> Signer:
    """Return who signs, now.

    Raises:
        PlanError: the role is no word, or its meaning is not known.
    """
    words = meaning or MEANINGS.get(role)
    if words is None:
        raise PlanError("signature", f"sign as {role}", "nobody knows what that says", 'add --meaning "I …"')
    try:
        return Signer(name=name, role=role, meaning=words, signed_at=utc_now().isoformat(timespec="seconds"))
    except ValueError as odd:
        next_step = "give a name, and a role in small letters"
        raise PlanError("signature", f"sign as {role}", str(odd), next_step) from odd


def passphrase_from(file: Path | None) -> Passphrase:
    """Return what asks for a passphrase: a file, else the person at the terminal."""

    def ask() -> bytes:
        if file is not None:
            try:
                return read_regular(file, MOST_BYTES).rstrip(b"\r\n")
            except OSError as odd:
                raise PlanError(f"passphrase {file}", "read", str(odd), "name another file") from odd
        if not sys.stdin.isatty():
            next_step = "add --passphrase-file FILE"
            raise PlanError("key", "unlock", "it has a passphrase, and nobody is there to type it", next_step)
        return str(typer.prompt("Passphrase of the key", hide_input=True)).encode()

    return ask
