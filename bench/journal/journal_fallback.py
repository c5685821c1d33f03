# SPDX-License-Identifier: Apache-2.0
"""Where a journal goes on when its own disk takes no more: folders of this user, on another disk first."""

import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from groundfloor.only_ours import refuse_open_ways
from groundfloor.system.file_access import is_ours, others_may_write
from groundfloor.system.user import user_number

APPLICATION = "pumpbench"


def fallback_folders(beside: Path, named: Path | None = None) -> tuple[Path, ...]:
    """Return the folders to try in turn.

    Args:
        beside: the run folder, or the folder that runs are made in; a folder on another file system is tried first.
        named: what the user asked for; it is tried before all others.
    """
    usual = [
        Path(platformdirs.user_state_dir(APPLICATION)),
        Path(tempfile.gettempdir()) / f"{APPLICATION}-{user_number()}",
    ]
    usual.sort(key=lambda folder: _device(folder) == _device(beside))  # False sorts first, and the sort is stable
    return (*([named] if named is not None else []), *usual)


def _device(folder: Path) -> int | None:
    """Return the file system that `folder` is on or would be made on."""
    for there in (folder, *folder.absolute().parents):
        try:
            return there.stat().st_dev
        except OSError:
            continue
    return None


def make_private(folder: Path) -> None:
    """Make `folder` with all that leads to it; nobody else can read it or had it before.

    Raises:
        OSError: it cannot be made, or it is there and somebody else could have put something into it or in its place.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = folder.lstat()
    if not stat.S_ISDIR(there.st_mode) or not is_ours(folder, there) or others_may_write(folder, there):
        raise PermissionError(f"{folder} is not a folder that only this user can write to")
    refuse_open_ways(folder)


def existing(folders: Sequence[Path]) -> list[Path]:
    """Return those of `folders` that are there."""
    return [folder for folder in folders if folder.is_dir()]
