# SPDX-License-Identifier: Apache-2.0
"""Sealed records: intact ones verify with three tools, and whatever is changed in one is found and named."""

import ast
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
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
from reports.sealed.signing_key import SigningKey, make_key
from tests.sim.bundle_tampering import missed
from tests.sim.insider_tampering import seal_anew
from tests.sim.sealed_runs import REVIEWER, TESTER, SealedRuns, no_passphrase, sealed
from tests.sim.strange_tampering import EVERY_TAMPERING
from tests.sim.tampering import JOURNAL_EDITS, entries_of, of_kind, rewritten
from tests.sim.test_tampered_runs import essence

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


def test_a_zip_of_a_record_verifies_like_its_folder(runs: SealedRuns, tmp_path: Path) -> None:
    found = runs.verified(pack(runs.first, tmp_path / "bundle.zip"))
    assert (found.complete, found.files) == (True, runs.verified(runs.first).files)


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
