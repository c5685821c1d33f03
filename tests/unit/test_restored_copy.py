# SPDX-License-Identifier: Apache-2.0
"""A copy that is made whole again is what it was, whatever was done to it and however soon after it was made."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sim.restored_copy import RestoredCopy

NAMES = ("one.txt", "a/two.txt", "a/b/three.txt")


def same_size(place: Path) -> None:
    (place / "a/two.txt").write_text("TWO")


def swapped(place: Path) -> None:
    (place / "one.txt").rename(place / "was")
    (place / "a/two.txt").rename(place / "one.txt")
    (place / "was").rename(place / "a/two.txt")


def same_time(place: Path) -> None:
    path = place / "one.txt"
    before = path.stat()
    path.write_text("ONE")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def a_link(place: Path) -> None:
    (place / "one.txt").unlink()
    (place / "one.txt").symlink_to("a/two.txt")


def a_link_for_a_folder(place: Path) -> None:
    shutil.move(place / "a", place.with_name("elsewhere"))
    (place / "a").symlink_to(place.with_name("elsewhere"))


def a_folder_for_a_file(place: Path) -> None:
    (place / "one.txt").unlink()
    (place / "one.txt").mkdir()


def more(place: Path) -> None:
    (place / "more/and/more").mkdir(parents=True)
    (place / "more/and/more.txt").write_text("")
    os.mkfifo(place / "a/pipe")


def a_file_for_all(place: Path) -> None:
    shutil.rmtree(place)
    place.write_text("")


CHANGES = (same_size, swapped, same_time, a_link, a_link_for_a_folder, a_folder_for_a_file, more, a_file_for_all)


def held(folder: Path) -> dict[str, str]:
    """What stands in a folder: what each is, and the text of a file."""
    found = {}
    for path in sorted([folder, *folder.rglob("*")]):
        kind = stat.S_IFMT(path.lstat().st_mode)
        found[path.relative_to(folder).as_posix()] = path.read_text() if kind == stat.S_IFREG else f"{kind:o}"
    return found


@pytest.fixture
def original(tmp_path: Path) -> Path:
    for name in NAMES:
        path = tmp_path / "original" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.stem)
    return tmp_path / "original"


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_done_to_a_copy_is_undone(original: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    copy = RestoredCopy(original, tmp_path / "copy")
    whole = held(original)
    for _ in range(3):
        change(copy.place)
        assert held(copy.place) != whole
        assert held(copy.restored()) == whole
        shutil.rmtree(tmp_path / "elsewhere", ignore_errors=True)
    assert held(original) == whole
