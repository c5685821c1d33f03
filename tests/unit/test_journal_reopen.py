# SPDX-License-Identifier: Apache-2.0
"""A journal that was cut short goes on in the same chain, and keeps what was torn."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.journal import Journal, read_lines
from groundfloor.errors import BenchFault
from tests.unit.any_lines import any_journal, any_journal_reopened


def journal_of(path: Path, events: int) -> Path:
    journal = any_journal(path)
    for number in range(events):
        journal.write("event", title=f"number {number}")
    journal.close()
    return path


def reopened(path: Path, now_s: float = 7.0) -> Journal:
    return any_journal_reopened(path, lambda: now_s)


def test_a_reopened_journal_goes_on_in_the_same_chain(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal.jsonl", 3)
    journal = reopened(path)
    journal.sample(mass_g=1.0)
    journal.close()
    lines = read_lines(path)
    assert [(line.seq, line.t_s, line.kind) for line in lines] == [
        (0, 0.0, "event"),
        (1, 0.0, "event"),
        (2, 0.0, "event"),
        (3, 7.0, "resumed"),
        (4, 7.0, "sample"),
    ]
    assert journal.position == path.stat().st_size == lines.chain.length


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_torn_tail_of_any_length_is_kept_in_the_line_that_takes_its_place(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "journal.jsonl"
    path.unlink(missing_ok=True)
    whole = journal_of(path, 3).read_bytes()
    begin = whole.rindex(b"\n", 0, -1) + 1
    cut = data.draw(st.integers(begin, len(whole) - 1))
    path.write_bytes(whole[:cut])
    reopened(path).close()
    lines = list(read_lines(path))
    assert [line.kind for line in lines] == ["event", "event", "resumed"]
    assert lines[-1].data["torn"] == whole[begin:cut].decode()
    assert path.read_bytes().startswith(whole[:begin])


def test_a_long_torn_tail_of_zeros_leaves_nothing_behind(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal.jsonl", 1)
    with path.open("ab") as file:  # what a file system may leave after a loss of power
        file.write(bytes(100_000))
    reopened(path).close()
    lines = read_lines(path)
    assert [line.kind for line in lines] == ["event", "resumed"]
    assert lines.torn_tail == ""


def test_an_empty_journal_can_be_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.touch()
    reopened(path).close()
    assert [line.kind for line in read_lines(path)] == ["resumed"]


def test_a_changed_journal_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal.jsonl", 3)
    changed = path.read_bytes().replace(b"number 1", b"number 7")
    path.write_bytes(changed)
    with pytest.raises(BenchFault, match="line 2 does not follow"):
        reopened(path)
    assert path.read_bytes() == changed


def test_a_journal_that_is_being_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = any_journal(path)
    journal.write("event")
    with pytest.raises(BenchFault, match="another process writes it"):
        reopened(path)
    journal.close()
    reopened(path).close()


def test_what_else_is_told_of_the_resumption_is_kept(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal.jsonl", 1)
    any_journal_reopened(path, lambda: 1.0, gap_s=12.5).close()
    assert json.loads(path.read_bytes().splitlines()[-1])["data"] == {"torn": "", "gap_s": 12.5}
