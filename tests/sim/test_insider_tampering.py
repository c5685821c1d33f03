# SPDX-License-Identifier: Apache-2.0
"""What a change by somebody with the signing keys leaves to find, who finds it, and what nobody can."""

import os
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from groundfloor.errors import BenchFault, PlanError
from reports.checked_run import CheckedRun
from reports.sealed import bundle_verifier
from reports.sealed.bundle import sign
from reports.sealed.bundle_verifier import NotReadable, Verification, end_of_run, named_otherwise, verify
from reports.sealed.signer import Signer
from reports.sealed.signing_key import SigningKey
from tests.sim.insider_tampering import INSIDERS, FoundBy, Insider, seal_anew
from tests.sim.sealed_runs import REVIEWER, SealedRuns, no_passphrase
from tests.sim.strange_tampering import signed_anew


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> SealedRuns:
    """A run that fails, so that a change has something to gain."""
    return SealedRuns.make(tmp_path_factory.mktemp("failed"), "--defect=rate_bias=0.16", seeds=(1,))


@pytest.fixture
def copy(runs: SealedRuns, tmp_path: Path) -> Path:
    return Path(shutil.copytree(runs.first, tmp_path / "bundle"))


@pytest.mark.parametrize("insider", INSIDERS, ids=lambda one: one.name)
def test_what_is_changed_and_signed_anew_is_found_by_whom_the_documents_say(
    runs: SealedRuns, copy: Path, insider: Insider
) -> None:
    insider.files(copy / "data")
    seal_anew(copy, runs, insider)
    found_by, told = _found_by(runs, copy)
    assert found_by is insider.found_by, told
    assert insider.named in told


def _found_by(runs: SealedRuns, bundle: Path) -> tuple[FoundBy, str]:
    found = runs.verified(bundle)
    if not found.complete:
        return FoundBy.VERIFIER, " ".join([*map(str, found.findings), *found.missing])
    try:
        CheckedRun.read(bundle / "data")
    except (BenchFault, PlanError) as contradiction:
        return FoundBy.COMMAND, contradiction.finding
    return FoundBy.NOBODY, ""


@pytest.mark.parametrize(
    ("name", "said", "named"),
    [
        ("statement", {"approved": True}, "says more or less than sealing says: approved"),
        ("predicate", {"approved": True}, "says more or less than sealing says: approved"),
        ("record", {"note": "approved for release"}, "says more or less than sealing says: note"),
        ("signer", {"title": "Dr."}, "says more or less than sealing says: title"),
        ("signer", {"meaning": 1}, "not of the form that sealing gives it"),
        ("record", {"version": "99"}, "not of the form that sealing gives it"),
        ("record", {"simulated": "no"}, "not of the form that sealing gives it"),
        ("record", {"simulated": 0}, "not of the form that sealing gives it"),
        ("record", {"required_roles": ""}, "not of the form that sealing gives it"),
        ("record", {"required_roles": [["tester"]]}, "not of the form that sealing gives it"),
        ("record", {"purpose": "RELEASE"}, "External-Description"),
        ("record", {"not_release": []}, "simulated, and nothing is said against a release"),
        ("predicate", {"warnedTests": ["a test", "a test"]}, "warnedTests"),
        ("signer", {"signed_at": 4e9}, "not of the form that sealing gives it"),
    ],
)
def test_a_statement_that_says_more_or_otherwise_than_sealing_does_is_found_though_it_is_signed(
    runs: SealedRuns, copy: Path, name: str, said: dict[str, object], named: str
) -> None:
    """Written by hand and signed with the tester's own key: no model has looked at it."""
    private = load_pem_private_key((runs.folder / "tester.key").read_bytes(), None)
    assert isinstance(private, Ed25519PrivateKey)
    statement = verify(copy).signatures[0].statement
    predicate = statement["predicate"]
    parts = {"statement": statement, "predicate": predicate, "record": predicate["record"]}
    {**parts, "signer": predicate["record"]["signer"]}[name].update(said)
    for path in (copy / "signatures").glob("02-*"):
        path.unlink()
    signed_anew(copy, "01-tester", statement, private)
    assert named in " ".join(map(str, verify(copy).findings))


def test_a_configuration_that_names_a_file_twice_or_says_more_of_it_is_found(runs: SealedRuns, copy: Path) -> None:
    private = load_pem_private_key((runs.folder / "tester.key").read_bytes(), None)
    assert isinstance(private, Ed25519PrivateKey)
    for path in (copy / "signatures").glob("02-*"):
        path.unlink()
    for change in (lambda files: files.append(files[0]), lambda files: files[0].update(note="approved")):
        statement = verify(copy).signatures[0].statement
        change(statement["predicate"]["configuration"])
        signed_anew(copy, "01-tester", statement, private)
        assert "its configuration is not what the journal's first line binds" in str(verify(copy).findings)
        shutil.copytree(runs.first / "signatures", copy / "signatures", dirs_exist_ok=True)
        for path in (copy / "signatures").glob("02-*"):
            path.unlink()


def test_modes_and_times_of_files_are_not_sealed(runs: SealedRuns, copy: Path) -> None:
    path = copy / "data" / "journal.jsonl"
    path.chmod(0o755)
    os.utime(path, (0, 0))
    assert runs.verified(copy).complete


def test_a_last_signature_that_nobody_required_is_not_missed(runs: SealedRuns, copy: Path) -> None:
    key = SigningKey.load(str(runs.folder / "reviewer.key"), no_passphrase)
    signer = Signer(name=REVIEWER, role="approver", meaning="I approve", signed_at="2099-01-01T00:00:00+00:00")
    sign(copy, key, signer)
    assert [one.role for one in runs.verified(copy).signatures] == ["tester", "reviewer", "approver"]
    for path in (copy / "signatures").glob("03-approver*"):
        path.unlink()
    assert runs.verified(copy).complete


def test_nobody_signs_before_what_they_sign_was_there(runs: SealedRuns, copy: Path) -> None:
    key = SigningKey.load(str(runs.folder / "reviewer.key"), no_passphrase)
    signer = Signer(name=REVIEWER, role="approver", meaning="I approve", signed_at="2020-01-01T00:00:00+00:00")
    with pytest.raises(PlanError, match=r"signed at 2020.*set the clock of this computer"):
        sign(copy, key, signer)


def test_a_run_on_the_clock_of_the_wall_ends_when_its_bench_time_says() -> None:
    ended = end_of_run("2027-01-01T00:00:00+00:00", "real", 3600.0)
    assert ended is not None
    assert ended.isoformat() == "2027-01-01T01:00:00+00:00"
    assert end_of_run("2000-01-01T00:00:00+00:00", "stepped", 3600.0) is None
    assert end_of_run(None, "real", 0.0) is None


def test_a_record_under_the_name_of_another_run_is_named() -> None:
    of_another = Verification(record={"run_id": "20270101T120000Z-bench-7-SN0042"})
    (finding,) = named_otherwise(Path("20270102T120000Z-bench-7-SN0042.sealed"), of_another)
    assert "it holds the record of 20270101T120000Z-bench-7-SN0042" in str(finding)
    for name in ("20270101T120000Z-bench-7-SN0042.sealed", "20270101T120000Z-bench-7-SN0042.zip", "record.zip"):
        assert list(named_otherwise(Path(name), of_another)) == []


def test_what_cannot_be_read_is_no_intact_record(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the system does not let us look into could hold anything."""
    listed = os.scandir

    def refused(place: str) -> object:
        if str(place).endswith("maps"):
            raise PermissionError(13, "Permission denied", str(place))
        return listed(place)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refused)
        with pytest.raises(NotReadable, match=r"cannot be looked into.*maps"):
            verify(copy)

    def not_opened(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(bundle_verifier, "_sha256", not_opened)
    with pytest.raises(NotReadable, match=r"something in it cannot be read.*Permission denied"):
        verify(copy)
