# SPDX-License-Identifier: Apache-2.0
"""The journal keeps every line, chains them, and says when it cannot."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from bench.journal import Entry, JournalLost, read_lines
from bench.journal.journal import CHAIN_START
from groundfloor.errors import BenchFault
from tests.unit.any_lines import any_journal


def test_each_line_holds_the_hash_of_the_line_before(tmp_path: Path) -> None:
    journal = any_journal(tmp_path / "journal.jsonl", now_s=lambda: 1.5)
    journal.write("event", title="one")
    journal.sample(mass_g=1.0)
    journal.write("event", title="three")
    journal.close()
    lines = (tmp_path / "journal.jsonl").read_bytes().splitlines()
    kept = [json.loads(line) for line in lines]
    assert [one["seq"] for one in kept] == [0, 1, 2]
    assert kept[0]["prev"] == CHAIN_START
    assert kept[1]["prev"] == hashlib.sha256(lines[0]).hexdigest()
    assert kept[2]["prev"] == hashlib.sha256(lines[1]).hexdigest()
    assert [one["t"] for one in kept] == [1.5] * 3


def test_a_sample_can_be_read_as_soon_as_it_is_written(tmp_path: Path) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    journal.sample(mass_g=2.0)
    assert [line.data for line in read_lines(journal.path)] == [{"mass_g": 2.0}]
    assert journal.position == journal.path.stat().st_size
    journal.close()


def test_a_journal_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("evidence")
    with pytest.raises(BenchFault, match="create"):
        any_journal(path)
    assert path.read_text() == "evidence"


def test_a_number_that_is_none_is_refused_before_it_reaches_the_file(tmp_path: Path) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    with pytest.raises(ValueError, match="JSON"):
        journal.sample(mass_g=float("nan"))
    assert journal.position == 0
    journal.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the machine has no device that is always full")
def test_a_full_disk_is_told_with_the_journals_name(tmp_path: Path) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, journal._file.descriptor)
    os.close(full)
    with pytest.raises(BenchFault, match=r"journal\.jsonl: write: .*No space left"):
        journal.write("event", title="lost")
    with pytest.raises(BenchFault, match="its last 1 lines found no place"):
        journal.close()


def test_listeners_see_an_entry_after_it_is_in_the_file(tmp_path: Path) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    seen: list[tuple[Entry, int]] = []
    journal.written.subscribe(lambda entry: seen.append((entry, journal.path.stat().st_size)))
    journal.write("event", title="told")
    ((entry, size),) = seen
    assert (entry.t_s, entry.kind, entry.data) == (0.0, "event", {"title": "told"})
    assert size == journal.position > 0
    journal.close()


def test_a_journal_that_was_deleted_says_so_at_the_next_event(tmp_path: Path) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    journal.write("event", title="one")
    journal.path.unlink()
    with pytest.raises(JournalLost, match="the file was deleted while the run went on"):
        journal.write("event", title="two")
    with pytest.raises(JournalLost):
        journal.close()
