# SPDX-License-Identifier: Apache-2.0
"""A protocol that is frozen before a run: the run is held against it, and each difference is told."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.collected_tests import CollectedTests
from bench.recorded import RecordedRun
from cli.main import app_of
from cli.signing import signer_of
from groundfloor.errors import BenchFault, PlanError
from metrology.verdict import Verdict
from reports.checked_run import CheckedRun
from reports.frozen.frozen_protocol import SignedProtocol
from reports.frozen.held_against import protocol_record
from reports.page.page_html import page_html
from reports.page.run_page import run_page
from reports.record_pdf.record_data import RecordData
from reports.sealed.bundle import seal
from reports.sealed.bundle_verifier import PROTOCOL_TYPE, lacks, trusted_keys, verify
from reports.sealed.signed_envelope import signed_envelope
from reports.sealed.signing_key import SigningKey, make_key
from reports.summary import summarise
from tests.sim.bench_run import BenchRun
from tests.sim.forked_command import forked_command
from tests.sim.forked_run import forked_run
from tests.sim.sealed_runs import no_passphrase

PLAN = '''"""Two short tests of somebody's own."""
import pytest
from bench.therapy import Continuous
from test_plans.criteria import accuracy
from test_plans.markers import judges


@judges("DEL-003", "ten minutes", accuracy)
def test_zz_volume(infusion, profile):
    """Ten minutes are weighed."""
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("ten minutes", run.deliver(run.duration_that_resolves_s(600), "ten minutes").volume)


@pytest.mark.parametrize("hours", [1, 2])
def test_zz_other(bench, hours):
    """Nothing is judged."""
'''
WHO = ("--name", "P. Planner", "--role", "approver")
Frozen = dict[str, Any]


@dataclass(frozen=True)
class Lab:
    """Plan, key, frozen protocol, and a run of it in which one test was left out."""

    folder: Path
    plan: Path
    key: Path
    protocol: Path
    run: BenchRun


def pumpbench(*words: str | Path) -> tuple[int, str]:
    named = [str(word) for word in words]
    result = CliRunner().invoke(app_of([named[0]]), named)
    if isinstance(result.exception, (PlanError, BenchFault)):
        return (2 if isinstance(result.exception, PlanError) else 3), str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    folder = tmp_path_factory.mktemp("frozen")
    plan, key, protocol, planned = (folder / name for name in ("test_zz.py", "p.key", "protocol.json", "planned.toml"))
    plan.write_text(PLAN, encoding="utf-8")
    make_key(key, b"")
    planned.write_text(
        '[[deviation]]\nkind = "test left out"\ntouches = ["*test_zz_other*"]\nby = "P. Planner"\n'
        'at = 2026-11-28\nwhy = "its rig is away"\n',
        encoding="utf-8",
    )
    options = [f"--freeze={protocol}", f"--key={key}", *WHO, f"--deviations={planned}", "--firmware=3.1.0-twin"]
    frozen = forked_command(["protocol", str(plan), *options], folder)
    assert frozen.exit_code == 0, frozen
    (folder / "runs").mkdir()
    run = forked_run(folder / "runs", f"--protocol={protocol}", select="zz_volume", more=[str(plan)])
    return Lab(folder, plan, key, protocol, run)


def own_key(lab: Lab) -> SigningKey:
    return SigningKey.load(str(lab.key), no_passphrase)


def test_the_protocol_holds_method_acceptance_limits_and_capability_as_data_and_is_signed(lab: Lab) -> None:
    signed = SignedProtocol.read(lab.protocol)
    frozen = signed.frozen
    assert (frozen.signer.name, frozen.signer.role) == ("P. Planner", "approver")
    assert [(one.node.rpartition("::")[2], one.applicable) for one in frozen.tests] == [
        ("test_zz_volume", True),
        ("test_zz_other[1]", True),
        ("test_zz_other[2]", True),
    ]
    (weighed,) = [one for one in frozen.tests[0].judges if one.name == "ten minutes"]
    assert (weighed.unit, weighed.relative_to, weighed.times) == ("%", "programmed volume", 1)
    assert (weighed.lower, weighed.upper) == (85.5, 114.5)
    assert frozen.protocol["rates"]
    assert frozen.protocol["decision_rule"] == weighed.rule
    assert {"bench.toml", "profile.toml", "requirements.toml", "maps/pump.toml"} <= frozen.inputs.keys()


def test_a_run_of_it_binds_it_in_its_first_line_and_tells_the_planned_deviations(lab: Lab) -> None:
    assert lab.run.exit_code == 0, lab.run.printed
    assert "protocol.json" in lab.run.journal[0].data["inputs"]
    record = lab.run.summary.protocol
    assert record is not None
    assert record.sha256 == SignedProtocol.read(lab.protocol).sha256
    assert [(one.kind, one.planned, one.by, one.at, one.why) for one in record.deviations] == [
        ("test left out", True, "P. Planner", "2026-11-28", "its rig is away")
    ] * 2
    assert (record.planned_tests, record.touched) == (3, 0)
    assert (record.verdict, record.verdict_untouched) == (Verdict.PASS, Verdict.PASS)
    assert "2 deviations, 0 of them not planned" in lab.run.printed
    assert lab.run.summary.anomalies == ()


def test_page_and_pdf_tell_the_protocol_and_each_deviation(lab: Lab) -> None:
    view = run_page(lab.run.folder, lab.run.summary)
    page = page_html(view)
    for words in ("Frozen by P. Planner, approver", "its rig is away", "2 deviations, 0 of them not planned"):
        assert words in page
    data = RecordData.of(view, ["x"] * sum(len(test.charts) for test in view.tests), ())
    assert [(one.kind, "its rig is away" in one.planned) for one in data.deviations] == [("test left out", True)] * 2
    assert data.protocol == "All 1 tests together: PASS; without the 0 that a deviation touches PASS."


def held(lab: Lab, change: Callable[[Frozen], None]) -> list[tuple[str, str, int]]:
    """Return the deviations of the run from a protocol that was frozen otherwise: kind, words, how many it touches."""
    said = json.loads(SignedProtocol.read(lab.protocol).frozen.model_dump_json())
    change(said)
    said["planned_deviations"] = []
    copy = lab.folder / "other"
    copy.mkdir(exist_ok=True)
    for name in ("bench.toml", "profile.toml"):
        (copy / name).write_bytes((lab.run.folder / name).read_bytes())
    (copy / "protocol.json").write_bytes(signed_envelope(json.dumps(said).encode(), PROTOCOL_TYPE, own_key(lab)))
    recorded = RecordedRun.read(lab.run.folder / "journal.jsonl")
    collected = CollectedTests.read(lab.run.folder / "collected.json")
    record = protocol_record(copy, recorded, collected, lab.run.summary.tests)
    assert record is not None
    assert all(not one.planned for one in record.deviations)
    found = [one for one in record.deviations if "test_zz_other" not in one.what]
    assert record.verdict_untouched is (Verdict.UNSET if any(one.touches for one in found) else Verdict.PASS)
    return [(one.kind, one.what, len(one.touches)) for one in found]


def _judgement(said: Frozen) -> Frozen:
    (found,) = [one for one in said["tests"][0]["judges"] if one["name"] == "ten minutes"]
    assert isinstance(found, dict)
    return found


CHANGES: dict[str, tuple[Callable[[Frozen], Any], str, str]] = {
    "a limit": (lambda said: _judgement(said).update(upper=99.0), "limit", "'ten minutes': upper "),
    "a source": (lambda said: _judgement(said).update(limits_source="x"), "limit", "limits_source "),
    "a measurand": (lambda said: _judgement(said).update(measurand="x"), "criterion", "measurand "),
    "how often": (lambda said: _judgement(said).update(times=7), "criterion", "times 1, not 7"),
    "a requirement": (lambda said: _judgement(said).update(requirements=["X-001@1"]), "criterion", "not X-001@1"),
    "a rule": (
        lambda said: _judgement(said).update(rule="simple acceptance"),
        "decision rule",
        "not simple acceptance",
    ),
    "a judgement": (
        lambda said: said["tests"][0]["judges"].append({**_judgement(said), "name": "another"}),
        "judgement",
        "'another' was not declared",
    ),
    "a test that is new": (lambda said: said["tests"].pop(0), "test added", "test_zz_volume is not in the protocol"),
    "parameters": (
        lambda said: said["tests"][0].update(node=said["tests"][0]["node"] + "[low]"),
        "parameters",
        "test_zz_volume[low] did not run",
    ),
    "the firmware": (lambda said: said.update(firmware="9"), "firmware", "in the protocol it is 9"),
    "the bench's code": (lambda said: said.update(code_sha256="0" * 64), "bench code", "in the protocol 000000000000"),
    "the baseline": (
        lambda said: said["inputs"].update({"requirements.toml": "0" * 64}),
        "requirements",
        "requirements.toml is another",
    ),
    "a register map": (
        lambda said: said["inputs"].update({"maps/pump.toml": "0" * 64}),
        "register map",
        "maps/pump.toml is another",
    ),
    "the profile": (
        lambda said: (
            said["inputs"].update({"profile.toml": "0" * 64}),
            said["texts"].update({"profile.toml": said["texts"]["profile.toml"].replace("title =", "titel =", 1)}),
        ),
        "profile",
        "profile.toml: titel is gone",
    ),
    "the bench": (
        lambda said: (
            said["inputs"].update({"bench.toml": "0" * 64}),
            said["texts"].update({"bench.toml": said["texts"]["bench.toml"].replace("seed = 1", "seed = 2", 1)}),
        ),
        "bench",
        "bench.toml: simulation.seed 1, not 2",
    ),
    "a plan": (
        lambda said: said["inputs"].update({name: "0" * 64 for name in said["inputs"] if name.endswith("test_zz.py")}),
        "plan code",
        "test_zz.py is another",
    ),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_what_differs_from_the_protocol_is_named_with_what_it_touches(lab: Lab, changed: str) -> None:
    change, kind, words = CHANGES[changed]
    found = held(lab, change)
    assert kind in [one[0] for one in found]
    assert any(words in told for one, told, _ in found if one == kind), found
    assert all(touches == 1 for _, _, touches in found)


def test_a_run_in_the_order_of_the_protocol_deviates_in_nothing(lab: Lab) -> None:
    assert held(lab, lambda said: None) == []


def test_a_sealed_run_keeps_the_protocol_and_its_signature_is_verified(lab: Lab, tmp_path: Path) -> None:
    run = CheckedRun.read(lab.run.folder)
    assert run.summary.protocol == lab.run.summary.protocol
    bundle = tmp_path / "bundle"
    seal(lab.run.folder, bundle, own_key(lab), signer_of("P. Planner", "tester", None), "development", ("tester",))
    trusted = trusted_keys([f"P. Planner={lab.key}.pub"])
    found = verify(bundle, trusted)
    assert (found.findings, list(lacks(found, trusted))) == ([], [])
    assert [place for place, _, _ in found.signed_beside] == ["protocol.json"]
    assert [one for one in lacks(found, {}) if "protocol.json (P. Planner" in one]


def test_a_run_without_a_frozen_protocol_says_so(lab: Lab, tmp_path: Path) -> None:
    journal = lab.run.folder / "journal.jsonl"
    assert "Protocol: none was frozen before this run" not in lab.run.printed
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("bench.toml", "profile.toml", "requirements.toml", "collected.json"):
        (bare / name).write_bytes((lab.run.folder / name).read_bytes())
    first, *rest = journal.read_bytes().splitlines(keepends=True)
    from bench.journal.journal_chain import Chain

    lines, chain = [], Chain()
    for raw in (first, *rest):
        entry = json.loads(raw)
        entry["data"].get("inputs", {}).pop("protocol.json", None)
        lines.append(chain.line(entry["t"], entry["kind"], entry["data"]))
        chain.follow(lines[-1])
    (bare / "journal.jsonl").write_bytes(b"".join(lines))
    summary = summarise(bare)
    assert summary.protocol is None
    assert "None was frozen" in page_html(run_page(bare, summary))


def _signed(lab: Lab, path: Path, **changed: Any) -> Path:
    said = json.loads(SignedProtocol.read(lab.protocol).frozen.model_dump_json()) | changed
    path.write_bytes(signed_envelope(json.dumps(said).encode(), PROTOCOL_TYPE, own_key(lab)))
    return path


def test_what_is_no_frozen_protocol_starts_no_run(lab: Lab, tmp_path: Path) -> None:
    text = tmp_path / "text.json"
    text.write_text("hello", encoding="utf-8")
    changed = tmp_path / "changed.json"
    envelope = json.loads(lab.protocol.read_bytes())
    changed.write_text(json.dumps(envelope | {"payload": envelope["payload"][:-8] + "AAAAAAA="}), encoding="utf-8")
    audit = tmp_path / "audit.json"
    audit.write_bytes(signed_envelope(b"{}", "application/vnd.pumpbench.audit+json", own_key(lab)))
    wrong = {
        tmp_path / "nothing.json": "No such file",
        tmp_path: "is a directory, no file",
        text: "protocol --freeze",
        changed: "the signature is not of what it says",
        audit: "it is an envelope of 'application/vnd.pumpbench.audit+json'",
        _signed(lab, tmp_path / "newer.json", version="2.0"): "of version 2.0, this version reads 1.0",
        _signed(lab, tmp_path / "odd.json", tests=7): "tests",
    }
    for path, seen in wrong.items():
        with pytest.raises(PlanError, match=r"protocol .*Next: ") as refused:
            SignedProtocol.read(path)
        assert seen in str(refused.value), path
    ended = forked_command(["run", "simulated", "--out=runs", f"--protocol={text}", "--no-html"], tmp_path)
    assert ended.exit_code == 2
    assert not list((tmp_path / "runs").glob("*/journal.jsonl"))


@pytest.mark.parametrize(
    ("options", "seen"),
    [
        (["--freeze=new.json"], "--key and --name is missing"),
        (["--freeze=new.json", "--name=A", "--key=no.key"], "make one: pumpbench key FILE"),
        (["--firmware=1"], "nothing is frozen"),
        (["--freeze=new.json", *WHO, "--key=KEY", "--deviations=none.toml"], "planned deviations none.toml: read"),
        (["--freeze=new.json", *WHO, "--key=KEY", "--deviations=odd.toml"], "kinds: test left out"),
        (["--freeze=new.json", *WHO, "--key=KEY", "--deviations=kind.toml"], "no kind or table: a whim"),
        (["--freeze=PROTOCOL", *WHO, "--key=KEY"], "a frozen protocol is not written over"),
    ],
)
def test_a_protocol_that_cannot_be_frozen_says_why(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], seen: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.toml").write_text('[[deviation]]\nkind = "bench"\n', encoding="utf-8")
    row = 'touches = ["*"]\nby = "A"\nat = "today"\nwhy = "so"\n'
    (tmp_path / "kind.toml").write_text(f'[[deviation]]\nkind = "a whim"\n{row}', encoding="utf-8")
    words = [one.replace("KEY", str(lab.key)).replace("PROTOCOL", str(lab.protocol)) for one in options]
    before = lab.protocol.read_bytes()
    if words[0].endswith("protocol.json"):
        ended = forked_command(["protocol", str(lab.plan), *words], tmp_path)
        code, told = ended.exit_code, str(ended)
    else:
        code, told = pumpbench("protocol", lab.plan, *words)
    assert (code, seen in told) == (2, True), told
    assert not (tmp_path / "new.json").exists()
    assert lab.protocol.read_bytes() == before
