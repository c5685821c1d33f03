# SPDX-License-Identifier: Apache-2.0
"""What is recorded of a process' files is all of it, and what a crash may leave of them is what POSIX lets it."""

import os
import shutil
import tempfile
from pathlib import Path

from groundfloor.file_in_folder import write_in_folder
from groundfloor.system.forced_to_disk import force_names, force_tree
from tests.campaigns.crash.disk_image import contents_of
from tests.campaigns.crash.recorded_disk import SECTOR_BYTES, RecordedDisk, common_lines
from tests.campaigns.crash.recorded_files import RecordedFiles


def _recorded(files: RecordedFiles) -> RecordedDisk:
    disk = RecordedDisk()
    for operation in files.log:
        disk.do(operation)
    return disk


def test_every_way_to_change_a_file_is_recorded(tmp_path: Path) -> None:
    files = RecordedFiles(tmp_path)
    with files.in_place():
        (tmp_path / "runs" / "one").mkdir(parents=True)
        (tmp_path / "text").write_text("one\ntwo\n", encoding="utf-8")
        (tmp_path / "text").write_text("three\n", encoding="utf-8")
        shutil.copyfile(tmp_path / "text", tmp_path / "runs" / "copy")
        write_in_folder(tmp_path / "runs", "one/whole.json", b"{}")
        with (tmp_path / "more").open("ab") as more:
            more.write(b"appended")
        descriptor, name = tempfile.mkstemp(dir=tmp_path)
        os.pwrite(descriptor, b"in the middle", 5)
        os.ftruncate(descriptor, 9)
        os.close(descriptor)
        Path(name).replace(tmp_path / "renamed")
        (tmp_path / "link").symlink_to("renamed")
        (tmp_path / "gone").write_bytes(b"x")
        (tmp_path / "gone").unlink()
    assert _recorded(files).written.content() == contents_of(tmp_path)


def test_a_write_that_nobody_synced_may_be_lost_and_a_synced_one_may_not(tmp_path: Path) -> None:
    files = RecordedFiles(tmp_path)
    with files.in_place():
        descriptor = os.open(tmp_path / "journal", os.O_CREAT | os.O_RDWR)
        os.pwrite(descriptor, b"safe", 0)
        os.fdatasync(descriptor)
        force_names(tmp_path)
        os.pwrite(descriptor, b" lost", 4)
        os.close(descriptor)
    left = {damage.name: damage.image.content()["journal"][1] for damage in _recorded(files).damages()}
    assert left == {"all of it written": b"safe lost", "bytes that nobody synced lost": b"safe"}


def test_a_name_is_safe_when_its_folder_was_synced_and_not_before(tmp_path: Path) -> None:
    files = RecordedFiles(tmp_path)
    with files.in_place():
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "journal").write_bytes(b"x")
        assert "run/journal" not in _recorded(files).safe.content()
        force_tree(tmp_path / "run")
    assert _recorded(files).safe.content()["run/journal"][1] == b"x"


def test_a_later_sector_may_be_there_and_an_earlier_one_not(tmp_path: Path) -> None:
    files = RecordedFiles(tmp_path)
    with files.in_place():
        (tmp_path / "journal").write_bytes(b"x" * (3 * SECTOR_BYTES))
    left = {damage.name: damage.image.content()["journal"][1] for damage in _recorded(files)._reordered()}
    assert left["first sector lost"] == bytes(SECTOR_BYTES) + b"x" * (2 * SECTOR_BYTES)
    assert left["all sectors lost but the last"] == bytes(2 * SECTOR_BYTES) + b"x" * SECTOR_BYTES


def test_the_lines_that_two_have_in_common_are_whole_ones() -> None:
    assert common_lines(b"one\ntwo\nth", b"one\ntwo\nthree\n") == b"one\ntwo\n"
    assert common_lines(b"one\n\0\0o\nthree\n", b"one\ntwo\nthree\n") == b"one\n"
    assert common_lines(b"", b"one\n") == b""
