# SPDX-License-Identifier: Apache-2.0
"""The private key that a person signs with: a file of theirs, or a token that never lets it out.

A key is no electronic signature of its own in the sense of 21 CFR 11: who holds it, and how they prove to be that
person, is for the organisation to settle. What a key shows is that nobody without it made the signature.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import (  # type: ignore[attr-defined]  # its package names them and exports none
    SIGNER_FOR_URI_SCHEME,
    CryptoSigner,
    Signer,
    SSlibKey,
)

from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import read_regular
from groundfloor.system.open_file import NO_LINK, open_file
from reports.sealed.bundle_verifier import HALF_ORDERS

MOST_BYTES = 1 << 16
ASK_FOR_IT = "make one: pumpbench key FILE"
Passphrase = Callable[[], bytes]
"""Asks for the passphrase of a key; called only if it has one."""


@dataclass(frozen=True)
class SigningKey:
    """A key to sign with.

    Attributes:
        signer: signs, wherever the private key is.
        public_pem: the public key, for whoever verifies.
    """

    signer: Signer
    public_pem: bytes

    @classmethod
    def load(cls, where: str, passphrase: Passphrase, public_key: Path | None = None) -> Self:
        """Open a key.

        Args:
            where: the file of an Ed25519 key, or where another keeps it, such as `hsm:2?label=tester`.
            passphrase: asks for it if the file is locked, or for the PIN of a token.
            public_key: file of the public key; a token needs it told.

        Raises:
            PlanError: there is no such key, or the passphrase is wrong.
            BenchFault: the token does not answer.
        """
        if where.partition(":")[0] in SIGNER_FOR_URI_SCHEME and not Path(where).exists():
            return cls._of_token(where, passphrase, public_key)
        content = _read(Path(where))
        try:
            locked = b"ENCRYPTED" in content
            private = load_pem_private_key(content, passphrase() if locked else None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as odd:
            next_step = "check the passphrase, and that it is a private key in PEM form"
            raise PlanError(f"key {where}", "open", str(odd), next_step) from odd
        if not isinstance(private, Ed25519PrivateKey):
            raise PlanError(f"key {where}", "open", "it is no Ed25519 key", ASK_FOR_IT)
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return cls(CryptoSigner(private), public)

    @classmethod
    def _of_token(cls, where: str, passphrase: Passphrase, public_key: Path | None) -> Self:
        if public_key is None:
            raise PlanError(f"key {where}", "open", "its public key is not known", "name it with --public-key FILE")
        pem = _read(public_key)
        try:
            public = load_pem_public_key(pem)
            pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            known = SSlibKey.from_crypto(public)
            signer = Signer.from_priv_key_uri(where, known, lambda _what: passphrase().decode())
        except Exception as odd:  # each kind of token has errors of its own
            next_step = "plug it in; check its driver (PYKCS11LIB), label and PIN"
            raise BenchFault(f"key {where}", "open the token", f"{type(odd).__name__}: {odd}", next_step) from odd
        return cls(signer, pem)

    def sign(self, content: bytes) -> bytes:
        """Return the signature of `content`.

        Raises:
            BenchFault: the token does not sign.
        """
        try:
            return _the_smaller_form(bytes.fromhex(self.signer.sign(content).signature), self.public_pem)
        except Exception as odd:  # each kind of token has errors of its own
            raise BenchFault("signing key", "sign", f"{type(odd).__name__}: {odd}", "look at the token") from odd


def _the_smaller_form(signature: bytes, public_pem: bytes) -> bytes:
    """Return the form of a signature that a verifier takes: on a curve (r, n − s) is one as well as (r, s)."""
    key = load_pem_public_key(public_pem)
    if not isinstance(key, EllipticCurvePublicKey) or (half := HALF_ORDERS.get(key.curve.name)) is None:
        return signature
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, 2 * half + 1 - s))


def make_key(file: Path, passphrase: bytes) -> Path:
    """Make a new Ed25519 key in `file`, readable by its owner alone, and beside it the public one.

    Args:
        file: must not exist.
        passphrase: locks the file; empty for none.

    Returns:
        The file of the public key, `file` with the ending `.pub`.

    Raises:
        PlanError: it exists already, or cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    lock: KeySerializationEncryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    beside = file.with_name(f"{file.name}.pub")
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        for path, told, mode in ((file, content, 0o600), (beside, public, 0o644)):
            descriptor = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, mode)
            with os.fdopen(descriptor, "wb") as made:
                made.write(told)
    except OSError as refused:
        raise PlanError(f"key {file}", "make", str(refused), "name another file: no key is written over") from refused
    return beside


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, MOST_BYTES)
    except OSError as odd:
        raise PlanError(f"key {path}", "read", str(odd), ASK_FOR_IT) from odd
