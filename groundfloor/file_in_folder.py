# SPDX-License-Identifier: Apache-2.0
"""Writes files into a run folder that may have come from elsewhere, and never through a link that leads out of it."""

import os
import tempfile
from pathlib import Path, PurePosixPath

from groundfloor.errors import BenchFault


def write_in_folder(folder: Path, name: str, content: bytes) -> Path:
    """Put a file of `content` in place under `folder`, at once and whole; what stood there is replaced, links too.

    Args:
        folder: the run folder.
        name: the file's path in it, such as `report/index.html`; folders on the way are made.
        content: what it is to hold.

    Raises:
        BenchFault: `name` leads out of the folder, a folder on the way is a link, or a folder stands in its place.
        OSError: the disk does not take it.
    """
    parent = own_folder(folder, str(PurePosixPath(name).parent))
    target = parent / PurePosixPath(name).name
    _refuse_a_folder(folder, name, target)
    descriptor, growing = tempfile.mkstemp(dir=parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(growing).chmod(0o644)
        return Path(growing).replace(target)
    except BaseException:  # Ctrl-C too: what is left half written would be told as somebody else's
        Path(growing).unlink(missing_ok=True)
        raise


def remove_from_folder(folder: Path, name: str) -> None:
    """Take the file `name` out of `folder`; a link goes, what it leads to stays.

    Raises:
        BenchFault: it leads out of the folder, or is a folder.
        OSError: it cannot be taken away.
    """
    target = own_folder(folder, str(PurePosixPath(name).parent)) / PurePosixPath(name).name
    _refuse_a_folder(folder, name, target)
    target.unlink(missing_ok=True)


def _refuse_a_folder(folder: Path, name: str, target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        raise BenchFault(f"run folder {folder}", f"write {name}", "a folder stands in its place", _TAKE_AWAY)


def own_folder(folder: Path, name: str) -> Path:
    """Return the folder `name` under `folder`, made if it is not there.

    Raises:
        BenchFault: it leads out of the folder, or it or a folder on the way is a link, or no folder.
        OSError: it cannot be made.
    """
    there = folder
    for part in PurePosixPath(name).parts:
        there = there / part
        if part in ("..", "/") or there.is_symlink():
            raise BenchFault(f"run folder {folder}", f"write into {name}", "it leads out of the folder", _NEXT)
        if there.exists() and not there.is_dir():
            raise BenchFault(f"run folder {folder}", f"write into {name}", f"{there} is no folder", _TAKE_AWAY)
        there.mkdir(exist_ok=True)
    return there


_NEXT = "look at the folder: no run leaves a link there; copy the files that you trust into a new one"
_TAKE_AWAY = "look at what it is: no run leaves it there; take it away, then try again"
