# SPDX-License-Identifier: Apache-2.0
"""A run held against its frozen protocol: order, and the verdict with and without what a deviation touches."""

from pathlib import Path
from typing import Any

from bench.collected_tests import CollectedTests
from bench.journal import Journal
from bench.journal.lines import JournalOpened
from bench.recorded import RecordedRun
from bench.run import input_hashes
from metrology.verdict import Verdict
from reports.frozen import ProtocolRecord
from reports.frozen.frozen_protocol import FrozenJudgement, FrozenProtocol, FrozenTest, PlannedDeviation
from reports.frozen.held_against import protocol_record
from reports.sealed.signer import Signer
from reports.sealed.signing_key import SigningKey, make_key
from reports.summary import summarise
from tests.unit.reports.conftest import RUN_STARTED
from tests.unit.test_run_evidence import VOLUME, FolderOfARun, to_come

SIGNER = Signer(name="P. Planner", role="approver", meaning="so", signed_at="2026-11-28T10:00:00+00:00")


def frozen(
    run: FolderOfARun, *nodes: str, planned: tuple[PlannedDeviation, ...] = (), **changed: Any
) -> FrozenProtocol:
    judgement = FrozenJudgement(
        name=VOLUME,
        measurand="",
        requirements=("DEL-001@2",),
        lower=None,
        upper=None,
        unit="",
        relative_to="",
        limits_source="",
        rule=RUN_STARTED["decision_rule"],
        times=1,
    )
    tests = tuple(FrozenTest(node=node, chapter="delivery", applicable=True, judges=(judgement,)) for node in nodes)
    said: dict[str, Any] = {
        "protocol_sha256": "0" * 64,
        "protocol": {},
        "title": "Pump",
        "profile": "implantable-20ml",
        "bench": "simulated",
        "baseline": "REQ",
        "firmware": "",
        "tests": tests,
        "inputs": {"requirements.toml": input_hashes(run.path)["requirements.toml"]},
        "texts": {},
        "code_sha256": "",
        "planned_deviations": planned,
        "signer": SIGNER,
    }
    return FrozenProtocol(**{**said, **changed})


def held(tmp_path: Path, order: str, verdicts: dict[str, str], *nodes: str, **changed: Any) -> ProtocolRecord:
    """Return what became of a protocol of `nodes` in a run that made its tests in `order`."""
    run = FolderOfARun(tmp_path / "run", tests=tuple(order), judges={node: to_come(VOLUME) for node in order})
    make_key(tmp_path / "a.key", b"")
    key = SigningKey.load(str(tmp_path / "a.key"), lambda: b"")
    frozen(run, *nodes, **changed).write(run.path / "protocol.json", key)
    run.journal.path.unlink()
    run.journal = Journal(run.path / "journal.jsonl")
    run.journal.put(JournalOpened(format="1.3", inputs=input_hashes(run.path)))
    run.journal.write("run-started", **RUN_STARTED)
    for node in order:
        run.begin(node, VOLUME)
        run.judge(VOLUME, verdicts.get(node, "PASS"))
        run.end(node, verdicts.get(node, "PASS"))
    run.journal.write("run-ended", reason="ok")
    run.journal.close()
    summary = summarise(run.path)
    recorded = RecordedRun.read(run.journal.path)
    collected = CollectedTests.read(run.path / "collected.json")
    record = protocol_record(run.path, recorded, collected, summary.tests)
    assert record == summary.protocol
    assert record is not None
    return record


def told(record: ProtocolRecord) -> list[tuple[str, str, tuple[str, ...]]]:
    kept = (one for one in record.deviations if "collected.json" not in one.what)
    return [(one.kind, one.what, one.touches) for one in kept]


def test_a_run_as_it_was_frozen_deviates_in_nothing(tmp_path: Path) -> None:
    record = held(tmp_path, "ab", {}, "a", "b")
    assert told(record) == []
    assert (record.verdict, record.verdict_untouched, record.touched) == (Verdict.PASS, Verdict.PASS, 0)


def test_another_order_is_a_deviation_of_the_tests_that_moved(tmp_path: Path) -> None:
    record = held(tmp_path, "acb", {}, "a", "b", "c")
    assert told(record) == [("order", "2 tests ran in another place", ("c", "b"))]
    assert record.touched == 2


def test_the_verdict_stands_with_and_without_what_a_deviation_touches(tmp_path: Path) -> None:
    record = held(tmp_path, "abx", {"x": "FAIL"}, "a", "b")
    assert told(record) == [("test added", "x is not in the protocol", ("x",))]
    assert (record.verdict, record.verdict_untouched, record.touched) == (Verdict.FAIL, Verdict.PASS, 1)


def test_a_deviation_is_planned_only_if_kind_and_all_that_it_touches_were_named_beforehand(tmp_path: Path) -> None:
    said = {"by": "P. Planner", "at": "2026-11-01", "why": "so"}
    planned = (
        PlannedDeviation(kind="test left out", touches=("c*",), **said),
        PlannedDeviation(kind="order", touches=("a",), **said),
    )
    record = held(tmp_path, "ba", {}, "a", "b", "cc", "d", planned=planned)
    assert [(one.kind, one.touches, one.planned, one.by) for one in record.deviations] == [
        ("test left out", ("cc",), True, "P. Planner"),
        ("test left out", ("d",), False, ""),
        ("order", ("b", "a"), False, ""),
    ]
    assert [one.touches for one in record.unplanned] == [("d",), ("b", "a")]
