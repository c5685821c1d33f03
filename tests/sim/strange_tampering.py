# SPDX-License-Identifier: Apache-2.0
"""Further changes of a sealed record, of kinds that a stranger thinks of: names, forms, archives, envelopes.

Each is made without the signing key, and returns what the verifier has to name.
"""

import base64
import hashlib
import json
import os
import random
import shutil
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reports.sealed.bundle_verifier import PAYLOAD_TYPE, pre_authentication
from tests.sim.archive_tampering import ARCHIVES
from tests.sim.bundle_tampering import BY_SIGNATURE, TAMPERINGS, Tampering, files_of, manifests_anew, name_of
from tests.sim.sealed_runs import TESTER

TESTER_STEM, REVIEWER_STEM = "01-tester", "02-reviewer"
ANOTHER_FORM = "another form"
"""What the verifier says of bytes that no signature covers."""

# --- names -----------------------------------------------------------------------------------------------------------


def a_look_alike_name(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Put a file beside one, with a letter of another script that looks the same."""
    latin, cyrillic = dice.choice([("a", "\u0430"), ("e", "\u0435"), ("o", "\u043e")])
    path = dice.choice([one for one in files_of(bundle, under="data") if latin in one.name])
    alike = path.with_name(path.name.replace(latin, cyrillic, 1))
    alike.write_bytes(path.read_bytes())
    return name_of(bundle, alike)


def renamed_in_case_alone(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice(files_of(bundle, under="data"))
    path.rename(path.with_name(path.name.swapcase()))
    return f"{name_of(bundle, path)}: missing"


def twice_but_for_case(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice([bundle / "data" / name for name in ("journal.jsonl", "summary.json", "record.pdf")])
    path.with_name(path.name.upper()).write_text("another\n")
    manifests_anew(bundle)
    return "but for case or the form of a letter"


def one_letter_in_two_forms(bundle: Path, _other: Path, _dice: random.Random) -> str:
    for form in ("NFC", "NFD"):
        (bundle / "data" / unicodedata.normalize(form, "Prüfung.txt")).write_text(form)
    manifests_anew(bundle)
    return "but for case or the form of a letter"


def a_line_break_in_a_name(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Let one name stand in a list of names as two."""
    name = dice.choice(["a\nb", "a\rb", "a\x1bb", "a\u2028b", "a\x85b", "a\u202egpj.exe", "a\u200bb", "a\ufeff"])
    (bundle / "data" / name).write_text("hello\n")
    return "a name that no sealed file has"


def a_name_that_is_no_text(bundle: Path, _other: Path, _dice: random.Random) -> str:
    (bundle / "data" / os.fsdecode(b"sample-\xff\xfe.csv")).write_text("hello\n")
    return "a name that no sealed file has"


def a_name_of_another_system(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Take a name that leads elsewhere, or means another file, on another system."""
    (bundle / "data" / dice.choice(["..\\..\\up", "record.pdf.", "record.pdf ", "..."])).write_text("hello\n")
    return "a name that no sealed file has"


def a_very_long_name(bundle: Path, _other: Path, dice: random.Random) -> str:
    name = f"data/{'x' * dice.choice([200, 255])}"
    (bundle / name).write_text("hello\n")
    return name


def folders_without_end(bundle: Path, _other: Path, _dice: random.Random) -> str:
    (bundle / "data" / "/".join(["d"] * 400)).mkdir(parents=True)
    return "more than 32 deep"


def a_folder_in_place_of_a_file(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice(files_of(bundle, under="data"))
    path.unlink()
    path.mkdir()
    (path / "file").write_text("hello\n")
    return f"{name_of(bundle, path)}: missing"


def a_continuation_planted(bundle: Path, other: Path, _dice: random.Random) -> str:
    """Put beside the journal the file that a run goes on in where the first disk failed."""
    shutil.copyfile(other / "data" / "journal.jsonl", bundle / "data" / "journal-continued")
    return "data/journal-continued: added"


def a_file_without_end(bundle: Path, _other: Path, _dice: random.Random) -> str:
    """Add a file that is longer than the disk, and takes no room on it."""
    with (bundle / "data" / "long").open("wb") as file:
        file.truncate(1 << 40)
    return "bytes; a record has no more"


# --- manifests and tag files -----------------------------------------------------------------------------------------


def _tags_anew(bundle: Path) -> None:
    tags = [bundle / name for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")]
    lines = "".join(f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in tags)
    (bundle / "tagmanifest-sha256.txt").write_text(lines)


def the_account_of_the_bag(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Change what a bag says of itself, and its hash with it."""
    path = bundle / "bag-info.txt"
    old, new = dice.choice([
        ("Payload-Oxum: ", "Payload-Oxum: 1"), ("PASS development", "PASS release"),
        ("Bagging-Date: 20", "Bagging-Date: 19"), ("Payload-Oxum", "Payload-Oxum: 1.1\nPayload-Oxum"),
    ])  # fmt: skip
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    _tags_anew(bundle)
    return BY_SIGNATURE


def the_kind_of_the_bag(bundle: Path, _other: Path, _dice: random.Random) -> str:
    (bundle / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    _tags_anew(bundle)
    return "not that of a bag of this kind"


def a_manifest_of_another_algorithm(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Add a second list of hashes, which a reader might believe instead of the first."""
    name = dice.choice(["manifest-md5.txt", "manifest-sha512.txt", "tagmanifest-md5.txt", "fetch.txt"])
    own = hashlib.md5((bundle / "data" / "journal.jsonl").read_bytes()).hexdigest()
    (bundle / name).write_text(f"{own}  data/journal.jsonl\n")
    return f"{name}: added"


def a_line_of_the_manifest_twice(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = bundle / "manifest-sha256.txt"
    lines = path.read_text().splitlines(keepends=True)
    line = dice.choice(lines)
    path.write_text("".join([*lines, dice.choice([line, f"{'0' * 64}  {line.partition('  ')[2]}"])]))
    _tags_anew(bundle)
    return "its path comes twice"


def another_form_of_the_manifest(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Write the same lines in another way: their meaning stays, their bytes are not those that were signed."""
    path = bundle / "manifest-sha256.txt"
    text = path.read_text()
    lines = text.splitlines(keepends=True)
    path.write_bytes(dice.choice([
        text.replace("\n", "\r\n"), text.upper(), "\ufeff" + text, text.replace("  ", " *"), text.rstrip("\n"),
        "".join(reversed(lines)), text.replace("  data/", "  ./data/"), text.replace("  data/", "  data//"),
        text + "\n",
    ]).encode())  # fmt: skip
    _tags_anew(bundle)
    return ""


def a_tag_manifest_that_names_more(bundle: Path, _other: Path, _dice: random.Random) -> str:
    content = b"a note\n"
    (bundle / "note.txt").write_bytes(content)
    with (bundle / "tagmanifest-sha256.txt").open("a") as file:
        file.write(f"{hashlib.sha256(content).hexdigest()}  note.txt\n")
    return "note.txt"


# --- envelopes -------------------------------------------------------------------------------------------------------


def _envelope_of(bundle: Path, stem: str) -> tuple[Path, dict[str, Any]]:
    path = bundle / "signatures" / f"{stem}.intoto.json"
    return path, json.loads(path.read_text())


def _any_stem(dice: random.Random) -> str:
    return dice.choice([TESTER_STEM, REVIEWER_STEM])


def two_signatures_by_one_key(bundle: Path, _other: Path, dice: random.Random) -> str:
    path, envelope = _envelope_of(bundle, stem := _any_stem(dice))
    envelope["signatures"] *= 2
    path.write_text(json.dumps(envelope))
    return f"{stem}: not of the form of a record: ValueError: 2 signatures in one envelope"


def no_signature_in_the_envelope(bundle: Path, _other: Path, dice: random.Random) -> str:
    path, envelope = _envelope_of(bundle, stem := _any_stem(dice))
    envelope["signatures"] = []
    path.write_text(json.dumps(envelope))
    return f"{stem}: not of the form of a record: ValueError: 0 signatures in one envelope"


def another_payload_type(bundle: Path, _other: Path, dice: random.Random) -> str:
    path, envelope = _envelope_of(bundle, stem := _any_stem(dice))
    envelope["payloadType"] = dice.choice(["application/json", "application/vnd.in-toto+json ", "", 1, None])
    path.write_text(json.dumps(envelope))
    return f"{stem}: not of the form of a record: ValueError: no envelope of {PAYLOAD_TYPE}"


def white_space_in_the_payload(bundle: Path, _other: Path, dice: random.Random) -> str:
    path, envelope = _envelope_of(bundle, stem := _any_stem(dice))
    place = dice.randrange(1, len(envelope["payload"]))
    space = dice.choice([" ", "\n", "\t", "\u00a0"])
    envelope["payload"] = envelope["payload"][:place] + space + envelope["payload"][place:]
    path.write_text(json.dumps(envelope))
    return stem


def spare_bits_of_base64(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Change bits at the end of base64 that stand for nothing: it decodes to the same."""
    path, envelope = _envelope_of(bundle, _any_stem(dice))
    signature = envelope["signatures"][0]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    text = signature["sig"]
    other = alphabet[alphabet.index(text[-3]) ^ dice.randrange(1, 16)]
    signature["sig"] = f"{text[:-3]}{other}=="
    assert base64.b64decode(signature["sig"]) == base64.b64decode(text)
    path.write_text(json.dumps(envelope))
    return ANOTHER_FORM


def another_form_of_the_envelope(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Write the same envelope in other bytes: no signature covers them."""
    path, envelope = _envelope_of(bundle, _any_stem(dice))
    text = json.dumps(envelope)
    path.write_text(dice.choice([
        json.dumps(envelope, indent=1), json.dumps(dict(reversed(envelope.items()))), f"{text}\n", f" {text}",
        text.replace("/", "\\/"), text.replace("payloadType", "payload\\u0054ype"),
    ]))  # fmt: skip
    return ANOTHER_FORM


def a_name_twice_in_the_envelope(bundle: Path, _other: Path, dice: random.Random) -> str:
    path, envelope = _envelope_of(bundle, stem := _any_stem(dice))
    text = json.dumps(envelope)
    path.write_text(dice.choice(['{"payload": "e30=", ', '{"payloadType": "text/plain", ']) + text[1:])
    return f"{stem}: not of the form of a record: ValueError: a name comes twice in JSON"


def an_envelope_without_end(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Put JSON there that no reader finishes: brackets in brackets, a number of many digits."""
    path, _ = _envelope_of(bundle, stem := _any_stem(dice))
    path.write_text(dice.choice(["[" * 200_000, '{"payload":' * 100_000, f'{{"payload": {"9" * 100_000}}}', "1e999"]))
    return f"{stem}: not of the form of a record"


def more_in_the_key_file(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Write something round a public key that readers of keys pass over."""
    path = bundle / "signatures" / f"{_any_stem(dice)}.pub"
    text = path.read_text()
    path.write_text(
        dice.choice([f"Key of Dr. B.\n{text}", f"{text}\n", text.replace("\n", "\r\n"), f"{text}{text}", text[:-1]])
    )
    return "another form"


def key_ids_exchanged(bundle: Path, _other: Path, dice: random.Random) -> str:
    stem = _any_stem(dice)
    (path, one), (_, other) = (
        _envelope_of(bundle, stem),
        _envelope_of(bundle, ({TESTER_STEM, REVIEWER_STEM} - {stem}).pop()),
    )
    one["signatures"][0]["keyid"] = other["signatures"][0]["keyid"]
    path.write_text(json.dumps(one))
    return f"{stem}: not of the form of a record: ValueError: .pub is not the key that the envelope names"


def key_files_exchanged(bundle: Path, _other: Path, _dice: random.Random) -> str:
    one, other = (bundle / "signatures" / f"{stem}.pub" for stem in (TESTER_STEM, REVIEWER_STEM))
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    return f"{TESTER_STEM}: not of the form of a record: ValueError: .pub is not the key that the envelope names"


def a_role_signed_twice(bundle: Path, _other: Path, dice: random.Random) -> str:
    stem = _any_stem(dice)
    for path in (bundle / "signatures").glob(f"{stem}*"):
        shutil.copyfile(path, path.with_name(path.name.replace(stem[:2], "03", 1)))
    return f"03-{stem[3:]}"


def signatures_in_another_order(bundle: Path, _other: Path, _dice: random.Random) -> str:
    folder = bundle / "signatures"
    for old, new in ((TESTER_STEM, "03-tester"), (REVIEWER_STEM, "01-reviewer"), ("03-tester", "02-tester")):
        for path in folder.glob(f"{old}*"):
            path.rename(path.with_name(path.name.replace(old, new)))
    return "01-reviewer: a signature before it was taken away or exchanged"


def a_gap_in_the_numbers(bundle: Path, _other: Path, dice: random.Random) -> str:
    number = dice.choice(["03", "99", "00"])
    for path in (bundle / "signatures").glob(f"{REVIEWER_STEM}*"):
        path.rename(path.with_name(path.name.replace("02", number, 1)))
    return "was taken away or renamed"


def signed_by_a_stranger_in_their_name(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Change a file, make everything anew, and sign as the tester with a key of one's own."""
    path = dice.choice(
        [bundle / "data" / name for name in ("record.pdf", "environment.lock", "plans/test_plans/test_leak.py")]
    )
    path.write_bytes(path.read_bytes() + b"\n")
    manifests_anew(bundle)
    _, envelope = _envelope_of(bundle, TESTER_STEM)
    statement = json.loads(base64.b64decode(envelope["payload"]))
    tag = hashlib.sha256((bundle / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    statement["subject"][0]["digest"]["sha256"] = tag
    own, follows = Ed25519PrivateKey.generate(), None
    for stem in (TESTER_STEM, REVIEWER_STEM):
        signer = json.loads(base64.b64decode(_envelope_of(bundle, stem)[1]["payload"]))["predicate"]["record"]["signer"]
        statement["predicate"]["record"] |= {"signer": signer | {"name": TESTER}, "follows": follows}
        follows = signed_anew(bundle, stem, statement, own)
    bound = path.name != "record.pdf"
    return name_of(bundle / "data", path) if bound else f"a trusted key for the tester ({TESTER}"


def signed_anew(bundle: Path, stem: str, statement: dict[str, Any], key: Ed25519PrivateKey) -> str:
    payload = json.dumps(statement, separators=(",", ":")).encode()
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pae = pre_authentication(payload)
    made = key.sign(pae)
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": hashlib.sha256(der).hexdigest(), "sig": base64.b64encode(made).decode()}],
    }
    folder = bundle / "signatures"
    (folder / f"{stem}.intoto.json").write_text(json.dumps(envelope))
    (folder / f"{stem}.pae").write_bytes(pae)
    (folder / f"{stem}.sig").write_bytes(made)
    (folder / f"{stem}.pub").write_bytes(pem)
    return hashlib.sha256(payload).hexdigest()


# --- what a reader looks at ------------------------------------------------------------------------------------------


def the_paper_exchanged(bundle: Path, other: Path, dice: random.Random) -> str:
    """Exchange the PDF, by that of another run or by one that says more."""
    path = bundle / "data" / "record.pdf"
    content = path.read_bytes()
    path.write_bytes(dice.choice([(other / "data" / "record.pdf").read_bytes() + b"\n", content + b"%%EOF\n"]))
    return "data/record.pdf: changed"


def attachments_exchanged(bundle: Path, _other: Path, dice: random.Random) -> str:
    by_content = {one.read_bytes(): one for one in (bundle / "data" / "allure-results").glob("*-attachment*")}
    one, other = dice.sample(sorted(by_content.values()), 2)
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    return name_of(bundle, one)


def numbers_in_another_form(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Write numbers of the summary in a form that means the same."""
    path = bundle / "data" / "summary.json"
    text = path.read_text()
    old, new = dice.choice([('"exit_code": 0', '"exit_code": 0.0'), ('"exit_code": 0', '"exit_code": -0'),
                            ('"speed": 1.0', '"speed": 1e0'), ('"speed": 1.0', '"speed": 10e-1')])  # fmt: skip
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return "data/summary.json: changed"


def another_run_under_this_name(bundle: Path, other: Path, dice: random.Random) -> str:
    """Put parts of another whole record here, all that hangs together but for one signature."""
    kept = f"{dice.choice([TESTER_STEM, REVIEWER_STEM])}"
    saved = {one.name: one.read_bytes() for one in (bundle / "signatures").glob(f"{kept}*")}
    shutil.rmtree(bundle)
    shutil.copytree(other, bundle)
    for name, content in saved.items():
        (bundle / "signatures" / name).write_bytes(content)
    return kept


# --- archives --------------------------------------------------------------------------------------------------------


def _as_zip(bundle: Path, change: Callable[[zipfile.ZipFile], None] = lambda _packed: None) -> None:
    """Put a zip in the place of the folder."""
    growing = bundle.with_name(f"{bundle.name}-zip")
    with zipfile.ZipFile(growing, "w") as packed:
        for path in files_of(bundle):
            packed.write(path, name_of(bundle, path))
        change(packed)
    shutil.rmtree(bundle)
    growing.rename(bundle)


def a_zip_with_an_entry_twice(bundle: Path, _other: Path, dice: random.Random) -> str:
    name = dice.choice(["data/summary.json", "DATA/SUMMARY.JSON", "data/Summary.json"])

    def add(packed: zipfile.ZipFile) -> None:
        packed.NameToInfo.pop(name, None)  # else it warns
        packed.writestr(name, "{}")

    _as_zip(bundle, add)
    return f"{name!r}, which leads out of the bundle or comes twice"


def a_zip_with_a_link(bundle: Path, _other: Path, dice: random.Random) -> str:
    link = zipfile.ZipInfo("data/link")
    link.external_attr = dice.choice([0o120777, 0o020666, 0o010666, 0o060666]) << 16
    _as_zip(bundle, lambda packed: packed.writestr(link, "journal.jsonl"))
    return "is a link or a device"


def a_zip_with_a_comment(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Let a zip carry words that are no entry."""

    def comment(packed: zipfile.ZipFile) -> None:
        if dice.random() < 0.5:
            packed.comment = b"approved"
        else:
            packed.filelist[-1].comment = b"approved"
            packed.comment = b""  # so that the directory is written anew

    _as_zip(bundle, comment)
    if dice.random() < 0.3:
        with bundle.open("ab") as file:
            file.write(b"approved")
    return "carries a comment"


def a_zip_with_a_head(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Let a zip begin with something else, as a program that unpacks itself does."""
    _as_zip(bundle)
    bundle.write_bytes(dice.choice([b"#!/bin/sh\nexit 0\n", b"%PDF-1.7\n", b"\0"]) + bundle.read_bytes())
    return "something stands in the zip before"


def a_zip_that_lies_of_sizes(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Change a size in the directory of a zip: it says less or more than an entry holds."""
    _as_zip(bundle)
    content = bytearray(bundle.read_bytes())
    place = content.find(b"PK\x01\x02") + dice.choice([20, 24])
    size = int.from_bytes(content[place : place + 4], "little")
    content[place : place + 4] = dice.choice([0, max(0, size - 1), size + 1, size + 4096]).to_bytes(4, "little")
    bundle.write_bytes(content)
    return ""


def a_zip_that_lies_by_zip64(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Say of an entry that its size stands in a field of 64 bits, and give none, or one that is too large."""
    _as_zip(bundle)
    content = bytearray(bundle.read_bytes())
    place = content.find(b"PK\x01\x02") + dice.choice([20, 24])
    content[place : place + 4] = b"\xff" * 4
    bundle.write_bytes(content)
    return ""


def an_encrypted_zip(bundle: Path, _other: Path, _dice: random.Random) -> str:
    _as_zip(bundle)
    content = bytearray(bundle.read_bytes())
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(head)
        content[place + flags] |= 1
    bundle.write_bytes(content)
    return "encrypted"


def a_zip_with_a_name_too_long(bundle: Path, _other: Path, dice: random.Random) -> str:
    name = dice.choice(["x" * 5000, "/".join(["d"] * 5000)])
    _as_zip(bundle, lambda packed: packed.writestr(f"data/{name}", "hello"))
    return ""


def a_zip_with_a_name_of_another_kind(bundle: Path, _other: Path, dice: random.Random) -> str:
    name = dice.choice(["C:/escaped", "data/../../escaped", "/escaped", "data//escaped", "data/a\nb", "./data/x"])
    _as_zip(bundle, lambda packed: packed.writestr(name, "hello"))
    return "leads out of the bundle or comes twice"


def a_tar(bundle: Path, _other: Path, dice: random.Random) -> str:
    growing = bundle.with_name(f"{bundle.name}-tar")
    mode: Literal["w", "w:gz"] = dice.choice(("w", "w:gz"))
    with tarfile.open(growing, mode) as packed:
        packed.add(bundle, "bundle")
    shutil.rmtree(bundle)
    growing.rename(bundle)
    return "it is no whole zip of a bundle"


STRANGE: tuple[Tampering, ...] = (
    a_look_alike_name, renamed_in_case_alone, twice_but_for_case, one_letter_in_two_forms, a_line_break_in_a_name,
    a_name_that_is_no_text, a_name_of_another_system, a_very_long_name, folders_without_end,
    a_folder_in_place_of_a_file, a_continuation_planted, a_file_without_end, the_account_of_the_bag,
    the_kind_of_the_bag, a_manifest_of_another_algorithm, a_line_of_the_manifest_twice, another_form_of_the_manifest,
    a_tag_manifest_that_names_more, two_signatures_by_one_key, no_signature_in_the_envelope, another_payload_type,
    white_space_in_the_payload, spare_bits_of_base64, another_form_of_the_envelope, a_name_twice_in_the_envelope,
    an_envelope_without_end, more_in_the_key_file, key_ids_exchanged, key_files_exchanged, a_role_signed_twice,
    signatures_in_another_order, a_gap_in_the_numbers, signed_by_a_stranger_in_their_name, the_paper_exchanged,
    attachments_exchanged, numbers_in_another_form, another_run_under_this_name, a_zip_with_an_entry_twice,
    a_zip_with_a_link, a_zip_with_a_comment, a_zip_with_a_head, a_zip_that_lies_of_sizes, a_zip_that_lies_by_zip64,
    an_encrypted_zip, a_zip_with_a_name_too_long, a_zip_with_a_name_of_another_kind, a_tar,
)  # fmt: skip
EVERY_TAMPERING = (*TAMPERINGS, *STRANGE, *ARCHIVES)
