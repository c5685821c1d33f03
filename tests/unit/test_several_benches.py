# SPDX-License-Identifier: Apache-2.0
"""A journal in which each chapter has a bench of its own: what is said of one is not said of another."""

from pathlib import Path
from typing import Any

from bench.journal import Journal, read_lines
from bench.journal.lines import TestEnded, TestStarted
from bench.recorded import RecordedRun
from bench.recorded.distrust_check import DistrustCheck
from metrology.verdict import Verdict
from tests.unit.test_journal_join import RUN

ON_THE_BALANCE = {"measurand": "delivered volume, balance against program", "window": "W-0001"}


def chapter(journal: Journal, name: str, own: str, reason: str = "", trouble: str | None = None) -> None:
    """A chapter with one judgement, which its post-flight takes back where there is a `reason`."""
    journal.write("run-started", **RUN, occasion=name, trouble=trouble)
    journal.put(TestStarted(node=f"test_{name}.py::test", title=name, chapter=name))
    journal.write("judgement", name=name, verdict=Verdict.PASS, reason="", **ON_THE_BALANCE)
    journal.put(
        TestEnded(node=f"test_{name}.py::test", verdict=Verdict.PASS, reason="every judgement passed", judged=1)
    )
    if reason:
        moved: dict[str, Any] = {"name": name, "value": 1.0, "unit": "µL", "expanded_uncertainty": 0.1}
        moved |= {"id": own, "first": "PASS", "second": "BLOCKED"}
        journal.write("event", what="balance-distrusted", title=reason, reason=reason, moved=[moved])


def test_each_chapter_is_distrusted_for_its_own_reason(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        chapter(journal, "a", "J-0001", "the balance of a is wrong")
        chapter(journal, "b", "J-0002", "the balance of b is wrong")
        chapter(journal, "c", "J-0003")
    tests = RecordedRun.read(tmp_path / "journal.jsonl").tests
    assert [test.distrust for test in tests] == ["the balance of a is wrong", "the balance of b is wrong", ""]
    assert [test.verdict for test in tests] == [Verdict.BLOCKED, Verdict.BLOCKED, Verdict.PASS]


def test_a_run_tells_of_itself_by_a_bench_that_could_be_opened(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        chapter(journal, "a", "J-0001", trouble="it is silent")
        chapter(journal, "b", "J-0002")
        chapter(journal, "c", "J-0003", trouble="it is silent")
        journal.write("run-ended", reason="ok", troubles=["a: it is silent", "c: it is silent"])
    run = RecordedRun.read(tmp_path / "journal.jsonl")
    assert run.started is not None
    assert (run.started.occasion, run.started.trouble) == ("b", None)
    assert run.troubles == ("a: it is silent", "c: it is silent")


def test_a_sensitivity_of_one_chapter_takes_back_nothing_of_another(tmp_path: Path) -> None:
    check = {
        "check": "sensitivity",
        "state": "BLOCK",
        "value": 2.0,
        "unit": "%",
        "lower": -1.0,
        "upper": 1.0,
        "seen": "",
    }
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.write("run-started", **RUN, occasion="a")
        journal.write("event", what="postflight", title="", **check)
        chapter(journal, "b", "J-0001", "it is said to be that of a")
    following = DistrustCheck()
    found = [one for line in read_lines(tmp_path / "journal.jsonl") for one in following.take(line)]
    assert [one.recorded for one in found] == ["a balance that is not trusted"]
