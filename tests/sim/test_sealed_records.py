# SPDX-License-Identifier: Apache-2.0
"""Sealed records: intact ones verify with three tools, and whatever is changed in one is found and named."""

import ast
import base64
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner
from typer.testing import CliRunner

from bench.offline import MadeAgain
from bench.recorded import Contradiction
from cli.main import app_of
from cli.signing import signer_of
from groundfloor.errors import BenchFault, PlanError
from reports.checked_run import CheckedRun
from reports.sealed import bundle_verifier
from reports.sealed.bundle import pack, seal, sign
from reports.sealed.bundle_verifier import NotReadable, verify
from reports.sealed.signer import Signer
from reports.sealed.signing_key import SigningKey, make_key
from tests.sim.archive_tampering import Archive, archive_of
from tests.sim.bundle_tampering import files_of, manifests_anew, missed, name_of
from tests.sim.insider_tampering import seal_anew
from tests.sim.sealed_runs import REVIEWER, TESTER, SealedRuns, no_passphrase, sealed
from tests.sim.strange_tampering import EVERY_TAMPERING
from tests.sim.tampering import JOURNAL_EDITS, entries_of, of_kind, rewritten
from tests.sim.test_tampered_runs import essence

if TYPE_CHECKING:
    from typing_extensions import Buffer as ReadableBuffer

SEED, TRIALS = 20270102, 500
VERIFIER = Path(bundle_verifier.__file__)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> SealedRuns:
    return SealedRuns.make(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def copy(runs: SealedRuns, tmp_path: Path) -> Path:
    return Path(shutil.copytree(runs.first, tmp_path / "bundle"))


def pumpbench(*words: str | Path) -> tuple[int, str]:
    named = [str(word) for word in words]
    result = CliRunner().invoke(app_of([named[0]]), named)
    if isinstance(result.exception, (PlanError, BenchFault)):
        return (2 if isinstance(result.exception, PlanError) else 3), str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def key_options(runs: SealedRuns) -> list[str]:
    return [
        f"--key={TESTER}={runs.folder / 'tester.key.pub'}",
        f"--key={REVIEWER}={runs.folder / 'reviewer.key.pub'}",
    ]


# --- intact ----------------------------------------------------------------------------------------------------------


def test_an_intact_record_verifies_and_says_who_signed_what(runs: SealedRuns) -> None:
    found = runs.verified(runs.first)
    assert (found.findings, found.missing) == ([], [])
    assert [(one.role, one.signer["name"], one.trusted) for one in found.signatures] == [
        ("tester", TESTER, True),
        ("reviewer", REVIEWER, True),
    ]
    assert found.judgements > 50
    assert found.lines == len((runs.run / "journal.jsonl").read_bytes().splitlines())
    assert (found.record["verdict"], found.record["purpose"], found.record["simulated"]) == (
        "PASS",
        "development",
        True,
    )


def test_the_command_verifies_it_and_makes_every_value_again(runs: SealedRuns, copy: Path) -> None:
    code, printed = pumpbench("verify", runs.first, *key_options(runs))
    assert (code, printed.splitlines()[-1]) == (0, "This record is intact.")
    code, printed = pumpbench("verify", runs.first)
    assert code == 3
    assert "a trusted key for the tester (A. Tester, key " in printed
    code, printed = pumpbench("verify", runs.first, *[one.replace(TESTER, "Somebody") for one in key_options(runs)])
    assert code == 3
    assert "the key of Somebody signed as A. Tester" in printed
    (copy / "data" / "summary.json").write_text("{}")
    code, printed = pumpbench("verify", copy, *key_options(runs))
    assert code == 3
    assert "WRONG    data/summary.json: changed" in printed


def test_a_reading_that_somebody_with_the_keys_changed_is_found_by_making_every_verdict_again_from_the_samples(
    runs: SealedRuns, copy: Path
) -> None:
    code, printed = pumpbench("verify", runs.first, *key_options(runs))
    assert code == 0
    judged = runs.verified(runs.first).judgements
    assert f"{judged} of {judged} verdicts from the raw samples" in " ".join(printed.split())
    entries = entries_of(copy / "data")
    mark = next(one for one in of_kind(entries, "event") if one["data"]["what"] == "mark")
    mark["data"]["result"]["masses_g"][5] += 0.001
    rewritten(copy / "data", entries)
    CheckedRun.read(copy / "data", rebuild=True)
    seal_anew(copy, runs)
    code, printed = pumpbench("verify", copy, *key_options(runs), "--no-samples")
    assert (code, "from the raw samples" in printed) == (0, False), printed
    code, printed = pumpbench("verify", copy, *key_options(runs))
    assert (code, f"WRONG    data: {mark['data']['id']}: " in printed) == (3, True), printed
    assert "(from its readings)" in printed


def test_a_record_of_other_code_that_comes_out_otherwise_lacks_that_code_and_is_not_called_wrong(
    runs: SealedRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    otherwise = MadeAgain(differences=[Contradiction("J-0001", "value 1", "2")])
    monkeypatch.setattr("cli.stored_plans.made_again_from_samples", lambda *_, **__: otherwise)
    monkeypatch.setattr("cli.verify.own_code_sha256", lambda: "0" * 64)
    code, printed = pumpbench("verify", runs.first, *key_options(runs))
    assert (code, "WRONG" in printed) == (3, False)
    assert "lacks    the code that made it" in printed
    assert "J-0001: recorded is value 1, what it rests on gives 2" in printed
    code, printed = pumpbench("verify", runs.first, *key_options(runs), "--samples")
    assert (code, "WRONG    data: J-0001" in printed) == (3, True)


def test_plans_that_are_gone_are_told_and_are_wrong_only_where_the_samples_were_asked_for(
    runs: SealedRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> MadeAgain:
        raise PlanError("run", "replay", "its plan is gone", "put it back")

    monkeypatch.setattr("cli.stored_plans.made_again_from_samples", gone)
    code, printed = pumpbench("verify", runs.first, *key_options(runs))
    assert (code, "not from the samples: run: replay: its plan is gone" in printed) == (0, True), printed
    assert pumpbench("verify", runs.first, *key_options(runs), "--samples")[0] == 3


def test_the_verifier_alone_needs_the_standard_library_and_cryptography(runs: SealedRuns, tmp_path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(VERIFIER.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add((node.module or "").partition(".")[0])
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    alone = tmp_path / "verify.py"
    assert pumpbench("verify", "--write-verifier", alone)[0] == 0
    ended = subprocess.run(
        [sys.executable, "-I", alone, runs.first, *key_options(runs)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "This record is intact.")


def test_sha256sum_and_openssl_find_an_intact_record_intact_and_a_changed_one_changed(copy: Path) -> None:
    sums = [["sha256sum", "-c", "--quiet", name] for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt")]
    signature = "openssl pkeyutl -verify -pubin -rawin -inkey {0}.pub -in {0}.pae -sigfile {0}.sig"
    openssl = [signature.format(f"signatures/{stem}").split() for stem in ("01-tester", "02-reviewer")]
    for command in (*sums, *openssl):
        ended = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended
    (copy / "data" / "journal.jsonl").write_bytes(b"")
    (copy / "signatures" / "01-tester.pae").write_bytes(b"DSSEv1")
    for command in (sums[0], openssl[0]):
        assert subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode != 0


class _Pipe(io.RawIOBase):
    """Takes what is written and cannot be gone back in, as a pipe."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, part: "ReadableBuffer") -> int:
        content = bytes(part)
        self.content += content
        return len(content)


def _written_into(file: IO[bytes], bundle: Path, *, wide: bool) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files_of(bundle):
            with packed.open(name_of(bundle, path), "w", force_zip64=wide) as entry:
                entry.write(path.read_bytes())


def test_a_zip_of_a_record_verifies_like_its_folder_whoever_packed_it(runs: SealedRuns, tmp_path: Path) -> None:
    own, files = pack(runs.first, tmp_path / "bundle.zip"), runs.verified(runs.first).files
    zips = [own]
    for wide in (False, True):
        piped, seekable = _Pipe(), tmp_path / f"wide-{wide}.zip"
        _written_into(cast(IO[bytes], piped), runs.first, wide=wide)
        (tmp_path / f"piped-{wide}.zip").write_bytes(piped.content)
        with seekable.open("wb") as file:
            _written_into(file, runs.first, wide=wide)
        wide_end = tmp_path / f"end-{wide}.zip"
        wide_end.write_bytes(Archive(archive_of(runs.first).entries, wide=wide).to_bytes())
        zips += [tmp_path / f"piped-{wide}.zip", seekable, wide_end]
    for one in zips:
        found = runs.verified(one)
        assert (found.complete, found.files) == (True, files), one.name


# --- tampered --------------------------------------------------------------------------------------------------------


def test_of_five_hundred_random_tamperings_of_every_class_each_is_found_and_named(
    runs: SealedRuns, tmp_path: Path
) -> None:
    assert list(missed(runs, TRIALS, SEED, tmp_path, EVERY_TAMPERING)) == []


def test_what_somebody_with_the_signing_key_changes_in_the_journal_is_found_by_making_it_again(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """The run fails, so that an edit has something to gain; everything else is made anew and signed anew."""
    failed = SealedRuns.make(tmp_path_factory.mktemp("failed"), "--defect=rate_bias=0.16", seeds=(1,))
    before = essence(CheckedRun.read(failed.run).summary)
    dice, unnoticed, by_verifier_alone = random.Random(SEED), [], 0
    for number in range(len(JOURNAL_EDITS) - 1):  # the last rewords a title, which no verdict rests on
        bundle = Path(shutil.copytree(failed.first, tmp_path / "bundle"))
        told = JOURNAL_EDITS[number](bundle / "data", dice)
        seal_anew(bundle, failed)
        found = failed.verified(bundle)
        by_verifier_alone += not found.intact
        if found.complete and pumpbench("verify", bundle, *key_options(failed))[0] == 0:
            changed = essence(CheckedRun.read(bundle / "data").summary) != before
            unnoticed += [told] if changed else []
        shutil.rmtree(bundle)
    assert unnoticed == []
    assert by_verifier_alone >= 7, by_verifier_alone


def test_no_second_form_of_a_signature_by_a_token_counts(runs: SealedRuns, tmp_path: Path) -> None:
    """Of a signature on a curve anybody can make another that is as good."""
    private = generate_private_key(SECP256R1())
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key, bundle = SigningKey(CryptoSigner(private), pem), tmp_path / "bundle"
    for number in range(12):  # half of what a curve signs is in the larger form
        content = f"{number}".encode()
        assert bundle_verifier._signed_by(pem, key.sign(content), content)
    seal(runs.run, bundle, key, signer_of(TESTER, "tester", None), "development", ("tester",))
    assert verify(bundle).intact
    r, s = decode_dss_signature((bundle / "signatures" / "01-tester.sig").read_bytes())
    other = encode_dss_signature(r, 2 * bundle_verifier.HALF_ORDERS["secp256r1"] + 1 - s)
    envelope = json.loads((bundle / "signatures" / "01-tester.intoto.json").read_text())
    envelope["signatures"][0]["sig"] = base64.b64encode(other).decode()
    (bundle / "signatures" / "01-tester.intoto.json").write_text(json.dumps(envelope))
    (bundle / "signatures" / "01-tester.sig").write_bytes(other)
    assert "in its other form" in str(verify(bundle).findings)


def test_a_role_that_the_verifier_requires_is_missed_whatever_the_record_says(runs: SealedRuns, tmp_path: Path) -> None:
    """Somebody whose key is trusted seals a record alone, and says that nobody else has to sign."""
    key = SigningKey.load(str(runs.folder / "reviewer.key"), no_passphrase)
    made = seal(runs.run, tmp_path / "bundle", key, signer_of(REVIEWER, "reviewer", None), "development", ("reviewer",))
    code, printed = pumpbench("verify", made.folder, *key_options(runs), "--no-samples")
    assert (code, "note     the key of A. Tester signed nothing of this record" in printed) == (0, True), printed
    required = [made.folder, *key_options(runs), "--require=tester"]
    code, printed = pumpbench("verify", *required, "--no-samples")
    assert (code, "lacks    the signature of the tester, which you require" in printed) == (3, True), printed
    said: list[str] = []
    assert bundle_verifier.main(list(map(str, required)), said.append) == 3
    assert "lacks    the signature of the tester, which you require" in said
    assert "note     the key of A. Tester signed nothing of this record" in said


def test_a_signature_of_the_future_is_told(runs: SealedRuns, copy: Path) -> None:
    key = SigningKey.load(str(runs.folder / "reviewer.key"), no_passphrase)
    sign(copy, key, Signer(name=REVIEWER, role="approver", meaning="I approve", signed_at="2999-01-01T00:00:00+00:00"))
    code, printed = pumpbench("verify", copy, *key_options(runs), "--no-samples")
    assert (code, "lacks    the time: the approver signed at 2999-01-01T00:00:00+00:00" in printed) == (3, True), (
        printed
    )
    said: list[str] = []
    assert bundle_verifier.main([str(copy), *key_options(runs)], said.append) == 3
    assert any(one.startswith("lacks    the time: the approver signed at 2999") for one in said)


def test_a_name_that_steers_a_terminal_is_shown_by_its_codes_by_the_verifier_alone(
    runs: SealedRuns, tmp_path: Path
) -> None:
    """A record that a stranger made: its first line would wipe the screen and say that all is well."""
    make_key(tmp_path / "own.key", b"")
    key = SigningKey.load(str(tmp_path / "own.key"), no_passphrase)
    name = "A. Tester\x1b[2J\nThis record is intact.\u202e"
    made = seal(runs.run, tmp_path / "bundle", key, signer_of(name, "tester", None), "development", ("tester",))
    ended = subprocess.run(
        [sys.executable, "-I", VERIFIER, made.folder, *key_options(runs)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (3, "")
    assert not any(one in ended.stdout for one in ("\x1b", "\u202e"))
    assert "This record is intact." not in ended.stdout.splitlines()
    assert r"A. Tester\x1b[2J\nThis record is intact.\u202e" in ended.stdout
    assert bundle_verifier.shown("\ud800 …", "ascii") == r"\ud800 \u2026"


def test_a_journal_whose_line_has_no_end_fills_no_memory(
    runs: SealedRuns, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file without an end takes no room on a disk; a stranger seals it with a key of their own."""
    monkeypatch.setattr(bundle_verifier, "MOST_LINE", 1 << 20)
    with (copy / "data" / "journal.jsonl").open("ab") as file:
        file.truncate((copy / "data" / "journal.jsonl").stat().st_size + (1 << 26))
    seal_anew(copy, runs)
    tracemalloc.start()
    found = verify(copy)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not found.intact
    assert most_bytes < 1 << 24


def test_a_hard_link_and_a_link_to_the_whole_change_nothing(runs: SealedRuns, copy: Path, tmp_path: Path) -> None:
    os.link(copy / "data" / "journal.jsonl", tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(copy)
    assert runs.verified(copy).complete
    assert runs.verified(tmp_path / "link").complete


@pytest.mark.parametrize("name", ["junit.xml", "record.docx", "bom.json", "results.reqif", "pumpbench_verify.py"])
def test_what_is_exported_of_a_run_is_no_part_of_its_record(runs: SealedRuns, copy: Path, name: str) -> None:
    (copy / "data" / name).write_text("<approved/>\n")
    assert f"data/{name}: added" in " ".join(map(str, runs.verified(copy).findings))
    manifests_anew(copy)
    assert "signed was another record" in " ".join(map(str, runs.verified(copy).findings))


# --- hostile ---------------------------------------------------------------------------------------------------------


def _zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return path


def test_hostile_and_broken_bundles_end_with_a_clear_message_and_leave_nothing_behind(
    runs: SealedRuns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_verifier, "MOST_FILES", 400)
    whole = pack(runs.first, tmp_path / "whole.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "flipped.zip").write_bytes(whole[:3000] + b"\0\0\0\0" + whole[3004:])
    (tmp_path / "text.zip").write_text("hello")
    os.mkfifo(tmp_path / "pipe.zip")
    link = zipfile.ZipInfo("data/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as packed:
        packed.writestr(link, "/etc/passwd")
    hostile = {
        _zip(tmp_path / "up.zip", {"../escaped.txt": b"x"}): "leads out of the bundle",
        _zip(tmp_path / "root.zip", {"/escaped.txt": b"x"}): "leads out of the bundle",
        _zip(tmp_path / "back.zip", {"data\\..\\..\\escaped.txt": b"x"}): "",
        _zip(tmp_path / "bomb.zip", {"data/bomb": b"\0" * (1 << 27)}): "100 times and more",
        _zip(tmp_path / "many.zip", {f"data/{number}": b"" for number in range(500)}): "no more than 400",
        tmp_path / "link.zip": "is a link or a device",
        tmp_path / "half.zip": "no whole zip",
        tmp_path / "flipped.zip": "",
        tmp_path / "text.zip": "no whole zip",
        tmp_path / "pipe.zip": "a device or a pipe",
        tmp_path / "nothing.zip": "No such file",
    }
    for bundle, seen in hostile.items():
        code, printed = pumpbench("verify", bundle, *key_options(runs))
        assert (code, seen in printed) == (3, True), (bundle.name, printed)
    assert not list(tmp_path.parent.glob("escaped*"))
    crowded = tmp_path / "crowded"
    crowded.mkdir()
    for number in range(500):
        (crowded / str(number)).touch()
    with pytest.raises(NotReadable, match="more than 400 files"):
        verify(crowded)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no sealed record" in str(verify(empty).findings[1])


# --- sealing ---------------------------------------------------------------------------------------------------------


def test_a_run_that_contradicts_itself_is_not_sealed_and_nothing_is_left_behind(
    runs: SealedRuns, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(runs.run, tmp_path / "run"))
    (folder / "requirements.toml").write_text("[baseline]\n")
    with pytest.raises(BenchFault, match=r"requirements\.toml: it is not what the run began with"):
        sealed(folder, tmp_path / "bundle", runs.folder)
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_a_simulated_run_is_not_sealed_for_a_release(runs: SealedRuns, tmp_path: Path) -> None:
    words = ["seal", runs.run, "--key", runs.folder / "tester.key", "--name", TESTER, "--out", tmp_path / "bundle"]
    code, printed = pumpbench(*words, "--release")
    assert (code, "its instruments are simulated" in printed) == (2, True)
    code, printed = pumpbench(*words, "--require=reviewer")
    assert code == 0
    assert "for development only: its instruments are simulated" in printed
    assert "lacks    the signature of the reviewer" in printed
    assert pumpbench(*words)[0] == 2  # nothing is written over
    assert pumpbench("verify", tmp_path / "bundle", *key_options(runs))[0] == 3  # the reviewer has not signed


def test_what_no_run_writes_is_left_out_and_named(runs: SealedRuns, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(runs.run, tmp_path / "run"))
    (folder / "note.txt").write_text("hello\n")
    key = SigningKey.load(str(runs.folder / "tester.key"), no_passphrase)
    made = seal(folder, tmp_path / "bundle", key, signer_of(TESTER, "tester", None), "development", ("tester",))
    assert made.left_out == ("note.txt",)
    assert runs.verified(made.folder).complete


def test_only_what_is_as_it_was_sealed_is_signed_and_each_role_once(runs: SealedRuns, copy: Path) -> None:
    key = SigningKey.load(str(runs.folder / "reviewer.key"), no_passphrase)
    with pytest.raises(PlanError, match="this role has signed already"):
        sign(copy, key, signer_of(REVIEWER, "reviewer", None))
    sign(copy, key, signer_of(REVIEWER, "approver", None))
    assert [one.role for one in runs.verified(copy).signatures] == ["tester", "reviewer", "approver"]
    (copy / "data" / "profile.toml").write_text("")
    with pytest.raises(BenchFault, match=r"data/profile\.toml: changed"):
        sign(copy, key, signer_of(REVIEWER, "witness", "I was there"))


def test_a_key_is_private_locked_by_its_passphrase_and_never_written_over(tmp_path: Path) -> None:
    public = make_key(tmp_path / "own.key", b"correct horse")
    assert (tmp_path / "own.key").stat().st_mode & 0o777 == 0o600
    assert SigningKey.load(str(tmp_path / "own.key"), lambda: b"correct horse").public_pem == public.read_bytes()
    with pytest.raises(PlanError, match="check the passphrase"):
        SigningKey.load(str(tmp_path / "own.key"), lambda: b"wrong")
    with pytest.raises(PlanError, match="no key is written over"):
        make_key(tmp_path / "own.key", b"")
    with pytest.raises(PlanError, match="public key is not known"):
        SigningKey.load("hsm:2?label=tester", no_passphrase)
    with pytest.raises(BenchFault, match="open the token"):
        SigningKey.load("hsm:2?label=tester", lambda: b"1234", public)
