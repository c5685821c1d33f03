# SPDX-License-Identifier: Apache-2.0
"""A journal whose computer lost its power: what was acknowledged as safe is there, and can be gone on with.

Found by giving a reference run the disks that a file system may leave: blocks that were never written are zeros, and a
file whose folder was not synced has no name.
"""

from pathlib import Path

import pytest

from bench.journal import Journal, check_journal, read_lines
from bench.journal.unwritten_blocks import BLOCK_BYTES
from metrology.verdict import Verdict
from tests.campaigns.crash.recorded_disk import RecordedDisk
from tests.campaigns.crash.recorded_files import RecordedFiles
from tests.unit.any_lines import any_journal, any_journal_reopened

SAMPLES = 12


def _journal_with_samples(path: Path) -> tuple[Journal, int]:
    """Return a journal, and how many bytes of it were acknowledged as safe; samples follow that were not."""
    journal = any_journal(path)
    journal.write("event", title="x")
    safe = journal.position
    for serial in range(SAMPLES):
        journal.sample(serial=serial, told="y" * 300)
    return journal, safe


def _lose_the_block_at(path: Path, at_byte: int) -> None:
    """Make zeros of what stands from a byte up to the end of its block."""
    content = bytearray(path.read_bytes())
    end = at_byte - at_byte % BLOCK_BYTES + BLOCK_BYTES
    content[at_byte:end] = bytes(end - at_byte)
    path.write_bytes(content)


def test_a_block_that_was_never_written_is_a_torn_end_and_the_journal_goes_on_before_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal, safe = _journal_with_samples(path)
    journal._file.close()  # as the end of the process does
    _lose_the_block_at(path, safe)
    found = check_journal(path)
    assert found.whole
    assert found.torn_tail
    any_journal_reopened(path, lambda: 0.0).close()
    *_, resumed = read_lines(path)
    assert resumed.kind == "resumed"
    assert check_journal(path).torn_tail == ""


def _judged(path: Path, *verdicts: Verdict) -> int:
    """Write judgements behind a forced line, and end as a process does; return where the first of them begins."""
    journal = Journal(path)
    journal.write("judgement", name="one that is forced", verdict=Verdict.FAIL, reason="")
    begins = journal.position
    for serial, verdict in enumerate(verdicts):
        journal.write("judgement", name=f"volume {serial}", verdict=verdict, reason="y" * 700)
    journal._file.close()
    return begins


@pytest.mark.parametrize("last", [Verdict.PASS, Verdict.FAIL])
def test_judgements_that_passed_may_stand_behind_a_hole_and_the_very_last_may_be_any(
    tmp_path: Path, last: Verdict
) -> None:
    path = tmp_path / "journal.jsonl"
    begins = _judged(path, Verdict.PASS, Verdict.PASS, Verdict.PASS, last)
    _lose_the_block_at(path, begins)
    found = check_journal(path)
    assert (found.whole, bool(found.torn_tail)) == (True, True)


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.BLOCKED])
def test_a_judgement_that_did_not_pass_proves_that_what_is_in_front_of_it_was_there(
    tmp_path: Path, verdict: Verdict
) -> None:
    path = tmp_path / "journal.jsonl"
    begins = _judged(path, Verdict.PASS, Verdict.PASS, verdict, Verdict.PASS)
    _lose_the_block_at(path, begins)
    assert not check_journal(path).whole


def test_zeros_in_front_of_a_line_that_was_forced_to_the_disk_are_no_loss_of_power(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal, safe = _journal_with_samples(path)
    journal.write("event", title="forced to the disk")
    journal.write("event", title="and so was this")
    journal._file.close()
    _lose_the_block_at(path, safe)
    assert not check_journal(path).whole


def test_zeros_that_end_inside_a_block_are_no_loss_of_power(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal, safe = _journal_with_samples(path)
    journal._file.close()
    content = bytearray(path.read_bytes())
    content[safe + 5 : safe + 6] = b"\0"
    path.write_bytes(content)
    assert not check_journal(path).whole


def test_the_name_of_a_journal_is_on_the_disk_before_its_first_line(tmp_path: Path) -> None:
    files = RecordedFiles(tmp_path)
    with files.in_place():
        any_journal(tmp_path / "journal.jsonl").write("event", title="x")
    disk = RecordedDisk()
    for operation in files.log:
        disk.do(operation)
    assert disk.safe.content()["journal.jsonl"][1].count(b"\n") >= 1
