# SPDX-License-Identifier: Apache-2.0
"""Checks a sealed record of pumpbench: offline, in one file, with the standard library and `cryptography` alone.

    python pumpbench_verify.py BUNDLE --key tester=tester.pub

A sealed record is a BagIt folder, or a zip of one, with one DSSE envelope for each signature. It is looked at from the
outside to the inside: nothing is there that the manifest does not name (closed world); every file has its hash; every
signature is of this record and by a key that you trust; every test that was to run has its end; the journal's chain is
whole and its inputs are those of its first line; and what the statement and the summary say follows from the journal,
whose every verdict is made again from value, U, limits and rule, U from its budget, and each weighed volume from its
marks. `pumpbench verify` does this first, and then makes values and coverage factors again as well, which takes the
bench's own mathematics.

What a person with the signing key changed the same way everywhere, no file can show.
"""

import argparse
import base64
import hashlib
import json
import math
import os
import re
import stat
import struct
import sys
import tempfile
import tomllib
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path, PurePosixPath
from typing import IO, Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

INTACT, WRONG_USE, NOT_VERIFIED = 0, 2, 3
PAYLOAD_TYPE = "application/vnd.in-toto+json"
AUDIT_TYPE = "application/vnd.pumpbench.audit+json"
PROTOCOL_TYPE = "application/vnd.pumpbench.protocol+json"
AUDIT, PROTOCOL = "audit.jsonl", "protocol.json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
TAG_FILES = ("bagit.txt", "bag-info.txt", MANIFEST)
BAGIT = b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"
SIGNATURES = "signatures"
SIGNATURE_FILE = re.compile(r"signatures/([0-9]{2})-([a-z][a-z-]{0,30})\.(intoto\.json|pae|sig|pub)")
ENDINGS = ("intoto.json", "pae", "sig", "pub")
MOST_FILES = 100_000
MOST_BYTES = 1 << 33
MOST_FOLDERS_DEEP = 32
MOST_SMALL = 1 << 28
MOST_DOTS = 256
NO_RECORD = (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, RecursionError)
"""What comes of content that has not the form of a record: it was made elsewhere, and its hashes may all fit."""
MOST_RATIO, RATIO_FROM_BYTES = 100, 1 << 20
"""A journal of samples shrinks to a fifteenth; a large file that grows a hundredfold was made to fill a disk."""
SHOWN = 20
GUARD_BAND = "guard band w = U, "
SIMPLE = "simple acceptance, "
YES_OR_NO = "yes or no"
JUDGED_A_FAILURE = "pump: judge: "
ALL_PASSED = "every judgement passed"
WORST_FIRST = ("FAIL", "BLOCKED", "INCONCLUSIVE", "UNSET", "PASS")
WORKER_DIED = "the worker of chapter "
"""How the end of a test begins that was written for it, because its process died."""
ADDRESSES = re.compile(rb"^(address|resource|control) = .*$", re.M)
"""Lines of a bench file of twins that its hash leaves out: the system chooses them anew for each start."""
AGREES_TO = 1e-6
RUN_NAME = re.compile(r"\d{8}T\d{6}Z-")
"""How the name of a run begins, and so that of its sealed record unless somebody gave another."""
CLOCKS_AGREE_TO = timedelta(minutes=2)
"""People sign at computers of their own."""
NO_COMMENT = b"PK\5\6", 22
"""How the last part of a zip begins, and how long it is if nothing follows it."""
DIRECTORY_ENTRY, LOCAL_HEADER = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
"""How an entry is told of in the directory of a zip, and before its content (APPNOTE.TXT 4.3.12 and 4.3.7)."""
DESCRIBED_BEHIND, ZIP64, ZIP64_FIELD, ZIP64_ENDS = 8, 0xFFFFFFFF, 1, 76
"""A flag; a size that stands in a field of 64 bits; that field; how long the ends of a zip with such sizes are."""
EXTRA_FIELDS, MOST_EXTRA = frozenset({ZIP64_FIELD, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875}), 36
"""Sizes, times and owners. Any other field may name an entry otherwise, or carry what no signature covers."""
PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOST_LINE = 1 << 26
"""The longest line of a journal is some thousand times shorter."""
HALF_ORDERS = {
    "secp256r1": 0x7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8,
    "secp384r1": 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE3B1A6C0FA1B96EFAC0D06D9245853BD76760CB5666294B9,
}
"""By curve, half of its order. Both (r, s) and (r, n − s) are a signature; only the one with the smaller s counts."""
PURPOSES = ("development", "release")
FORMS = {
    "statement": "_type subject predicateType predicate",
    "predicate": "result configuration passedTests warnedTests failedTests record",
    "record": "version purpose not_release simulated run_id bench profile pump baseline software verdict reason "
    "not_run required_roles signer follows",
    "signer": "name role meaning signed_at",
}
"""What stands in a signed statement: nothing else, as nobody looks at that, and somebody might believe it."""
VERSION = "1.0"


class NotReadable(Exception):
    """The bundle cannot be looked at: it is no bundle, cut off, or made to do harm."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed: where, and what was seen."""

    place: str
    seen: str

    def __str__(self) -> str:
        return f"{self.place}: {self.seen}"


@dataclass(frozen=True)
class Signature:
    """One signature: what its statement says, and whether a trusted key made it."""

    number: int
    role: str
    statement: dict[str, Any]
    payload: bytes
    key_id: str
    trusted: bool

    @property
    def signer(self) -> dict[str, Any]:
        """Return name, role, meaning and instant of it."""
        return dict(self.statement["predicate"]["record"]["signer"])


@dataclass
class Verification:
    """What came of it.

    Attributes:
        findings: what is wrong; of an intact record none.
        missing: what is not wrong and lacks: a required signature, a trusted key.
        signatures: in order.
        files, lines, judgements: how many were looked at.
        signed_beside: what else is signed: protocol and entries of the audit trail, each with name and key id.
        record: what the first statement says of the record.
    """

    findings: list[Finding] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    files: int = 0
    lines: int = 0
    judgements: int = 0
    signed_beside: list[tuple[str, str, str]] = field(default_factory=list)
    record: dict[str, Any] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings

    @property
    def complete(self) -> bool:
        """Tell whether nothing is wrong and nothing lacks."""
        return self.intact and not self.missing


def verify(bundle: Path, trusted: Mapping[str, str] | None = None) -> Verification:
    """Check a sealed record.

    Args:
        bundle: its folder, or a zip of that.
        trusted: by key id, the name of the person whose key it is, empty where nobody said; see `key_id`.

    Raises:
        NotReadable: it is no bundle, is cut off, or was made to do harm.
    """
    with opened(bundle) as folder:
        found = verify_folder(folder, trusted or {})
    found.findings += named_otherwise(bundle, found)
    return found


def verify_folder(folder: Path, trusted: Mapping[str, str]) -> Verification:
    """Check a sealed record that is a folder; no link in it is followed.

    Raises:
        NotReadable: something in it cannot be read, or it was made to do harm.
    """
    try:
        return _of_folder(folder, trusted)
    except OSError as refused:
        raise NotReadable(f"something in it cannot be read: {refused}") from refused


def named_otherwise(bundle: Path, found: Verification) -> Iterator[Finding]:
    """Yield what is wrong where the name of a bundle is that of another run than the one it holds."""
    name, run_id = bundle.absolute().name, str(found.record.get("run_id", ""))
    if RUN_NAME.match(name) and RUN_NAME.match(run_id) and not name.startswith(run_id):
        yield Finding(name, f"it has the name of another run: it holds the record of {run_id}")


def _of_folder(folder: Path, trusted: Mapping[str, str]) -> Verification:
    found = Verification()
    files = _closed_world(folder, found)
    found.files = len(files)
    _hashes(folder, files, found)
    if not found.findings:  # what stands in files that are others than those sealed is not worth a look
        _signatures(folder, files, trusted, found)
    if not found.findings:
        with _told(found, "record"):
            _bag_info(folder, files, found)
            _Record(folder / "data", found).check()
    return found


@contextmanager
def opened(bundle: Path) -> Iterator[Path]:
    """Give the folder of a bundle, unpacked while the block runs if it is a zip.

    Raises:
        NotReadable: it is neither.
    """
    try:
        kind = bundle.stat().st_mode
    except OSError as gone:
        raise NotReadable(str(gone)) from gone
    if stat.S_ISDIR(kind):
        yield bundle
        return
    if not stat.S_ISREG(kind):
        raise NotReadable("it is a device or a pipe, no bundle")
    with tempfile.TemporaryDirectory(prefix="pumpbench-verify-") as place:
        _unpack(bundle, Path(place))
        yield Path(place)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            members = packed.infolist()
            _refuse_harm(members)
            _refuse_strays(archive, packed.comment, members)
            with archive.open("rb") as file:
                _refuse_disguise(file, members, packed.start_dir)
            for member in members:
                packed.extract(member, folder)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as odd:
        raise NotReadable(f"it is no whole zip of a bundle: {odd}") from odd
    except Exception as odd:  # zlib and lzma have errors of their own
        raise NotReadable(f"it is no whole zip of a bundle: {type(odd).__name__}: {odd}") from odd


def _refuse_harm(members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_FILES:
        raise NotReadable(f"it holds {len(members)} entries; a record has no more than {MOST_FILES}")
    if (size := sum(one.file_size for one in members)) > MOST_BYTES:
        raise NotReadable(f"it would unpack to {size} bytes; a record has no more than {MOST_BYTES}")
    names: set[str] = set()
    for one in members:
        own = _alike(one.filename.removesuffix("/"))
        if not is_plain(one.filename.removesuffix("/")) or own in names:
            raise NotReadable(f"an entry is called {one.filename!r}, which leads out of the bundle or comes twice")
        names.add(own)
        kind = one.external_attr >> 16
        if kind and stat.S_IFMT(kind) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise NotReadable(f"the entry {one.filename!r} is a link or a device")
        if one.file_size > MOST_RATIO * max(one.compress_size, RATIO_FROM_BYTES):
            raise NotReadable(f"the entry {one.filename!r} would grow {MOST_RATIO} times and more")


def _refuse_strays(archive: Path, comment: bytes, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a zip that carries more than its entries; no signature covers that."""
    begins, length = NO_COMMENT
    with archive.open("rb") as file:
        file.seek(-length, os.SEEK_END)
        last = file.read(len(begins))
    if comment or any(one.comment for one in members) or last != begins:
        raise NotReadable("the zip carries a comment, or something after its end; no sealed record does")


def _refuse_disguise(file: IO[bytes], members: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Refuse a zip that another reader would read otherwise, or that carries more than its entries.

    Args:
        file: the zip.
        members: its entries, in the order of its directory.
        directory: where that begins.
    """
    told = _told_in_directory(file, len(members), directory)
    after = {0}
    for one, said in sorted(zip(members, told, strict=True), key=lambda pair: pair[0].header_offset):
        if one.header_offset not in after:
            raise NotReadable(
                f"something stands in the zip before {one.filename!r}, or a size in its directory is wrong"
            )
        begins = one.header_offset + _length_of_header(file, one, said)
        _refuse_more_content(file, one, begins)
        ends = begins + one.compress_size
        after = set(_ends_described(file, one, ends)) if one.flag_bits & DESCRIBED_BEHIND else {ends}
    if directory not in after:
        raise NotReadable("something stands in the zip behind its last entry, or a size in its directory is wrong")


def _told_in_directory(file: IO[bytes], count: int, directory: int) -> list[tuple[int, int, bytes]]:
    """Return flags, method and name of each entry as the directory of a zip has them."""
    file.seek(directory)
    content = file.read(MOST_SMALL + 1)
    entries, place = list[tuple[int, int, bytes]](), 0
    for _ in range(count):
        fields = DIRECTORY_ENTRY.unpack_from(content, place)
        place += DIRECTORY_ENTRY.size
        name_length, extra_length, comment_length = fields[10:13]
        name = content[place : place + name_length]
        _fields(content[place + name_length :][:extra_length])
        entries.append((fields[3], fields[4], name))
        place += name_length + extra_length + comment_length
    if len(content) - place not in {NO_COMMENT[1], NO_COMMENT[1] + ZIP64_ENDS}:
        raise NotReadable("something stands in the zip behind its directory")
    if (said := int.from_bytes(content[-12:-10], "little")) not in {count, 0xFFFF}:
        raise NotReadable(f"the zip says that it holds {said} entries, and names {count}")
    return entries


def _fields(extra: bytes) -> dict[int, bytes]:
    """Return the fields beside the name of an entry by their kind.

    Raises:
        NotReadable: one is none of sizes, times and owners.
    """
    found: dict[int, bytes] = {}
    while extra:
        kind, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        content, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind not in EXTRA_FIELDS or kind in found or not length == len(content) <= MOST_EXTRA:
            raise NotReadable("an entry of the zip carries more than sizes, times and owners; no sealed record does")
        found[kind] = content
    return found


def _length_of_header(file: IO[bytes], one: zipfile.ZipInfo, told: tuple[int, int, bytes]) -> int:
    """Return how long the header before an entry is, which has to say the same as the directory."""
    if one.compress_type not in PACKED_BY or (one.is_dir() and one.file_size > 0):
        raise NotReadable(f"the entry {one.filename!r} is packed as no sealed record is")
    file.seek(one.header_offset)
    fields = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    name, extra = file.read(fields[9]), file.read(fields[10])
    if (fields[2], fields[3], name) != told or fields[6:9] not in _known_sizes(one, _fields(extra)):
        raise NotReadable(f"the entry {one.filename!r} is told of otherwise before it than in the directory of the zip")
    return LOCAL_HEADER.size + len(name) + len(extra)


def _known_sizes(one: zipfile.ZipInfo, extra: Mapping[int, bytes]) -> set[tuple[int, ...]]:
    """Return what the header before an entry may say of its sum and sizes: 0 where they stand behind it."""
    sums = one.CRC, one.compress_size, one.file_size
    behind = bool(one.flag_bits & DESCRIBED_BEHIND)
    known = set(product(*({each, 0} if behind else {each} for each in sums)))
    if ZIP64_FIELD not in extra:
        return known
    fits = [sums for sums in known if extra[ZIP64_FIELD] == struct.pack("<2Q", sums[2], sums[1])]
    return {(sums[0], ZIP64, ZIP64) for sums in fits}


def _ends_described(file: IO[bytes], one: zipfile.ZipInfo, ends: int) -> Iterator[int]:
    """Yield where an entry ends whose sum and sizes stand behind it, as in a zip that was written into a pipe."""
    sums = one.CRC, one.compress_size, one.file_size
    forms = [head + struct.pack(form, *sums) for head in (b"PK\7\b", b"") for form in ("<L2Q", "<3L")]
    file.seek(ends)
    behind = file.read(max(map(len, forms)))
    yield from (ends + len(form) for form in forms if behind.startswith(form))


def _refuse_more_content(file: IO[bytes], one: zipfile.ZipInfo, begins: int) -> None:
    """Refuse an entry behind whose packed content something else stands, which readers pass over."""
    if one.compress_type == zipfile.ZIP_STORED:
        if one.compress_size != one.file_size:
            raise NotReadable(f"the sizes of the entry {one.filename!r} contradict each other")
        return
    file.seek(begins)
    unpacking, left, size = zlib.decompressobj(-zlib.MAX_WBITS), one.compress_size, 0
    while left and (part := file.read(min(left, RATIO_FROM_BYTES))):
        left -= len(part)
        while part and not unpacking.eof:
            size += len(unpacking.decompress(part, RATIO_FROM_BYTES))
            part = unpacking.unconsumed_tail
        if part or size > one.file_size:
            break
    if left or size != one.file_size or not unpacking.eof or unpacking.unused_data:
        raise NotReadable(f"the entry {one.filename!r} holds more or less than what it unpacks to")


def _alike(name: str) -> str:
    """Return what of a name is left on a system that tells neither case nor forms of one letter apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_plain(name: str) -> bool:
    """Tell whether a path of a bundle stays in it, on any system, and can be shown."""
    parts = name.split("/")
    return (
        name.isprintable()
        and "\\" not in name
        and ":" not in parts[0]
        and not any(part in {"", ".", ".."} or part.endswith((" ", ".")) for part in parts)
    )


# --- closed world and hashes -----------------------------------------------------------------------------------------


def _closed_world(folder: Path, found: Verification) -> set[str]:
    """Look at everything in a folder; return its files."""
    files: set[str] = set()
    size = 0
    for place, folders, names in os.walk(folder, onerror=_not_readable):
        here = PurePosixPath(Path(place).relative_to(folder).as_posix())
        folders.sort()
        if len(here.parts) > MOST_FOLDERS_DEEP:
            raise NotReadable(f"folders stand in each other more than {MOST_FOLDERS_DEEP} deep; no record has that")
        if not folders and not names:
            found.findings.append(Finding(str(here), "an empty folder; nothing that was sealed leaves one"))
        for name in [*folders, *names]:
            own = str(here / name)
            there = (Path(place) / name).lstat()
            kind = there.st_mode
            if not is_plain(own):
                found.findings.append(Finding(repr(own), "a name that no sealed file has"))
            elif not stat.S_ISDIR(kind) and not stat.S_ISREG(kind):
                found.findings.append(Finding(own, "a link, a device or a pipe; nothing that was sealed is one"))
            elif stat.S_ISREG(kind):
                files.add(own)
                size += there.st_size
        if size > MOST_BYTES:
            raise NotReadable(f"it holds more than {MOST_BYTES} bytes; a record has no more")
        if len(files) > MOST_FILES or len(found.findings) > MOST_FILES:
            raise NotReadable(f"it holds more than {MOST_FILES} files; a record has no more")
    _alike_names(files, found)
    return files


def _not_readable(refused: OSError) -> None:
    """Refuse what cannot be looked into: anything could stand there."""
    raise NotReadable(f"a folder of it cannot be looked into: {refused}") from refused


def _alike_names(files: set[str], found: Verification) -> None:
    first: dict[str, str] = {}
    for name in sorted(files):
        if (other := first.setdefault(_alike(name), name)) != name:
            seen = f"the same name as {other} but for case or the form of a letter: one hides the other"
            found.findings.append(Finding(name, seen))


def _hashes(folder: Path, files: set[str], found: Verification) -> None:
    payload = _manifest(folder, files, MANIFEST, found)
    tags = _manifest(folder, files, TAG_MANIFEST, found)
    if payload is None or tags is None:
        return
    if set(tags) != set(TAG_FILES):
        found.findings.append(Finding(TAG_MANIFEST, f"it names {', '.join(sorted(tags))}, not {', '.join(TAG_FILES)}"))
    strays = [name for name in sorted(payload) if not name.startswith("data/")]
    found.findings += [Finding(MANIFEST, f"it names {name}, which is not in data/") for name in strays]
    sealed = payload | tags
    for name in sorted(files - {*sealed, TAG_MANIFEST}):
        if SIGNATURE_FILE.fullmatch(name) is None:
            found.findings.append(Finding(name, "added: the manifest does not name it"))
    for name, expected in sorted(sealed.items()):
        if name not in files:
            found.findings.append(Finding(name, "missing: the manifest names it"))
        elif (now := _sha256(folder / name)) != expected:
            found.findings.append(Finding(name, f"changed: SHA-256 {now[:12]}…, sealed was {expected[:12]}…"))
    if "bagit.txt" in files and _small(folder / "bagit.txt") != BAGIT:
        found.findings.append(Finding("bagit.txt", "not that of a bag of this kind"))


def _bag_info(folder: Path, files: set[str], found: Verification) -> None:
    """Hold what a bag says of itself against what is there and what is signed."""
    payload = [folder / name for name in files if name.startswith("data/")]
    follows = {
        "Payload-Oxum": f"{sum(one.stat().st_size for one in payload)}.{len(payload)}",
        "External-Identifier": found.record["run_id"],
        "External-Description": f"{found.record['verdict']} {found.record['purpose']}",
    }
    lines = [line.partition(": ") for line in _small(folder / "bag-info.txt").decode("utf-8", "replace").splitlines()]
    for name, value in follows.items():
        said = [one for label, _, one in lines if label.casefold() == name.casefold()]
        if said != [value]:
            found.findings.append(Finding("bag-info.txt", f"{name} {' and '.join(said) or 'missing'}, not {value}"))


def _manifest(folder: Path, files: set[str], name: str, found: Verification) -> dict[str, str] | None:
    if name not in files:
        found.findings.append(Finding(name, "missing: this is no sealed record, or no longer one"))
        return None
    named: dict[str, str] = {}
    try:
        lines = _small(folder / name).decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as odd:
        found.findings.append(Finding(name, f"not UTF-8: {odd}"))
        return None
    for number, line in enumerate(lines, 1):
        match = re.fullmatch(r"([0-9a-f]{64}) {1,2}(\S.*)", line)
        if match is None or not is_plain(match[2]) or match[2] in named:
            found.findings.append(Finding(name, f"line {number} is no hash and path, or its path comes twice"))
            return None
        named[match[2]] = match[1]
    return named


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _small(path: Path) -> bytes:
    """Return what is in a file that no record makes large; a pipe, which may never begin, is none."""
    if path.exists() and not path.is_file():
        raise NotReadable(f"{path.name} is no file")
    with path.open("rb") as file:
        content = file.read(min(os.fstat(file.fileno()).st_size, MOST_SMALL) + 1)  # room is made for what is asked for
    if len(content) > MOST_SMALL:
        raise NotReadable(f"{path.name} is longer than {MOST_SMALL} bytes")
    return content


# --- signatures ------------------------------------------------------------------------------------------------------


def pre_authentication(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Return the bytes that a signature of a DSSE envelope is made of."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def key_id(pem: bytes) -> str:
    """Return what names a public key: the SHA-256 of its DER form.

    Raises:
        ValueError: it is no public key that a record is signed with.
    """
    return hashlib.sha256(_public(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _public(pem: bytes) -> Ed25519PublicKey | EllipticCurvePublicKey:
    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm as odd:
        raise ValueError(str(odd)) from odd
    if isinstance(key, Ed25519PublicKey) or (isinstance(key, EllipticCurvePublicKey) and key.curve.name in HALF_ORDERS):
        return key
    raise ValueError(f"neither an Ed25519 key nor one on a curve of {', '.join(HALF_ORDERS)}")


def _signed_by(pem: bytes, signature: bytes, data: bytes) -> bool:
    key = _public(pem)
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, data)
        else:
            key.verify(signature, data, ECDSA(SHA256()))
            _, s = decode_dss_signature(signature)
            if s > HALF_ORDERS[key.curve.name]:
                raise ValueError("the signature is written in its other form, which anybody can make of the first")
    except InvalidSignature:
        return False
    return True


@contextmanager
def _told(found: Verification, place: str) -> Iterator[None]:
    """Let content that has not the form of a record be a finding, not a crash."""
    try:
        yield
    except NO_RECORD as odd:
        found.findings.append(Finding(place, f"not of the form of a record: {type(odd).__name__}: {odd}"))


def _signatures(folder: Path, files: set[str], trusted: Mapping[str, str], found: Verification) -> None:
    matches = [match for name in sorted(files) if (match := SIGNATURE_FILE.fullmatch(name))]
    stems = sorted({(match[1], match[2]) for match in matches})
    if not stems:
        found.findings.append(Finding(SIGNATURES, "missing: nobody signed this"))
    for place, (number, role) in enumerate(stems, 1):
        stem = f"{SIGNATURES}/{number}-{role}"
        lacking = [ending for ending in ENDINGS if f"{stem}.{ending}" not in files]
        if lacking or int(number) != place:
            what = f"{', '.join(lacking)} missing" if lacking else f"the {place}. signature has the number {number}"
            found.findings.append(Finding(stem, f"{what}: a signature was taken away or renamed"))
            return
        with _told(found, stem):
            found.signatures.append(_signature(folder, stem, int(number), role, trusted))
    if found.intact and found.signatures:
        with _told(found, SIGNATURES):
            _together(folder, found)


def _signature(folder: Path, stem: str, number: int, role: str, trusted: Mapping[str, str]) -> Signature:
    envelope = loads(_small(folder / f"{stem}.intoto.json"))
    if set(envelope) != {"payload", "payloadType", "signatures"} or envelope["payloadType"] != PAYLOAD_TYPE:
        raise ValueError(f"no envelope of {PAYLOAD_TYPE}")
    if len(envelope["signatures"]) != 1:
        raise ValueError(f"{len(envelope['signatures'])} signatures in one envelope; each person has one of their own")
    (signature,) = envelope["signatures"]
    payload = base64.b64decode(envelope["payload"], validate=True)
    made = base64.b64decode(signature["sig"], validate=True)
    pem, signed = _small(folder / f"{stem}.pub"), pre_authentication(payload)
    beside = {".pae": signed, ".sig": made}
    for ending, content in beside.items():
        if _small(folder / f"{stem}{ending}") != content:
            raise ValueError(f"{ending} is not what the envelope holds")
    if set(signature) != {"keyid", "sig"} or signature["keyid"] != key_id(pem):
        raise ValueError(".pub is not the key that the envelope names")
    if not _signed_by(pem, made, signed):
        raise ValueError("the signature is not of this statement, or not by this key")
    own = key_id(pem)
    _only_what_is_signed(folder, stem, payload, made, pem)
    return Signature(number, role, loads(payload), payload, own, own in trusted)


def _only_what_is_signed(folder: Path, stem: str, payload: bytes, made: bytes, pem: bytes) -> None:
    """Refuse an envelope or a key that is written in another form: white space and spare bits no signature covers."""
    by = {"keyid": key_id(pem), "sig": base64.b64encode(made).decode()}
    form = {"payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE, "signatures": [by]}
    if _small(folder / f"{stem}.intoto.json") != json.dumps(form).encode():
        raise ValueError("the envelope is written in another form than sealing gives it; no signature covers that")
    if pem != _public(pem).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo):
        raise ValueError(".pub holds more than the key, or in another form; no signature covers that")


def _together(folder: Path, found: Verification) -> None:
    """Hold the signatures against the record and against each other."""
    subject = [{"name": TAG_MANIFEST, "digest": {"sha256": _sha256(folder / TAG_MANIFEST)}}]
    first = found.signatures[0].statement["predicate"]
    found.record = dict(first["record"])
    follows: str | None = None
    for one in found.signatures:
        place, statement = f"{SIGNATURES}/{one.number:02}-{one.role}", one.statement
        if (statement["_type"], statement["predicateType"]) != (STATEMENT_TYPE, PREDICATE_TYPE):
            raise ValueError(f"{place}: no statement of a test result")
        _form(statement, place)
        if statement["subject"] != subject:
            raise ValueError(f"{place}: signed was another record")
        if one.signer["role"] != one.role:
            raise ValueError(f"{place}: signed as {one.signer['role']}")
        if statement["predicate"]["record"]["follows"] != follows:
            raise ValueError(f"{place}: a signature before it was taken away or exchanged")
        if _without_signer(statement["predicate"]) != _without_signer(first):
            raise ValueError(f"{place}: it says something else of the record than the first signature")
        follows = hashlib.sha256(one.payload).hexdigest()
    for one, following in pairwise(found.signatures):
        if odd := signed_too_early(following.signer["signed_at"], datetime.fromisoformat(one.signer["signed_at"])):
            raise ValueError(f"{SIGNATURES}/{following.number:02}-{following.role}: {odd}, of the signature before it")
    _people(found.signatures)
    roles = [one.role for one in found.signatures]
    if len(set(roles)) != len(roles):
        raise ValueError("a role signed twice")
    found.missing += [f"the signature of the {role}" for role in found.record["required_roles"] if role not in roles]


def _form(statement: Mapping[str, Any], place: str) -> None:
    """Refuse a statement that says more or less than sealing says, or says it in another form."""
    predicate = statement["predicate"]
    record = predicate["record"]
    parts = {"statement": statement, "predicate": predicate, "record": record, "signer": record["signer"]}
    for name, part in parts.items():
        if odd := set(part) ^ set(FORMS[name].split()):
            raise ValueError(f"{place}: what is signed says more or less than sealing says: {', '.join(sorted(odd))}")
    texts = [*record["signer"].values(), *record["required_roles"], *record["not_release"], record["reason"]]
    lists = (record["required_roles"], record["not_release"], record["not_run"])
    of_form = all(isinstance(one, str) for one in texts) and all(isinstance(one, list) for one in lists)
    if not of_form or not isinstance(record["simulated"], bool) or record["version"] != VERSION:
        raise ValueError(f"{place}: what is signed is not of the form that sealing gives it")


def signed_too_early(signed_at: str, earliest: datetime) -> str:
    """Return what is odd about the instant of a signature; empty where nothing is.

    Args:
        signed_at: in ISO 8601 form, with its offset.
        earliest: what was signed was there from then on.
    """
    signed = datetime.fromisoformat(signed_at)
    if signed.tzinfo is None:
        return f"signed at {signed_at}, which names no offset to UTC"
    early = signed + CLOCKS_AGREE_TO < earliest
    return f"signed at {signed_at}, before {earliest.isoformat(timespec='seconds')}" if early else ""


def end_of_run(epoch_utc: str | None, clock_mode: str, last_s: float) -> datetime | None:
    """Return when a run ended by the clock on the wall; None where its bench time is not that of a wall.

    Args:
        epoch_utc: when its bench time was zero.
        clock_mode: of its clock.
        last_s: bench time of its last line.
    """
    if epoch_utc is None or clock_mode != "real":
        return None
    return datetime.fromisoformat(epoch_utc) + timedelta(seconds=last_s)


def _people(signatures: Sequence[Signature]) -> None:
    """Refuse one key that signs as two people."""
    names: dict[str, str] = {}
    for one in signatures:
        if (other := names.setdefault(one.key_id, one.signer["name"])) != one.signer["name"]:
            place = f"{SIGNATURES}/{one.number:02}-{one.role}"
            raise ValueError(f"{place}: one key signed as {other} and as {one.signer['name']}")


def _without_signer(predicate: Mapping[str, Any]) -> dict[str, Any]:
    record = {name: value for name, value in predicate["record"].items() if name not in {"signer", "follows"}}
    return {**predicate, "record": record}


def loads(content: bytes) -> Any:
    """Return what JSON says; a name that comes twice, a number that is none, and what nests too deep are refused."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name comes twice in JSON")
        return dict(pairs)

    def no_number(word: str) -> Any:
        raise ValueError(f"{word} in JSON")

    def finite(word: str) -> float:
        return float(word) if math.isfinite(float(word)) else no_number(word)

    try:
        return json.loads(content, object_pairs_hook=once, parse_constant=no_number, parse_float=finite)
    except RecursionError as deep:
        raise ValueError("lists and objects stand too deep in each other in JSON") from deep


def enclosed(content: bytes, payload_type: str) -> tuple[Any, str]:
    """Return what an envelope says that brings its public key along, and the id of that key.

    Raises:
        ValueError: it is no such envelope, or its signature is not of what it holds or not by this key.
    """
    envelope = loads(content)
    if not isinstance(envelope, dict) or set(envelope) != {"payloadType", "payload", "signatures", "publicKey"}:
        raise ValueError("it is no signed envelope")
    if envelope["payloadType"] != payload_type:
        raise ValueError(f"it is an envelope of {envelope['payloadType']!r}, not of {payload_type}")
    try:
        (signature,) = envelope["signatures"]
        payload, made = (base64.b64decode(one, validate=True) for one in (envelope["payload"], signature["sig"]))
        pem = envelope["publicKey"].encode("ascii")
        named = signature["keyid"]
    except (ValueError, KeyError, TypeError, AttributeError) as odd:
        raise ValueError("it is no signed envelope of one signature") from odd
    own = key_id(pem)
    if named != own:
        raise ValueError("the key beside it is not the one that it names")
    if not _signed_by(pem, made, pre_authentication(payload, payload_type)):
        raise ValueError("the signature is not of what it says, or not by this key")
    return loads(payload), own


def audit_entries(content: bytes, journal_sha256: str) -> list[dict[str, Any]]:
    """Return the entries of an audit trail, each with the id of the key that signed it.

    Args:
        content: of the file, an envelope a line.
        journal_sha256: of the journal that it stands beside.

    Raises:
        ValueError: a line was changed, taken out, added or moved, is of another run, or is not written to its end.
    """
    previous, entries = "0" * 64, []
    for number, raw in enumerate(content.splitlines(keepends=True), 1):
        if not raw.endswith(b"\n"):
            raise ValueError(f"line {number}: it was not written to its end")
        try:
            entry, own = enclosed(raw, AUDIT_TYPE)
            placed = (entry["number"], entry["follows"]) == (number, previous)
            of_this_run = entry["journal"] == journal_sha256
        except (ValueError, KeyError, TypeError) as odd:
            raise ValueError(f"line {number}: it was changed: {odd}") from odd
        if not placed:
            raise ValueError(f"line {number}: a line was taken out, added, or lines were put in another order")
        if not of_this_run:
            raise ValueError(f"line {number}: it was written beside another journal")
        previous = hashlib.sha256(raw).hexdigest()
        entries.append({**entry, "key_id": own})
    if not entries:
        raise ValueError("it holds no entry")
    return entries


# --- the record ------------------------------------------------------------------------------------------------------


class _Record:
    """The run in a bundle, held against itself and against what the statement says of it."""

    def __init__(self, folder: Path, found: Verification) -> None:
        self._folder = folder
        self._found = found
        self._tests: list[_Test] = []
        self._test: _Test | None = None
        self._volumes: dict[str, dict[str, Any]] = {}
        self._marks: dict[str, dict[str, Any]] = {}
        self._simulated = False
        self._started: dict[str, Any] | None = None
        self._last_s = 0.0
        self._bound: dict[str, str] = {}
        self._ended: dict[str, Any] | None = None

    def check(self) -> None:
        previous = "0" * 64
        # a line without an end, of a file that takes no room on a disk, would fill the memory
        with (self._folder / "journal.jsonl").open("rb") as journal:
            for number, raw in enumerate(iter(lambda: journal.readline(MOST_LINE), b"")):
                line = loads(raw)
                linked = type(line["seq"]) is int and line["seq"] == number and line["prev"] == previous
                if not linked or not raw.endswith(b"\n") or set(line) != {"seq", "t", "kind", "data", "prev"}:
                    self._wrong(f"journal line {number + 1}", "the chain of hashes is broken here")
                    return
                previous = hashlib.sha256(raw[:-1]).hexdigest()
                self._in_order(line, number)
                self._take(line, number)
                self._found.lines = number + 1
        self._reconcile()
        self._statement()
        self._facts()
        self._signed_beside()

    def _in_order(self, line: Mapping[str, Any], number: int) -> None:
        """Hold a line's instant against the line before; each bench that is opened begins its own time."""
        if isinstance(line["t"], bool):
            raise TypeError(f"line {number + 1}: {line['t']} is no instant")
        if line["t"] < self._last_s and line["kind"] not in {"test-started", "run-started"}:
            seen = f"at {line['t']} s, after a line at {self._last_s} s: lines were put in another order"
            self._wrong(f"journal line {number + 1}", seen)
        if self._ended is not None:
            self._wrong(f"journal line {number + 1}", f"a line of kind {line['kind']} behind the end of the run")
        self._last_s = line["t"]

    def _signed_beside(self) -> None:
        """Look at what else people have signed: the protocol before the run, the audit trail after it."""
        summary = loads(_small(self._folder / "summary.json"))
        said = {one["id"]: one for one in summary.get("anomalies", ())}
        told = sum(len(one["dispositions"]) for one in said.values()) + len(
            (summary.get("audit") or {}).get("reviews", ())
        )
        if (self._folder / AUDIT).is_file():
            entries = audit_entries(_small(self._folder / AUDIT), _sha256(self._folder / "journal.jsonl"))
            for entry in entries:
                self._found.signed_beside.append((f"{AUDIT} {entry['number']}", entry["by"]["name"], entry["key_id"]))
                if entry["act"] == "disposition" and entry["anomaly"] not in said:
                    self._wrong(
                        AUDIT, f"line {entry['number']} is about {entry['anomaly']}, which is no anomaly of the run"
                    )
            if len(entries) != told:
                self._wrong(AUDIT, f"{len(entries)} entries, and the summary tells of {told}")
        elif told:
            self._wrong(AUDIT, f"missing: the summary tells of {told} entries")
        if (self._folder / PROTOCOL).is_file():
            frozen, own = enclosed(_small(self._folder / PROTOCOL), PROTOCOL_TYPE)
            self._found.signed_beside.append((PROTOCOL, frozen["signer"]["name"], own))

    def _wrong(self, place: str, seen: str) -> None:
        self._found.findings.append(Finding(place, seen))

    def _take(self, line: Mapping[str, Any], number: int) -> None:
        kind, data = line["kind"], line["data"]
        if number == 0:
            self._inputs(kind, data)
        elif kind == "run-started":
            self._simulated = self._simulated or bool(data["simulated"])
            if self._started is None or self._started["trouble"] is not None:
                self._started = data
        elif kind == "test-started":
            self._test = _Test(data["id"], data["node"])
            self._tests.append(self._test)
        elif kind == "event":
            self._take_event(data)
        elif kind == "volume":
            self._volumes[data["id"]] = data
            self._wrongs(data["id"], volume_contradictions(data, self._marks))
        elif kind == "run-ended":
            self._ended = data
        elif self._test is not None:
            self._take_of_test(kind, data, self._test)

    def _take_event(self, data: Mapping[str, Any]) -> None:
        if data.get("what") == "mark":
            self._marks[data["id"]] = data["result"]
        elif data.get("what") == "balance-distrusted":
            for test in self._tests:
                test.distrust(data)

    def _take_of_test(self, kind: str, data: Mapping[str, Any], test: "_Test") -> None:
        if kind == "judgement-declared":
            test.declared[data["name"]] = data["times"]
        elif kind == "judgement":
            self._found.judgements += 1
            test.judged.append((data["declared"], data["verdict"]))
            test.verdicts[data["id"]] = data["verdict"]
            self._wrongs(data["id"], judgement_contradictions(data))
        elif kind == "test-ended":
            test.end = data
            self._wrongs(f"{data['id']} ended", test.contradictions())
            self._test = None

    def _wrongs(self, place: str, seen: Iterator[str]) -> None:
        for one in seen:
            self._wrong(place, one)

    def _inputs(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind != "journal-opened":
            self._wrong("journal line 1", f"it is {kind}, not its opening")
            return
        self._bound = dict(data["inputs"])
        for name, began_with in self._bound.items():
            if odd := input_contradiction(self._folder, name, began_with):
                self._wrong(name, odd)

    def _reconcile(self) -> None:
        """Hold what was to run against what ran; what never ended makes no result."""
        collected = loads(_small(self._folder / "collected.json"))["tests"]
        begun = [test.node for test in self._tests]
        odd = [node for node in begun if node not in collected]
        for node in odd:
            self._wrong(node, "it ran, and was not collected")
        summary = loads(_small(self._folder / "summary.json"))
        not_run = [node for node in dict.fromkeys(collected) if node not in begun]
        said = {(one["node"], one["verdict"], one["reason"]) for one in summary["tests"] if not summary["aborted"]}
        made = {(one.node, one.verdict, one.reason) for one in self._tests if one.end is not None}
        if said != made and self._ended is not None:
            self._wrong("summary.json", f"its tests are not those of the journal: {_first_of(said ^ made)}")
        if sorted(summary["not_run"]) != sorted(not_run):
            self._wrong("summary.json", "what did not run is not what the journal and collected.json say")
        lost = [test.node for test in self._tests if test.is_lost]
        if "invalid" in summary and not {*not_run, *odd, *lost} <= {one["node"] for one in summary["invalid"]}:
            self._wrong("summary.json", "a result is missing, and it does not call that INVALID")
        if summary["verdict"] != "FAIL" and (summary["verdict"] == "INVALID") != bool(summary.get("invalid")):
            self._wrong("summary.json", f"verdict {summary['verdict']}, with {len(summary.get('invalid', ()))} INVALID")
        if bool(summary["simulated"]) != self._simulated:
            self._wrong("summary.json", f"simulated {summary['simulated']}, by the journal {self._simulated}")

    def _statement(self) -> None:
        predicate, record = self._found.signatures[0].statement["predicate"], self._found.record
        verdicts = {test.node: test.verdict for test in self._tests}
        sorted_by = {"passedTests": {"PASS"}, "failedTests": {"FAIL"}}
        for name, wanted in sorted_by.items():
            if sorted(predicate[name]) != sorted(node for node, verdict in verdicts.items() if verdict in wanted):
                self._wrong("statement", f"its {name} are not those of the journal")
        if bool(record["simulated"]) != self._simulated:
            self._wrong("statement", f"simulated {record['simulated']}, by the journal {self._simulated}")
        if record["purpose"] not in PURPOSES:
            self._wrong("statement", f"sealed for {record['purpose']!r}, which is neither of {' and '.join(PURPOSES)}")
        if self._simulated and not record["not_release"]:
            self._wrong("statement", "simulated, and nothing is said against a release")
        if record["purpose"] == "release" and (self._simulated or self._ended is None or record["not_release"]):
            self._wrong("statement", "sealed for release, and simulated or without an end")
        summary = loads(_small(self._folder / "summary.json"))
        if record["verdict"] != summary["verdict"]:
            self._wrong("statement", f"verdict {record['verdict']}, in the summary {summary['verdict']}")
        if record["verdict"] != (follows := self._verdict(summary)):
            self._wrong("statement", f"verdict {record['verdict']}, and the tests of the journal make {follows}")
        result = {"PASS": "PASSED", "FAIL": "FAILED"}.get(record["verdict"], "WARNED")
        if predicate["result"] != result:
            self._wrong("statement", f"result {predicate['result']} of verdict {record['verdict']}")

    def _verdict(self, summary: Mapping[str, Any]) -> str:
        """Return the verdict over the run: a FAIL speaks for it whatever lacks, every other gives way to that."""
        worst = min((test.verdict for test in self._tests), key=WORST_FIRST.index, default="UNSET")
        if worst == "FAIL":
            return worst
        if summary.get("invalid"):
            return "INVALID"
        troubled = worst == "UNSET" or bool(summary["troubles"])
        return min((worst, "BLOCKED") if troubled else (worst,), key=WORST_FIRST.index)

    def _facts(self) -> None:
        """Hold what the statement says of the run against journal and summary."""
        predicate, record = self._found.signatures[0].statement["predicate"], self._found.record
        summary = loads(_small(self._folder / "summary.json"))
        trace, run = summary.get("trace") or {}, self._started or {}
        says = {"reason": summary["reason"], "not_run": summary["not_run"]}
        says |= {name: run.get(name, "unknown") for name in ("run_id", "bench", "profile")}
        says |= {"pump": pump_of(run), "software": software_of(run)}
        says |= {"baseline": trace["baseline"]} if trace else {}
        for name, follows in says.items():
            if record[name] != follows:
                self._wrong("statement", f"{name} {record[name]!r}, and the record holds {follows!r}")
        warned = {test.node for test in self._tests if test.verdict not in {"PASS", "FAIL"}} | set(summary["not_run"])
        if sorted(predicate["warnedTests"]) != sorted(warned):
            self._wrong("statement", "its warnedTests are not those of the journal")
        bound = {name: {"name": f"data/{name}", "digest": {"sha256": own}} for name, own in self._bound.items()}
        if sorted(predicate["configuration"], key=lambda one: str(one["name"])) != [
            bound[name] for name in sorted(bound, key=lambda name: f"data/{name}")
        ]:
            self._wrong("statement", "its configuration is not what the journal's first line binds")
        ended_at = end_of_run(run.get("epoch_utc"), run.get("clock", {}).get("mode", ""), self._last_s)
        signed_at = self._found.signatures[0].signer["signed_at"]
        if ended_at is not None and (odd := signed_too_early(signed_at, ended_at)):
            self._wrong("statement", f"{odd}, when the run ended")


def pump_of(run: Mapping[str, Any]) -> str:
    """Return how a statement names the pump of a run."""
    if (pump := run.get("pump")) is None:
        return "unknown"
    return f"{pump['model']} {pump['serial_number']}, firmware {pump['firmware_version']}"


def software_of(run: Mapping[str, Any]) -> str:
    """Return how a statement names the software of a run."""
    if (software := run.get("software")) is None:
        return "unknown"
    return f"{software['version']} {software['commit'] or ''}".strip()


def input_contradiction(folder: Path, name: str, began_with: str) -> str:
    """Return what is odd about a file that a run began with; empty where it is still the same."""
    path = folder / name
    if not is_plain(name) or not path.is_file():
        return "missing: the run began with it"
    content = _small(path)
    if name == "bench.toml" and _is_of_twins(content):
        content = ADDRESSES.sub(b"", content)
    same = hashlib.sha256(content).hexdigest() == began_with
    return "" if same else "it is not what the run began with, as the journal's first line has it"


def _is_of_twins(bench_file: bytes) -> bool:
    """Tell whether a bench file is of twins; what is no TOML, or a key of so many parts that it takes hours, is not."""
    if any(line.count(b".") > MOST_DOTS for line in bench_file.splitlines()):
        return False
    try:
        return "simulation" in tomllib.loads(bench_file.decode())
    except (ValueError, RecursionError):
        return False


def _first_of(odd: set[tuple[str, str, str]]) -> str:
    return "; ".join(" ".join(one) for one in sorted(odd)[:2])


@dataclass
class _Test:
    """A test as the journal has it."""

    id: str
    node: str
    declared: dict[str, int | None] = field(default_factory=dict)
    judged: list[tuple[str, str]] = field(default_factory=list)
    verdicts: dict[str, str] = field(default_factory=dict)
    end: Mapping[str, Any] | None = None
    distrusted_because: str = ""

    @property
    def verdict(self) -> str:
        """Return what it is at the end of the run; one without an end is BLOCKED."""
        if self.end is None:
            return "BLOCKED"
        if not self.distrusted_because:
            return str(self.end["verdict"])
        now = min(self.verdicts.values(), key=WORST_FIRST.index)
        if self.end["verdict"] == "FAIL" and now != "FAIL" and self.end["reason"].startswith(JUDGED_A_FAILURE):
            return now
        return min(str(self.end["verdict"]), now, key=WORST_FIRST.index)

    @property
    def reason(self) -> str:
        """Return why, as the summary says it."""
        end = self.end or {"verdict": "BLOCKED", "reason": ""}
        if self.verdict == end["verdict"]:
            return str(end["reason"])
        return f"{self.distrusted_because}; at first it was {end['verdict']}: {end['reason']}"

    def distrust(self, event: Mapping[str, Any]) -> None:
        """Take the second verdicts of what rests on a balance that turned out to be wrong."""
        moved = {one["id"]: one["second"] for one in event["moved"] if one["id"] in self.verdicts}
        if moved:
            self.distrusted_because = event["reason"]
            self.verdicts |= moved

    @property
    def is_lost(self) -> bool:
        """Tell whether it has no result of its own: it never ended, or its end was written for it."""
        return self.end is None or (self.end["verdict"] == "BLOCKED" and self.end["reason"].startswith(WORKER_DIED))

    def contradictions(self) -> Iterator[str]:
        """Yield why a test cannot have ended as it says."""
        end, verdicts = self.end or {}, [verdict for _, verdict in self.judged]
        if end["id"] != self.id:
            yield f"it is the end of {end['id']}, in {self.id}"
        if end["judged"] is not None and end["judged"] != len(self.judged):
            yield f"{end['judged']} judgements, and {len(self.judged)} in the journal"
        made = {name for name, _ in self.judged}
        unset = [name for name, times in self.declared.items() if times and name not in made]
        undeclared = sorted(made - set(self.declared)) if self.declared else []
        if undeclared:
            yield f"judged and never declared: {', '.join(undeclared)}"
        if end["verdict"] == "PASS" and (unset or any(one != "PASS" for one in verdicts) or not verdicts):
            yield f"PASS, and {len(unset)} declared were not judged, {sum(v != 'PASS' for v in verdicts)} did not pass"
        if (end["reason"] == ALL_PASSED) is not (end["verdict"] == "PASS"):
            yield f"{end['verdict']} because of {end['reason']!r}"


def volume_contradictions(data: Mapping[str, Any], marks: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what of a weighed volume does not follow from its marks and its chain of corrections."""
    for own, used in ((data["start_mark"], data["start"]), (data["end_mark"], data["end"])):
        if own not in marks or marks[own]["mass"] != used:
            yield f"the mark {own} is another than the one it was weighed with"
    raw_mg = (data["end"]["mass_g"] - data["start"]["mass_g"]) * 1000 - data["steps_mg"]
    if not agrees(data["raw_mass_mg"], raw_mg):
        yield f"raw mass {data['raw_mass_mg']} mg, from its marks {raw_mg} mg"
    steps = data["steps"]
    for one, following in pairwise(steps):
        if one["after"] != following["before"]:
            yield f"the correction {following['name']} does not begin where {one['name']} ended"
    quantity = data["quantity"]
    if quantity["value"] is not None and steps and not agrees(steps[-1]["after"], quantity["value"]):
        yield f"{quantity['value']} {quantity['unit']}, and its last correction ends at {steps[-1]['after']}"
    combined = _root_sum_square(quantity["budget"])
    if not agrees(quantity["standard_uncertainty"], combined):
        yield f"u = {quantity['standard_uncertainty']}, from its budget {combined}"
    yield from _expanded(quantity, combined)


def judgement_contradictions(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of a judgement does not follow from value, U, limits and rule."""
    rule = data["rule"]
    if rule == YES_OR_NO:
        if data["verdict"] not in {"PASS", "FAIL", "INCONCLUSIVE"}:
            yield f"{data['verdict']} of a yes or a no"
        if any(data[name] is not None for name in ("value", "expanded_uncertainty", "lower", "upper")):
            yield "figures of a yes or a no"
        return
    if not rule.startswith((GUARD_BAND, SIMPLE)):
        yield f"the rule {rule!r} is none that a bench judges by"
        return
    verdict = decided(data, simple=rule.startswith(SIMPLE))
    if verdict != data["verdict"]:
        yield f"{data['verdict']}, and value, U and limits make {verdict}"
    if data["budget"]:
        yield from _expanded(data, _root_sum_square(data["budget"]))
    elif data["expanded_uncertainty"]:
        yield f"U = {data['expanded_uncertainty']} without a budget"


def decided(data: Mapping[str, Any], *, simple: bool) -> str:
    """Return the verdict of a judgement's bare figures; U as a guard band, if `simple` is not said."""
    value, expanded = data["value"], data["expanded_uncertainty"]
    two_sides = data["at_least"] is not None and data["at_most"] is not None
    least, most = (data["at_least"], data["at_most"]) if two_sides else (value, value)
    if any(one is None for one in (value, expanded, least, most)):
        return "INCONCLUSIVE"
    allowance = sum_of_bounds(data["bounds"]) if two_sides else expanded
    qualified = bool(data["qualifiers"])
    if simple and not qualified:
        expanded = allowance = 0.0
    lower, upper = data["lower"], data["upper"]
    if (lower is not None and least + allowance < lower) or (upper is not None and least - allowance > upper):
        return "FAIL"
    inside = (lower is None or most - expanded >= lower) and (upper is None or most + expanded <= upper)
    return "PASS" if inside and not qualified else "INCONCLUSIVE"


def sum_of_bounds(bounds: Sequence[Mapping[str, Any]]) -> float:
    """Return how far the least value of the worst of many may be off."""
    return math.inf if any(one["half_width"] is None for one in bounds) else sum(one["half_width"] for one in bounds)


def _root_sum_square(budget: Sequence[Mapping[str, Any]]) -> float:
    return math.sqrt(math.fsum(line["contribution"] ** 2 for line in budget))


def _expanded(data: Mapping[str, Any], combined: float) -> Iterator[str]:
    expanded, factor = data["expanded_uncertainty"], data["coverage_factor"]
    if expanded is not None and factor is not None and not agrees(expanded, factor * combined):
        yield f"U = {expanded}, from its budget and k {factor * combined}"


def agrees(recorded: float | None, follows: float) -> bool:
    """Tell whether two figures are the same but for rounding; one that is no number is recorded as None."""
    if recorded is None:
        return not math.isfinite(follows)
    return math.isclose(recorded, follows, rel_tol=AGREES_TO, abs_tol=1e-9)


# --- the command -----------------------------------------------------------------------------------------------------


def trusted_keys(words: Sequence[str]) -> dict[str, str]:
    """Return by key id whose key it is, from `FILE` or `NAME=FILE`.

    Raises:
        ValueError: a file is no public key.
    """
    known = {}
    for word in words:
        name, _, file = word.rpartition("=")
        try:
            known[key_id(_small(Path(file)))] = name
        except (OSError, ValueError, NotReadable) as odd:
            raise ValueError(f"the key {file}: {odd}") from odd
    return known


def lacks(
    found: Verification, trusted: Mapping[str, str], required: Sequence[str] = (), now: datetime | None = None
) -> Iterator[str]:
    """Yield what a person should know of the signatures before they trust the record.

    Args:
        found: what came of it.
        trusted: as of `verify`.
        required: roles that have to have signed by the word of whoever verifies, whatever the record says.
        now: what the clock says where it is verified; None asks of no signature whether it is of the future.
    """
    if found.intact:
        roles = {one.role for one in found.signatures}
        yield from (f"the signature of the {role}, which you require" for role in required if role not in roles)
    for one in found.signatures:
        if now is not None and datetime.fromisoformat(one.signer["signed_at"]) > now + CLOCKS_AGREE_TO:
            at = f"{one.signer['signed_at']}, and here it is {now.isoformat(timespec='seconds')}"
            yield f"the time: the {one.role} signed at {at}"
        whose, says = trusted.get(one.key_id, ""), one.signer["name"]
        if not one.trusted:
            yield f"a trusted key for the {one.role} ({says}, key {one.key_id[:16]}…): give it with --key"
        elif whose and whose != says:
            yield f"the name: the key of {whose} signed as {says}"
    for place, says, own in found.signed_beside:
        whose = trusted.get(own, "")
        if own not in trusted:
            yield f"a trusted key for {place} ({says}, key {own[:16]}…): give it with --key"
        elif whose and whose != says:
            yield f"the name: the key of {whose} signed {place} as {says}"


def unused(found: Verification, trusted: Mapping[str, str]) -> Iterator[str]:
    """Yield whose key was given and signed nothing of a record: perhaps their signature was expected."""
    signed = {one.key_id for one in found.signatures} | {own for _, _, own in found.signed_beside}
    for own, name in trusted.items():
        if found.intact and own not in signed:
            yield f"the key of {name or own[:16] + '…'} signed nothing of this record"


def shown(line: str, encoding: str) -> str:
    """Return a line whose every character a terminal shows, and obeys none: others are written by their code."""
    plain = "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode() for one in line
    )
    return plain.encode(encoding, "backslashreplace").decode(encoding)


def told(found: Verification) -> Iterator[str]:
    """Yield what a person reads of a verification, a line each."""
    for one in found.findings[:SHOWN]:
        yield f"WRONG    {one}"
    if len(found.findings) > SHOWN:
        yield f"WRONG    and {len(found.findings) - SHOWN} more"
    for signature in found.signatures:
        by = signature.signer
        key = f"{'trusted' if signature.trusted else 'unknown'} key {signature.key_id[:16]}…"
        yield f"signed   {by['name']}, {by['role']}: {by['meaning']}, {by['signed_at']} ({key})"
    for lacking in found.missing:
        yield f"lacks    {lacking}"
    if found.intact and found.record:
        marks = [found.record["purpose"], *(["SIMULATED"] if found.record["simulated"] else [])]
        about = f"{found.record['profile']}, pump {found.record['pump']}, {found.record['baseline']}"
        yield f"record   {found.record['run_id']} ({', '.join(marks)}): {about}"
        yield f"verdict  {found.record['verdict']}"
        for place, says, own in found.signed_beside:
            yield f"signed   {place} by {says} (key {own[:16]}…)"
        yield f"checked  {found.files} files, {found.lines} lines of the journal, {found.judgements} judgements"
    if not found.intact:
        yield "This record is NOT what was sealed."
    elif found.missing:
        yield "This record is intact, and not complete."
    else:
        yield "This record is intact."


def _print(line: str) -> None:
    print(shown(line, sys.stdout.encoding or "ascii"))


def main(arguments: Sequence[str] | None = None, tell: Callable[[str], None] = _print) -> int:
    """Verify a bundle as a command.

    Returns:
        0 intact and complete; 2 wrong use; 3 not, or it cannot be read. Whether the pump passed is the record's word.
    """
    parser = argparse.ArgumentParser(prog="pumpbench_verify.py", description="Verify a sealed record of pumpbench.")
    parser.add_argument("bundle", type=Path, help="the folder of a sealed record, or its zip")
    words = "public key that you trust, of anybody or of NAME; repeat it for several"
    parser.add_argument("--key", action="append", default=[], metavar="[NAME=]FILE", help=words)
    words = "role that has to have signed, whatever the record says; repeat it for several"
    parser.add_argument("--require", action="append", default=[], metavar="ROLE", help=words)
    given = parser.parse_args(arguments)
    try:
        trusted = trusted_keys(given.key)
    except ValueError as odd:
        tell(f"{odd}")
        return WRONG_USE
    try:
        found = verify(given.bundle, trusted)
    except NotReadable as odd:
        tell(f"{given.bundle} cannot be verified: {odd}")
        return NOT_VERIFIED
    now = datetime.now(UTC)  # noqa: TID251  # this file stands alone, and has no other clock
    found.missing += lacks(found, trusted, given.require, now)
    for line in (*told(found), *(f"note     {one}" for one in unused(found, trusted))):
        tell(line)
    return INTACT if found.complete else NOT_VERIFIED


if __name__ == "__main__":
    sys.exit(main())
