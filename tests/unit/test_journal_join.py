# SPDX-License-Identifier: Apache-2.0
"""Journals of parts, joined into one: the same lines, ids counted on, and nothing twice."""

from pathlib import Path

import pytest

from bench.journal import FORMAT, Journal, JournalJoin, check_journal, read_lines
from bench.journal.lines import JournalOpened, RunEnded, TestEnded, TestStarted
from bench.run import join_left_chapters
from bench.run.chapter_journals import chapter_folder
from groundfloor.errors import BenchFault
from metrology.verdict import Verdict
from tests.unit.reports.conftest import sample_data


def part(folder: Path, name: str, *, ended: bool = True) -> Path:
    folder.mkdir(parents=True)
    with Journal(folder / "journal.jsonl") as journal:
        journal.put(TestStarted(node=f"test_{name}.py::test", title=name, chapter=name))
        journal.write("judgement", name="one", verdict=Verdict.PASS, reason="")
        journal.write("infusion-started", infusion="of all parts")
        journal.sample(**sample_data(0.0, "of all parts"))
        journal.write("infusion-ended", infusion="of all parts", reason="done")
        journal.write("judgement", name="two", verdict=Verdict.PASS, reason="")
        if ended:
            journal.put(TestEnded(node=f"test_{name}.py::test", verdict=Verdict.PASS, reason="", judged=2))
            journal.put(RunEnded(reason="done", troubles=("odd",)))
    return folder / "journal.jsonl"


def told(journal: Path) -> list[tuple[str, str]]:
    lines = [(line.kind, line.data) for line in read_lines(journal)]
    return [(kind, str(data.get("id") or data.get("infusion", ""))) for kind, data in lines]


ONE = [("test-started", "T-0001"), ("judgement", "J-0001"), ("infusion-started", "I-0001"), ("sample", "I-0001"),
       ("infusion-ended", "I-0001"), ("judgement", "J-0002"), ("test-ended", "T-0001")]  # fmt: skip
OTHER = [("test-started", "T-0002"), ("judgement", "J-0003"), ("infusion-started", "I-0002"), ("sample", "I-0002"),
         ("infusion-ended", "I-0002"), ("judgement", "J-0004"), ("test-ended", "T-0002")]  # fmt: skip


def test_the_lines_of_all_parts_stand_in_one_chain_with_ids_counted_on(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.put(JournalOpened(format=str(FORMAT)))
        join = JournalJoin(journal)
        first, second = (join.carry(part(tmp_path / name, name)) for name in "ab")
    assert told(tmp_path / "journal.jsonl") == [("journal-opened", ""), *ONE, *OTHER]
    assert check_journal(tmp_path / "journal.jsonl").whole
    assert (first.ended, second.ended) == ({"test_a.py::test"}, {"test_b.py::test"})
    assert second.moved == {"T-0001": "T-0002", "J-0001": "J-0003", "J-0002": "J-0004", "I-0001": "I-0002"}
    assert second.end is not None
    assert second.end.troubles == ("odd",)


def test_what_is_written_between_two_parts_is_counted_too(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.put(JournalOpened(format=str(FORMAT)))
        join = JournalJoin(journal)
        cut_short = join.carry(part(tmp_path / "a", "a", ended=False))
        journal.put(TestEnded(node=cut_short.open_test, verdict=Verdict.BLOCKED, reason="it died"))
        journal.put(TestStarted(node="test_a.py::next", title="next", chapter="a"))
        journal.put(TestEnded(node="test_a.py::next", verdict=Verdict.BLOCKED, reason="it died"))
        join.carry(part(tmp_path / "b", "b"))
    assert (cut_short.end, cut_short.judged) == (None, 2)
    started = [own for kind, own in told(tmp_path / "journal.jsonl") if kind == "test-started"]
    assert started == ["T-0001", "T-0002", "T-0003"]


@pytest.mark.parametrize("already", range(15))
def test_a_join_that_was_broken_off_is_gone_on_with(tmp_path: Path, already: int) -> None:
    whole = Journal(tmp_path / "journal.jsonl")
    whole.put(JournalOpened(format=str(FORMAT)))
    folders = [chapter_folder(tmp_path, place, name) for place, name in enumerate("ab")]
    for folder, name in zip(folders, "ab", strict=True):
        begun_part(folder, name)
    join = JournalJoin(whole)
    for folder in folders:
        join.carry(folder / "journal.jsonl")
    whole.close()
    expected = (tmp_path / "journal.jsonl").read_bytes()
    kept = b"".join(expected.splitlines(keepends=True)[: 1 + already])
    (tmp_path / "journal.jsonl").write_bytes(kept)
    for name in "a" if already > 7 else "":  # its folder was taken away when it was joined
        (chapter_folder(tmp_path, 0, name) / "journal.jsonl").unlink()
    with Journal.reopen(tmp_path / "journal.jsonl", lambda: 0.0) as journal:
        assert join_left_chapters(journal, tmp_path) == ()
    joined = [one for one in told(tmp_path / "journal.jsonl") if one[0] != "resumed"]
    assert joined == [
        ("journal-opened", ""),
        *(ONE[0], ("run-started", ""), *ONE[1:]),
        *(OTHER[0], ("run-started", ""), *OTHER[1:]),
    ]
    assert not (tmp_path / "chapters").exists() or already > 7


def begun_part(folder: Path, name: str) -> None:
    own = part(folder, name)
    lines = list(read_lines(own))
    own.unlink()
    with Journal(own) as journal:
        journal.put(JournalOpened(format=str(FORMAT)))
        for line in lines[1:2]:
            journal.carry(line.t_s, line.body)
        journal.write("run-started", **RUN, occasion=name)  # the bench is opened by the first test
        for line in lines[2:]:
            journal.carry(line.t_s, line.body)


DEVICE = {"model": "m", "serial_number": "s", "firmware_version": "f"}
RUN = {
    "run_id": "r",
    "bench": "b",
    "profile": "p",
    "profile_title": "P",
    "pump": DEVICE,
    "rig": DEVICE,
    "balance": None,
    "simulated": True,
    "clock": {"mode": "stepped"},
    "seed": 1,
    "decision_rule": "d",
    "software": {"version": "1"},
    "epoch_utc": None,
}


def test_a_part_that_was_changed_is_refused(tmp_path: Path) -> None:
    own = part(tmp_path / "a", "a")
    own.write_bytes(own.read_bytes().replace(b'"name":"one"', b'"name":"two"'))
    with Journal(tmp_path / "journal.jsonl") as journal, pytest.raises(BenchFault, match="it was changed or damaged"):
        JournalJoin(journal).carry(own)
