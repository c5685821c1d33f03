# SPDX-License-Identifier: Apache-2.0
"""A time stamp of a sealed record (RFC 3161): somebody else's word that a signature was there at an instant.

It is asked for with what the laboratory has, such as `openssl ts` and the address of its time-stamping authority, over
the file `.sig` of a signature, or over the tag manifest. It stands beside the record, not in it: it is made after that.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import read_regular
from reports.sealed.bundle_verifier import CLOCKS_AGREE_TO, SIGNATURES, TAG_MANIFEST, Signature

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

MOST_BYTES = 1 << 20
INSTALL = "install it: pip install 'pumpbench[timestamp]'"
HASHES = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}


@dataclass(frozen=True)
class TimeStamp:
    """A time stamp whose signature and chain of certificates were verified.

    Attributes:
        of: what was stamped, by its path in the record.
        at: when, by the clock of who stamped it.
        policy: under which policy, as an object identifier.
    """

    of: str
    at: datetime
    policy: str

    def __str__(self) -> str:
        """Return it in a line."""
        return f"{self.of} at {self.at.isoformat(timespec='seconds')} (policy {self.policy})"

    def contradictions(self, signatures: Sequence[Signature]) -> Iterator[str]:
        """Yield which signature says that it was made after it was stamped."""
        for one in signatures:
            said = datetime.fromisoformat(one.signer["signed_at"])
            if self.of == _signature_file(one) and said - CLOCKS_AGREE_TO > self.at:
                yield f"{self.of} was stamped at {self.at.isoformat()}, and says that it was made at {said.isoformat()}"


def time_stamp(file: Path, certificates: Sequence[Path], record: Path, signatures: Sequence[Signature]) -> TimeStamp:
    """Verify a time stamp.

    Args:
        file: the reply of the authority (`.tsr`), in DER form.
        certificates: of the authority that you trust, and those between it and who stamped, in PEM form.
        record: folder of the sealed record.
        signatures: of the record, verified.

    Raises:
        BenchFault: it is no time stamp, of something else, or not by who is trusted.
        PlanError: what verifies it is not installed, or a certificate cannot be read.
    """
    reply, stamped = _decoded(file), {TAG_MANIFEST, *map(_signature_file, signatures)}
    imprint, info = reply.tst_info.message_imprint, reply.tst_info
    of = _matching(file, record, sorted(stamped), imprint.hash_algorithm.dotted_string, imprint.message)
    _chain(file, reply, [one for path in certificates for one in _certificates(path)], imprint.message)
    return TimeStamp(of, info.gen_time, info.policy.dotted_string)


def _signature_file(signature: Signature) -> str:
    return f"{SIGNATURES}/{signature.number:02}-{signature.role}.sig"


def _decoded(file: Path) -> "TimeStampResponse":
    try:
        from rfc3161_client import decode_timestamp_response
    except ImportError as missing:
        raise PlanError(f"time stamp {file}", "verify", "rfc3161-client is not installed", INSTALL) from missing
    try:
        return decode_timestamp_response(read_regular(file, MOST_BYTES))
    except OSError as odd:
        raise PlanError(f"time stamp {file}", "read", str(odd), "name the file of the reply, such as x.tsr") from odd
    except ValueError as odd:
        next_step = "name the reply of a time-stamping authority (.tsr), with one certificate in it"
        raise BenchFault(f"time stamp {file}", "read", f"it is none: {odd}", next_step) from odd


def _matching(file: Path, record: Path, names: Sequence[str], algorithm: str, imprint: bytes) -> str:
    if (hashed := HASHES.get(algorithm)) is None:
        raise BenchFault(f"time stamp {file}", "verify", f"its hash {algorithm} is not known", "ask for one by SHA-256")
    for name in names:
        if hashlib.new(hashed, (record / name).read_bytes()).digest() == imprint:
            return name
    seen = f"what was stamped ({imprint.hex()[:12]}…) is none of {', '.join(names)}"
    raise BenchFault(f"time stamp {file}", "verify", seen, "name the time stamp of this record")


def _certificates(path: Path) -> "list[Certificate]":
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(read_regular(path, MOST_BYTES))
    except (OSError, ValueError) as odd:
        raise PlanError(f"certificate {path}", "read", str(odd), "name certificates in PEM form") from odd


def _chain(file: Path, reply: "TimeStampResponse", certificates: "Sequence[Certificate]", imprint: bytes) -> None:
    from rfc3161_client import VerificationError, VerifierBuilder

    roots = [one for one in certificates if one.issuer == one.subject]
    if not roots:
        next_step = "name the certificate of the authority that you trust with --tsa FILE"
        raise PlanError(f"time stamp {file}", "verify", "no certificate of an authority is given", next_step)
    between = [one for one in certificates if one.issuer != one.subject]
    try:
        VerifierBuilder(roots=roots, intermediates=between).build().verify(reply, imprint)
    except (VerificationError, ValueError) as odd:
        next_step = "give the certificates of who stamped it with --tsa, or trust it not"
        raise BenchFault(f"time stamp {file}", "verify", f"not by who is trusted: {odd}", next_step) from odd
