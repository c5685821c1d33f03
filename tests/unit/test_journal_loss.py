# SPDX-License-Identifier: Apache-2.0
"""A journal whose disk takes no more stops the run, keeps every line, and goes on in a second folder."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.journal import CONTINUED, Journal, JournalLost, fallback_folders, read_lines
from bench.journal.journal import KEPT_LINES
from groundfloor.errors import BenchFault
from tests.unit.any_lines import any_journal, any_journal_reopened


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run folder of a user whose usual second folders are under `tmp_path`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    return folder


@contextmanager
def file_size_limit(most_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond `most_bytes`, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(journal: Journal, most: int = 100_000) -> int:
    """Write samples until the journal is lost; return the number of the one that told it."""
    for number in range(most):
        try:
            journal.sample(number=number)
        except JournalLost:
            return number
    raise AssertionError("the journal was never lost")


def numbers(path: Path) -> list[object]:
    return [line.data["number"] for line in read_lines(path) if line.kind == "sample"]


def test_no_sample_is_lost_when_the_file_may_not_grow(run_folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    journal = any_journal(run_folder / "journal.jsonl", fallback=[second])
    journal.write("run-started")
    with file_size_limit(20_000):
        last = fill(journal)
        assert not second.exists()  # the pump is stopped first
    journal.write("infusion-ended")
    journal.write("run-ended")
    position = journal.position
    journal.close()
    assert numbers(journal.path) == list(range(last + 1))
    lines = read_lines(journal.path)
    kinds = [line.kind for line in lines]
    assert kinds[-3:] == ["journal-continued", "infusion-ended", "run-ended"]
    assert lines.torn_tail == ""
    assert lines.chain.length == position
    assert journal.continued == second / "run-1" / CONTINUED
    assert journal.path.stat().st_size < 20_000
    assert str(journal.path) in str(journal.lost)
    assert str(journal.continued) in str(journal.lost)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a file system")
def test_no_sample_is_lost_on_a_real_disk_that_is_full(run_folder: Path, tmp_path: Path) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", run_folder], check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
        last = fill(journal)
        assert last > 1000
        journal.write("run-ended")
        journal.close()
        assert numbers(journal.path) == list(range(last + 1))
        assert journal.path.stat().st_size > 900_000
    finally:
        subprocess.run(["umount", run_folder], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a file system")
def test_a_disk_that_becomes_read_only_costs_no_sample(run_folder: Path, tmp_path: Path) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", run_folder], check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
        journal.write("run-started")
        # nothing can be remounted read-only while it is written to, so the descriptor is made a read-only one
        read_only = os.open(journal.path, os.O_RDONLY)
        os.dup2(read_only, journal._file.descriptor)
        assert fill(journal) == 0
        journal.write("run-ended")
        journal.close()
        assert numbers(journal.path) == [0]
    finally:
        os.close(read_only)
        subprocess.run(["umount", run_folder], check=True)


def test_a_deleted_run_folder_costs_no_line(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "state" / "pumpbench"])
    for number in range(50):
        journal.sample(number=number)
    journal.write("event")
    shutil.rmtree(run_folder)
    journal.sample(number=50)
    with pytest.raises(JournalLost, match="deleted while the run went on"):
        journal.write("event", title="told")
    journal.write("run-ended")
    journal.close()
    copy = tmp_path / "state" / "pumpbench" / "run-1" / "journal.jsonl"
    assert journal.continued == copy
    assert numbers(copy) == list(range(51))
    assert numbers(journal.path) == list(range(51))  # found although its folder is gone
    assert [line.kind for line in read_lines(copy)][-3:] == ["event", "journal-continued", "run-ended"]


def test_a_disk_that_cannot_force_lines_down_goes_on_from_the_last_safe_line(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
    journal.write("run-started")
    safe = journal.position
    for number in range(10):
        journal.sample(number=number)
    real = os.fdatasync
    first = journal._file.descriptor

    def dying(descriptor: int) -> None:
        if descriptor == first:
            raise OSError(5, "Input/output error")
        real(descriptor)

    monkeypatch.setattr("os.fdatasync", dying)
    with pytest.raises(JournalLost, match=r"sync: .*Input/output error"):
        journal.write("event")
    journal.write("run-ended")
    journal.close()
    assert journal.continued is not None
    continued_bytes = journal.continued.read_bytes()
    assert f'"at_byte": {safe},'.encode() in continued_bytes.splitlines()[0]
    journal.path.write_bytes(journal.path.read_bytes()[:safe])  # what was not forced down may be gone
    assert numbers(journal.path) == list(range(10))


def test_every_sample_after_the_loss_is_kept_and_raises_again(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
    with file_size_limit(2_000):
        last = fill(journal)
        for number in range(last + 1, last + 4):
            with pytest.raises(JournalLost):
                journal.sample(number=number)
    journal.write("event")
    with pytest.raises(JournalLost, match="it goes on in"):
        journal.sample(number=last + 4)
    journal.close()
    assert numbers(journal.path) == list(range(last + 5))


def test_memory_keeps_a_bounded_number_of_lines_when_no_folder_takes_them(run_folder: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl")
    with file_size_limit(2_000):
        last = fill(journal)
        for number in range(KEPT_LINES + 10):
            with pytest.raises(JournalLost):
                journal.sample(number=number)
        assert len(journal._kept) == KEPT_LINES
        with pytest.raises(JournalLost, match=f"its last {KEPT_LINES} lines found no place"):
            journal.close()
    assert numbers(journal.path) == list(range(last))


def test_the_second_of_two_second_folders_is_tried(run_folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    journal = any_journal(run_folder / "journal.jsonl", fallback=[blocked, tmp_path / "second"])
    with file_size_limit(2_000):
        last = fill(journal)
    journal.close()
    assert journal.continued == tmp_path / "second" / "run-1" / CONTINUED
    assert numbers(journal.path) == list(range(last + 1))


def test_a_second_folder_that_others_may_write_to_is_not_used(run_folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    second.chmod(0o777)
    journal = any_journal(run_folder / "journal.jsonl", fallback=[second])
    with file_size_limit(2_000):
        fill(journal)
    with pytest.raises(JournalLost, match="found no place"):
        journal.close()
    assert not list(second.iterdir())


def test_the_continuation_is_found_without_a_link(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=fallback_folders(run_folder))
    journal.write("run-started")
    with file_size_limit(2_000):
        last = fill(journal)
    journal.close()
    (run_folder / CONTINUED).unlink()
    assert journal.continued == tmp_path / "state" / "pumpbench" / "run-1" / CONTINUED
    assert numbers(journal.path) == list(range(last + 1))


def test_a_disk_that_takes_no_link_has_it_left_in_the_usual_folder(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=fallback_folders(run_folder, tmp_path / "named"))
    journal.write("run-started")
    (run_folder / CONTINUED).mkdir()  # no link can be made there
    with file_size_limit(2_000):
        last = fill(journal)
    journal.close()
    (run_folder / CONTINUED).rmdir()
    assert (tmp_path / "state" / "pumpbench" / "run-1" / CONTINUED).readlink() == journal.continued
    assert numbers(journal.path) == list(range(last + 1))


@pytest.mark.parametrize("events", [0, 1])
def test_the_continuation_of_another_run_of_the_same_name_is_left_out(run_folder: Path, events: int) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=fallback_folders(run_folder))
    for _ in range(events):
        journal.write("run-started")
    with file_size_limit(2_000):
        fill(journal)
    journal.close()
    shutil.rmtree(run_folder)
    other = run_folder.parent.parent / "archive" / run_folder.name
    other.mkdir(parents=True)
    again = any_journal(other / "journal.jsonl", now_s=lambda: 3.0)
    again.write("run-started")
    again.sample(number=1)
    again.close()
    assert numbers(again.path) == [1]


def test_a_first_file_that_lost_its_end_shows(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
    journal.write("run-started")
    with file_size_limit(2_000):
        fill(journal)
    journal.close()
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"".join(lines[:1]))
    assert numbers(journal.path) != []  # the rest was kept until it was known to be on the disk
    journal.path.write_bytes(lines[0][:10])
    with pytest.raises(BenchFault, match="lines are missing up to byte"):
        numbers(journal.path)


def test_a_continuation_that_is_gone_shows(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
    with file_size_limit(2_000):
        fill(journal)
    journal.close()
    shutil.rmtree(tmp_path / "second")
    with pytest.raises(BenchFault, match="the end of the run is missing"):
        numbers(journal.path)


def test_offsets_count_through_both_files(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
    journal.write("run-started")
    with file_size_limit(2_000):
        fill(journal)
    journal.write("event", title="first of the second")
    offset = journal.position
    journal.write("event", title="second")
    journal.close()
    whole = list(read_lines(journal.path))
    for line in whole:
        assert next(read_lines(journal.path, line.offset)) == line
    assert [line.data["title"] for line in read_lines(journal.path, offset)] == ["second"]
    assert list(read_lines(journal.path, whole[2].offset, whole[-2].offset)) == whole[2:-2]


def test_what_was_continued_is_brought_home_by_a_resumption(run_folder: Path, tmp_path: Path) -> None:
    journal = any_journal(run_folder / "journal.jsonl", fallback=[tmp_path / "second"])
    with file_size_limit(2_000):
        last = fill(journal)
    journal.write("event")
    journal.close()
    again = any_journal_reopened(journal.path, lambda: 9.0)
    again.sample(number=last + 1)
    again.close()
    shutil.rmtree(tmp_path / "second")
    assert numbers(journal.path) == list(range(last + 2))
    assert [line.kind for line in read_lines(journal.path)][-3:] == ["event", "resumed", "sample"]
