# SPDX-License-Identifier: Apache-2.0
"""What is decided about a run stands beside its results, signed and chained, and changes none of them."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.signing import signer_of
from groundfloor.errors import BenchFault, PlanError
from reports.audit.audit_trail import AuditTrail, dispose, review
from reports.checked_run import CheckedRun
from reports.page.page_html import page_html
from reports.page.run_page import run_page
from reports.record_pdf.record_data import RecordData
from reports.sealed.bundle import seal
from reports.sealed.bundle_verifier import lacks, trusted_keys, verify
from reports.sealed.signing_key import SigningKey, make_key
from reports.summary import Summary, summarise
from tests.sim.bundle_tampering import manifests_anew
from tests.sim.forked_run import forked_run
from tests.sim.sealed_runs import no_passphrase
from tests.sim.test_frozen_protocol import pumpbench

TESTER, REVIEWER = "A. Tester", "R. Reader"


@dataclass(frozen=True)
class Decided:
    """A run that failed, with two dispositions and a review; and the run as it was before."""

    folder: Path
    before: Path
    run: Path
    first: str

    def key(self, name: str) -> SigningKey:
        return SigningKey.load(str(self.folder / f"{name}.key"), no_passphrase)

    @property
    def trusted(self) -> dict[str, str]:
        names = ((TESTER, "tester"), (REVIEWER, "reviewer"))
        return trusted_keys([f"{name}={self.folder / f'{file}.key.pub'}" for name, file in names])


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    folder = tmp_path_factory.mktemp("decided")
    for name in ("tester", "reviewer", "other"):
        make_key(folder / f"{name}.key", b"")
    (folder / "runs").mkdir()
    run = forked_run(folder / "runs", "--chapter=leak", "--defect=rate_bias=0.16", select="30").folder
    before = Path(shutil.copytree(run, folder / "before"))
    anomalies = CheckedRun.read(run).summary.anomalies
    made = Decided(folder, before, run, anomalies[0].id)
    for number, one in enumerate((anomalies[0], anomalies[1])):
        dispose(
            run, one, f"defect {number}", "seen on the bench", signer_of(TESTER, "tester", "so"), made.key("tester")
        )
    review(run, "complete", "before the release", signer_of(REVIEWER, "reviewer", "so"), made.key("reviewer"))
    summarise(run)
    return made


@pytest.fixture
def copy(decided: Decided, tmp_path: Path) -> Path:
    return Path(shutil.copytree(decided.run, tmp_path / "run"))


def test_each_judgement_that_did_not_pass_is_an_anomaly_with_the_id_of_the_judgement(decided: Decided) -> None:
    summary = Summary.load(decided.before / "summary.json")
    open_ones = [one for test in summary.tests for one in test.values if one.verdict in ("FAIL", "INCONCLUSIVE")]
    assert len(open_ones) >= 2
    assert [(one.id, one.state) for one in summary.anomalies] == [
        (f"A-{one.id}", one.verdict.name) for one in open_ones
    ]
    assert summary.audit is None


def test_a_disposition_changes_no_result(decided: Decided) -> None:
    before, now = (CheckedRun.read(one).summary for one in (decided.before, decided.run))
    assert (now.verdict, now.exit_code, now.tests, now.counts) == (
        before.verdict,
        before.exit_code,
        before.tests,
        before.counts,
    )
    assert (decided.before / "journal.jsonl").read_bytes() == (decided.run / "journal.jsonl").read_bytes()
    said = now.anomalies[0].dispositions
    assert [(one.disposition, one.why, one.by, one.number) for one in said] == [
        ("defect 0", "seen on the bench", TESTER, 1)
    ]
    assert now.audit is not None
    assert (now.audit.entries, [one.by for one in now.audit.reviews]) == (3, [REVIEWER])


def test_page_and_pdf_show_it_beside_the_result(decided: Decided) -> None:
    summary = CheckedRun.read(decided.run).summary
    view = run_page(decided.run, summary)
    row = page_html(view).split(f'id="{decided.first.removeprefix("A-")}"')[1].split("</tr>")[0]
    assert decided.first in row
    assert "defect 0 (A. Tester, " in row
    data = RecordData.of(view, ["x"] * sum(len(test.charts) for test in view.tests), ())
    assert any(f"[{decided.first}: defect 0 – seen on the bench (A. Tester, tester" in one.judged for one in data.open)
    assert "Reviewed: R. Reader" in data.audit


def test_the_commands_list_decide_print_and_review(decided: Decided, tmp_path: Path) -> None:
    run, keys = Path(shutil.copytree(decided.before, tmp_path / "run")), decided.folder
    code, told = pumpbench("anomaly", run)
    assert (code, decided.first in told, told.count("no disposition") >= 2) == (0, True, True)
    words = ["--disposition=a defect", "--why=it leaks", f"--by={TESTER}", f"--key={keys / 'tester.key'}"]
    code, told = pumpbench("anomaly", run, decided.first.lower(), *words)
    assert (code, f"{decided.first} stays FAIL" in told) == (0, True), told
    code, told = pumpbench(
        "audit", run, "--review=fine", "--why=monthly", f"--by={REVIEWER}", f"--key={keys / 'reviewer.key'}"
    )
    assert (code, "2 entries, the chain and every signature hold" in told) == (0, True), told
    code, told = pumpbench("audit", run)
    assert code == 0
    for wanted in (f"{TESTER}, tester: {decided.first} (FAIL): a defect", "why: it leaks", "review of the entries"):
        assert wanted in told
    assert "defect" in (run / "report.html").read_text(encoding="utf-8")
    assert CheckedRun.read(run).summary.audit is not None


def lines_of(run: Path) -> list[bytes]:
    return (run / "audit.jsonl").read_bytes().splitlines(keepends=True)


def write(run: Path, *lines: bytes) -> None:
    (run / "audit.jsonl").write_bytes(b"".join(lines))


def _edited(run: Path, decided: Decided) -> None:
    first, *rest = lines_of(run)
    write(run, first.replace(b'"payload":"ey', b'"payload":"e0', 1), *rest)


def _signed_by_another(run: Path, decided: Decided) -> None:
    """Give the first line to somebody else, whose key signs it: what follows names the line as it was."""
    from reports.sealed.bundle_verifier import AUDIT_TYPE, enclosed
    from reports.sealed.signed_envelope import signed_envelope

    first, *rest = lines_of(run)
    said, _ = enclosed(first, AUDIT_TYPE)
    said["why"] = "nobody was there"
    write(run, signed_envelope(json.dumps(said).encode(), AUDIT_TYPE, decided.key("other")), *rest)


def _of_another_run(run: Path, decided: Decided) -> None:
    (run / "audit.jsonl").unlink()
    other = Path(shutil.copytree(decided.before, run.with_name("other")))
    one = CheckedRun.read(other).summary.anomalies[0]
    journal = (other / "journal.jsonl").read_bytes()
    (other / "journal.jsonl").write_bytes(journal + b"\n")
    dispose(other, one, "x", "y", signer_of(TESTER, "tester", "so"), decided.key("tester"))
    shutil.copy(other / "audit.jsonl", run / "audit.jsonl")


TAMPERINGS: dict[str, tuple[Callable[[Path, Decided], None], str]] = {
    "a line is edited": (_edited, "line 1: it was changed"),
    "a line is signed by another": (_signed_by_another, "line 2: a line was taken out, added"),
    "the first line is deleted": (lambda run, _: write(run, *lines_of(run)[1:]), "line 1: a line was taken out"),
    "a line in the middle is deleted": (
        lambda run, _: write(run, lines_of(run)[0], lines_of(run)[2]),
        "line 2: a line was taken out",
    ),
    "the last line is deleted": (lambda run, _: write(run, *lines_of(run)[:-1]), "audit"),
    "all lines are deleted": (lambda run, _: write(run), "audit"),
    "the file is deleted": (lambda run, _: (run / "audit.jsonl").unlink(), "audit"),
    "two lines are exchanged": (
        lambda run, _: write(run, lines_of(run)[1], lines_of(run)[0], lines_of(run)[2]),
        "line 1: a line was taken out, added, or lines were put in another order",
    ),
    "a line comes twice": (lambda run, _: write(run, *lines_of(run), lines_of(run)[-1]), "line 4: a line was taken"),
    "half a line": (lambda run, _: write(run, *lines_of(run)[:-1], lines_of(run)[-1][:50]), "line 3: it was not wri"),
    "a line that is none": (lambda run, _: write(run, *lines_of(run), b"hello\n"), "line 4: it was changed"),
    "another run's": (_of_another_run, "line 1: it was written beside another journal"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_an_audit_trail_that_was_tampered_with_is_found_in_folder_and_bundle(
    decided: Decided, copy: Path, tmp_path: Path, tampering: str
) -> None:
    tamper, seen = TAMPERINGS[tampering]
    bundle = tmp_path / "bundle"
    signer = signer_of(TESTER, "tester", None)
    seal(copy, bundle, decided.key("tester"), signer, "development", ("tester",))
    for folder in (copy, bundle / "data"):
        tamper(folder, decided)
    with pytest.raises(BenchFault, match=seen):
        CheckedRun.read(copy)
    assert any("audit.jsonl" in str(one) for one in verify(bundle, decided.trusted).findings)
    manifests_anew(bundle)
    assert not verify(bundle, decided.trusted).intact


def test_a_bundle_holds_the_trail_and_verifies_who_signed_it(decided: Decided, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    signer = signer_of(TESTER, "tester", None)
    seal(decided.run, bundle, decided.key("tester"), signer, "development", ("tester",))
    found = verify(bundle, decided.trusted)
    assert (found.findings, list(lacks(found, decided.trusted))) == ([], [])
    assert [(place, name) for place, name, _ in found.signed_beside] == [
        ("audit.jsonl 1", TESTER),
        ("audit.jsonl 2", TESTER),
        ("audit.jsonl 3", REVIEWER),
    ]
    only_tester = {own: name for own, name in decided.trusted.items() if name == TESTER}
    (lacking,) = lacks(found, only_tester)
    assert lacking.startswith(f"a trusted key for audit.jsonl 3 ({REVIEWER}, key ")
    code, told = pumpbench("audit", bundle)
    assert (code, "3 entries, the chain and every signature hold" in told) == (0, True)


def test_an_entry_about_something_that_the_run_does_not_have_is_refused(decided: Decided, tmp_path: Path) -> None:
    run = Path(shutil.copytree(decided.before, tmp_path / "run"))
    one = CheckedRun.read(run).summary.anomalies[0].model_copy(update={"state": "INCONCLUSIVE"})
    dispose(run, one, "x", "y", signer_of(TESTER, "tester", "so"), decided.key("tester"))
    with pytest.raises(BenchFault, match=rf"line 1 is about {one.id} \(INCONCLUSIVE\); the journal gives FAIL"):
        CheckedRun.read(run)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (["anomaly", "nowhere"], "it holds no journal.jsonl"),
        (["anomaly", "RUN", "A-J-9999", "--disposition=x"], "anomaly A-J-9999: find"),
        (["anomaly", "RUN", "FIRST"], "--disposition, --why, --by, --key is missing"),
        (["anomaly", "RUN", "FIRST", "--disposition=x", "--why=y", "--by=A"], "--key is missing"),
        (["anomaly", "RUN", "FIRST", "--disposition=x", "--why=y", "--by=A", "--key=no.key"], "pumpbench key FILE"),
        (["anomaly", "RUN", "FIRST", "--disposition=x", "--why=y", "--by=A", "--key=PUB"], "private key in PEM form"),
        (["anomaly", "RUN", "FIRST", f"--disposition={'x' * 201}", "--why=y", "--by=A", "--key=KEY"], "200 characters"),
        (["audit", "RUN", "--review=x"], "--why, --by, --key is missing"),
    ],
)
def test_a_decision_that_cannot_be_signed_says_why_and_writes_nothing(
    decided: Decided, tmp_path: Path, words: list[str], seen: str
) -> None:
    run = Path(shutil.copytree(decided.before, tmp_path / "run"))
    key = decided.folder / "tester.key"
    named = {"RUN": run, "FIRST": decided.first, "--key=KEY": f"--key={key}", "--key=PUB": f"--key={key}.pub"}
    code, told = pumpbench(*(named.get(one, one) for one in words))
    assert (code, seen in told) == (2, True), told
    assert not (run / "audit.jsonl").exists() or not (run / "audit.jsonl").read_bytes()


def test_a_run_without_an_end_has_no_dispositions_yet(decided: Decided, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(decided.before, run)
    for name in ("summary.json", "samples.parquet"):
        (run / name).unlink(missing_ok=True)
    shutil.rmtree(run / "allure-results")
    *kept, _ = (run / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (run / "journal.jsonl").write_bytes(b"".join(kept))
    code, told = pumpbench("anomaly", run)
    assert (code, "it has no end" in told, "pumpbench end" in told) == (2, True, True), told


def test_who_may_not_write_there_is_told(decided: Decided, copy: Path) -> None:
    (copy / "audit.jsonl").unlink()
    (copy / "audit.jsonl").mkdir()
    one = Summary.load(decided.before / "summary.json").anomalies[0]
    with pytest.raises(BenchFault, match="write: "):
        dispose(copy, one, "x", "y", signer_of(TESTER, "tester", "so"), decided.key("tester"))
    assert AuditTrail.read(decided.before).record is None
    with pytest.raises(PlanError, match="say in 1 to 200 characters"):
        dispose(decided.before, one, " ", "y", signer_of(TESTER, "tester", "so"), decided.key("tester"))
