# SPDX-License-Identifier: Apache-2.0
"""What changed since a run is named with the tests whose evidence rests on it."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bench.journal.lines import BudgetRecord, Judgement
from bench.methods import method_versions
from bench.run import own_code_sha256
from metrology.verdict import Verdict
from reports.library.staleness import Present, staleness
from tests.unit.reports.kept_runs import judged, kept_run

PLAN = "test_plans/test_delivery.py"
NODE = f"{PLAN}::test_rate"
TEXT = "It delivers what is programmed."
PROFILE = 'name = "p"\n[accuracy_percent]\nvalue = 14.5\nsource = "a paper"\n[alarms]\nlatest_s = 900\n'
BENCH = '[balance]\nresource = "ASRL1"\ncertificate = "C-7"\n[conditions]\nthermometer = { serial_number = "T-9" }\n'
REQUIREMENTS = f'[[requirement]]\nid = "DEL-001"\nrevision = 1\ntext = "{TEXT}"\n'


@pytest.fixture
def run(tmp_path):
    value = judged("volume", 100.0).model_copy(update={"limits_source": "profile p: accuracy_percent"})
    folder = kept_run(tmp_path / "run", (value,))
    kept = {"profile.toml": PROFILE, "bench.toml": BENCH, "requirements.toml": REQUIREMENTS, f"plans/{PLAN}": "old\n"}
    for name, text in kept.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in kept}
    opened = {"format": "1.0", "inputs": hashes, "code_sha256": own_code_sha256()}
    first = {"seq": 0, "t": 0.0, "kind": "journal-opened", "data": opened, "prev": "0" * 64}
    rest = (folder / "journal.jsonl").read_text().splitlines(keepends=True)[1:]
    (folder / "journal.jsonl").write_text(json.dumps(first, separators=(",", ":")) + "\n" + "".join(rest))
    return folder


@pytest.fixture
def today(tmp_path):
    place = tmp_path / "today"
    place.mkdir()

    def written(name: str, text: str) -> Path:
        (place / name).write_text(text, encoding="utf-8")
        return place / name

    return Present(
        profile=written("profile.toml", PROFILE),
        bench_file=written("bench.toml", BENCH),
        requirements={"DEL-001": (hashlib.sha256(TEXT.encode()).hexdigest(), 1)},
        plans={PLAN: written("test_delivery.py", "old\n")},
        firmware="3.1.0",
    )


def changes(run: Path, today: Present) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.what, one.seen, one.tests) for one in staleness(run, today).changes]


def test_what_is_as_it_was_leaves_nothing_stale(run, today):
    found = staleness(run, today)
    assert found.changes == ()
    assert found.chapters == ()


def test_another_firmware_makes_everything_stale(run, today):
    found = staleness(run, replace(today, firmware="3.2.0"))
    assert [(one.what, one.seen) for one in found.changes] == [("firmware of the pump", "3.1.0 then, 3.2.0 now")]
    assert (found.chapters, found.requirements) == (("delivery",), ("DEL-001@1",))


def test_a_promise_that_changed_makes_stale_what_was_judged_by_it(run, today):
    today.profile.write_text(PROFILE.replace("14.5", "10"))
    assert changes(run, today) == [("profile: accuracy_percent", "14.5 then, 10 now", (NODE,))]


def test_another_source_of_the_same_promise_is_no_reason_to_test_again(run, today):
    today.profile.write_text(PROFILE.replace("a paper", "a manual"))
    assert changes(run, today) == []


def test_a_promise_that_no_limit_names_may_have_decided_any_test(run, today):
    today.profile.write_text(PROFILE.replace("900", "600"))
    assert changes(run, today) == [("profile: alarms.latest_s", "900 then, 600 now", (NODE,))]


@pytest.mark.parametrize(
    ("then", "seen"),
    [
        ({"DEL-001": ("another", 1)}, "its text is another under the same revision 1"),
        ({"DEL-001": ("another", 2)}, "revision 1 then, 2 now"),
        ({}, "it is gone"),
    ],
)
def test_a_requirement_that_changed_makes_its_tests_stale(run, today, then, seen):
    assert changes(run, replace(today, requirements=then)) == [("requirement DEL-001", seen, (NODE,))]


def test_a_plan_that_changed_or_is_gone_makes_its_tests_stale(run, today):
    today.plans[PLAN].write_text("new\n")
    assert changes(run, today) == [(f"plan {PLAN}", "it is another", (NODE,))]
    today.plans[PLAN].unlink()
    assert changes(run, today) == [(f"plan {PLAN}", "it is gone", (NODE,))]


def test_another_certificate_makes_stale_what_was_weighed_and_another_port_does_not(run, today):
    today.bench_file.write_text(BENCH.replace("ASRL1", "ASRL2"))
    assert changes(run, today) == []
    today.bench_file.write_text(BENCH.replace("C-7", "C-8"))
    assert changes(run, today) == [("bench file: balance.certificate", "C-7 then, C-8 now", (NODE,))]


def test_other_code_of_the_bench_asks_for_judging_and_for_no_test(run, today, monkeypatch):
    monkeypatch.setattr("reports.library.staleness.own_code_sha256", lambda: "another")
    found = staleness(run, today)
    assert [(one.what, one.tests) for one in found.changes] == [("code of the bench", ())]
    assert found.stale == ()


def test_judgements_of_a_method_whose_version_rose_are_named_and_no_test_is_stale(run):
    first, *_ = (run / "journal.jsonl").read_text().splitlines()
    opened = json.loads(first)
    opened["data"]["methods"] = {**method_versions(), "density": "0.2"}
    of_density = BudgetRecord(
        name="density of water", value=0.998, unit="g/mL", standard_uncertainty=1e-4, kind="B", dof=None,
        sensitivity=1.0, contribution=1e-4, distribution="normal",
    )  # fmt: skip
    lines = [opened]
    for own, budget in (("J-0001", (of_density,)), ("J-0002", ())):
        judged_line = Judgement(id=own, name="volume", verdict=Verdict.PASS, reason="", value=1.0, budget=budget)
        data = msgspec.to_builtins(judged_line)
        lines.append({"seq": len(lines), "t": 0.0, "kind": "judgement", "data": data, "prev": "0" * 64})
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (run / "journal.jsonl").write_text(text, encoding="utf-8")
    found = staleness(run, Present())
    (change,) = (one for one in found.changes if one.what == "method density")
    assert (change.seen, change.tests, change.judgements) == ("version 0.2 then, 1.0 now", (), ("J-0001",))
    assert found.stale == ()
