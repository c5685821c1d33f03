# SPDX-License-Identifier: Apache-2.0
"""Changes of a sealed record by somebody who holds the keys: all is hashed, bound and signed anew.

Then no hash and no signature shows anything. What is left is whether the record contradicts itself; who finds it stands
beside each: the verifier alone, the bench's own mathematics, or nobody.
"""

import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any

from bench.journal.journal_chain import Chain
from cli.signing import signer_of
from reports.sealed.bundle import _sign
from reports.sealed.bundle_verifier import _sha256, verify
from reports.sealed.signing_key import SigningKey
from reports.sealed.statement import Statement
from tests.sim.bundle_tampering import manifests_anew
from tests.sim.sealed_runs import REVIEWER, SealedRuns, no_passphrase
from tests.sim.tampering import Entries, entries_of, of_kind, rewritten

Content = dict[str, Any]
LATER = "2099-01-01T00:00:00+00:00"


class FoundBy(Enum):
    """Who finds a change that was signed anew."""

    VERIFIER = auto()  # the one file, and so the command
    COMMAND = auto()  # the command alone, which has the bench's mathematics
    NOBODY = auto()  # the record hangs together; documents say so


@dataclass(frozen=True)
class Insider:
    """A change by somebody with the keys.

    Attributes:
        name: what it is.
        found_by: who finds it.
        named: what is told of it.
        files: changes the run in the bundle.
        statement: changes what is signed.
        bag: changes the bundle after its manifests were made.
    """

    name: str
    found_by: FoundBy
    named: str
    files: Callable[[Path], None] = lambda _run: None
    statement: Callable[[Content], None] = lambda _statement: None
    second: Callable[[Content], None] = lambda _statement: None
    one_key: bool = False
    bag: Callable[[Path], None] = lambda _bundle: None


def seal_anew(bundle: Path, runs: SealedRuns, insider: Insider | None = None) -> None:
    """Make manifests, statement and both signatures anew, with the keys of those who signed before."""
    change = insider or Insider("nothing", FoundBy.NOBODY, "")
    first = Statement.model_validate_json(verify(runs.first).signatures[0].payload)
    shutil.rmtree(bundle / "signatures")
    content = _statement_of(bundle, json.loads(first.to_bytes()))
    _account_anew(bundle, content["predicate"]["record"])
    change.bag(bundle)
    manifests_anew(bundle)
    content["subject"][0]["digest"]["sha256"] = _sha256(bundle / "tagmanifest-sha256.txt")
    change.statement(content)
    statement = Statement.model_validate(content)
    _sign(bundle, 1, SigningKey.load(str(runs.folder / "tester.key"), no_passphrase), statement)
    key = "tester.key" if change.one_key else "reviewer.key"
    second = json.loads(statement.signed_next_by(signer_of(REVIEWER, "reviewer", None)).to_bytes())
    change.second(second)
    _sign(bundle, 2, SigningKey.load(str(runs.folder / key), no_passphrase), Statement.model_validate(second))


def _statement_of(bundle: Path, content: Content) -> Content:
    """Return a statement that says what is in the bundle now."""
    summary = json.loads((bundle / "data" / "summary.json").read_text(encoding="utf-8"))
    ended: dict[str, list[str]] = {"PASS": [], "FAIL": []}
    warned: list[str] = list(summary["not_run"])
    for test in summary["tests"]:
        ended.get(test["verdict"], warned).append(test["node"])
    predicate = content["predicate"]
    predicate |= {"passedTests": ended["PASS"], "failedTests": ended["FAIL"], "warnedTests": warned}
    predicate["record"] |= {"verdict": summary["verdict"], "simulated": summary["simulated"] is not False}
    predicate["result"] = {"PASS": "PASSED", "FAIL": "FAILED"}.get(summary["verdict"], "WARNED")
    with (bundle / "data" / "journal.jsonl").open("rb") as journal:
        bound = re.findall(r'"([^"]+)":"([0-9a-f]{64})"', journal.readline().decode().partition('"code_sha256"')[0])
    predicate["configuration"] = [{"name": f"data/{name}", "digest": {"sha256": value}} for name, value in bound]
    return content


def _account_anew(bundle: Path, record: Content) -> None:
    files = [one for one in (bundle / "data").rglob("*") if one.is_file()]
    path = bundle / "bag-info.txt"
    oxum = f"Payload-Oxum: {sum(one.stat().st_size for one in files)}.{len(files)}"
    text = re.sub("Payload-Oxum: .*", oxum, path.read_text())
    said = f"External-Description: {record['verdict']} {record['purpose']}"
    path.write_text(re.sub("External-Description: .*", said, text))


# --- changes of the journal ------------------------------------------------------------------------------------------


def _journal(change: Callable[[Entries], None]) -> Callable[[Path], None]:
    def files(run: Path) -> None:
        entries = entries_of(run)
        change(entries)
        for number, entry in enumerate(entries):
            entry["seq"] = number
        rewritten(run, entries)

    return files


def _uncertainty_limits_and_verdict(entries: Entries) -> None:
    """Let what failed pass: a larger U with its budget, limits as wide as that, and the verdict that follows."""
    failed = [one["data"] for one in of_kind(entries, "judgement") if one["data"]["verdict"] == "FAIL"]
    for data in (one for one in failed if one["value"] is not None and one["expanded_uncertainty"] is not None):
        for line in data["budget"]:
            line["contribution"] *= 1.5
            line["standard_uncertainty"] *= 1.5
        data["expanded_uncertainty"] *= 1.5
        half = abs(data["value"]) + 3 * data["expanded_uncertainty"]
        data |= {"verdict": "PASS", "reason": f"{data['name']} is inside"}
        data |= {name: sign * half for name, sign in (("lower", -1), ("upper", 1)) if data[name] is not None}
        for declared in of_kind(entries, "judgement-declared"):
            if declared["data"]["name"] == data["declared"]:
                declared["data"] |= {name: data[name] for name in ("lower", "upper")}


def _lines_in_another_order(entries: Entries) -> None:
    samples = [number for number, one in enumerate(entries) if one["kind"] == "sample"]
    one, other = samples[3], samples[20]
    entries[one], entries[other] = entries[other], entries[one]


def _declared_after_it_was_judged(entries: Entries) -> None:
    declared = of_kind(entries, "judgement-declared")[0]
    judged = [one for one in of_kind(entries, "judgement") if one["data"]["declared"] == declared["data"]["name"]]
    entries.remove(declared)
    entries.insert(entries.index(judged[-1]) + 1, declared)


def _less_than_the_rounding(entries: Entries) -> None:
    for one in of_kind(entries, "sample"):
        if one["data"]["mass_g"] is not None:
            one["data"]["mass_g"] += 1e-9


def _samples_taken_out(entries: Entries) -> None:
    samples = of_kind(entries, "sample")
    gone = samples[10:20]
    entries[:] = [one for one in entries if not any(one is other for other in gone)]


def _events_taken_out(entries: Entries) -> None:
    marks = [one for one in of_kind(entries, "event") if one["data"].get("what") == "mark"]
    entries.remove(marks[-1])


def _an_hour_later(entries: Entries) -> None:
    for one in entries[len(entries) // 2 :]:
        one["t"] += 3600.0


def _ended_twice(entries: Entries) -> None:
    entries.append(dict(entries[-1]))


def _bytes(old: bytes, new: bytes) -> Callable[[Path], None]:
    """Write other bytes into the journal, and chain it anew without reading it as JSON."""

    def files(run: Path) -> None:
        path = run / "journal.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        number = next(number for number, line in enumerate(lines) if old in line and number > 0)
        lines[number] = lines[number].replace(old, new, 1)
        chain = Chain()
        for at, line in enumerate(lines):
            linked = re.sub(rb'"prev":"[0-9a-f]{64}"}\n$', b'"prev":"%b"}\n' % chain.previous_sha256.encode(), line)
            lines[at] = linked
            chain.follow(linked)
        path.write_bytes(b"".join(lines))

    return files


def _summary(change: Callable[[Content], None]) -> Callable[[Path], None]:
    def files(run: Path) -> None:
        path = run / "summary.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return files


def _input_with_its_hash(name: str) -> Callable[[Path], None]:
    def files(run: Path) -> None:
        with (run / name).open("a", encoding="utf-8") as file:
            file.write("\n# another\n")
        rewritten(run, entries_of(run))

    return files


def _attachments_exchanged(run: Path) -> None:
    one, other = random.Random(1).sample(sorted((run / "allure-results").glob("*-attachment.md")), 2)
    content = one.read_bytes()
    one.write_bytes(other.read_bytes() + b"\n")
    other.write_bytes(content)


def _allure_status(run: Path) -> None:
    (path,) = (run / "allure-results").glob("*-result.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"status": "passed"}), encoding="utf-8")


def _paper(run: Path) -> None:
    with (run / "record.pdf").open("ab") as file:
        file.write(b"%%EOF\n")


def _record(**said: object) -> Callable[[Content], None]:
    return lambda content: content["predicate"]["record"].update(said)


def _signed_at(instant: str) -> Callable[[Content], None]:
    return lambda content: content["predicate"]["record"]["signer"].update(signed_at=instant)


def _predicate(**said: object) -> Callable[[Content], None]:
    return lambda content: content["predicate"].update(said)


def _oxum(bundle: Path) -> None:
    path = bundle / "bag-info.txt"
    path.write_text(path.read_text().replace("Payload-Oxum: ", "Payload-Oxum: 9"))


def _identifier(bundle: Path) -> None:
    path = bundle / "bag-info.txt"
    path.write_text(path.read_text().replace("External-Identifier: ", "External-Identifier: 20200101T000000Z-"))


V, C, N = FoundBy.VERIFIER, FoundBy.COMMAND, FoundBy.NOBODY
INSIDERS = (
    Insider("U, budget, limits and verdict changed together", C, "", files=_journal(_uncertainty_limits_and_verdict)),
    Insider("two samples exchanged", V, "put in another order", files=_journal(_lines_in_another_order)),
    Insider("declared after it was judged", V, "put in another order", files=_journal(_declared_after_it_was_judged)),
    Insider("masses changed by less than the rounding", N, "", files=_journal(_less_than_the_rounding)),
    Insider("samples taken out", N, "", files=_journal(_samples_taken_out)),
    Insider("a mark taken out", V, "", files=_journal(_events_taken_out)),
    Insider("half of the run an hour later", N, "", files=_journal(_an_hour_later)),
    Insider("ended twice", V, "behind the end of the run", files=_journal(_ended_twice)),
    Insider("a name twice in a line", V, "a name comes twice", files=_bytes(b'{"seq":', b'{"seq":0,"seq":')),
    Insider("a number that is none", V, "NaN", files=_bytes(b'"t":0.0', b'"t":NaN')),
    Insider("a number without end", V, "1e999", files=_bytes(b'"t":0.0', b'"t":1e999')),
    Insider("a number in another form", N, "", files=_bytes(b'"t":0.0', b'"t":-0.0e2')),
    Insider("a truth value for a number", V, "is no instant", files=_bytes(b'"t":0.0', b'"t":false')),
    Insider("a number of another kind", V, "chain of hashes", files=_bytes(b'"seq":5,', b'"seq":5.0,')),
    Insider("more digits than a number has", V, "4300 digits", files=_bytes(b'"t":0.0', b'"t":' + b"9" * 5000)),
    Insider("more in a line", V, "chain of hashes", files=_bytes(b'"kind":', b'"note":"approved","kind":')),
    Insider("half of a letter", C, "", files=_bytes(b'"title":"', b'"title":"\\ud800')),
    Insider("the exit code", C, "exit_code", files=_summary(lambda one: one.update(exit_code=0))),
    Insider("the verdict of a test", V, "", files=_summary(lambda one: one["tests"][0].update(verdict="PASS"))),
    Insider("the packages, bound anew", N, "", files=_input_with_its_hash("environment.lock")),
    Insider("a plan, bound anew", N, "", files=_input_with_its_hash("plans/test_plans/test_leak.py")),
    Insider("a status in Allure", C, "", files=_allure_status),
    Insider("two attachments exchanged", N, "", files=_attachments_exchanged),
    Insider("the paper", N, "", files=_paper),
    Insider("the account of the bag", V, "Payload-Oxum", bag=_oxum),
    Insider("the name of the bag", V, "External-Identifier", bag=_identifier),
    Insider("another run", V, "run_id", statement=_record(run_id="20200101T000000Z-bench-7-SN1")),
    Insider("another pump", V, "pump", statement=_record(pump="Implantable-20 SN0042, firmware 9.9")),
    Insider("another software", V, "software", statement=_record(software="0.1.0 abcdef")),
    Insider("another baseline", V, "baseline", statement=_record(baseline="PUMPBENCH-REQ@99")),
    Insider("a release", V, "sealed for release", statement=_record(purpose="release", not_release=[])),
    Insider("not simulated", V, "simulated", statement=_record(simulated=False)),
    Insider("a verdict that no test has", V, "make FAIL", statement=_record(verdict="INCONCLUSIVE")),
    Insider("another reason", V, "reason", statement=_record(reason="all is well")),
    Insider("no warned tests", V, "warnedTests", statement=_predicate(warnedTests=["test_plans/x.py::test_y"])),
    Insider("no failed tests", V, "failedTests", statement=_predicate(failedTests=[])),
    Insider("no inputs", V, "configuration", statement=_predicate(configuration=[])),
    Insider("fewer who have to sign", N, "", statement=_record(required_roles=["tester"])),
    Insider("reviewed before it was sealed", V, "signed at 2000", second=_signed_at("2000-01-01T00:00:00+00:00")),
    Insider("sealed after it was reviewed", V, "before 2099", statement=_signed_at(LATER)),
    Insider("an instant without an offset", V, "no offset", second=_signed_at("2099-01-01T00:00:00")),
    Insider("one key for two people", V, "one key signed as A. Tester and as R. Reader", one_key=True),
    Insider("the second says otherwise", V, "says something else", second=_record(verdict="PASS")),
    Insider("nothing but signed anew", N, ""),
)
